"""Drafts: nothing is lost, nobody else sees them."""

from datetime import date
from typing import Any

import pytest

from anliegen.catalogue import actions, queries
from anliegen.catalogue.actions import DraftContent
from anliegen.catalogue.models import Draft
from anliegen.catalogue.tests.factories import NOW, Firm, firm, offer
from anliegen.lib.errors import Conflict, NotFound, Refused, TooLarge

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> Firm:
    organisation = firm()
    offer()
    return organisation


def save(who: Firm, draft_id: str | None = None, version: int | None = None, **fields: Any) -> Draft:
    content = DraftContent(**{"answers": {"build": "special"}, **fields})
    return actions.save_draft(content, owner=who.owner, item_key="desktop", now=NOW, draft_id=draft_id, version=version)


def test_unfinished_answers_are_kept(who: Firm) -> None:
    draft = save(who, justification="weil", wish_date=date(2026, 12, 1), answers={"build": "special", "count": "viele"})
    again = queries.draft(draft.public_id, who.owner)
    assert again.answers == {"build": "special", "count": "viele"}
    assert (again.justification, again.wish_date, again.version) == ("weil", date(2026, 12, 1), 1)
    assert queries.drafts(who.owner) == [draft]


def test_a_change_in_another_window_is_noticed(who: Firm) -> None:
    draft = save(who)
    assert save(who, draft.public_id, 1).version == 2
    with pytest.raises(Conflict):
        save(who, draft.public_id, 1, answers={})
    assert Draft.objects.get().answers == {"build": "special"}


def test_a_form_that_was_sent_meanwhile_keeps_nothing(who: Firm) -> None:
    draft = save(who)
    actions.spend_draft(draft.public_id, who.owner)
    content = DraftContent(answers={"build": "special"})
    late = actions.keep_draft(content, owner=who.owner, item_key="desktop", now=NOW, draft_id=draft.public_id)
    assert late is None
    assert not Draft.objects.exists()


def test_a_draft_is_nobody_else_s(who: Firm) -> None:
    draft = save(who)
    mine = {"owner": who.colleague}
    with pytest.raises(NotFound):
        queries.draft(draft.public_id, who.colleague)
    with pytest.raises(NotFound):
        actions.discard_draft(draft.public_id, **mine)
    with pytest.raises(NotFound):
        actions.save_draft(DraftContent(), item_key="desktop", now=NOW, draft_id=draft.public_id, **mine)
    assert queries.drafts(who.colleague) == []
    actions.discard_draft(draft.public_id, owner=who.owner)
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"answers": {"special": "\x00"}},
        {"answers": {"notes": "x" * 10_000}},
        {"answers": {"count": 10**20}},
        {"answers": {"build": {"x": 1}}},
        {"justification": "\x00"},
        {"justification": "x" * 2_001},
    ],
)
def test_what_cannot_be_stored_is_refused(who: Firm, fields: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        save(who, **fields)
    assert not Draft.objects.exists()


def test_there_is_an_end_to_drafts_and_files(who: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TooLarge):
        save(who, file_ids=["x"] * 11)
    monkeypatch.setattr("anliegen.catalogue.actions.drafts.MAX_DRAFTS", 1)
    save(who)
    with pytest.raises(TooLarge):
        save(who)


def test_somebody_for_whom_one_may_not_order_is_forgotten(who: Firm) -> None:
    assert save(who, recipient_id=who.outsider.public_id).recipient is None
    assert save(who, recipient_id="\x00").recipient is None
