"""From decided to done: a settled task takes effect at once, or when its undo window is over (domain: Task states)."""

from datetime import datetime, timedelta

from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from anliegen import jobs
from anliegen.lib.errors import Conflict
from anliegen.lib.text import LocalText
from anliegen.people.models import User
from anliegen.requests.rules import Reason
from anliegen.workflow import rules
from anliegen.workflow.actions import _forecast, _money, _tasks
from anliegen.workflow.actions._running import Running
from anliegen.workflow.events import SideWorkDone, TaskDecided, TaskSettled
from anliegen.workflow.models import Task
from anliegen.workflow.queries.times import local
from anliegen.workflow.rules import Kind, TaskState

KIND = "workflow.settle"


def require_open(task: Task) -> None:
    """Raise Conflict, naming who was first, unless the task can still be decided or done (409)."""
    if task.state == TaskState.OPEN:
        return
    if task.state == TaskState.WITHDRAWN:
        raise Conflict(_("This step is not needed any more. Please open the page again."))
    when = task.settled_at or task.done_at
    params = {"name": task.done_by.full_name if task.done_by else _("The system"), "at": local(when)}
    if task.kind != Kind.APPROVAL:
        raise Conflict(_("%(name)s has already completed this step (%(at)s).") % params)
    if task.outcome == "yes":
        raise Conflict(_("%(name)s has already approved this (%(at)s).") % params)
    raise Conflict(_("%(name)s has already declined this (%(at)s).") % params)


def require_version(task: Task, version: int | None) -> None:
    """Raise Conflict where the task has changed since the page was shown (A19)."""
    if version is not None and version != task.version:
        raise Conflict(_("This step has changed meanwhile. Please look at it again and then decide."))


def running_of(task: Task, *, now: datetime, actor: User | None) -> Running:
    """The pass of a task, which must be the one that runs, and not on hold. Raises Conflict."""
    running = Running.of(task.service_request, now=now, actor=actor)
    if running is None or running.run.pk != task.run_id:
        raise Conflict(_("This request has moved on meanwhile. Please open the page again."))
    if running.run.held_at is not None:
        raise Conflict(_("This request is on hold. It can go on after it was resumed."))
    return running


def settle(running: Running, task: Task, outcome: str, *, by: User | None) -> None:
    """Decide a task: exactly one may (I7). Takes effect now, or by the job of its undo window."""
    seconds = _tasks.undo_seconds(task)
    task.outcome, task.settled_at, task.done_by = outcome, running.now, by
    task.state = TaskState.SETTLED if seconds else TaskState.DONE
    task.done_at = None if seconds else running.now
    task.settled_seq, task.version = task.settled_seq + 1, task.version + 1
    fields = ("state", "outcome", "outputs", "note", "reject_reason", "settled_seq", "settled_at", "done_at", "version")
    hit = Task.objects.filter(pk=task.pk, state=TaskState.OPEN).update(
        done_by=by, **{name: getattr(task, name) for name in fields}
    )
    if hit != 1:
        task.refresh_from_db()
        require_open(task)
    _tasks.announce(running, TaskSettled, task, outcome=outcome)
    if not seconds:
        _go_on(running, task)
        return
    jobs.schedule(
        KIND,
        key=f"settle:{task.pk}:{task.settled_seq}",
        due=running.now + timedelta(seconds=seconds),
        payload={"task": task.pk, "n": task.settled_seq},
    )


def take_effect(running: Running, task: Task) -> None:
    """Settled becomes done, once; then the request moves on."""
    hit = Task.objects.filter(pk=task.pk, state=TaskState.SETTLED).update(
        state=TaskState.DONE, done_at=running.now, version=F("version") + 1
    )
    if hit != 1:
        return
    task.state, task.done_at, task.version = TaskState.DONE, running.now, task.version + 1
    _go_on(running, task)


def _go_on(running: Running, task: Task) -> None:
    """What follows from a task that is done."""
    _tasks.close(running, task)
    _remember(running, task)
    running.actor = task.done_by
    if task.token_number is None:
        kind = TaskDecided if task.kind == Kind.ANSWER else SideWorkDone
        fields = {"outcome": task.outcome} if kind is TaskDecided else {}
        _tasks.announce(running, kind, task, **fields)
        return
    running.resume(task.token_number, task.outcome, task.outputs)
    _forecast.follow(running, task)
    _tasks.announce(running, TaskDecided, task, outcome=task.outcome, changes={"outcome": task.outcome})


def _remember(running: Running, task: Task) -> None:
    """What the end of the request needs to know: why it was declined, what was approved."""
    if task.kind == Kind.APPROVAL and task.outcome == "yes":
        _money.commit(running)
    if task.kind != Kind.ACCEPTANCE and not rules.is_positive(task.outcome):
        reason = task.reject_reason or (Reason.UNAVAILABLE if task.outcome == "unavailable" else "")
        said = {"reason": reason, "text": task.note or _fallback(running, task)}
        running.data = {**running.data, "rejection": said}
        running.sent_back, running.failed_check = task.note, task.kind == Kind.QUALITY


def _fallback(running: Running, task: Task) -> str:
    """Why, where nobody wrote it, in the language of the request."""
    lang = running.service_request.lang
    with translation.override(lang):
        if task.kind == Kind.IDENTITY:
            return _("We could not make sure who asked for this.")
        return _("Declined at the step “%(step)s”.") % {"step": LocalText.of(task.name).to(lang)}
