"""What is told to whom, and for how long."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anliegen.knowledge import actions, queries
from anliegen.knowledge.models import Announcement, Dismissal
from anliegen.knowledge.rules import AnnouncementContent
from anliegen.knowledge.tests.factories import NOW, Firm, announced, both
from anliegen.lib.errors import Forbidden, NotFound, Refused
from anliegen.people.models import User


def titles(user: User) -> list[str]:
    return [row.title["de"] for row in queries.announcements(user, NOW)]


def test_an_outage_comes_before_maintenance_and_news(who: Firm) -> None:
    for kind in ("news", "outage", "maintenance"):
        announced(kind, kind=kind)
    announced("vorbei", ends_at=NOW)
    announced("später", starts_at=NOW + timedelta(minutes=1))
    assert titles(who.owner) == ["outage", "maintenance", "news"]


def test_what_is_internal_is_told_to_those_who_work_on_requests(who: Firm) -> None:
    announced(audience="internal")
    assert (titles(who.owner), titles(who.agent)) == ([], ["Wartung"])


def test_what_was_put_away_is_gone_for_this_person_only(who: Firm) -> None:
    made = announced()
    for _time in range(2):
        actions.dismiss(made.public_id, acting_user=who.owner, now=NOW)
    assert (titles(who.owner), titles(who.colleague)) == ([], ["Wartung"])
    assert [row.pk for row in queries.running(who.owner, NOW)] == [made.pk]
    actions.forget({}, NOW + timedelta(days=1))
    assert not Dismissal.objects.exists()


def test_nobody_puts_away_what_is_not_told_to_them(who: Firm) -> None:
    made = announced(audience="internal")
    with pytest.raises(NotFound):
        actions.dismiss(made.public_id, acting_user=who.owner, now=NOW)


def test_a_page_pays_one_statement(who: Firm) -> None:
    announced()
    announced()
    with CaptureQueriesContext(connection) as caught:
        queries.announcements(who.owner, NOW)
    assert len(caught) == 1


def test_only_editors_tell_and_end(who: Firm, editor: User) -> None:
    made = announced()
    content = AnnouncementContent(
        kind="news", title=both("Neu"), text=both("Text"), starts_at=NOW, ends_at=NOW + timedelta(days=1)
    )
    with pytest.raises(Forbidden):
        actions.announce(content, acting_user=who.owner, now=NOW)
    with pytest.raises(Forbidden):
        actions.end_announcement(made.public_id, acting_user=who.owner, now=NOW)
    actions.end_announcement(made.public_id, acting_user=editor, now=NOW)
    assert titles(who.owner) == []
    for _time in range(2):
        actions.announce(content, acting_user=editor, now=NOW, key="once")
    assert Announcement.objects.count() == 2


def test_one_that_nobody_has_read_yet_is_taken_back_whole(who: Firm, editor: User) -> None:
    made = announced(starts_at=NOW + timedelta(hours=1), ends_at=NOW + timedelta(hours=2))
    actions.end_announcement(made.public_id, acting_user=editor, now=NOW)
    assert not Announcement.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": {"de": "Nur", "en": ""}}, "title_en"),
        ({"text": {"de": "x" * 2001, "en": "x"}}, "text_de"),
        ({"ends_at": NOW - timedelta(days=1)}, "ends_at"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "//evil.example"}, "link"),
    ],
)
def test_what_cannot_be_told(who: Firm, fields: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        announced(**fields)
    assert field in refused.value.errors
