"""Who reacts to what: handlers run at once, in order, inside the caller's transaction.

The table is bound once, at start, by `project/wiring.py`. A handler may refuse by raising a domain error, which
rolls the action back. An event published by a handler is queued and handled after the current one, first in, first
out. Handlers of `Command` are called once, at the end of a command, with everything that it published: what only has
to be written down (the trail, mails that are owed) is written in a few statements, however much happened.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from anliegen.lib.events import Event

type Handler = Callable[[Any], None]


class Command:
    """The key of handlers that get all events of one command, in order, at its end."""


_table: dict[type[Event | Command], tuple[Handler, ...]] = {}
_local = threading.local()


def bind(table: Mapping[type[Event | Command], Sequence[Handler]]) -> None:
    """Replace the whole table. Handlers of `Event` itself are called first, for every event."""
    _table.clear()
    _table.update({kind: tuple(handlers) for kind, handlers in table.items()})


def bound() -> dict[type[Event | Command], tuple[Handler, ...]]:
    """The table as it is bound now (for tests and the documentation)."""
    return dict(_table)


@contextmanager
def command() -> Iterator[None]:
    """What is published inside belongs to one command; enter it inside the transaction.

    Nested: the outer one ends it. What an inner one published before it failed is forgotten, as its savepoint is.
    """
    told: list[Event] | None = getattr(_local, "told", None)
    if told is not None:
        before = len(told)
        try:
            yield
        except BaseException:
            del told[before:]
            raise
        return
    _local.told = told = []
    try:
        yield
        if told:
            for handler in _table.get(Command, ()):
                handler(tuple(told))
    finally:
        _local.told = None


def publish(event: Event) -> None:
    """Announce an event: returns when all handlers ran, unless called inside a handler, where it only queues.

    Raises whatever a handler raises; what is still queued is then dropped, because the transaction rolls back.
    """
    queue: deque[Event] | None = getattr(_local, "queue", None)
    if queue is not None:
        queue.append(event)
        return
    _local.queue = queue = deque([event])
    try:
        with command():
            while queue:
                _handle(queue.popleft())
    finally:
        _local.queue = None


def _handle(event: Event) -> None:
    _local.told.append(event)
    for handler in (*_table.get(Event, ()), *_table.get(type(event), ())):
        handler(event)
