"""The cart: lines of one's own, for oneself and for others."""

from datetime import timedelta
from typing import Any

import pytest

from anliegen.catalogue import actions, queries
from anliegen.catalogue.actions.cart import KEPT
from anliegen.catalogue.models import Draft
from anliegen.catalogue.queries.cart import MAX_CART, MAX_RECIPIENTS
from anliegen.catalogue.rules import BundleContent, BundlePart
from anliegen.catalogue.tests.factories import NOW, SYSTEM, Firm, both, firm, form, offer, question
from anliegen.lib.errors import NotFound, TooLarge
from anliegen.people import actions as people
from anliegen.people.models import User
from anliegen.people.rules import OrderScope

pytestmark = pytest.mark.django_db


@pytest.fixture
def who(db: None) -> Firm:
    found = firm()
    offer()
    return found


def put(owner: User, item: str = "desktop", **fields: Any) -> Draft:
    content = actions.DraftContent(**{"answers": {"build": "standard"}, "in_cart": True, **fields})
    return actions.save_draft(content, owner=owner, item_key=item, now=NOW)


def test_a_line_waits_with_its_price_and_is_no_draft_any_more(who: Firm) -> None:
    put(who.owner, answers={"build": "cad", "extras": ["screen"]})
    [line] = queries.cart(who.owner)
    assert (line.cents, line.monthly_cents, line.offered, line.people) == (130_000, 500, True, (who.owner,))
    assert not line.dearer
    assert queries.drafts(who.owner) == []
    assert (queries.cart_count(who.owner), queries.cart_count(who.colleague)) == (1, 0)


def test_another_price_is_seen(who: Firm) -> None:
    put(who.owner)
    before = queries.seen(queries.cart(who.owner))
    offer(price_cents=90_000)
    [line] = queries.cart(who.owner)
    assert (line.dearer, line.cents, line.draft.told_cents) == (True, 90_000, 80_000)
    assert queries.seen([line]) != before


def test_what_is_not_offered_any_more_stays_and_says_so(who: Firm) -> None:
    put(who.owner)
    actions.retire("desktop", **SYSTEM)
    [line] = queries.cart(who.owner)
    assert not line.offered


def test_editing_a_line_keeps_it_in_the_cart(who: Firm) -> None:
    draft = put(who.owner)
    content = actions.DraftContent(answers={"build": "cad"})
    actions.keep_draft(content, owner=who.owner, item_key="desktop", now=NOW, draft_id=draft.public_id)
    [line] = queries.cart(who.owner)
    assert (line.cents, line.dearer) == (130_000, False)


def test_removed_and_put_back(who: Firm) -> None:
    draft = put(who.owner)
    actions.remove_line(draft.public_id, owner=who.owner, now=NOW)
    assert queries.cart(who.owner) == []
    with pytest.raises(NotFound):
        actions.remove_line(draft.public_id, owner=who.owner, now=NOW)
    actions.restore_line(draft.public_id, owner=who.owner)
    assert queries.cart_count(who.owner) == 1


def test_what_was_removed_long_ago_is_gone(who: Firm) -> None:
    first, second = put(who.owner), put(who.owner)
    actions.remove_line(first.public_id, owner=who.owner, now=NOW)
    actions.remove_line(second.public_id, owner=who.owner, now=NOW + KEPT + timedelta(seconds=1))
    with pytest.raises(NotFound):
        actions.restore_line(first.public_id, owner=who.owner)


def test_the_same_once_more(who: Firm) -> None:
    draft = put(who.owner, answers={"build": "cad", "sketch": ["abc"]})
    copy = actions.duplicate_line(draft.public_id, owner=who.owner, now=NOW)
    assert copy.public_id != draft.public_id
    assert copy.answers == {"build": "cad"}
    assert queries.cart_count(who.owner) == 2


@pytest.mark.parametrize("name", ["colleague", "outsider", "agent"])
def test_a_line_of_somebody_else_does_not_exist(who: Firm, name: str) -> None:
    draft, other = put(who.owner), getattr(who, name)
    for act in (
        lambda: actions.remove_line(draft.public_id, owner=other, now=NOW),
        lambda: actions.restore_line(draft.public_id, owner=other),
        lambda: actions.duplicate_line(draft.public_id, owner=other, now=NOW),
        lambda: actions.set_recipients([draft.public_id], [other], owner=other, now=NOW),
    ):
        with pytest.raises(NotFound):
            act()


def test_who_gets_it_may_be_several_of_those_for_whom_one_may_order(who: Firm) -> None:
    draft = put(who.owner)
    with pytest.raises(NotFound):
        actions.set_recipients([draft.public_id], [who.outsider], owner=who.owner, now=NOW)
    people.allow_ordering_for(who.owner.pk, OrderScope.ALL, **SYSTEM)
    several = [who.outsider, who.colleague, who.owner]
    actions.set_recipients([draft.public_id], several, owner=who.owner, now=NOW, confirms=True)
    [line] = queries.cart(who.owner)
    assert set(line.people) == set(several)
    assert (line.cents, line.draft.recipient_confirms) == (240_000, True)
    actions.set_recipients([draft.public_id], [who.owner], owner=who.owner, now=NOW, confirms=True)
    [line] = queries.cart(who.owner)
    assert (line.people, line.draft.recipient_confirms) == ((who.owner,), False)


def test_what_was_filled_in_from_the_person_follows_the_person(who: Firm) -> None:
    people.allow_ordering_for(who.owner.pk, OrderScope.ALL, **SYSTEM)
    offer("chair", form=form(question("place", "place", required=True, default="recipient.place")))
    own, typed = (
        put(who.owner, "chair", answers={"place": "K-2.14"}),
        put(who.owner, "chair", answers={"place": "K-3.01"}),
    )
    for draft in (own, typed):
        actions.set_recipients([draft.public_id], [who.colleague], owner=who.owner, now=NOW)
    first, second = queries.cart(who.owner)
    assert (first.draft.answers, second.draft.answers) == ({}, {"place": "K-3.01"})
    actions.set_recipients([own.public_id], [who.owner], owner=who.owner, now=NOW)
    assert queries.cart(who.owner)[0].draft.answers == {"place": "K-2.14"}


def test_limits_are_told(who: Firm) -> None:
    draft = put(who.owner)
    with pytest.raises(TooLarge):
        actions.set_recipients([draft.public_id], [who.owner] * (MAX_RECIPIENTS + 1), owner=who.owner, now=NOW)
    for _more in range(MAX_CART - 1):
        put(who.owner)
    for act in (lambda: put(who.owner), lambda: actions.duplicate_line(draft.public_id, owner=who.owner, now=NOW)):
        with pytest.raises(TooLarge):
            act()


def test_a_bundle_is_a_line_for_each_part(who: Firm) -> None:
    offer("chair", price_cents=0)
    parts = [BundlePart(item_key="desktop", answers={"build": "cad"}), BundlePart(item_key="chair")]
    content = BundleContent(key="new", title=both("Neu"), summary=both("Neu"), parts=parts)
    actions.save_bundle(content, **SYSTEM)
    actions.put_bundle("new", owner=who.owner, now=NOW, days={"desktop": NOW.date()})
    first, second = queries.cart(who.owner)
    assert (first.cents, first.draft.told_day, second.cents) == (130_000, NOW.date(), 0)
    with pytest.raises(NotFound):
        actions.put_bundle("nothing", owner=who.owner, now=NOW)
