"""Who reacts to what: handlers run at once, in order, inside the caller's transaction.

The table is bound once, at start, by `project/wiring.py`. A handler may refuse by raising a domain error, which
rolls the action back. An event published by a handler is queued and handled after the current one, first in, first
out.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from anliegen.lib.events import Event

type Handler = Callable[[Any], None]

_table: dict[type[Event], tuple[Handler, ...]] = {}
_local = threading.local()


def bind(table: Mapping[type[Event], Sequence[Handler]]) -> None:
    """Replace the whole table. Handlers of `Event` itself are called first, for every event."""
    _table.clear()
    _table.update({kind: tuple(handlers) for kind, handlers in table.items()})


def bound() -> dict[type[Event], tuple[Handler, ...]]:
    """The table as it is bound now (for tests and the documentation)."""
    return dict(_table)


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
        while queue:
            current = queue.popleft()
            for handler in (*_table.get(Event, ()), *_table.get(type(current), ())):
                handler(current)
    finally:
        _local.queue = None
