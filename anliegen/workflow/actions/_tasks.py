"""Opening, settling and ending tasks as rows, with votes, participation, journal and events."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings

from anliegen import jobs
from anliegen.lib.text import LocalText
from anliegen.reads.prepared import Prepared, Slot
from anliegen.requests import lifecycle
from anliegen.requests.rules import ParticipantRole
from anliegen.workflow.actions import _timers
from anliegen.workflow.engine import Node
from anliegen.workflow.events import TaskEvent, TaskOpened, TaskWithdrawn, VoteOpened
from anliegen.workflow.models import Task, Vote
from anliegen.workflow.queries import times
from anliegen.workflow.queries.who import Asked
from anliegen.workflow.rules import Kind, TaskState, Verdict

if TYPE_CHECKING:
    from anliegen.workflow.actions._resolver import Planned
    from anliegen.workflow.actions._running import Running


def announce(running: "Running", event: type[TaskEvent], task: Task, **fields: Any) -> None:
    """Publish something about a task."""
    running.publish(event, task_id=task.pk, node=task.node, kind=task.kind, **fields)


def open_task(running: "Running", node: Node, token: int) -> None:
    """Give a step to who was found for it, or let the task of the earlier pass move here."""
    planned = running.resolver.planned[node.id].popleft()
    if planned.moved is not None:
        _move(running, planned.moved, token)
        return
    first = planned.asked[0]
    is_approval = node.task_kind == Kind.APPROVAL
    task = Task.objects.create(
        run=running.run,
        service_request=running.service_request,
        token_number=token,
        node=node.id,
        visit=planned.visit,
        kind=str(node.task_kind),
        name=node.name.json(),
        phase=node.phase,
        team=None if is_approval else first.team,
        assignee=None if is_approval else first.person,
        note=running.sent_back if (first.team is None or running.failed_check) and not is_approval else "",
        reason=first.reason.json(),
        basis=planned.basis,
        checklist=planned.checklist,
        cost_seen_cents=running.case.order.total_cents if is_approval else None,
        opened_at=running.now,
    )
    votes = _open_votes(running, task, node, planned) if is_approval else []
    if not is_approval:
        open_share(running, task)
    _opened(running, task, node, planned.asked, votes)


def _opened(running: "Running", task: Task, node: Node, asked: Sequence[Asked], votes: Sequence[Vote]) -> None:
    key = times.calendar_key(running.run.release)
    names = [one.name for one in asked]
    running.log("task-opened", {"task": running.name(task), "who": names})
    announce(running, TaskOpened, task, due_minutes=times.minutes_of(node.due, key), calendar_key=key)
    for vote in votes:
        if vote.verdict == Verdict.OPEN:
            announce(running, VoteOpened, task, approver_id=vote.approver_id)


def _open_votes(running: "Running", task: Task, node: Node, planned: "Planned") -> list[Vote]:
    sequential = node.multi == "sequential"
    votes = [
        Vote(
            task=task,
            approver=one.person,
            reason=one.reason.json(),
            position=place,
            verdict=Verdict.WAITING if sequential and place else Verdict.OPEN,
        )
        for place, one in enumerate(planned.asked)
    ]
    Vote.objects.bulk_create(votes)
    share(running, [vote.approver for vote in votes if vote.verdict == Verdict.OPEN], ParticipantRole.APPROVER)
    return votes


def next_vote(running: "Running", task: Task) -> None:
    """In sequence: ask the next approver."""
    vote = Vote.objects.select_related("approver").filter(task=task, verdict=Verdict.WAITING)
    following = vote.order_by("position", "id").first()
    if following is None or Vote.objects.filter(task=task, verdict=Verdict.OPEN).exists():
        return
    following.verdict = Verdict.OPEN
    following.save(update_fields=["verdict"])
    share(running, following.approver, ParticipantRole.APPROVER)
    announce(running, VoteOpened, task, approver_id=following.approver_id)


def _move(running: "Running", task: Task, token: int) -> None:
    """The open task of an earlier pass goes on here, with assignee, plan, notes and due date."""
    task.run, task.token_number, task.version = running.run, token, task.version + 1
    task.save(update_fields=["run", "token_number", "version"])


def share(running: "Running", who: lifecycle.TakesPart | None, role: ParticipantRole) -> None:
    """Somebody takes part because of a task or vote."""
    if who:
        lifecycle.open_participation(running.service_request, who, role, now=running.now)


def unshare(running: "Running", who: lifecycle.TakesPart | None, role: ParticipantRole) -> None:
    if who:
        lifecycle.close_participation(running.service_request, who, role, now=running.now)


def open_share(running: "Running", task: Task) -> None:
    """Team and assignee of a task take part; requester and recipient do so anyway."""
    share(running, task.team, ParticipantRole.WORKER)
    if task.assignee_id not in {running.service_request.requester_id, running.service_request.recipient_id}:
        share(running, task.assignee, ParticipantRole.WORKER)


def close_share(running: "Running", task: Task) -> None:
    unshare(running, task.team, ParticipantRole.WORKER)
    if task.assignee_id not in {running.service_request.requester_id, running.service_request.recipient_id}:
        unshare(running, task.assignee, ParticipantRole.WORKER)


def close_votes(running: "Running", task: Task) -> None:
    """Nobody is asked any more; votes that were not needed are void."""
    votes = _VOTES(task=task.pk)
    unshare(running, [vote.approver for vote in votes if vote.verdict != Verdict.WAITING], ParticipantRole.APPROVER)
    needless = [vote.pk for vote in votes if vote.verdict in {Verdict.OPEN, Verdict.WAITING}]
    if needless:
        Vote.objects.filter(pk__in=needless).update(verdict=Verdict.VOID)


_VOTES = Prepared(lambda: Vote.objects.filter(task=Slot("task")).select_related("approver"))


def withdraw_task(running: "Running", task: Task) -> None:
    """A task is no longer needed; its plan is free."""
    jobs.cancel_prefix(f"settle:{task.pk}:")
    task.state, task.done_at, task.version = TaskState.WITHDRAWN, running.now, task.version + 1
    task.planned_start = task.planned_end = None
    task.save(update_fields=["state", "done_at", "version", "planned_start", "planned_end"])
    close(running, task)
    running.log("task-withdrawn", {"task": running.name(task)})
    announce(running, TaskWithdrawn, task)


_QUESTIONS = Prepared(
    lambda: Task.objects.filter(parent=Slot("task"), state=TaskState.OPEN, kind=Kind.ANSWER).values_list(
        "pk", flat=True
    )
)


def close(running: "Running", task: Task) -> None:
    """End what belongs to an open task: timers, votes, participation, questions that it asked."""
    if task.token_number and task.run_id == running.run.pk:
        _timers.disarm(running.run, task.token_number)
    if task.kind == Kind.APPROVAL:
        close_votes(running, task)
    else:
        close_share(running, task)
    if open_ids := _QUESTIONS(task=task.pk):
        for question in Task.objects.filter(pk__in=open_ids).select_related("team", "assignee").order_by("pk"):
            withdraw_task(running, question)


def undo_seconds(task: Task) -> int:
    """How long a vote or a completed step may be taken back; 0 means not at all (domain: undo window)."""
    windows = getattr(settings, "ANLIEGEN_UNDO_SECONDS", {})
    return int(windows.get("vote" if task.kind == Kind.APPROVAL else "step", 0))


def who_has_it(tasks: Sequence[Task], lang: str) -> str:
    """The teams and persons who have the open tasks, for lists."""
    names: list[str] = []
    for task in tasks:
        if task.team:
            names.append(LocalText.of(task.team.name).to(lang))
        elif task.assignee:
            names.append(task.assignee.full_name)
        else:
            votes = task.votes.filter(verdict=Verdict.OPEN).select_related("approver").order_by("position", "id")
            names += [vote.approver.full_name for vote in votes]
    return ", ".join(dict.fromkeys(names))
