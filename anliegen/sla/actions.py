"""Starting, moving and stopping clocks. The caller holds the lock of the service request."""

from datetime import datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, Q, QuerySet, Value, When

from anliegen.catalogue.models import Target
from anliegen.catalogue.rules import Measure
from anliegen.reads.prepared import Prepared, Slot
from anliegen.requests import actions as requests
from anliegen.requests.models import ServiceRequest
from anliegen.requests.rules import EndKind
from anliegen.sla import rules
from anliegen.sla.models import Clock
from anliegen.sla.queries import applying, due_of, steps_read, targets_of
from anliegen.sla.rules import ClockState
from anliegen.workflow import actions as workflow
from anliegen.workflow import queries as ahead
from anliegen.workflow.models import Run
from anliegen.workflow.rules import RunStatus

OF_REQUEST = (Measure.ACKNOWLEDGE, Measure.FIRST_ANSWER, Measure.FULFILMENT)


def start_request(service_request_id: int, *, now: datetime) -> None:
    """Start the clocks that run from receipt, and give the promise (R16, R152); it is acknowledged at once.

    The promise is the date that was told before ordering: by what rules and stock say now.
    """
    rows_of = ServiceRequest.objects.only("item_version_id", "wish_date", "answers", "requester_id", "recipient_id")
    service_request = rows_of.get(pk=service_request_id)
    rows = targets_of(service_request.item_version_id)
    data = {"answers": service_request.answers, "steps": _foreseen(service_request, rows, now)}
    found = [
        Clock(
            service_request=service_request,
            measure=measure,
            target_id=target.id,
            minutes=target.minutes,
            calendar_key=target.calendar_key,
            started_at=now,
            due=due_of(target.calendar_key, now, target.minutes),
            state=ClockState.MET if measure == Measure.ACKNOWLEDGE else ClockState.RUNNING,
            ended_at=now if measure == Measure.ACKNOWLEDGE else None,
        )
        for measure, target in applying(rows, data).items()
        if measure in OF_REQUEST
    ]
    Clock.objects.bulk_create(found)
    for clock in found:
        if clock.measure == Measure.FULFILMENT:
            _promise(service_request, clock, now=now)


def _foreseen(service_request: ServiceRequest, rows: list[Target], now: datetime) -> dict[str, dict[str, Any]]:
    """What automatic steps will probably give; nothing, and no statement, where no target depends on steps."""
    if not any(steps_read(row.condition) for row in rows):
        return {}
    way = ahead.way_ahead(
        service_request.item_version,
        answers=service_request.answers,
        requester=service_request.requester,
        recipient=service_request.recipient,
        now=now,
    )
    return way.foreseen


def choose_again(service_request_id: int, item_version_id: int, *, now: datetime) -> None:
    """After a decision: take the fulfilment target that applies now (from stock, to be bought), from the same start.

    It stays as it is until the steps that the targets depend on have been.
    No statement for items whose targets depend on nothing.
    """
    rows = [row for row in targets_of(item_version_id) if row.measure == Measure.FULFILMENT]
    if not any(row.condition for row in rows):
        return
    data = _DATA.first(service_request=service_request_id) or {}
    clock = _FULFILMENT.first(service_request=service_request_id) if _have_been(rows, data) else None
    if clock is None:
        return
    target = applying(rows, data)[Measure.FULFILMENT]
    if target.id == clock.target_id:
        return
    clock.target_id, clock.minutes, clock.calendar_key = target.id, target.minutes, target.calendar_key
    clock.due = due_of(target.calendar_key, clock.started_at, target.minutes)
    clock.save(update_fields=["target", "minutes", "calendar_key", "due"])
    _promise(clock.service_request, clock, now=now)


_FULFILMENT = Prepared(
    lambda: Clock.objects.filter(
        service_request=Slot("service_request"), task=None, measure=Measure.FULFILMENT, state=ClockState.RUNNING
    ).select_related("service_request")[:1]
)
_DATA = Prepared(
    lambda: Run.objects.filter(service_request=Slot("service_request"), status=RunStatus.RUNNING).values_list(
        "data", flat=True
    )[:1]
)


def _have_been(rows: list[Target], data: dict[str, Any]) -> bool:
    return all(steps_read(row.condition) <= data.get("steps", {}).keys() for row in rows)


class Opened(NamedTuple):
    """The task that a clock is started for."""

    task_id: int
    service_request_id: int
    kind: str


def choose_anew(service_request_id: int, *, now: datetime) -> None:
    """After a move to another item: clocks that run take its targets, from the receipt, and the promise follows.

    What was reached already, such as the first answer, stays. A measure without a target stops without a verdict.
    """
    rows_of = ServiceRequest.objects.only("item_version_id", "wish_date", "received_at", "answers")
    service_request = rows_of.get(pk=service_request_id)
    targets = applying(targets_of(service_request.item_version_id), {"answers": service_request.answers})
    clocks = Clock.objects.filter(service_request_id=service_request_id, task=None)
    known = {clock.measure: clock for clock in clocks}
    for measure in OF_REQUEST:
        clock, target = known.get(measure), targets.get(measure)
        if target is None:
            _stop(clocks.filter(measure=measure), now, counted=False)
            continue
        if clock is not None and clock.state != ClockState.RUNNING:
            continue
        clock = clock or Clock(service_request=service_request, measure=measure, started_at=service_request.received_at)
        clock.target_id, clock.minutes, clock.calendar_key = target.id, target.minutes, target.calendar_key
        clock.due = due_of(target.calendar_key, clock.started_at, target.minutes)
        clock.save()
        if measure == Measure.FULFILMENT:
            _promise(service_request, clock, now=now)


def start_task(task: Opened, minutes: int, *, calendar_key: str, now: datetime) -> None:
    """Start a task's own clock and hand its due date to the task; minutes 0: the promise of the request is its date."""
    if minutes > 0:
        due: datetime | None = due_of(calendar_key, now, minutes)
        assert due is not None
        _start(task, minutes, calendar_key, due, now)
    else:
        due = ServiceRequest.objects.values_list("promise", flat=True).get(pk=task.service_request_id)
    if due is not None:
        workflow.set_due(task.task_id, due=due, votes=task.kind == Measure.APPROVAL)


def _start(task: Opened, minutes: int, calendar_key: str, due: datetime, now: datetime) -> None:
    """One statement, also where a carried-over task has a clock already: it starts again."""
    clock = Clock(
        task_id=task.task_id,
        service_request_id=task.service_request_id,
        measure={"approval": Measure.APPROVAL, "acceptance": Measure.ACCEPTANCE}.get(task.kind, "task"),
        minutes=minutes,
        calendar_key=calendar_key,
        started_at=now,
        due=due,
    )
    again = ["measure", "minutes", "calendar_key", "state", "started_at", "due", "ended_at"]
    Clock.objects.bulk_create([clock], update_conflicts=True, unique_fields=["task"], update_fields=again)


def stop_task(task_id: int, *, counted: bool, now: datetime, answered: int | None = None) -> None:
    """Stop a task's clock: met or missed when the task was done, without a verdict when it was withdrawn.

    `answered`: the request whose first answer this is, if its clock for that still runs. One statement.
    """
    which = Q(task_id=task_id)
    if answered is not None:
        which |= Q(service_request_id=answered, task=None, measure=Measure.FIRST_ANSWER)
    _stop(Clock.objects.filter(which), now, counted=counted)


def stop_measure(service_request_id: int, measure: str, *, now: datetime) -> None:
    """Stop one clock of a request, such as the first answer; nothing if it does not run (any more). One statement."""
    _stop(Clock.objects.filter(service_request_id=service_request_id, task=None, measure=measure), now, counted=True)


def stop_request(service_request_id: int, end_kind: str, *, now: datetime) -> None:
    """Stop all clocks of a request that ended; only those of a fulfilled one get a verdict, those of tasks none."""
    clocks = Clock.objects.filter(service_request_id=service_request_id)
    _stop(clocks.filter(task=None), now, counted=end_kind == EndKind.FULFILLED)
    _stop(clocks.exclude(task=None), now, counted=False)


def continue_request(service_request_id: int, *, now: datetime) -> None:
    """After a reopening: the clocks of the request run on, with the due dates they had (same number, same promise)."""
    Clock.objects.filter(service_request_id=service_request_id, task=None, measure=Measure.FULFILMENT).update(
        state=ClockState.RUNNING, ended_at=None
    )


def _stop(clocks: QuerySet[Clock], now: datetime, *, counted: bool) -> None:
    """Stop those of them that run, in one statement."""
    verdict = Case(When(due__gte=now, then=Value(ClockState.MET)), default=Value(ClockState.MISSED))
    clocks.filter(state=ClockState.RUNNING).update(
        state=verdict if counted else Value(ClockState.STOPPED), ended_at=now
    )


def _promise(service_request: ServiceRequest, clock: Clock, *, now: datetime) -> None:
    promise = rules.promised(clock.due, wish_moment(service_request))
    if promise != clock.due:
        clock.due = promise
        clock.save(update_fields=["due"])
    requests.record_promise(service_request.pk, promise, now=now)


def wish_moment(service_request: ServiceRequest) -> datetime | None:
    """The wish date as a moment: 18:00 of that day where the organisation is."""
    if service_request.wish_date is None:
        return None
    return datetime.combine(service_request.wish_date, time(18), ZoneInfo(settings.TIME_ZONE))
