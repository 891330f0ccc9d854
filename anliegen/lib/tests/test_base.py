"""The small building blocks: bus, texts, identifiers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

import pytest

from anliegen.lib import bus, ids
from anliegen.lib.errors import Refused
from anliegen.lib.events import Event
from anliegen.lib.text import LocalText

NOW = datetime(2026, 11, 25, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened(Event):
    key: ClassVar[str] = "happened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed(Event):
    key: ClassVar[str] = "followed"


@pytest.fixture(autouse=True)
def own_table() -> Iterator[None]:
    before = bus.bound()
    yield
    bus.bind(before)


def happened() -> Happened:
    return Happened(subject_id=1, actor_id=None, now=NOW)


def test_what_a_handler_publishes_waits_until_the_current_event_is_done() -> None:
    seen: list[str] = []

    def first(event: Event) -> None:
        bus.publish(Followed(subject_id=1, actor_id=None, now=NOW))
        seen.append("first")

    bus.bind(
        {
            Event: [lambda event: seen.append(f"any {event.key}")],
            Happened: [first, lambda event: seen.append("second")],
            Followed: [lambda event: seen.append("followed")],
        }
    )
    bus.publish(happened())
    assert seen == ["any happened", "first", "second", "any followed", "followed"]


def test_a_handler_may_refuse_and_nothing_stays_queued() -> None:
    seen: list[str] = []

    def refuse(event: Event) -> None:
        bus.publish(Followed(subject_id=1, actor_id=None, now=NOW))
        raise Refused("", "This team still has open tasks.")

    bus.bind({Happened: [refuse], Followed: [lambda event: seen.append("followed")]})
    with pytest.raises(Refused):
        bus.publish(happened())
    bus.bind({Happened: [lambda event: seen.append("happened")]})
    bus.publish(happened())
    assert seen == ["happened"]


def test_a_text_falls_back_to_the_other_language() -> None:
    text = LocalText.of({"de": "Schreibtisch"})
    assert (text.to("en-gb"), text.to("de"), text.missing()) == ("Schreibtisch", "Schreibtisch", ("en",))


def test_public_ids_are_long_and_free_of_letters_that_are_misread() -> None:
    found = {ids.public_id() for _ in range(200)}
    assert len(found) == 200
    assert all(len(one) == 22 and not set(one) & set("01lio") for one in found)


def test_at_the_end_of_a_command_its_events_are_told_together() -> None:
    seen: list[list[str]] = []
    bus.bind({bus.Command: [lambda events: seen.append([event.key for event in events])]})
    with bus.command():
        bus.publish(happened())
        bus.publish(Followed(subject_id=1, actor_id=None, now=NOW))
        assert seen == []
    bus.publish(happened())
    assert seen == [["happened", "followed"], ["happened"]]


def test_what_an_inner_command_did_before_it_failed_is_forgotten() -> None:
    seen: list[str] = []
    written: list[object] = []
    bus.bind({bus.Command: [lambda events: seen.extend(event.key for event in events)]})
    with bus.command():
        bus.gather("a", 1, written.extend)
        with pytest.raises(Refused), bus.command():
            assert written == [1]
            bus.publish(happened())
            bus.gather("a", 2, written.extend)
            raise Refused("", "no")
        bus.publish(Followed(subject_id=1, actor_id=None, now=NOW))
        bus.gather("a", 3, written.extend)
    assert (seen, written) == (["followed"], [1, 3])


def test_a_failed_command_tells_and_writes_nothing_and_leaves_nothing_behind() -> None:
    seen: list[object] = []
    bus.bind({bus.Command: [seen.append]})
    with pytest.raises(Refused), bus.command():
        bus.publish(happened())
        bus.gather("a", 1, seen.extend)
        raise Refused("", "no")
    assert seen == []
    assert not bus.gather("a", 1, seen.extend)
