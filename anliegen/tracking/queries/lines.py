"""Requests as lines of a list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BigIntegerField, F, Func, Q, QuerySet, Subquery
from django.utils.translation import get_language

from anliegen.lib.text import LocalText
from anliegen.people.models import User
from anliegen.reads.prepared import Ids, Prepared, Rows, Slot
from anliegen.requests.models import ServiceRequest
from anliegen.requests.rules import ENDED
from anliegen.tracking import words
from anliegen.tracking.queries.phases import position
from anliegen.tracking.queries.turns import open_tasks, turn_of
from anliegen.tracking.shapes import Line
from anliegen.workflow.models import Task, Vote
from anliegen.workflow.rules import TaskState, Verdict

_SHOWN = (
    *(
        "code",
        "title",
        "lang",
        "status",
        "closed_by",
        "phase",
        "end_kind",
        "held_reason",
        "received_at",
        "ended_at",
        "promise",
    ),
    *("confidential", "requester__first_name", "requester__last_name", "requester__department__name"),
    *("recipient__first_name", "recipient__last_name", "item_version__release__model_version__sha256"),
    "item_version__title",
)  # what a line shows, of rows with many wide columns


def lines(ids: Sequence[int], viewer: User, *, now: datetime, at_desk: bool = False) -> list[Line]:
    """The lines of these requests, in this order. The caller has checked that the viewer may see them. 3 statements."""
    rows = {row.pk: row for row in _ROWS(ids=ids)}
    tasks = open_tasks(ids)
    return [_line(rows[pk], tasks.get(pk, []), viewer, now=now, at_desk=at_desk) for pk in ids if pk in rows]


_ROWS = Prepared(
    lambda: (
        ServiceRequest.objects.select_related(
            "requester__department", "recipient", "item_version__release__model_version"
        )
        .only(*_SHOWN)
        .filter(pk__in=Ids("ids"))
    )
)


def my_open(user: User, *, now: datetime, limit: int = 5) -> tuple[list[Line], int]:
    """My requests that are not ended (as requester or recipient), those that need me first, and how many there are."""
    ids = _MINE(user=user.pk)
    asked = set(_ASKED(user=user.pk))
    ids.sort(key=lambda pk: (pk not in asked, -pk))
    return lines(ids[:limit], user, now=now), len(ids)


def waiting_for_me(user: User, people: Iterable[User] = ()) -> dict[str, int]:
    """How many approvals, answers and confirmations wait for this person (and for whom they stand in)."""
    persons = [user.pk, *(person.pk for person in people)]
    [(approvals, answers)] = _COUNTS(user=user.pk, persons=persons)
    return {"approvals": approvals, "answers": answers}


@dataclass(frozen=True, slots=True)
class Pulse:
    """What changes as soon as anything of mine does: what waits for me, how many are open, all their changes."""

    waiting: dict[str, int]
    token: str


def pulse(user: User, people: Iterable[User] = ()) -> Pulse:
    """The pulse of somebody's open requests and decisions, by which an old page is known. One statement."""
    persons = [user.pk, *(person.pk for person in people)]
    [(approvals, answers, n, versions)] = _PULSE(user=user.pk, persons=persons)
    token = f"{answers}-{approvals}-{n}-{versions}"
    return Pulse({"approvals": approvals, "answers": answers}, token)


def _asked() -> QuerySet[Task]:
    own = Q(service_request__requester=Slot("user")) | Q(service_request__recipient=Slot("user"))
    return Task.objects.filter(own, assignee=Slot("user"), team=None, state=TaskState.OPEN).order_by()


def _waiting() -> tuple[Subquery, ...]:
    votes = Vote.objects.filter(approver__in=Ids("persons"), verdict=Verdict.OPEN, task__state=TaskState.OPEN)
    return tuple(Subquery(rows.order_by().values_list(Rows())) for rows in (votes, _asked()))


def _counts() -> QuerySet[User, tuple[int, int]]:
    return User.objects.filter(pk=Slot("user")).values_list(*_waiting())


def _pulse() -> QuerySet[User, tuple[int, int, int, int]]:
    mine = ServiceRequest.objects.filter(Q(requester=Slot("user")) | Q(recipient=Slot("user")), ended_at=None)
    changes = Func(F("version"), template="COALESCE(SUM(%(expressions)s), 0)", output_field=BigIntegerField())
    own = (Subquery(mine.order_by().values_list(value)) for value in (Rows(), changes))
    return User.objects.filter(pk=Slot("user")).values_list(*_waiting(), *own)


_MINE = Prepared(
    lambda: (
        ServiceRequest.objects.filter(Q(requester=Slot("user")) | Q(recipient=Slot("user")), ended_at=None)
        .order_by("-id")
        .values_list("id", flat=True)[:200]
    )
)
_ASKED = Prepared(lambda: _asked().values_list("service_request_id", flat=True))
_COUNTS = Prepared(_counts)
_PULSE = Prepared(_pulse)


def _line(
    service_request: ServiceRequest, tasks: Sequence[Task], viewer: User, *, now: datetime, at_desk: bool
) -> Line:
    lang = get_language() or "de"
    status = words.status(service_request.status, service_request.closed_by)
    step, steps, phase = position(service_request, lang)
    ended = service_request.status in ENDED
    moment = service_request.ended_at if ended else service_request.promise
    department = service_request.requester.department
    title, title_lang = words.title_of(service_request, lang)
    return Line(
        code=service_request.code,
        title=title,
        lang=title_lang,
        status=service_request.status,
        word=str(status.to(at_desk=at_desk)),
        icon=status.icon,
        tone=status.tone,
        turn=turn_of(service_request, tasks, viewer),
        step=step,
        steps=steps,
        phase=phase,
        date=moment,
        date_kind="ended" if ended else "promise",
        recipient=service_request.recipient.full_name,
        requester=service_request.requester.full_name,
        department=LocalText.of(department.name).to(lang) if department else "",
        confidential=service_request.confidential,
        received_at=service_request.received_at,
        late=bool(not ended and service_request.promise and service_request.promise < now),
    )
