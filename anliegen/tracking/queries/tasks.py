"""Tasks as rows of the desk, sorted by what is due first."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import get_language

from anliegen.lib.text import LocalText
from anliegen.people.models import User
from anliegen.people.rules import full_name
from anliegen.reads.prepared import Ids, Prepared
from anliegen.requests import access
from anliegen.tracking.shapes import TaskRow
from anliegen.workflow.models import Task
from anliegen.workflow.rules import TaskState

SOON = timedelta(hours=2)
_TASK = ("id", "node", "visit", "name", "kind", "due", "opened_at", "assignee_id")
_REQUEST = ("code", "title", "lang", "channel", "status", "confidential")
_NAMES = (
    *("team__name", "assignee__first_name", "assignee__last_name", "service_request__requester__first_name"),
    *("service_request__requester__last_name", "service_request__requester__department__name"),
)


def task_rows(ids: Sequence[int], viewer: User, *, now: datetime) -> list[TaskRow]:
    """The rows of these tasks, in this order; the caller has checked that the viewer may see them. One statement."""
    rows = {row[0]: row for row in _ROWS(ids=ids)}
    zone, lang = ZoneInfo(viewer.time_zone), get_language() or "de"
    return [_row(rows[pk], zone, lang, now) for pk in ids if pk in rows]


# values and not instances, of which each row would take five
_ROWS = Prepared(
    lambda: Task.objects.filter(pk__in=Ids("ids")).values_list(
        *_TASK, *(f"service_request__{name}" for name in _REQUEST), *_NAMES
    )
)


def my_task_ids(user: User, *, limit: int = 50, offset: int = 0) -> list[int]:
    """Open tasks assigned to this person in a team's work, due first."""
    mine = Task.objects.filter(assignee=user, state=TaskState.OPEN).exclude(kind="approval")
    return list(_ordered(mine).values_list("id", flat=True)[offset : offset + limit])


def team_task_ids(team_ids: Sequence[int], *, free: bool = False, limit: int = 50, offset: int = 0) -> list[int]:
    """Open tasks of these teams, due first; `free` leaves out what somebody has taken."""
    tasks = Task.objects.filter(team_id__in=list(team_ids), state=TaskState.OPEN)
    if free:
        tasks = tasks.filter(assignee=None)
    return list(_ordered(tasks).values_list("id", flat=True)[offset : offset + limit])


def all_task_ids(viewer: User, *, now: datetime, limit: int = 50, offset: int = 0) -> list[int]:
    """Open tasks of all requests that the viewer may see, due first."""
    seen = access.visible_to(viewer, now=now)
    tasks = Task.objects.filter(state=TaskState.OPEN, service_request__in=seen).exclude(team=None)
    return list(_ordered(tasks).values_list("id", flat=True)[offset : offset + limit])


def desk_counts(user: User, team_ids: Sequence[int], *, now: datetime) -> dict[str, int]:
    """What the desk's views hold: mine, team, free, late. Counts of open tasks. Two statements."""
    mine = Task.objects.filter(assignee=user, state=TaskState.OPEN).exclude(kind="approval").count()
    team = Task.objects.filter(team_id__in=list(team_ids), state=TaskState.OPEN)
    found: dict[str, int] = team.aggregate(
        team=Count("id"),
        free=Count("id", filter=Q(assignee=None)),
        late=Count("id", filter=Q(due__lt=now)),
        soon=Count("id", filter=Q(due__gte=now, due__lt=now + SOON)),
    )
    return {"mine": mine, **found}


def _ordered(tasks: QuerySet[Task]) -> QuerySet[Task]:
    return tasks.order_by(F("due").asc(nulls_last=True), "id")


def _row(read: tuple[Any, ...], zone: ZoneInfo, lang: str, now: datetime) -> TaskRow:
    task = dict(zip(_TASK, read, strict=False))
    request = dict(zip(_REQUEST, read[len(_TASK) :], strict=False))
    team, first, last, requester_first, requester_last, department = read[-len(_NAMES) :]
    due, started = task["due"], task["opened_at"]
    return TaskRow(
        task_id=task["id"],
        node=task["node"],
        visit=task["visit"],
        kind=task["kind"],
        assignee_id=task["assignee_id"],
        **request,
        name=LocalText.of(task["name"]).to(lang),
        team=LocalText.of(team).to(lang) if team else "",
        assignee=full_name(first, last) if task["assignee_id"] else "",
        requester=full_name(requester_first, requester_last),
        department=LocalText.of(department).to(lang) if department else "",
        due=due,
        started=started,
        bucket=bucket(due, now, zone),
        share=share(started, due, now),
    )


def bucket(due: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    """In which part of the list a task stands: late, soon (two hours), today, later, or none without a date."""
    if due is None:
        return "none"
    if due < now:
        return "late"
    if due < now + SOON:
        return "soon"
    return "today" if due.astimezone(zone).date() == now.astimezone(zone).date() else "later"


def share(start: datetime, due: datetime | None, now: datetime) -> int:
    """How much of the time between start and due is used, in percent from 0 to 100."""
    if due is None or due <= start:
        return 0
    return max(0, min(100, round(100 * (now - start) / (due - start))))
