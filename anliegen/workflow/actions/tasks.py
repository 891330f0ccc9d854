"""What people do with a task: take, plan, complete, hand over, call in help, and take back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from anliegen import jobs
from anliegen.audit import actions as audit
from anliegen.lib.errors import Conflict, Forbidden, NotFound, Refused
from anliegen.lib.text import LocalText
from anliegen.people import queries as people
from anliegen.people.models import Team, User
from anliegen.people.rules import Capability, Scope, ScopeKind
from anliegen.requests import access as requests_access
from anliegen.requests import actions as requests
from anliegen.requests import lifecycle
from anliegen.requests.lifecycle import By
from anliegen.requests.rules import MAX_MESSAGE, EntryKind, ParticipantRole, Reason
from anliegen.workflow import access, rules
from anliegen.workflow.actions import _field_rules, _plans, _settle, _tasks
from anliegen.workflow.actions._inputs import outputs_of, text_of
from anliegen.workflow.actions._running import Running
from anliegen.workflow.events import (
    CalledIn,
    HandedOver,
    TaskAssigned,
    TaskOpened,
    TaskPlanned,
    TaskReopened,
    TaskTaken,
)
from anliegen.workflow.models import Task, Vote
from anliegen.workflow.queries import ticks, times
from anliegen.workflow.rules import ALIVE, MAX_NOTE, MAX_REASON, Kind, TaskState, Verdict

ANSWER = "answer"  # the output of a team's answer that is told to the requester
_TEXTS = frozenset({"string", "text", "paragraph"})


@audit.command
def complete(  # noqa: PLR0913 - what completing a step consists of
    task_id: int,
    *,
    acting_user: User,
    outcome: str,
    now: datetime,
    outputs: Mapping[str, Any] | None = None,
    note: str = "",
    reject_reason: str = "",
    key: str = "",
    version: int | None = None,
    files: Sequence[str] = (),
) -> Task:
    """Finish a task with one of its outcomes and the fields that it asks for; the request moves on.

    A field named `cost` (cents) replaces the cost of the request. Locks the request. The same `key` gives the same
    task. Raises NotFound, Forbidden, Conflict (done already, naming who), Refused ("f_<field>", outcome, note).
    """
    if before := audit.replayed(acting_user.pk, key, "workflow.complete"):
        return Task.objects.get(pk=before)
    task = access.task_to_work(task_id, acting_user, now)
    _settle.require_open(task)
    _settle.require_version(task, version)
    if task.kind == Kind.ACCEPTANCE:
        raise Forbidden(_("Only the person who asked for it confirms this."))
    running = _settle.running_of(task, now=now, actor=acting_user)
    task.outcome = _outcome(running, task, outcome)
    task.note = text_of(note, MAX_NOTE, "note")
    task.reject_reason = reject_reason if reject_reason in set(Reason) else ""
    if task.kind == Kind.QUALITY and not rules.is_positive(task.outcome) and not task.note:
        raise Refused("note", _("Please say what is not in order, so that it can be put right."))
    if task.kind == Kind.IDENTITY:
        _keep_no_words(task)
    _fill(running, task, outputs or {})
    name = acting_user.full_name
    _unless_taken(task, acting_user)
    _tell(running, task)
    if files:
        requests.attach(running.service_request.code, files, acting_user=acting_user, key="", now=now)
    running.log(
        "task-done",
        {"task": running.name(task), "outcome": task.outcome, "name": name},
        by=acting_user,
        team=task.team.key if task.team else "",
    )
    _settle.settle(running, task, task.outcome, by=acting_user)
    audit.remember(acting_user.pk, key, "workflow.complete", "task", task.pk)
    running.finish()
    return task


def _keep_no_words(task: Task) -> None:
    """Of a proof of identity only the method and the result are kept, never what was said (R121)."""
    if task.note:
        raise Refused("note", _("Please choose the method only, and do not write down what was said."))
    task.reject_reason = "" if rules.is_positive(task.outcome) else Reason.AUTHORISATION.value


def _outcome(running: Running, task: Task, outcome: str) -> str:
    known = running.node(task.node).outcomes if task.token_number is not None else ()
    if not known:
        return outcome if outcome in {"", "done"} else _unknown_outcome()
    if not outcome and len(known) == 1:
        return known[0]
    return outcome if outcome in known else _unknown_outcome()


def _unknown_outcome() -> str:
    raise Refused("outcome", _("Please choose one of the results on offer."))


def _fill(running: Running, task: Task, given: Mapping[str, Any]) -> None:
    """Read the fields of the step; the cost that a step found out replaces that of the request."""
    if task.token_number is None:
        task.outputs = {}
        return
    node = running.node(task.node)
    task.outputs = outputs_of((*node.form, *ticks.fields(task)), given, outcome=task.outcome)
    _field_rules.require(running, node.form, task.outputs, task.outcome)
    if "cost" in task.outputs:
        row = running.service_request
        lifecycle.set_cost(row, task.outputs["cost"], row.monthly_cents, now=running.now, by=By(running.actor))


def _tell(running: Running, task: Task) -> None:
    """What the requester wrote in a step of their own stands among the messages, where the teams read it; what a team
    answered, where the requester reads it: its output `answer`, and nothing else.
    """
    if task.kind != Kind.ANSWER or task.token_number is None:
        return
    fields = [field.name for field in running.node(task.node).form if field.type in _TEXTS]
    texts = [str(task.outputs[name]) for name in fields if task.outputs.get(name)]
    if task.team is not None:
        texts = [str(task.outputs.get(ANSWER, ""))]
    if said := "\n\n".join(filter(None, [*texts, "" if task.team else task.note])):
        by = By(running.actor, task.team.key if task.team else "")
        lifecycle.say(running.service_request, said[:MAX_MESSAGE], kind=EntryKind.MESSAGE, by=by, now=running.now)


def _unless_taken(task: Task, user: User) -> None:
    if task.assignee_id not in {None, user.pk} and task.team_id is None:
        raise Conflict(_("%(name)s has this task.") % {"name": task.assignee.full_name if task.assignee else ""})


def _working(task_id: int, user: User, now: datetime) -> tuple[Task, Running]:
    """An open task that this person may work on, with its pass. Raises NotFound, Forbidden, Conflict."""
    task = access.task_to_work(task_id, user, now)
    _settle.require_open(task)
    return task, _settle.running_of(task, now=now, actor=user)


def _save(task: Task, *fields: str) -> None:
    task.version += 1
    task.save(update_fields=["version", *fields])


def _assign(running: Running, task: Task, person: User | None) -> None:
    """Another assignee, who takes part from now on; the former one does not any more."""
    owners = {running.service_request.requester_id, running.service_request.recipient_id}
    if task.assignee_id and task.assignee_id not in owners:
        _tasks.unshare(running, task.assignee, ParticipantRole.WORKER)
    task.assignee = person
    _save(task, "assignee")
    if person and person.pk not in owners:
        _tasks.share(running, person, ParticipantRole.WORKER)


@transaction.atomic
def take(task_id: int, *, acting_user: User, now: datetime) -> Task:
    """Make a task of one's team one's own. Raises NotFound, Forbidden, Conflict (taken by somebody, naming them)."""
    task, running = _working(task_id, acting_user, now)
    if task.assignee_id == acting_user.pk:
        return task
    if task.assignee:
        raise Conflict(_("%(name)s has taken this task.") % {"name": task.assignee.full_name})
    _assign(running, task, acting_user)
    running.log("taken", {"task": running.name(task), "name": acting_user.full_name}, by=acting_user)
    _tasks.announce(running, TaskTaken, task, person_id=acting_user.pk)
    running.finish()
    return task


@transaction.atomic
def give_back(task_id: int, *, acting_user: User, now: datetime) -> Task:
    """Leave a task that one had taken to the team again. Raises NotFound, Forbidden, Conflict."""
    task, running = _working(task_id, acting_user, now)
    if task.team is None or task.assignee_id is None:
        return task
    if task.assignee_id != acting_user.pk and not access.is_process_owner(acting_user, task.service_request, now):
        raise Forbidden(_("Only the person who has this task can give it back."))
    _assign(running, task, None)
    running.log("given-back", {"task": running.name(task)}, by=acting_user)
    _tasks.announce(running, TaskTaken, task, person_id=None)
    running.finish()
    return task


@transaction.atomic
def assign(task_id: int, person_id: int | str, *, acting_user: User, now: datetime) -> Task:
    """Give a task of a team to one of its members. Raises NotFound, Forbidden, Conflict, Refused (not a member)."""
    task, running = _working(task_id, acting_user, now)
    if task.team is None:
        raise Forbidden(_("This task belongs to one person."))
    person = next((p for p in people.members(task.team, now) if person_id in {p.pk, p.public_id}), None)
    if person is None:
        raise Refused("person", _("This person does not work in the team. Please choose one from the list."))
    if person.pk == task.assignee_id:
        return task
    if access.has_worked(task, person):
        raise Refused("person", _("This person worked on it. Please choose somebody else to check it."))
    _assign(running, task, person)
    running.log("assigned", {"task": running.name(task), "name": person.full_name}, by=acting_user)
    _tasks.announce(running, TaskAssigned, task, person_id=person.pk)
    running.finish()
    return task


@transaction.atomic
def hand_over(task_id: int, team_key: str, reason: str, *, acting_user: User, now: datetime) -> Task:
    """Give a task to another team, saying why. Raises NotFound, Forbidden, Conflict, Refused (team, reason)."""
    task, running = _working(task_id, acting_user, now)
    said = text_of(reason, MAX_REASON, "reason")
    if not said:
        raise Refused("reason", _("Please say why, so that the other team can go on."))
    team = _team(team_key, now)
    if task.team is None or team.pk == task.team_id:
        raise Refused("team", _("Please choose another team."))
    _tasks.close_share(running, task)
    task.team, task.assignee = team, None
    _save(task, "team", "assignee")
    _tasks.open_share(running, task)
    name = LocalText.of(team.name).json()
    running.log("handed-over", {"task": running.name(task), "team": name, "reason": said}, by=acting_user)
    _tasks.announce(running, HandedOver, task, team_key=team.key, changes={"team": team.key})
    running.finish()
    return task


def _team(key: str, now: datetime) -> Team:
    """A team in which somebody works. Raises Refused."""
    try:
        team = people.team(str(key)[:60].replace("\x00", ""))
    except NotFound:
        raise Refused("team", _("There is no such team. Please choose one from the list.")) from None
    if not people.members(team, now):
        raise Refused("team", _("Nobody works in this team at the moment. Please choose another one."))
    return team


@transaction.atomic
def plan(  # noqa: PLR0913 - what a plan consists of
    task_id: int,
    *,
    acting_user: User,
    now: datetime,
    start: datetime | None,
    end: datetime | None = None,
    place: str = "",
    person_id: int | str | None = None,
) -> Task:
    """Say when, where and by whom a task will be done (R57). Raises NotFound, Forbidden, Conflict, Refused."""
    task, running = _working(task_id, acting_user, now)
    if start and end and end < start:
        raise Refused("end", _("The end is before the beginning."))
    if end and not start:
        raise Refused("start", _("Please say when it begins."))
    task.planned_start, task.planned_end, task.planned_place = start, end, text_of(place, 200, "place")
    if person_id and task.team:
        person = next((p for p in people.members(task.team, now) if person_id in {p.pk, p.public_id}), None)
        if person is None:
            raise Refused("person", _("This person does not work in the team. Please choose one from the list."))
        if person.pk != task.assignee_id:
            _assign(running, task, person)
    _save(task, "planned_start", "planned_end", "planned_place")
    params = {
        "task": running.name(task),
        "start_at": start.isoformat() if start else "",
        "end_at": end.isoformat() if end else "",
        "place": task.planned_place,
        "name": task.assignee.full_name if task.assignee else "",
    }
    running.log("planned", params, by=acting_user)
    changes = {"start": params["start_at"], "end": params["end_at"]}
    _tasks.announce(running, TaskPlanned, task, start=start, end=end, changes=changes)
    _plans.look(running)
    running.finish()
    return task


@transaction.atomic
def call_in(
    code: str, team_key: str, what: str, *, acting_user: User, now: datetime, task_id: int | None = None
) -> Task:
    """Let another team help beside the model (R51); the request does not close before they are done.

    Raises NotFound, Forbidden, Conflict (after the gate), Refused (team, what).
    """
    service_request = access.to_call_in(code, acting_user, now)
    said = text_of(what, MAX_REASON, "what")
    if not said:
        raise Refused("what", _("Please say what the team shall do."))
    team = _team(team_key, now)
    running = Running.of(service_request, now=now, actor=acting_user)
    if running is None or running.run.held_at is not None or is_past_gate(running):
        raise Conflict(_("It is too late to call in another team for this request."))
    parent = Task.objects.filter(service_request=service_request, pk=task_id).first() if task_id else None
    task = open_side(running, team, said, parent=parent)
    running.finish()
    return task


def open_side(running: Running, team: Team, said: str, *, parent: Task | None = None) -> Task:
    """Give a team work beside the model; it holds the gate until it is done."""
    name = LocalText.of(team.name).json()
    task = Task.objects.create(
        run=running.run,
        service_request=running.service_request,
        parent=parent,
        node="side",
        visit=Task.objects.filter(run=running.run, node="side").count() + 1,
        kind=Kind.SIDE,
        name={"de": said[:120], "en": said[:120]},
        note=said,
        team=team,
        reason={"key": "who-team", "params": {"team": name}},
        opened_at=running.now,
    )
    _tasks.open_share(running, task)
    running.log("called-in", {"team": name, "what": said}, by=running.actor)
    _tasks.announce(running, CalledIn, task, team_key=team.key, changes={"team": team.key})
    _tasks.announce(running, TaskOpened, task, calendar_key=times.calendar_key(running.run.release))
    return task


def is_past_gate(running: Running) -> bool:
    """Whether the token is past the gate now; a confirmation that said no has brought it back before it."""
    last = Q(node=running.graph.gate) | Q(kind__in=(Kind.QUALITY, Kind.ACCEPTANCE))
    return bool(running.graph.gate) and Task.objects.filter(last, run=running.run, state__in=ALIVE).exists()


@transaction.atomic
def withdraw(task_id: int, *, acting_user: User, now: datetime) -> Task:
    """Take back what was just decided or completed, while its undo window is open.

    Raises NotFound, Forbidden (somebody else's), Conflict (it has taken effect).
    """
    task = access.task_to_read(task_id, acting_user, now)
    task.service_request = requests_access.locked(task.service_request_id)
    task.refresh_from_db(fields=["state", "settled_seq", "outcome", "done_by", "version"])
    if task.done_by_id != acting_user.pk:
        raise Forbidden(_("Only the person who decided this can take it back."))
    if task.state != TaskState.SETTLED:
        raise Conflict(_("This has already taken effect and cannot be taken back."))
    running = _settle.running_of(task, now=now, actor=acting_user)
    jobs.cancel(f"settle:{task.pk}:{task.settled_seq}")
    Vote.objects.filter(task=task, by=acting_user).update(verdict=Verdict.OPEN, by=None, comment="", voted_at=None)
    task.state, task.outcome, task.done_by, task.settled_at = TaskState.OPEN, "", None, None
    _save(task, "state", "outcome", "done_by", "settled_at")
    running.log("task-undone", {"task": running.name(task)}, by=acting_user)
    _tasks.announce(running, TaskReopened, task)
    running.finish()
    return task


def set_due(task_id: int, *, due: datetime, votes: bool = True) -> None:
    """Store by when a task is due, and its open votes if it has some; called by the service level, which says why.

    The caller holds the lock of the request.
    """
    Task.objects.filter(pk=task_id).update(due=due)
    if votes:
        Vote.objects.filter(task_id=task_id, verdict__in=(Verdict.OPEN, Verdict.WAITING)).update(due=due)


def may_assign(task: Task, user: User, now: datetime) -> bool:
    """Whether somebody may give this task to others: members of the team, its lead, the process owner."""
    if task.team is None:
        return False
    scope = Scope(ScopeKind.TEAM, task.team.key)
    return access.may_work(task, user, now) or people.can(user, Capability.ASSIGN_TASKS, scope, now=now)
