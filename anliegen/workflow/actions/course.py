"""Commands on the whole course of a request: start, timers, hold, resume, cancel, reject, revise, reopen."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from anliegen import jobs
from anliegen.assets import actions as assets
from anliegen.lib.errors import Conflict, Forbidden, NotFound, Refused
from anliegen.people.models import User
from anliegen.requests import access as requests_access
from anliegen.requests import actions as requests
from anliegen.requests import lifecycle
from anliegen.requests.models import ServiceRequest
from anliegen.requests.rules import EndKind, Reason, Status
from anliegen.workflow import access
from anliegen.workflow.actions import _reroute, _settle, _tasks, _timers
from anliegen.workflow.actions._inputs import text_of
from anliegen.workflow.actions._running import Running, replace
from anliegen.workflow.actions.talk import accept_by_time
from anliegen.workflow.events import Held, Reopened, Resumed, Revised, RunStarted
from anliegen.workflow.models import Run, Task
from anliegen.workflow.queries import committed, releases, reopening
from anliegen.workflow.rules import ALIVE, DETAILS, MAX_REASON, RunStatus, TaskState

START, RESUME = "workflow.start", "workflow.resume"


@transaction.atomic(savepoint=False)
def start(service_request_id: int, *, now: datetime) -> Run | None:
    """Begin to work on a request by its published model; nothing if that has happened. Locks the request.

    None for an item without a model.
    """
    service_request = requests_access.locked(service_request_id)
    release = releases.release_of(service_request.item_version_id)
    if release is None or releases.last_pass(service_request.pk):
        return None
    running = Running.begin(service_request, release, now=now, last=0)
    running.publish(RunStarted, pass_no=running.run.pass_no)
    running.start()
    running.finish()
    return running.run


def start_job(payload: dict[str, Any], now: datetime) -> None:
    """The job `start:<code>`: one of several lines of an order."""
    start(payload["service_request"], now=now)


@transaction.atomic
def settle_job(payload: dict[str, Any], now: datetime) -> None:
    """The job `settle:<task>:<n>`: the undo window is over."""
    found = Task.objects.filter(pk=payload["task"]).values_list("service_request_id", flat=True).first()
    if found is None:
        return
    service_request = requests_access.locked(found)
    task = Task.objects.select_related("team", "assignee", "done_by").get(pk=payload["task"])
    running = Running.of(service_request, now=now, actor=task.done_by)
    stale = task.settled_seq != payload["n"] or task.state != TaskState.SETTLED
    if running is None or stale or running.run.pk != task.run_id:
        return
    task.service_request = service_request
    _settle.take_effect(running, task)
    running.finish()


@transaction.atomic
def timer_job(payload: dict[str, Any], now: datetime) -> None:
    """The job of a timer: of a waiting step, of its edge, or of a confirmation by time.

    A step that is settled waits for its effect first. What is gone or on hold does nothing.
    """
    found = Run.objects.filter(pk=payload["run"]).values_list("service_request_id", flat=True).first()
    if found is None:
        return
    service_request = requests_access.locked(found)
    running = Running.of(service_request, now=now)
    if running is None or running.run.pk != payload["run"] or running.run.held_at is not None:
        return
    token, boundary = payload["token"], payload["boundary"]
    if not any(alive.id == token and alive.waiting for alive in running.state.tokens):
        return
    settled = Task.objects.filter(run=running.run, token_number=token, state=TaskState.SETTLED).first()
    if settled is not None:
        _timers.later(running.run, payload, now, _tasks.undo_seconds(settled))
        return
    _fire(running, token, boundary, payload)
    running.finish()


def _fire(running: Running, token: int, boundary: str, payload: dict[str, Any]) -> None:
    _timers.again(running, payload)
    if boundary == _timers.BY_TIME:
        accept_by_time(running, token)
        return
    node = running.node(running.state.token(token).node)
    running.log("timer-fired", {"task": node.name.json()}, internal=True)
    running.fire(token, boundary)


def pass_of(service_request: ServiceRequest, *, now: datetime, actor: User | None) -> Running:
    running = Running.of(service_request, now=now, actor=actor)
    if running is None:
        raise Conflict(_("This request has already ended."))
    return running


def take_effects(running: Running) -> None:
    """Apply what is settled, before the course changes."""
    settled = Task.objects.select_related("team", "assignee", "done_by").filter(
        run=running.run, state=TaskState.SETTLED
    )
    for task in settled.order_by("settled_at", "id"):
        jobs.cancel(f"settle:{task.pk}:{task.settled_seq}")
        if running.ended:
            return
        task.service_request = running.service_request
        _settle.take_effect(running, task)


def reason_of(text: str) -> str:
    said = text_of(text, MAX_REASON, "reason")
    if not said:
        raise Refused("reason", _("Please say why."))
    return said


@transaction.atomic
def hold(code: str, reason: str, *, acting_user: User, now: datetime, until: datetime | None = None) -> ServiceRequest:
    """Let a request rest: timers keep their remaining time; with `until` it goes on by itself. Locks the request.

    Raises NotFound, Forbidden, Conflict, Refused.
    """
    service_request = access.to_steer(code, acting_user, now)
    said = reason_of(reason)
    if until is not None and until <= now:
        raise Refused("until", _("This moment is over. Please choose a later one."))
    running = pass_of(service_request, now=now, actor=acting_user)
    if running.run.held_at is not None:
        raise Conflict(_("This request is on hold already."))
    take_effects(running)
    if not running.ended:
        _timers.hold(running)
        running.run.held_at = now
        lifecycle.hold(service_request, said)
        if until is not None:
            jobs.schedule(
                RESUME,
                key=f"resume:{service_request.pk}",
                due=until,
                payload={"service_request": service_request.pk},
            )
        running.log("held", {"reason": said, "until": until.isoformat() if until else ""}, by=acting_user)
        running.publish(Held, changes={"until": until.isoformat() if until else None})
    running.finish()
    return service_request


@transaction.atomic
def resume(code: str, *, acting_user: User, now: datetime) -> ServiceRequest:
    """Let a request go on after a hold. Locks it. Raises NotFound, Forbidden, Conflict."""
    service_request = access.to_steer(code, acting_user, now)
    _go_on(pass_of(service_request, now=now, actor=acting_user))
    return service_request


def _go_on(running: Running) -> None:
    if running.run.held_at is None:
        raise Conflict(_("This request is not on hold."))
    jobs.cancel(f"resume:{running.service_request.pk}")
    running.run.held_at = None
    _timers.resume(running)
    lifecycle.hold(running.service_request, "")
    running.log("resumed", {}, by=running.actor)
    running.publish(Resumed, rule="" if running.actor else "hold-until")
    running.finish()


@transaction.atomic
def resume_job(payload: dict[str, Any], now: datetime) -> None:
    """The job `resume:<id>`: the hold was until now."""
    service_request = requests_access.locked(payload["service_request"])
    running = Running.of(service_request, now=now)
    if running is not None and running.run.held_at is not None:
        _go_on(running)


@transaction.atomic
def cancel(code: str, reason: str, *, acting_user: User, now: datetime) -> ServiceRequest:
    """Stop a request for good. Requester and recipient may until something is ordered or installed; the desk always.

    Open work is withdrawn, settled effects are dropped, stock and money are free again. Locks the request.
    Raises NotFound, Forbidden, Conflict, Refused.
    """
    service_request = requests_access.to_write(code, acting_user, now)
    access.require_cancel(acting_user, service_request, now)
    owner = requests_access.is_owner(acting_user, service_request)
    said = reason_of(reason) if not owner else text_of(reason, MAX_REASON, "reason")
    running = pass_of(service_request, now=now, actor=acting_user)
    _require_not_done(service_request, acting_user)
    if owner and not access.is_agent(acting_user, now) and committed.is_committed(running.run):
        raise Conflict(_("Something has already been ordered or installed. Please ask the service desk."))
    running.log("cancelled", {"name": acting_user.full_name, "reason": said}, by=acting_user)
    _end(running, EndKind.CANCELLED)
    return service_request


@transaction.atomic
def reject(code: str, reject_reason: str, sentence: str, *, acting_user: User, now: datetime) -> ServiceRequest:
    """Reject a running request with a reason from the list and a sentence (R66). Locks it.

    Raises NotFound, Forbidden, Conflict, Refused.
    """
    service_request = access.to_steer(code, acting_user, now)
    if reject_reason not in set(Reason):
        raise Refused("reject_reason", _("Please choose a reason from the list."))
    text = text_of(sentence, MAX_REASON, "sentence")
    if not text:
        raise Refused("sentence", _("Please say in a sentence why not, so that the requester can understand it."))
    running = pass_of(service_request, now=now, actor=acting_user)
    running.data = {**running.data, "rejection": {"reason": reject_reason, "text": text}}
    _end(running, EndKind.REJECTED)
    return service_request


def _require_not_done(service_request: ServiceRequest, acting_user: User) -> None:
    """Who is asked whether it is all right says yes or no, and does not stop or change it any more."""
    if service_request.status == Status.DONE and requests_access.is_owner(acting_user, service_request):
        raise Conflict(
            _("Everything is done, only your confirmation is missing. If something is not right, say what is missing.")
        )


def _end(running: Running, kind: EndKind) -> None:
    running.ended = kind.value
    running.finish()


@transaction.atomic
def revise(code: str, answers: Mapping[str, Any], *, acting_user: User, now: datetime) -> Run:
    """Change what was asked for: the model begins anew, and what was decided from the same basis counts again.

    Possible for requester, recipient and desk until a committing step was taken or done. Locks the request.
    Raises NotFound, Forbidden, Conflict, Refused ("q_<key>").
    """
    service_request = requests_access.to_write(code, acting_user, now)
    access.require_revise(acting_user, service_request, now)
    _require_not_done(service_request, acting_user)
    old = pass_of(service_request, now=now, actor=acting_user)
    if old.run.held_at is not None:
        raise Conflict(_("This request is on hold. It can go on after it was resumed."))
    take_effects(old)
    if old.ended or committed.is_committed(old.run):
        raise Conflict(_("Something has already been ordered or installed. Please write what has changed instead."))
    lifecycle.set_answers(service_request, answers, acting_user=acting_user, now=now)
    _details_are_here(old)
    assets.release(service_request.code)
    assets.release_licences(service_request.code)
    return _next_pass(old, begun_by="revise")


def _details_are_here(old: Running) -> None:
    """Who was asked to complete the details of a request that was moved to another service has done so."""
    done = {"state": TaskState.DONE, "outcome": "done", "done_by": old.actor}
    waiting = Task.objects.filter(run=old.run, node=DETAILS, state=TaskState.OPEN)
    waiting.update(settled_at=old.now, done_at=old.now, **done)


def _next_pass(old: Running, *, begun_by: str) -> Run:
    """The next pass from the start; what is still open of the last one moves there or is withdrawn."""
    service_request = old.service_request
    old.run.data, old.run.visits = old.data, dict(old.visits)
    old.run.save()
    replace(old.run, now=old.now)
    new = Running.begin(service_request, old.run.release, now=old.now, actor=old.actor, begun_by=begun_by)
    new.log("revised", {"name": old.actor.full_name if old.actor else ""}, by=old.actor)
    new.publish(Revised, pass_no=new.run.pass_no)
    new.start()
    _leave_behind(old.run, new)
    new.finish()
    return new.run


def _leave_behind(old: Run, new: Running) -> None:
    """Side work goes on in the new pass; every other task that did not move is withdrawn with notice."""
    for task in Task.objects.filter(run=old, state__in=ALIVE).select_related("team", "assignee").order_by("id"):
        if task.token_number is None and task.kind == "side":
            task.run = new.run
            task.save(update_fields=["run"])
        else:
            _tasks.withdraw_task(new, task)


@transaction.atomic
def reopen(code: str, reason: str, *, acting_user: User, now: datetime, files: Sequence[str] = ()) -> Run:
    """Go on with a fulfilled request that is not right after all, within 10 working days. Locks it.

    `files` are uploads that show what is missing. Requester, recipient and desk may. Raises NotFound, Forbidden,
    Conflict, Refused.
    """
    service_request = requests_access.to_write(code, acting_user, now)
    if not requests_access.is_owner(acting_user, service_request) and not access.is_agent(acting_user, now):
        raise Forbidden(_("Only who asked for it, who gets it or the service desk can reopen this."))
    said = reason_of(reason)
    last = releases.latest(service_request.pk)
    if last is None or service_request.end_kind != EndKind.FULFILLED or last.status == RunStatus.RUNNING:
        raise Conflict(_("Only a fulfilled request can be reopened. Please make a new one."))
    if now > reopening.last_moment(service_request.ended_at or now, last):
        raise Conflict(_("This request ended too long ago. Please make a new one."))
    graph = releases.graph_of(last.release.model_version)
    if not graph.reopen_at:
        raise Conflict(_("This request cannot be reopened. Please make a new one."))
    if files:
        requests.attach(code, files, acting_user=acting_user, key="", now=now)
    return go_on(service_request, last, said, acting_user=acting_user, now=now).run


def go_on(service_request: ServiceRequest, last: Run, said: str, *, acting_user: User, now: datetime) -> Running:
    """Take a fulfilled request up again where its model says. The caller has checked, and holds the lock."""
    lifecycle.reopen(service_request)
    running = Running.begin(service_request, last.release, now=now, actor=acting_user, begun_by="reopen")
    running.data = {**last.data, **running.data, "steps": last.data.get("steps", {}), "confirmed": ""}
    running.log("reopened", {"name": acting_user.full_name, "reason": said}, by=acting_user)
    running.publish(Reopened, pass_no=running.run.pass_no)
    running.place(running.graph.reopen_at)
    running.finish()
    return running


@transaction.atomic
def reroute(task_id: int, *, now: datetime, acting_user: User | None = None) -> None:
    """Ask again who does a task, after somebody has left or has got another role. Locks the request."""
    found = Task.objects.filter(pk=task_id).values_list("service_request_id", flat=True).first()
    if found is None:
        raise NotFound
    service_request = requests_access.locked(found)
    running = Running.of(service_request, now=now, actor=acting_user)
    task = Task.objects.select_related("team", "assignee").get(pk=task_id)
    if running is None or task.state != TaskState.OPEN or task.run_id != running.run.pk:
        return
    _reroute.reroute_task(running, task)
    running.finish()


@transaction.atomic
def reroute_job(payload: dict[str, Any], now: datetime) -> None:
    """The job after somebody left: every open task and vote of one request that was theirs."""
    service_request = requests_access.locked(payload["service_request"])
    running = Running.of(service_request, now=now)
    if running is None:
        return
    for task in Task.objects.filter(run=running.run, state=TaskState.OPEN).select_related("team", "assignee"):
        _reroute.reroute_task(running, task)
    running.finish()
