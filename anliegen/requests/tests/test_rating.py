"""How content somebody is: who says it, when, who reads it."""

from datetime import timedelta
from typing import Any

import pytest

from anliegen.lib.errors import Conflict, Forbidden, NotFound, Refused
from anliegen.people.models import Team
from anliegen.requests import access, actions, queries
from anliegen.requests.events import Rated
from anliegen.requests.models import Participant, Rating, ServiceRequest
from anliegen.requests.rules import retitled
from anliegen.requests.tests.factories import NOW, Firm, submitted

LATER = NOW + timedelta(days=1)


@pytest.fixture
def ended(who: Firm, published: list[Any]) -> ServiceRequest:
    one = submitted(who.owner)
    ServiceRequest.objects.filter(pk=one.pk).update(status="fulfilled", end_kind="fulfilled", ended_at=NOW)
    one.refresh_from_db()
    published.clear()
    return one


def test_one_word_is_kept_and_can_be_changed(who: Firm, ended: ServiceRequest, published: list[Any]) -> None:
    by: dict[str, Any] = {"acting_user": who.owner, "now": LATER}
    first = actions.rate(ended.code, 5, **by)
    assert actions.rate(ended.code, 5, **by) == first
    actions.rate(ended.code, 5, sentence=" Schnell und freundlich. ", **by)
    actions.rate(ended.code, 2, **by)
    kept = Rating.objects.get()
    assert (kept.score, kept.sentence, kept.person) == (2, "Schnell und freundlich.", who.owner)
    assert [event.changes["score"] for event in published if isinstance(event, Rated)] == [[None, 5], [5, 5], [5, 2]]
    assert "freundlich" not in str([event.changes for event in published])


def test_only_who_confirms_says_it_and_only_after_the_end(who: Firm, ended: ServiceRequest) -> None:
    with pytest.raises(Forbidden):
        actions.rate(ended.code, 5, acting_user=who.agent, now=LATER)
    with pytest.raises(NotFound):
        actions.rate(ended.code, 5, acting_user=who.outsider, now=LATER)
    with pytest.raises(Conflict):
        actions.rate(ended.code, 5, acting_user=who.owner, now=NOW + timedelta(days=31))
    running = submitted(who.owner)
    with pytest.raises(Conflict):
        actions.rate(running.code, 5, acting_user=who.owner, now=LATER)
    assert not Rating.objects.exists()


@pytest.mark.parametrize(("score", "sentence"), [(0, None), (6, None), (3, "x" * 1_001), (3, "a\x00b")])
def test_bad_input_is_refused(who: Firm, ended: ServiceRequest, score: int, sentence: str | None) -> None:
    with pytest.raises(Refused):
        actions.rate(ended.code, score, acting_user=who.owner, now=LATER, sentence=sentence)


def test_the_lead_of_a_team_reads_it_and_colleagues_do_not(who: Firm, ended: ServiceRequest) -> None:
    actions.rate(ended.code, 4, acting_user=who.owner, now=LATER)
    assert queries.rating(ended, who.owner, LATER) is not None
    assert queries.rating(ended, who.agent, LATER) is None
    assert queries.rating(ended, who.colleague, LATER) is None
    team = Team.objects.order_by("pk")[0]
    Team.objects.filter(pk=team.pk).update(lead=who.colleague)
    Participant.objects.create(service_request=ended, team=team, role="worker", open_count=0, since=NOW)
    assert queries.rating(ended, who.colleague, LATER) is not None
    assert "rating" not in queries.as_json(ended, who.agent, LATER)
    assert queries.as_json(ended, who.owner, LATER)["rating"]["score"] == 4


def test_a_representative_sees_what_is_confidential(who: Firm, published: list[Any]) -> None:
    one = submitted(who.owner)
    ServiceRequest.objects.filter(pk=one.pk).update(confidential=True)
    act: dict[str, Any] = {"acting_user": who.owner, "now": NOW}
    actions.name_participant(one.code, who.colleague.public_id, role="council", **act)
    assert access.visible_to(who.colleague, NOW).filter(pk=one.pk).exists()
    assert one in access.own(who.colleague)
    named = actions.name_participant(one.code, who.colleague.public_id, role="disability", **act)
    open_ones = Participant.objects.filter(service_request=one, person=who.colleague, until=None)
    assert list(open_ones) == [named]
    actions.remove_participant(one.code, who.colleague.public_id, **act)
    assert not access.visible_to(who.colleague, NOW).filter(pk=one.pk).exists()
    with pytest.raises(Refused):
        actions.name_participant(one.code, who.colleague.public_id, role="approver", **act)


def test_the_items_part_of_a_title_is_in_the_readers_language() -> None:
    names = {"de": "Neue Software", "en": "New software"}
    assert retitled("Neue Software – Project", names, "en") == ("New software – Project", True)
    assert retitled("Neue Software", names, "en") == ("New software", True)
    assert retitled("Neue Software – Project", names, "de") == ("Neue Software – Project", False)
    assert retitled("Neue Software2", names, "en") == ("Neue Software2", False)
    assert retitled("Neue Software", {"de": "Neue Software"}, "en") == ("Neue Software", False)
