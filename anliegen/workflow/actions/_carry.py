"""Carry-over: what was decided in an earlier pass counts again where its basis is the same (domain).

Only in a pass begun by a revise. The k-th visit of a node looks at the k-th visit in the latest earlier pass that made
it. Never for quality check, acceptance, tasks of the requester, or negative outcomes.
"""

from typing import TYPE_CHECKING

from anliegen.workflow import rules
from anliegen.workflow.engine import Done, Node
from anliegen.workflow.models import Run, Task, Vote
from anliegen.workflow.rules import Begun, TaskState

if TYPE_CHECKING:
    from anliegen.workflow.actions._resolver import Planned
    from anliegen.workflow.actions._running import Running


def over(running: "Running", node: Node, planned: "Planned") -> "Done | Task | None":
    """Done if the earlier decision counts again; the earlier task if it is still open and moves; else None."""
    if running.run.begun_by != "revise":
        return None
    passes = Run.objects.filter(service_request=running.service_request)
    begun = passes.exclude(begun_by__in=(Begun.REVISE, Begun.REOPEN)).order_by("-pass_no").values("pass_no")[:1]
    earlier = (
        Task.objects.filter(service_request=running.service_request, node=node.id, visit=planned.visit)
        .filter(run__pass_no__gte=begun)  # nothing of another service counts again
        .exclude(run=running.run)
        .exclude(token_number=None)
        .select_related("done_by", "team", "assignee")
        .order_by("-run__pass_no", "-id")
        .first()
    )
    if earlier is None or earlier.basis != planned.basis:
        return None
    if earlier.state == TaskState.OPEN:
        return earlier
    owners = {running.service_request.requester_id, running.service_request.recipient_id}
    with_owner = earlier.team_id is None and earlier.assignee_id in owners
    fits = rules.may_carry(earlier.kind, earlier.outcome, with_owner=with_owner)
    if earlier.state != TaskState.DONE or not fits:
        return None
    return _again(running, earlier)


def _again(running: "Running", earlier: Task) -> Done:
    """A copy of the finished task, with its votes, in this pass."""
    votes = list(Vote.objects.filter(task_id=earlier.pk).order_by("position", "id"))
    by = earlier.done_by.full_name if earlier.done_by else ""
    copy = earlier
    copy.pk, copy.run, copy.token_number, copy.carried_over = None, running.run, 0, True
    copy._state.adding = True
    copy.save()
    for vote in votes:
        vote.pk, vote.task = None, copy
        vote._state.adding = True
    Vote.objects.bulk_create(votes)
    running.log("task-carried-over", {"task": running.name(copy), "outcome": copy.outcome, "by": by})
    return Done(copy.outcome, copy.outputs, "carry-over")
