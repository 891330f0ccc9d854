"""Open work of somebody who has left goes to who is found now."""

from anliegen.requests.rules import ParticipantRole
from anliegen.workflow.actions import _tasks
from anliegen.workflow.actions._running import Running
from anliegen.workflow.events import VoteOpened
from anliegen.workflow.models import Fault, Task, Vote
from anliegen.workflow.queries import who
from anliegen.workflow.rules import Kind, Verdict


def reroute_task(running: Running, task: Task) -> None:
    """Ask for each vote, or for the task, who does it now; where nobody is found it is a fault."""
    try:
        if task.kind == Kind.APPROVAL:
            _votes(running, task)
        elif task.team is None:
            _person(running, task)
        elif task.assignee is not None and not task.assignee.is_active:
            _tasks.unshare(running, task.assignee, ParticipantRole.WORKER)
            task.assignee = None
            task.save(update_fields=["assignee"])
            running.log("given-back", {"task": running.name(task)})
    except who.Nobody as nobody:
        _fault(running, task, nobody)


def _person(running: Running, task: Task) -> None:
    if task.assignee is None or task.assignee.is_active:
        return
    found = who.instead(task.assignee, running.case, frozenset(), running.now)
    _tasks.close_share(running, task)
    task.assignee, task.reason = found.person, found.reason.json()
    task.save(update_fields=["assignee", "reason"])
    _tasks.open_share(running, task)
    running.log("rerouted", {"task": running.name(task), "who": found.name})


def _votes(running: Running, task: Task) -> None:
    open_votes = Vote.objects.filter(task=task, verdict__in=(Verdict.OPEN, Verdict.WAITING)).select_related("approver")
    for vote in open_votes:
        if vote.approver.is_active:
            continue
        found = who.instead(vote.approver, running.case, running.case.barred, running.now)
        assert found.person is not None
        if vote.verdict == Verdict.OPEN:
            _tasks.unshare(running, vote.approver, ParticipantRole.APPROVER)
        if Vote.objects.filter(task=task, approver=found.person).exists():
            vote.verdict = Verdict.VOID
            vote.save(update_fields=["verdict"])
            continue
        vote.approver, vote.reason = found.person, found.reason.json()
        vote.save(update_fields=["approver", "reason"])
        running.log("rerouted", {"task": running.name(task), "who": found.name})
        if vote.verdict == Verdict.OPEN:
            _tasks.share(running, found.person, ParticipantRole.APPROVER)
            _tasks.announce(running, VoteOpened, task, approver_id=found.person.pk)


def _fault(running: Running, task: Task, nobody: who.Nobody) -> None:
    Fault.objects.create(
        run=running.run,
        token_number=None,
        node=task.node,
        code=nobody.code,
        params=nobody.params,
        created_at=running.now,
    )
    running.log("fault", {"task": running.name(task), "code": nobody.code}, internal=True)
