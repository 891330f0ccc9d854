"""Writing, publishing and reading articles: editor, colleague, desk."""

from datetime import date, timedelta
from typing import Any

import pytest

from anliegen.audit.models import Entry
from anliegen.knowledge import access, actions, queries
from anliegen.knowledge.actions import Care, Changed
from anliegen.knowledge.models import Article, ArticleVersion
from anliegen.knowledge.tests.factories import BODY, NOW, Firm, content, draft, published
from anliegen.lib.errors import Forbidden, NotFound, Refused
from anliegen.people.models import User


def test_nobody_reads_a_draft(who: Firm, editor: User) -> None:
    made = draft(editor)
    for reader in (who.owner, who.agent, editor):
        with pytest.raises(NotFound):
            access.to_read(made.key, reader, NOW)


def test_what_was_published_is_read_by_everybody(who: Firm, editor: User) -> None:
    made = published(editor)
    for reader in (who.owner, who.external, who.agent):
        assert access.to_read(made.key, reader, NOW) == made
    assert made.review_on == date(2027, 11, 25)
    assert [card.key for card in queries.for_item("desktop", who.owner, NOW)] == [made.key]


def test_what_is_internal_is_read_by_those_who_work_on_requests(who: Firm, editor: User) -> None:
    made = published(editor, audience="internal")
    for reader in (who.agent, who.technician, editor):
        assert access.to_read(made.key, reader, NOW)
    for reader in (who.owner, who.external):
        with pytest.raises(NotFound):
            access.to_read(made.key, reader, NOW)
        assert queries.cards(reader, NOW) == []
        assert queries.for_item("desktop", reader, NOW) == []
    assert [card.internal for card in queries.cards(who.agent, NOW)] == [True]


def test_who_has_left_reads_nothing(who: Firm, editor: User) -> None:
    made = published(editor)
    who.owner.is_active = False
    with pytest.raises(NotFound):
        access.to_read(made.key, who.owner, NOW)


def test_only_editors_write(who: Firm, editor: User) -> None:
    made = published(editor)
    for person in (who.owner, who.agent, who.process_owner):
        with pytest.raises(Forbidden):
            actions.save(None, content(), Care(owner=person), acting_user=person, now=NOW)
        with pytest.raises(Forbidden):
            actions.publish(made.key, acting_user=person, now=NOW, base=1)
        with pytest.raises(Forbidden):
            actions.withdraw(made.key, acting_user=person, now=NOW)
        with pytest.raises(Forbidden):
            queries.articles(person, NOW)


def test_a_newer_draft_changes_nothing_for_readers(who: Firm, editor: User) -> None:
    made = published(editor)
    later = content(title={"de": "Neu", "en": "New"}, audience="internal")
    actions.save(made.key, later, Care(owner=editor), acting_user=editor, now=NOW, base=1)
    read = access.to_read(made.key, who.owner, NOW)
    assert read.current and read.current.title["de"] == "VPN einrichten"
    assert [row.newer for row in queries.articles(editor, NOW)] == [True]


def test_versions_are_numbered_and_stay(who: Firm, editor: User) -> None:
    made = published(editor)
    first = made.current
    again = content(title={"de": "Neu", "en": "New"})
    actions.save(made.key, again, Care(owner=editor), acting_user=editor, now=NOW, base=1)
    second = actions.publish(made.key, acting_user=editor, now=NOW, base=2)
    assert (second.number, ArticleVersion.objects.get(pk=first.pk).title["de"]) == (2, "VPN einrichten")  # type: ignore[union-attr]


def test_the_second_of_two_editors_sees_that_it_changed(who: Firm, editor: User) -> None:
    made = draft(editor)
    actions.save(made.key, content(kind="advice"), Care(owner=editor), acting_user=editor, now=NOW, base=1)
    with pytest.raises(Changed):
        actions.save(made.key, content(), Care(owner=editor), acting_user=editor, now=NOW, base=1)
    with pytest.raises(Changed):
        actions.publish(made.key, acting_user=editor, now=NOW, base=1)
    assert Article.objects.get().draft["kind"] == "advice"


def test_the_same_form_twice_makes_one_article_and_one_version(who: Firm, editor: User) -> None:
    for _time in range(2):
        made = actions.save(None, content(), Care(owner=editor), acting_user=editor, now=NOW, key="form-1")
        actions.publish(made.key, acting_user=editor, now=NOW, base=1, key="form-2")
    assert (Article.objects.count(), ArticleVersion.objects.count()) == (1, 1)


def test_alike_titles_get_keys_of_their_own(who: Firm, editor: User) -> None:
    assert [draft(editor).key for _time in range(3)] == ["vpn-einrichten", "vpn-einrichten-2", "vpn-einrichten-3"]


def test_what_the_check_finds_is_not_published(who: Firm, editor: User) -> None:
    made = draft(editor, body={**BODY, "en": ""})
    with pytest.raises(Refused):
        actions.publish(made.key, acting_user=editor, now=NOW, base=1)
    assert not ArticleVersion.objects.exists()


def test_nobody_answers_for_it_so_it_is_not_published(who: Firm, editor: User) -> None:
    made = actions.save(None, content(), Care(owner=None), acting_user=editor, now=NOW)
    with pytest.raises(Refused) as refused:
        actions.publish(made.key, acting_user=editor, now=NOW, base=1)
    assert "owner" in refused.value.errors


@pytest.mark.parametrize(
    ("fields", "months", "field"),
    [
        ({"title": {"de": "x" * 121, "en": "x"}}, 12, "title_de"),
        ({"body": {"de": "x", "en": "\x00"}}, 12, "body_en"),
        ({}, 0, "review_months"),
        ({}, 99, "review_months"),
        ({"title": {"de": "🙂", "en": ""}}, 12, "title_de"),
    ],
)
def test_drafts_have_bounds(who: Firm, editor: User, fields: dict[str, Any], months: int, field: str) -> None:
    care = Care(owner=editor, review_months=months)
    with pytest.raises(Refused) as refused:
        actions.save(None, content(**fields), care, acting_user=editor, now=NOW)
    assert field in refused.value.errors


def test_withdrawn_is_gone_for_readers_and_can_come_back(who: Firm, editor: User) -> None:
    made = published(editor)
    actions.withdraw(made.key, acting_user=editor, now=NOW)
    actions.withdraw(made.key, acting_user=editor, now=NOW)
    with pytest.raises(NotFound):
        access.to_read(made.key, who.owner, NOW)
    assert queries.for_item("desktop", who.owner, NOW) == []
    actions.publish(made.key, acting_user=editor, now=NOW, base=1)
    assert access.to_read(made.key, who.owner, NOW)


def test_looking_at_it_moves_the_next_look(who: Firm, editor: User) -> None:
    made = published(editor)
    later = NOW + timedelta(days=400)
    assert [row.article.key for row in queries.articles(editor, later, show="due")] == [made.key]
    actions.review(made.key, acting_user=editor, now=later)
    assert queries.articles(editor, later, show="due") == []


def test_everything_is_written_down(who: Firm, editor: User) -> None:
    made = draft(editor)
    actions.publish(made.key, acting_user=editor, now=NOW, base=1)
    actions.review(made.key, acting_user=editor, now=NOW)
    actions.withdraw(made.key, acting_user=editor, now=NOW)
    found = list(Entry.objects.filter(subject_kind="article").values_list("event", flat=True).order_by("id"))
    assert found == ["article.saved", "article.published", "article.reviewed", "article.withdrawn"]


def test_what_else_to_read(who: Firm, editor: User) -> None:
    hidden = published(editor, title={"de": "Intern", "en": "Internal"}, audience="internal")
    other = published(editor, title={"de": "Anderes", "en": "Other"})
    made = published(editor, related=[hidden.key, other.key])
    assert [card.key for card in queries.related(made, who.owner, NOW)] == [other.key]
    assert [card.key for card in queries.related(other, who.owner, NOW)] == [made.key]


def test_an_article_that_is_not_there_cannot_be_named(who: Firm, editor: User) -> None:
    made = draft(editor, related=["nothing"])
    assert [found.code for found in queries.checked(made, queries.content_of(made))] == ["unknown-article"]


@pytest.mark.parametrize("key", ["", "x" * 70, "ü", "a\x00b"])
def test_a_strange_key_is_not_there(who: Firm, key: str) -> None:
    with pytest.raises(NotFound):
        access.to_read(key, who.owner, NOW)
