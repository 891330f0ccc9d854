"""Planning and cancelling jobs, and what operators do with dead letters."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anliegen.jobs import kinds, leases
from anliegen.jobs.models import Job, Mute, new_fence
from anliegen.lib.errors import NotFound

_REPLACED = [
    "kind",
    "payload",
    "due",
    "priority",
    "fence",
    "leased_until",
    "worker",
    "attempts",
    "lost",
    "last_error",
    "dead_at",
]


def schedule(
    kind: str,
    *,
    key: str | None = None,
    due: datetime,
    payload: dict[str, Any] | None = None,
    priority: int = 0,
) -> None:
    """See `anliegen.jobs.schedule`. One statement, safe against a simultaneous one of the same key."""
    if due.tzinfo is None:
        raise ValueError("A job's due time must be aware.")
    job = Job(kind=kind, key=key, due=due, payload=payload or {}, priority=priority)
    if key is None:
        job.save(force_insert=True)
        return
    own = leases.current()
    if own and own.key == key and leases.replace(own, kind=kind, due=due, payload=job.payload, priority=priority):
        return
    Job.objects.bulk_create([job], update_conflicts=True, unique_fields=["key"], update_fields=_REPLACED)


def schedule_many(kind: str, items: Sequence[tuple[str, dict[str, Any]]], *, due: datetime) -> None:
    """Several jobs of one kind, each with its own key, in one statement; keys that are planned already are replaced."""
    rows = [Job(kind=kind, key=key, due=due, payload=payload) for key, payload in items]
    Job.objects.bulk_create(rows, update_conflicts=True, unique_fields=["key"], update_fields=_REPLACED)


def cancel(key: str) -> bool:
    """See `anliegen.jobs.cancel`."""
    own = leases.current()
    if own and own.key == key and leases.drop(own):
        return True
    deleted, _details = Job.objects.filter(key=key).delete()
    return bool(deleted)


def cancel_prefix(prefix: str) -> int:
    """See `anliegen.jobs.cancel_prefix`. An empty prefix is refused: it would cancel everything that has a key."""
    if not prefix:
        raise ValueError("An empty prefix would cancel every job.")
    own = leases.current()
    dropped = int(bool(own and own.key and own.key.startswith(prefix) and leases.drop(own)))
    deleted, _details = Job.objects.filter(key__startswith=prefix).delete()
    return dropped + deleted


@transaction.atomic
def retry(job_id: int, *, now: datetime) -> None:
    """Let a dead letter be tried again, with all its attempts. Raises NotFound if it is not dead (any more)."""
    changed = Job.objects.filter(id=job_id, dead_at__isnull=False).update(dead_at=None, due=now, attempts=0, lost=0)
    if not changed:
        raise NotFound(_("This dead letter does not exist any more."))


@transaction.atomic
def retry_all(*, kind: str, now: datetime) -> int:
    """Let all dead letters of a kind be tried again; how many there were."""
    dead = Job.objects.filter(kind=kind, dead_at__isnull=False)
    return dead.update(dead_at=None, due=now, attempts=0, lost=0)


@transaction.atomic
def discard(job_id: int) -> None:
    """Delete a dead letter for good. Raises NotFound if it is not dead (any more)."""
    deleted, _details = Job.objects.filter(id=job_id, dead_at__isnull=False).delete()
    if not deleted:
        raise NotFound(_("This dead letter does not exist any more."))


@transaction.atomic
def arm_recurring(*, now: datetime) -> None:
    """Make sure that each recurring job is planned exactly once, and not far off.

    A plan further away than one period comes from a clock that was wrong (X13): it is pulled back.
    """
    wanted = kinds.all_recurring()
    rows = [Job(kind=item.kind, key=item.key, due=now, payload={"planned": now.isoformat()}) for item in wanted]
    Job.objects.bulk_create(rows, ignore_conflicts=True)
    for item in wanted:
        soon = now + item.every
        far = Job.objects.filter(key=item.key, due__gt=soon, leased_until=None)
        far.update(due=soon, payload={"planned": soon.isoformat()}, fence=new_fence())
    gone = Job.objects.filter(key__startswith="recurring:", kind__in=kinds.names(), leased_until=None)
    gone.exclude(key__in=[item.key for item in wanted]).delete()


@transaction.atomic
def release() -> bool:
    """End the muteness of a restored copy: from now on its due jobs run, each once. False when it was not mute."""
    deleted, _details = Mute.objects.all().delete()
    return bool(deleted)
