"""The work lists of the desk: which tasks, in which order, in which part of the list."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anliegen.lib.errors import NotFound
from anliegen.lib.text import LocalText
from anliegen.people import queries as people
from anliegen.people.access import day
from anliegen.people.models import Team, User
from anliegen.people.rules import Capability
from anliegen.reads.prepared import Ids, Prepared, Rows, Slot
from anliegen.requests.access import seen, sees_everything
from anliegen.tracking.queries.tasks import SOON, task_rows
from anliegen.tracking.shapes import TaskRow
from anliegen.ui.shell import MANY
from anliegen.workflow import access
from anliegen.workflow.models import Task
from anliegen.workflow.rules import Kind, TaskState

PAGE = 100
DONE_SHOWN = 50

VIEWS: dict[str, str | Promise] = {
    "mine": _("My work"),
    "team": _("My team"),
    "waiting": _("Waiting for the requester"),
    "all": _("All open tasks"),
}
BUCKETS: tuple[tuple[str, str | Promise, tuple[str, ...], str], ...] = (
    ("late", _("Overdue"), ("late",), "late"),
    ("soon", _("In the next 2 hours"), ("soon",), "risk"),
    ("today", _("Today"), ("today",), ""),
    ("later", _("Later or without a date"), ("later", "none"), ""),
)
TILES: dict[str, str | Promise] = {
    "late": _("overdue"),
    "soon": _("under 2 hours"),
    "today": _("due today"),
    "free": _("free"),
}


@dataclass(frozen=True, slots=True)
class Bucket:
    """One part of the list under its heading."""

    key: str
    label: str | Promise
    look: str
    rows: list[TaskRow]


@dataclass(frozen=True, slots=True)
class Queue:
    """One view of the work, one page of it."""

    view: str
    title: str | Promise
    buckets: list[Bucket]
    total: int
    tiles: dict[str, int]
    number: int = 1
    pages: int = 1
    only: str = ""
    team: str = ""
    teams: Sequence[tuple[str, str]] = field(default_factory=tuple)

    @property
    def rows(self) -> list[TaskRow]:
        return [row for bucket in self.buckets for row in bucket.rows]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody chose to see."""

    view: str = "mine"
    only: str = ""
    team: str = ""
    page: int = 1


def load(wanted: Wanted, user: User, now: datetime) -> Queue:
    """One view, due first. Raises NotFound for a view that is none, or "all" without the right to see all."""
    teams = people.teams_of(user, now)
    tasks = _tasks(wanted.view, user, teams, now)
    if wanted.view == "team" and wanted.team:
        tasks = tasks.filter(team__key=wanted.team)
    parts = _parts(user, now)
    tiles = tasks.aggregate(total=Count("id"), **{key: Count("id", filter=part) for key, part in parts.items()})
    total = tiles.pop("total")
    if wanted.only in parts:
        tasks = tasks.filter(parts[wanted.only])
        total = tiles[wanted.only]
    pages = max(1, -(-total // PAGE))
    number = min(max(1, wanted.page), pages)
    rows = _rows(tasks, user, number, now)
    lang = user.language
    return Queue(
        view=wanted.view,
        title=VIEWS[wanted.view],
        buckets=_bucketed(rows, user),
        total=total,
        tiles=tiles,
        number=number,
        pages=pages,
        only=wanted.only if wanted.only in parts else "",
        team=wanted.team,
        teams=[(team.key, LocalText.of(team.name).to(lang)) for team in teams],
    )


def counts(user: User, now: datetime) -> dict[str, int]:
    """How much each view holds that this person may open, counted up to MANY. At most three statements."""
    teams = people.teams_of(user, now)
    [(mine, team)] = _COUNTS(user=user.pk, teams=[team.pk for team in teams])
    views = ("waiting", "all") if people.can(user, Capability.SEE_ALL_REQUESTS, now=now) else ("waiting",)
    return {"mine": mine, "team": team, **{view: _count(view, user, now) for view in views}}


def _count(view: str, user: User, now: datetime) -> int:
    everything = sees_everything(user, now)
    if everything is None:
        return _visible(view, user, now)[:MANY].count()
    return len(_FEW[view, everything](user=user.pk, today=day(now)))


def _tasks(view: str, user: User, teams: Sequence[Team], now: datetime) -> QuerySet[Task]:
    """The open tasks of a view. What a person or their team has, they may see."""
    match view:
        case "mine":
            return _mine(user.pk, [team.pk for team in teams])
        case "team":
            return _of_teams([team.pk for team in teams])
        case "waiting":
            return _visible(view, user, now)
        case "all" if people.can(user, Capability.SEE_ALL_REQUESTS, now=now):
            return _visible(view, user, now)
    raise NotFound


def _visible(view: str, user: User, now: datetime) -> QuerySet[Task]:
    everything = sees_everything(user, now)
    if everything is None:
        return access.visible_to(user, now).filter(_VISIBLE[view], state=TaskState.OPEN)
    return Task.objects.filter(pk__in=_SEEN[view, everything].inside(user=user.pk, today=day(now)))


_BY_OWNER = Q(team=None, kind__in=(Kind.ACCEPTANCE, Kind.ANSWER))  # done in the portal, by who asked for it


def _mine(user: int | Slot, teams: Sequence[int] | Ids) -> QuerySet[Task]:
    found = Task.objects.filter(Q(assignee=user) | Q(assignee=None, team__in=teams), state=TaskState.OPEN)
    return found.exclude(Q(kind=Kind.APPROVAL) | _BY_OWNER)


def _of_teams(teams: Sequence[int] | Ids) -> QuerySet[Task]:
    return Task.objects.filter(team__in=teams, state=TaskState.OPEN)


def _counts() -> QuerySet[User, tuple[int, int]]:
    views = (_mine(Slot("user"), Ids("teams")), _of_teams(Ids("teams")))
    counted = (Subquery(tasks.order_by().values_list(Rows())) for tasks in views)
    return User.objects.filter(pk=Slot("user")).values_list(*counted)


_COUNTS = Prepared(_counts)


def _seen(view: str, *, everything: bool, most: int | None = None) -> QuerySet[Task, int]:
    """The ids of a view, asked from its tasks: the participations of a person may be tens of thousands."""
    visible = Exists(seen(everything=everything).filter(pk=OuterRef("service_request")))
    tasks = Task.objects.filter(_VISIBLE[view], visible, state=TaskState.OPEN)
    return tasks.order_by().values_list("pk", flat=True)[:most]


_VISIBLE = {"waiting": _BY_OWNER, "all": Q(team__isnull=False)}
_BOTH = [(view, everything) for view in _VISIBLE for everything in (False, True)]
_SEEN = {(view, everything): Prepared(partial(_seen, view, everything=everything)) for view, everything in _BOTH}
_FEW = {
    (view, everything): Prepared(partial(_seen, view, everything=everything, most=MANY)) for view, everything in _BOTH
}


def _parts(user: User, now: datetime) -> dict[str, Q]:
    here = now.astimezone(ZoneInfo(user.time_zone))
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return {
        "late": Q(due__lt=now),
        "soon": Q(due__gte=now, due__lt=now + SOON),
        "today": Q(due__gte=now, due__lt=midnight),
        "free": Q(assignee=None),
    }


def _rows(tasks: QuerySet[Task], user: User, number: int, now: datetime) -> list[TaskRow]:
    """The ids first, then only their rows."""
    first = (number - 1) * PAGE
    ids = tasks.order_by(F("due").asc(nulls_last=True), "id").values_list("id", flat=True)[first : first + PAGE]
    return task_rows(list(ids), user, now=now)


def _bucketed(rows: Sequence[TaskRow], user: User) -> list[Bucket]:
    """Within each part what is mine stands first, then what is due first."""
    found = []
    for key, label, names, look in BUCKETS:
        inside = [row for row in rows if row.bucket in names]
        inside.sort(key=lambda row: row.assignee_id != user.pk)
        if inside:
            found.append(Bucket(key, label, look, inside))
    return found


def last_done(user: User, now: datetime) -> list[tuple[Task, bool]]:
    """What this person and their teams completed last, the latest first, and whether they may still read it.

    Of a confidential request that is over for them they find only their own entries, without its title.
    """
    teams = people.teams_of(user, now)
    mine = Q(done_by=user) | Q(team__in=[team.pk for team in teams])
    done = Task.objects.filter(mine, state__in=(TaskState.SETTLED, TaskState.DONE)).exclude(kind=Kind.APPROVAL)
    visible = access.visible_to(user, now)
    shown = done.filter(Q(pk__in=visible.values("pk")) | Q(done_by=user))
    latest = list(
        shown.order_by(F("settled_at").desc(nulls_last=True), "-id").values_list("id", flat=True)[:DONE_SHOWN]
    )
    readable = set(visible.filter(pk__in=latest).values_list("pk", flat=True))
    rows = Task.objects.select_related("service_request__requester", "team", "done_by").in_bulk(latest)
    return [(rows[pk], pk in readable) for pk in latest]
