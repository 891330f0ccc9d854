"""How the work stands: the queue report for operators and the health page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict

from django.db.models import Count, Min, Q

from anliegen.jobs.leases import database_now
from anliegen.jobs.models import Job, Mute, Worker


class WorkerReport(TypedDict):
    name: str
    seen_at: datetime


class Report(TypedDict):
    pending: int
    due: int
    oldest_due_age_s: float
    dead: int
    workers: list[WorkerReport]


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A job that was given up, as an operator sees it."""

    id: int
    kind: str
    key: str | None
    attempts: int
    last_error: str
    dead_at: datetime


def report(now: datetime | None = None) -> Report:
    """The queue in figures: waiting, due, age of the oldest due one in seconds, dead letters, workers. Three queries.

    Without `now` the database's clock counts.
    """
    db_now = database_now()
    now = now or db_now
    alive, due = Q(dead_at=None), Q(dead_at=None, due__lte=now)
    figures = Job.objects.aggregate(
        count_pending=Count("id", filter=alive),
        count_due=Count("id", filter=due),
        count_dead=Count("id", filter=~alive),
        oldest=Min("due", filter=due),
    )
    oldest = figures["oldest"]
    workers = Worker.objects.order_by("name").values_list("name", "seen_at")
    return Report(
        pending=figures["count_pending"],
        due=figures["count_due"],
        oldest_due_age_s=(now - oldest).total_seconds() if oldest else 0.0,
        dead=figures["count_dead"],
        workers=[WorkerReport(name=name, seen_at=seen_at) for name, seen_at in workers],
    )


def dead_letters(limit: int = 100) -> list[DeadLetter]:
    """The jobs that were given up, latest first."""
    columns = ("id", "kind", "key", "attempts", "last_error", "dead_at")
    rows = Job.objects.filter(dead_at__isnull=False).order_by("-dead_at", "-id").values_list(*columns)[:limit]
    return [DeadLetter(*row) for row in rows]


def planned(key: str) -> datetime | None:
    """When the job of that key is due, or None."""
    return Job.objects.filter(key=key, dead_at=None).values_list("due", flat=True).first()


def mute() -> Mute | None:
    """Since when and from which archive this database is a mute copy; None when it works as usual. One query."""
    return Mute.objects.first()


def due_by_kind(now: datetime) -> dict[str, int]:
    """How many jobs of each kind are due: what a released copy would begin with. One query."""
    due = Job.objects.filter(dead_at=None, due__lte=now).order_by("kind")
    return dict(due.values_list("kind").annotate(number=Count("id")))


def working(now: datetime) -> bool:
    """Whether a worker showed itself within the last half minute; `now` on the database's clock."""
    return Worker.objects.filter(seen_at__gte=now - timedelta(seconds=30)).exists()
