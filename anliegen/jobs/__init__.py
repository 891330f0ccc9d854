"""Background work: what must happen later is a row, written in the transaction that makes it necessary.

A *job* has a kind (a string that `project/wiring.py` binds to a function), a payload and a due time; with a *key* there
is at most one of it. A worker takes due jobs under a *lease* (the database's clock) and a *fence*, a number that
changes with every owner: a run may only commit while the row still bears the number it began with. So inside effects
happen exactly once, however often workers die, sleep or are started twice. Effects outside (mail) happen at least once:
see `Outside`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from anliegen.jobs.kinds import GiveUp, Outside, Recurring, Table, bind

__all__ = ["GiveUp", "Outside", "Recurring", "Table", "bind", "cancel", "cancel_prefix", "schedule", "schedule_many"]

# The three verbs import late, because Django imports this package before its tables can be loaded.


def schedule(
    kind: str,
    *,
    key: str | None = None,
    due: datetime,
    payload: dict[str, Any] | None = None,
    priority: int = 0,
) -> None:
    """Have a job done at `due`, if the caller's transaction commits. Higher priority first, then the oldest.

    A job of the same key is replaced, also when it runs at this moment: that run then commits nothing. A job may
    schedule its own key again; that takes effect together with the run.
    """
    from anliegen.jobs import actions

    actions.schedule(kind, key=key, due=due, payload=payload, priority=priority)


def schedule_many(kind: str, items: Sequence[tuple[str, dict[str, Any]]], *, due: datetime) -> None:
    """Like `schedule` for several (key, payload) of one kind, in one statement."""
    from anliegen.jobs import actions

    actions.schedule_many(kind, items, due=due)


def cancel(key: str) -> bool:
    """Take a job back; False when there is none (any more). A run that has not committed then commits nothing."""
    from anliegen.jobs import actions

    return actions.cancel(key)


def cancel_prefix(prefix: str) -> int:
    """Take back all jobs whose key begins like this; how many there were."""
    from anliegen.jobs import actions

    return actions.cancel_prefix(prefix)
