"""Which function does which kind of job; bound once, at start, by `project/wiring.py`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

type Payload = dict[str, Any]
type Inside = Callable[[Payload, datetime], None]


class GiveUp(Exception):
    """Raised by a job that will never succeed: it becomes a dead letter at once, with this message."""


@dataclass(frozen=True, slots=True)
class Outside:
    """A job with an effect outside the database, in three steps, so that no transaction waits for the network.

    `prepare` (in a transaction) loads what is to be sent, or returns None when nothing is left to do;
    if it schedules its own key again, nothing is sent now.
    `send` (no transaction) does it and returns what is to be remembered; it must bear a stable key, since after a crash
    it is called again. `finish` (in the transaction that ends the job) writes that down.
    `failed` (in the transaction that records the failure) is told the error and whether the job was given up.
    """

    prepare: Callable[[Payload, datetime], Any]
    send: Callable[[Any], Any]
    finish: Callable[[Payload, Any, datetime], None]
    failed: Callable[[Payload, Exception, datetime, bool], None] | None = None
    attempts: int = 200  # at most four minutes apart: a mail server may be away for half a day


@dataclass(frozen=True, slots=True)
class Recurring:
    """A kind that is done again and again; the next time is counted from the planned time, missed ones are skipped."""

    kind: str
    every: timedelta

    @property
    def key(self) -> str:
        return f"recurring:{self.kind}"


type Table = Mapping[str, Inside | Outside]

_table: dict[str, Inside | Outside] = {}
_recurring: dict[str, Recurring] = {}


def bind(table: Table, recurring: Sequence[Recurring] = ()) -> None:
    """Replace the whole table. Raises LookupError when a recurring kind has no function."""
    missing = [item.kind for item in recurring if item.kind not in table]
    if missing:
        raise LookupError(f"No function is bound to the recurring jobs {', '.join(missing)}.")
    _table.clear()
    _table.update(table)
    _recurring.clear()
    _recurring.update({item.key: item for item in recurring})


def names() -> tuple[str, ...]:
    """All kinds that this process can do."""
    return tuple(_table)


def function(kind: str) -> Inside | Outside:
    return _table[kind]


def recurring(key: str | None) -> Recurring | None:
    """The recurring job of that key, if it is one."""
    return _recurring.get(key or "")


def all_recurring() -> tuple[Recurring, ...]:
    return tuple(_recurring.values())
