"""Requests as lines of a list."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from anliegen.lib.text import LocalText
from anliegen.people.models import User
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
)  # what a line shows, of rows with many wide columns


def lines(ids: Sequence[int], viewer: User, *, now: datetime, at_desk: bool = False) -> list[Line]:
    """The lines of these requests, in this order. The caller has checked that the viewer may see them. 3 statements."""
    rows = (
        ServiceRequest.objects.select_related(
            "requester__department", "recipient", "item_version__release__model_version"
        )
        .only(*_SHOWN)
        .in_bulk(list(ids))
    )
    tasks = open_tasks(ids)
    return [_line(rows[pk], tasks.get(pk, []), viewer, now=now, at_desk=at_desk) for pk in ids if pk in rows]


def my_open(user: User, *, now: datetime, limit: int = 5) -> tuple[list[Line], int]:
    """My requests that are not ended (as requester or recipient), those that need me first, and how many there are."""
    mine = ServiceRequest.objects.filter(Q(requester=user) | Q(recipient=user), ended_at=None)
    ids = list(mine.order_by("-id").values_list("id", flat=True)[:200])
    asked = set(_asked(user).filter(service_request_id__in=ids).values_list("service_request_id", flat=True))
    ids.sort(key=lambda pk: (pk not in asked, -pk))
    return lines(ids[:limit], user, now=now), len(ids)


def waiting_for_me(user: User, people: Iterable[User] = ()) -> dict[str, int]:
    """How many approvals, answers and confirmations wait for this person (and for whom they stand in)."""
    persons = [user.pk, *(person.pk for person in people)]
    votes = Vote.objects.filter(approver_id__in=persons, verdict=Verdict.OPEN, task__state=TaskState.OPEN).count()
    return {"approvals": votes, "answers": _asked(user).count()}


def _asked(user: User) -> QuerySet[Task]:
    own = Q(service_request__requester=user) | Q(service_request__recipient=user)
    return Task.objects.filter(own, assignee=user, team=None, state=TaskState.OPEN)


def _line(
    service_request: ServiceRequest, tasks: Sequence[Task], viewer: User, *, now: datetime, at_desk: bool
) -> Line:
    lang = get_language() or "de"
    status = words.status(service_request.status, service_request.closed_by)
    step, steps, phase = position(service_request, lang)
    ended = service_request.status in ENDED
    moment = service_request.ended_at if ended else service_request.promise
    department = service_request.requester.department
    return Line(
        code=service_request.code,
        title=service_request.title,
        lang=service_request.lang,
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
