"""What people see of a running request: status, phase, and who has it; stored after each command."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from anliegen.reads.prepared import Prepared, Slot
from anliegen.requests import lifecycle
from anliegen.workflow import rules
from anliegen.workflow.actions import _tasks
from anliegen.workflow.events import StatusChanged
from anliegen.workflow.models import Task
from anliegen.workflow.rules import ALIVE

if TYPE_CHECKING:
    from anliegen.workflow.actions._running import Running


_READ = ("kind", "phase", "token_number", "team__name", "assignee__first_name", "assignee__last_name")
_ALIVE = Prepared(
    lambda: (
        Task.objects.filter(run=Slot("run"), state__in=ALIVE)
        .select_related("team", "assignee")
        .order_by("id")
        .only(*_READ)
    )
)


def store(running: "Running") -> None:
    """Store what the status rule says about the open tasks of this pass. Two statements, and one if it changed."""
    run, service_request = running.run, running.service_request
    tasks = _ALIVE(run=run.pk)
    owners = {service_request.requester_id, service_request.recipient_id}
    busy = {task.token_number for task in tasks}
    idle = any(token.waiting and token.id not in busy for token in running.state.tokens)
    if idle or (running.at_gate() and not busy):
        busy |= set(run.faults.filter(resolved_at=None).values_list("token_number", flat=True))
    old = str(service_request.status)
    new = rules.status(
        previous=old,
        tasks=[rules.Standing(t.kind, t.team_id is None and t.assignee_id in owners) for t in tasks],
        automatic=_waits_for_itself(running, busy),
        held=run.held_at is not None,
    )
    who = _tasks.who_has_it(tasks, service_request.lang)
    changed = lifecycle.set_status(service_request, new, _phase(running, tasks), who)
    if changed and old != new:
        running.publish(StatusChanged, old=old, new=str(new), changes={"status": [old, str(new)]})


def _waits_for_itself(running: "Running", busy: set[int | None]) -> bool:
    """Whether a timer or the gate is what a token waits for."""
    timers = any(token.waiting and token.id not in busy for token in running.state.tokens)
    return timers or (running.at_gate() and not busy)


def _phase(running: "Running", tasks: Sequence[Task]) -> str:
    """The earliest phase of what is open; where nothing is, the last one stays."""
    order = [phase.key for phase in running.graph.phases]
    places = [order.index(task.phase) for task in tasks if task.phase in order and task.token_number]
    return order[min(places)] if places else running.service_request.phase or (order[0] if order else "")
