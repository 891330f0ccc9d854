"""The end of a request: how it ended, what is given back, who is told."""

from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from anliegen import jobs
from anliegen.assets import actions as assets
from anliegen.requests import lifecycle
from anliegen.requests.rules import ClosedBy, EndKind, Reason
from anliegen.workflow.actions import _money, _tasks, _timers
from anliegen.workflow.events import Ended, StatusChanged
from anliegen.workflow.models import Task
from anliegen.workflow.rules import ALIVE, Kind, RunStatus, TaskState

if TYPE_CHECKING:
    from anliegen.workflow.actions._running import Running


REFERENCE = "reference"  # the output that names what it is handed over as in another system


def end_run(running: "Running", outcome: str) -> None:
    """The pass is over: nothing of it is open any more, and the request ends with it."""
    run, service_request = running.run, running.service_request
    kind = EndKind.CANCELLED if outcome == ClosedBy.HANDED_OVER else EndKind(outcome or EndKind.FULFILLED)
    for task in Task.objects.filter(run=run, state__in=ALIVE).select_related("team", "assignee").order_by("id"):
        _tasks.withdraw_task(running, task)
    jobs.cancel_prefix(_timers.prefix(run))
    jobs.cancel(f"resume:{service_request.pk}")
    run.tokens.all().delete()
    run.faults.filter(resolved_at=None).update(resolved_at=running.now)
    run.status, run.outcome, run.ended_at = RunStatus.ENDED, kind.value, running.now
    run.held_at, run.held = None, {"format": 1, "timers": []}
    if kind is not EndKind.FULFILLED:
        _give_back(running)
    old = service_request.status
    _end_record(running, kind)
    running.publish(StatusChanged, old=str(old), new=kind.value, changes={"status": [str(old), kind.value]})
    running.publish(Ended, end_kind=kind.value, changes={"end_kind": kind.value})


def _give_back(running: "Running") -> None:
    """What was kept in stock and as money is free again."""
    _money.free(running.service_request)
    pieces = assets.release(running.service_request.code)
    if pieces:
        running.log("released", {"quantity": pieces}, internal=True)
    licences = assets.release_licences(running.service_request.code)
    if licences:
        running.log("licence-released", {"quantity": licences}, internal=True)


def _end_record(running: "Running", kind: EndKind) -> None:
    service_request, now = running.service_request, running.now
    if kind is EndKind.REJECTED:
        reason, text = rejection(running)
        running.log("rejected", {"reason": reason, "text": text}, by=running.actor)
        lifecycle.end(service_request, kind, now=now, reject_reason=reason, reject_sentence=text)
        return
    if kind is EndKind.FULFILLED:
        running.log("fulfilled", {})
        lifecycle.end(service_request, kind, now=now, closed_by=_closed_by(running))
        return
    if running.ended == ClosedBy.HANDED_OVER:
        running.log("handed-off", {"reference": str(running.data.get(REFERENCE, ""))}, by=running.actor)
        lifecycle.end(service_request, kind, now=now, closed_by=ClosedBy.HANDED_OVER)
        return
    lifecycle.end(service_request, kind, now=now)


def rejection(running: "Running") -> tuple[str, str]:
    """Why it was rejected: as the last person who said no put it, else what the model knows."""
    said = running.data.get("rejection", {})
    reason = str(said.get("reason", ""))
    if reason not in set(Reason):
        reason = Reason.OTHER.value
    text = str(said.get("text", "")).strip()
    if not text:
        with translation.override(running.service_request.lang):
            text = _("This request could not be fulfilled.")
    return reason, text


def _closed_by(running: "Running") -> ClosedBy:
    """How the confirmation came: in person, by phone, by time; at once where none was asked."""
    said = running.data.get("confirmed", "")
    if said in set(ClosedBy):
        return ClosedBy(said)
    asked = Task.objects.filter(run=running.run, kind=Kind.ACCEPTANCE)
    by_time = asked.filter(state=TaskState.WITHDRAWN).exists()
    return ClosedBy.TIME if by_time else ClosedBy.AT_ONCE
