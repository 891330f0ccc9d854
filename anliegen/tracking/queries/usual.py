"""How long a step usually takes with a team, by what it did lately."""

from statistics import median

from django.db.models import Subquery

from anliegen.calendars.queries import calendar_for
from anliegen.reads.prepared import Prepared, Slot
from anliegen.tracking.queries.ahead import duration
from anliegen.workflow.models import Task
from anliegen.workflow.queries import times
from anliegen.workflow.rules import TaskState

WINDOW = 5_000  # of the latest tasks of all teams
SAMPLES, FEWEST = 25, 5
CALENDAR = "default"


def usual(task_id: int) -> str:
    """In which business time this task's team usually does this step ("2 Stunden"); "" where too few were done lately.

    At most three statements, however many tasks there are.
    """
    rows = _DONE(task=task_id, since=task_id - WINDOW)
    if len(rows) < FEWEST:
        return ""
    calendar = calendar_for(CALENDAR)
    minutes = round(median(calendar.between(opened, done) for opened, done in rows if done))
    return duration(_rounded(minutes, day := times.day_minutes(CALENDAR)), day)


def _rounded(minutes: int, day: int) -> int:
    """To whole working days, hours or five minutes, as people say it."""
    unit = day if minutes >= day else 60 if minutes >= 60 else 5
    return max(unit, round(minutes / unit) * unit)


def _this(field: str) -> Subquery:
    return Subquery(Task.objects.filter(pk=Slot("task")).values(field)[:1])


_DONE = Prepared(
    lambda: (
        Task.objects.filter(
            pk__gt=Slot("since"),
            team=_this("team"),
            node=_this("node"),
            state=TaskState.DONE,
            carried_over=False,
            done_at__isnull=False,
        )
        .order_by("-pk")
        .values_list("opened_at", "done_at")[:SAMPLES]
    )
)
