"""Who reacts to what: handlers run at once, in order, inside the caller's transaction.

The table is bound once, at start, by `project/wiring.py`. A handler may refuse by raising a domain error, which
rolls the action back. An event published by a handler is queued and handled after the current one, first in, first
out. Handlers of `Command` are called once, at the end of a command, with everything that it published: what only has
to be written down (the trail, mails that are owed) is written in a few statements, however much happened.
"""

import threading
from collections import deque
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from anliegen.lib.events import Event

type Handler = Callable[[Any], None]
type _Gathered = tuple[list[Any], Callable[[list[Any]], None]]


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
        write_gathered()
        before = len(told)
        try:
            yield
        except BaseException:
            del told[before:]
            _local.gathered.clear()
            raise
        return
    told = _local.told = []
    _local.gathered = {}
    try:
        yield
        write_gathered()
        if told:
            for handler in _table.get(Command, ()):
                handler(tuple(told))
    finally:
        _local.told = _local.gathered = None


def gather(key: Hashable, item: object, write: Callable[[list[Any]], None]) -> bool:
    """Keep an item until `write` gets all of this key at once: at the end of the command, or before.

    False outside a command: then nothing is kept, and the caller writes at once.
    """
    gathered: dict[Hashable, _Gathered] | None = getattr(_local, "gathered", None)
    if gathered is None:
        return False
    gathered.setdefault(key, ([], write))[0].append(item)
    return True


def take_gathered(key: Hashable) -> list[Any]:
    """What was gathered under a key so far, for somebody who writes it now, with something else or before it."""
    gathered: dict[Hashable, _Gathered] = getattr(_local, "gathered", None) or {}
    items, _write = gathered.pop(key, ([], None))
    return items


def write_gathered() -> None:
    """Write everything that was gathered so far."""
    gathered: dict[Hashable, _Gathered] = getattr(_local, "gathered", None) or {}
    while gathered:
        _key, (items, write) = gathered.popitem()
        write(items)


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
        if getattr(_local, "told", None) is None:
            with command():
                _handle_all(queue)
        else:
            _handle_all(queue)
    finally:
        _local.queue = None


def _handle_all(queue: deque[Event]) -> None:
    while queue:
        _handle(queue.popleft())


def _handle(event: Event) -> None:
    _local.told.append(event)
    for handler in (*_table.get(Event, ()), *_table.get(type(event), ())):
        handler(event)
