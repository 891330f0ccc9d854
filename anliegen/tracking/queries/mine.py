"""My requests: found by words and filters, with what each tab holds (ux spec S8)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from anliegen.people.models import Department, User
from anliegen.reads.prepared import Prepared, Slot
from anliegen.requests import access
from anliegen.requests.models import ServiceRequest
from anliegen.requests.queries import Page
from anliegen.search import queries as search
from anliegen.workflow.models import Task
from anliegen.workflow.rules import TaskState

STATES = ("open", "waiting", "closed", "all")
WHOSE = ("", "for-me", "from-me", "team")
RESULTS = ("", "fulfilled", "rejected", "cancelled")
SORTS = ("new", "date")
PAGE = 24


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for among their requests; `days` 0 is any time, `categories` empty all of them."""

    text: str = ""
    state: str = "open"
    whose: str = ""
    categories: Collection[str] = ()
    days: int = 0
    result: str = ""
    sort: str = "new"


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the list, and how many requests each tab holds with the same filters."""

    page: Page
    counts: dict[str, int]


def find(user: User, wanted: Wanted, *, now: datetime, page: int = 1, size: int = PAGE) -> Found:
    """What somebody asked for, gets or follows; of their team, what they may see of it. Few statements."""
    rows = _filtered(_with_words(_of(user, wanted, now), user, wanted, now), wanted, now)
    states = {
        "open": Q(ended_at=None),
        "waiting": Q(pk__in=_asked(user)),
        "closed": Q(ended_at__isnull=False),
        "all": Q(),
    }
    kinds = {name: Count("pk", filter=state or None) for name, state in states.items()}
    counts = rows.aggregate(**kinds)
    total = counts[wanted.state]
    number = min(max(1, page), max(1, -(-total // size)))
    first = (number - 1) * size
    ids = _sorted(rows.filter(states[wanted.state]), wanted).values_list("id", flat=True)[first : first + size]
    return Found(Page(list(ids), number, total, size), counts)


def has_team(user: User) -> bool:
    """Whether somebody leads others, as their manager or as the head of their department. One or two statements."""
    return bool(_MANAGED(leader=user.pk) or _HEADED(leader=user.pk))


# two reads: with an OR between two tables no index is used, and everybody is looked at
_MANAGED = Prepared(
    lambda: User.objects.filter(manager=Slot("leader"), is_active=True).values_list("pk", flat=True)[:1]
)
_HEADED = Prepared(
    lambda: User.objects.filter(department__head=Slot("leader"), is_active=True).values_list("pk", flat=True)[:1]
)


def _of(user: User, wanted: Wanted, now: datetime) -> QuerySet[ServiceRequest]:
    if wanted.whose == "team":
        led = User.objects.filter(_led_by(user)).exclude(pk=user.pk).values("pk")
        return access.visible_to(user, now).filter(Q(requester__in=led) | Q(recipient__in=led))
    rows = access.own(user)
    if wanted.whose == "for-me":
        return rows.filter(recipient=user)
    return rows.filter(requester=user) if wanted.whose == "from-me" else rows


def _with_words(rows: QuerySet[ServiceRequest], user: User, wanted: Wanted, now: datetime) -> QuerySet[ServiceRequest]:
    """By number, and by words of title, answers, messages and names of files."""
    if not wanted.text.strip():
        return rows
    team = wanted.whose == "team"
    words = access.found_by(user, now) if team else access.own_words(user)
    return rows.filter(pk__in=search.search_requests(wanted.text, access=words, named=team))


def _led_by(user: User) -> Q:
    return Q(manager=user) | Q(department__in=Department.objects.filter(head=user).values("pk"))


def _filtered(rows: QuerySet[ServiceRequest], wanted: Wanted, now: datetime) -> QuerySet[ServiceRequest]:
    if wanted.categories:
        rows = rows.filter(category_key__in=wanted.categories)
    if wanted.days:
        rows = rows.filter(received_at__gte=now - timedelta(days=wanted.days))
    return rows.filter(end_kind=wanted.result) if wanted.result else rows


def _asked(user: User) -> QuerySet[Task, int]:
    waiting = Task.objects.filter(assignee=user, team=None, state=TaskState.OPEN)
    return waiting.order_by().values_list("service_request_id", flat=True)


def _sorted(rows: QuerySet[ServiceRequest], wanted: Wanted) -> QuerySet[ServiceRequest]:
    if wanted.sort != "date":
        return rows.order_by("-id")
    if wanted.state == "closed":
        return rows.order_by(F("ended_at").desc(nulls_last=True), "-id")
    return rows.order_by(F("promise").asc(nulls_last=True), "-id")
