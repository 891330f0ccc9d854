"""Taking jobs, keeping them, and ending them: each write is guarded by the fence.

Leases use the database's clock, so web and worker may disagree about the time (X15); `due` is business time and is
compared with the worker's `now`. Nothing locks a job's row while its function runs: actions lock the request first and
touch job rows last, and so does a run, which takes its own row only at its end.
"""

import random
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, F, Q, QuerySet

from anliegen.jobs import rules
from anliegen.jobs.models import Job, Mute, Worker, new_fence
from anliegen.lib import bus

_local = threading.local()


class LostLease(Exception):
    """The job was taken over, replaced or cancelled meanwhile: this run must roll back."""


@dataclass(slots=True)
class Claim:
    """A job that this worker holds. `settled` means that its own function scheduled it anew or cancelled it."""

    id: int
    kind: str
    key: str | None
    payload: dict[str, Any] = field(repr=False)
    due: datetime
    fence: int
    attempts: int
    settled: bool = False

    def row(self) -> QuerySet[Job]:
        """The row, as long as it is still mine."""
        return Job.objects.filter(id=self.id, fence=self.fence)


def current() -> Claim | None:
    """The job whose function runs in this thread."""
    return getattr(_local, "claim", None)


@contextmanager
def running(claim: Claim) -> Iterator[None]:
    """A transaction in which this job's function runs in this thread; whatever it planned goes if it is rolled back."""
    _local.claim = claim
    try:
        with transaction.atomic(durable=True), bus.command():
            yield
    except BaseException:
        claim.settled = False
        raise
    finally:
        _local.claim = None


def database_now() -> datetime:
    """This moment on the database's clock: one query."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT clock_timestamp()")
            moment: datetime = cursor.fetchone()[0]
            return moment.astimezone(UTC)
        cursor.execute("SELECT strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')")
        return datetime.fromisoformat(cursor.fetchone()[0])


def _ready(kinds: Sequence[str], now: datetime, db_now: datetime) -> QuerySet[Job]:
    """The jobs that may be taken: none in a restored copy that is mute."""
    free = Q(leased_until=None) | Q(leased_until__lte=db_now)
    ready = Job.objects.filter(free, ~Exists(Mute.objects.all()), kind__in=kinds, due__lte=now, dead_at=None)
    return ready.order_by("-priority", "due", "id")


def take(worker: str, kinds: Sequence[str], *, now: datetime, limit: int) -> list[Claim]:
    """Up to `limit` due jobs that nobody holds, now held by this worker; a single read when there are none.

    A job that a worker lost before is taken alone, so that one which kills workers takes no others with it.
    """
    db_now = database_now()
    ready = _ready(kinds, now, db_now)
    if not ready.exists():
        return []
    with transaction.atomic():
        rows = _batch(list(ready.select_for_update(skip_locked=True)[:limit]))
        if not rows:
            return []
        expired = rows[0].leased_until is not None
        if expired and rows[0].lost + 1 >= rules.MAX_LOST:
            _bury_killer(rows[0], now)
            return []
        guarded = ready.order_by().filter(id__in=[row.id for row in rows])
        taken = guarded.update(
            fence=F("fence") + 1, leased_until=db_now + rules.LEASE, worker=worker, lost=F("lost") + int(expired)
        )
        if taken != len(rows):  # cannot happen under a lock; if it does, the leases of the others run out
            return []
    return [_claim(row) for row in rows]


def _batch(rows: list[Job]) -> list[Job]:
    if rows and _suspicious(rows[0]):
        return rows[:1]
    return list(takewhile(lambda row: not _suspicious(row), rows))


def _suspicious(row: Job) -> bool:
    return row.lost > 0 or row.leased_until is not None


def _claim(row: Job) -> Claim:
    return Claim(row.id, row.kind, row.key, row.payload, row.due, row.fence + 1, row.attempts)


def _bury_killer(row: Job, now: datetime) -> None:
    text = f"Its worker died or stood still {rules.MAX_LOST} times while it had this job."
    Job.objects.filter(id=row.id, fence=row.fence).update(
        dead_at=now, last_error=text, lost=0, leased_until=None, worker="", fence=F("fence") + 1
    )


def hold(claim: Claim) -> None:
    """Prolong the lease of one job; raises LostLease if it is no longer mine."""
    if not claim.row().update(leased_until=database_now() + rules.LEASE):
        raise LostLease(str(claim))


def release(claims: Sequence[Claim]) -> None:
    """Give back jobs that were not begun, so that another worker can take them at once."""
    for claim in claims:
        claim.row().update(leased_until=None, worker="", fence=F("fence") + 1)


def release_all(worker: str) -> None:
    """Give back whatever a worker holds."""
    held = Job.objects.filter(worker=worker, leased_until__isnull=False)
    held.update(leased_until=None, worker="", fence=F("fence") + 1)


def finish(claim: Claim) -> None:
    """End the job in the transaction of its effects: deletes the row, or raises LostLease, which rolls them back."""
    deleted, _ = claim.row().delete()
    if not deleted and not claim.settled:
        raise LostLease(str(claim))


def replace(claim: Claim, *, kind: str, due: datetime, payload: dict[str, Any], priority: int) -> bool:
    """From inside the run: plan the same key anew, together with what the run does. False if that was done before."""
    changed = claim.row().update(kind=kind, due=due, payload=payload, priority=priority, **_fresh())
    return _settle(claim, changed)


def drop(claim: Claim) -> bool:
    """From inside the run: cancel the own key. False if it was settled before."""
    deleted, _ = claim.row().delete()
    return _settle(claim, deleted)


def _settle(claim: Claim, changed: int) -> bool:
    if not changed and not claim.settled:
        raise LostLease(str(claim))
    claim.settled = True
    return bool(changed)


def _fresh() -> dict[str, Any]:
    """The columns of a job that nobody has tried yet."""
    return {
        "fence": new_fence(),
        "leased_until": None,
        "worker": "",
        "attempts": 0,
        "lost": 0,
        "last_error": "",
        "dead_at": None,
    }


def fail(claim: Claim, error: Exception, *, now: datetime, dead: bool, latest: datetime | None = None) -> None:
    """Write a failure down: the job is tried again after a pause (not after `latest`), or becomes a dead letter.

    Raises LostLease if it is no longer mine.
    """
    due = now + rules.retry_after(claim.attempts + 1, random.random())  # noqa: S311 - spreads retries, no secret
    values: dict[str, Any] = {"dead_at": now} if dead else {"due": min(due, latest) if latest else due}
    changed = claim.row().update(
        attempts=F("attempts") + 1,
        last_error=rules.describe(error),
        leased_until=None,
        worker="",
        fence=F("fence") + 1,
        **values,
    )
    if not changed:
        raise LostLease(str(claim))


def beat(worker: str, *, renew: bool) -> None:
    """Show that this worker lives, and prolong the leases that it still has."""
    db_now = database_now()
    Worker.objects.update_or_create(name=worker, defaults={"seen_at": db_now}, create_defaults=_seen(db_now))
    if renew:
        _renew(worker, db_now)
    Worker.objects.filter(seen_at__lt=db_now - timedelta(hours=1)).delete()


@transaction.atomic
def _renew(worker: str, db_now: datetime) -> None:
    """Waits for no lock: a row that an action is changing right now is left out, so no deadlock comes from here."""
    mine = Job.objects.filter(worker=worker, leased_until__isnull=False).select_for_update(skip_locked=True)
    ids = list(mine.values_list("id", flat=True))
    if ids:
        Job.objects.filter(id__in=ids, worker=worker).update(leased_until=db_now + rules.LEASE)


def _seen(db_now: datetime) -> dict[str, datetime]:
    return {"started_at": db_now, "seen_at": db_now}


def leave(worker: str) -> None:
    """Forget a worker that stops in good order."""
    Worker.objects.filter(name=worker).delete()
