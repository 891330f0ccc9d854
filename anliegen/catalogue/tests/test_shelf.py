"""Stars, and things that cannot be had for a while: as editor, as anybody, as somebody who may not see the item."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from anliegen.catalogue import access, actions, queries
from anliegen.catalogue.events import ItemReturned
from anliegen.catalogue.models import Awaited, Favourite, Item
from anliegen.catalogue.tests.factories import NOW, SYSTEM, both, firm, offer, person
from anliegen.lib import bus
from anliegen.lib.errors import Forbidden, NotFound, Refused
from anliegen.lib.text import LocalText
from anliegen.people import actions as people
from anliegen.people.access import day
from anliegen.people.models import User
from anliegen.people.rules import Role

pytestmark = pytest.mark.django_db

TODAY = day(NOW)
WHY = LocalText("Ausverkauft.", "Out of stock.")


def _withhold(until: object, who: object, now: object = NOW) -> None:
    actions.withhold("desktop", until=until, reason=WHY, acting_user=who, now=now)  # type: ignore[arg-type]


def test_a_star_is_given_once_and_taken_away() -> None:
    who, item = firm(), offer()
    for _twice in range(2):
        assert actions.mark("desktop", user=who.owner, on=True, now=NOW)
    assert queries.favourites(who.owner) == [item.item_id]
    assert queries.favourites(who.colleague) == []
    assert not actions.mark("desktop", user=who.owner, on=False, now=NOW)
    assert not Favourite.objects.exists()


def test_nobody_marks_or_awaits_what_they_may_not_see() -> None:
    who = firm()
    offer(confidential=True, audience='recipient.department == "sales"', audience_reason=both("Nein"))
    for act in (actions.mark, actions.await_return):
        with pytest.raises(NotFound):
            act("desktop", user=who.outsider, on=True, now=NOW)


def test_what_is_away_is_shown_but_not_sold_until_its_day() -> None:
    who = firm()
    offer()
    editor = _person_with(Role.CATALOGUE_EDITOR)
    _withhold(TODAY + timedelta(days=3), editor)
    [row], _able = queries.shelf(who.owner, NOW)
    assert row.away(NOW)
    assert not row.away(NOW + timedelta(days=3))
    with pytest.raises(access.NotOrderable) as told:
        access.item_to_order("desktop", who.owner, who.owner, "portal", NOW)
    assert told.value.reason.de == "Ausverkauft. Ab dem 28.11.2026 können Sie es wieder anfordern."
    assert access.item_to_order("desktop", who.owner, who.owner, "portal", NOW + timedelta(days=3))


def test_only_editors_withhold_and_only_with_a_day_and_a_reason() -> None:
    who = firm()
    offer()
    editor = _person_with(Role.CATALOGUE_EDITOR)
    with pytest.raises(Forbidden):
        _withhold(TODAY + timedelta(days=3), who.owner)
    with pytest.raises(Refused):
        _withhold(TODAY, editor)
    with pytest.raises(Refused):
        actions.withhold(
            "desktop", until=TODAY + timedelta(days=1), reason=LocalText("Ja", ""), acting_user=editor, now=NOW
        )
    with pytest.raises(NotFound):
        actions.withhold("none", until=None, reason=WHY, acting_user=editor, now=NOW)
    assert Item.objects.get().unavailable_until is None


def test_who_waits_is_named_once_when_it_comes_back() -> None:
    who = firm()
    offer()
    editor = _person_with(Role.CATALOGUE_EDITOR)
    assert not actions.await_return("desktop", user=who.owner, on=True, now=NOW)  # it can be had
    _withhold(TODAY + timedelta(days=3), editor)
    assert actions.await_return("desktop", user=who.owner, on=True, now=NOW)
    assert actions.await_return("desktop", user=who.colleague, on=True, now=NOW)
    assert not actions.await_return("desktop", user=who.colleague, on=False, now=NOW)
    told = _told(lambda: actions.give_back({}, NOW + timedelta(days=2)))
    assert told == []
    told = _told(lambda: actions.give_back({}, NOW + timedelta(days=3)))
    assert [event.waited for event in told] == [(who.owner.pk,)]
    assert not Awaited.objects.exists()
    assert _told(lambda: actions.give_back({}, NOW + timedelta(days=4))) == []


def test_giving_back_at_once_tells_who_waits() -> None:
    who = firm()
    offer()
    editor = _person_with(Role.CATALOGUE_EDITOR)
    _withhold(TODAY + timedelta(days=3), editor)
    actions.await_return("desktop", user=who.owner, on=True, now=NOW)
    assert [event.waited for event in _told(lambda: _withhold(None, editor))] == [(who.owner.pk,)]
    assert _told(lambda: _withhold(None, editor)) == []


def _person_with(role: Role) -> User:
    made = person("edda")
    people.grant_role(made.pk, role, **SYSTEM)
    return User.objects.get(pk=made.pk)


def _told(act: Callable[[], None]) -> list[ItemReturned]:
    heard: list[ItemReturned] = []
    before = bus.bound()
    bus.bind({**before, ItemReturned: (heard.append,)})
    try:
        act()
    finally:
        bus.bind(before)
    return heard
