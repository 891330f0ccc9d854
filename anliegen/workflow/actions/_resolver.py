"""What the engine asks while it moves: may this step pass by itself, or does it wait for somebody?"""

from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction

from anliegen.lib import bus
from anliegen.lib.errors import DomainError
from anliegen.lib.text import Sentence
from anliegen.workflow import rules
from anliegen.workflow.actions import _carry, _money, automations
from anliegen.workflow.engine import Done, Failed, Node, NodeKind, Wait
from anliegen.workflow.events import MessageDue
from anliegen.workflow.models import Fault, Task, Vote
from anliegen.workflow.queries import steps, ticks, who
from anliegen.workflow.queries.steps import Ruled
from anliegen.workflow.queries.who import Asked
from anliegen.workflow.rules import ALIVE, Kind, Verdict

if TYPE_CHECKING:
    from anliegen.workflow.actions._running import Running


@dataclass(frozen=True, slots=True)
class Planned:
    """A step of people that is about to be opened: who is asked, from what it is decided, or the task that moves."""

    asked: list[Asked]
    basis: dict[str, Any]
    visit: int
    moved: Task | None = None
    checklist: list[dict[str, str]] = field(default_factory=list)


@dataclass
class Resolver:
    """Answers for one command; what it decided by rule is written into the journal at once."""

    running: "Running"
    planned: dict[str, deque[Planned]] = field(default_factory=lambda: defaultdict(deque))
    _told: list[dict[str, Any]] = field(default_factory=list)

    def told(self) -> list[dict[str, Any]]:
        """The answers since the last time, for replay."""
        told, self._told = self._told, []
        return told

    def gate_open(self) -> bool:
        free = self.is_free()
        self._told.append({"gate": free})
        return free

    def is_free(self) -> bool:
        """Whether nothing else of this pass is open: no task, no fault (domain: Gate)."""
        run = self.running.run
        return not (
            any(self.planned.values())
            or Task.objects.filter(run=run, state__in=ALIVE).exists()
            or Fault.objects.filter(run=run, resolved_at=None).exists()
        )

    def enter(self, node: Node, data: Mapping[str, Any]) -> Wait | Done:
        """Decide a step by rule, or let it wait. Raises Failed."""
        try:
            answer = self._enter(node, data)
        except Failed as failed:
            self._told.append({"node": node.id, "failed": failed.code, "params": dict(failed.params)})
            raise
        if isinstance(answer, Done):
            self._told.append({"node": node.id, "outcome": answer.outcome, "outputs": dict(answer.outputs)})
        else:
            self._told.append({"node": node.id})
        return answer

    def _enter(self, node: Node, data: Mapping[str, Any]) -> Wait | Done:
        match node.kind:
            case NodeKind.USER:
                return self._people(node, data)
            case NodeKind.RULE:
                return self._ruled(steps.by_table(node, self.running.case, data, self.running.now))
            case NodeKind.SERVICE:
                return self._automation(node, data)
            case NodeKind.SEND:
                self.running.publish(MessageDue, message=node.message, node=node.id)
                return Done("", {})
        return Wait()

    def _ruled(self, ruled: Ruled) -> Done:
        self.running.log_rule(ruled)
        return Done(ruled.outcome, ruled.outputs)

    def _automation(self, node: Node, data: Mapping[str, Any]) -> Done:
        """Run what is registered; a refusal becomes a fault and leaves nothing half done."""
        running = self.running
        context = automations.Context(
            service_request=running.service_request, case=running.case, node=node, data=data, now=running.now
        )
        try:
            with transaction.atomic(), bus.command():
                outputs = automations.run(node.automation, context)
        except DomainError as error:
            raise Failed("automation", {"automation": node.automation, "message": str(error.message)}) from error
        for sentence in (*context.told, *context.told_desk):
            ruled = Ruled(
                outcome="",
                sentence=sentence,
                rule=f"automation:{node.automation}",
                rule_version="1",
                inputs=dict(context.inputs),
                result=outputs,
            )
            running.log_rule(ruled, internal=sentence in context.told_desk)
        return Done(str(outputs.get("outcome", "")), outputs)

    def _people(self, node: Node, data: Mapping[str, Any]) -> Wait | Done:
        running = self.running
        running.visits[node.id] += 1
        visit = running.visits[node.id]
        ruled = steps.by_rule(node, running.case, data, running.now, reopened=running.run.begun_by == "reopen")
        if ruled is not None:
            if ruled.sentence.key and not self._is_told(node, ruled):
                running.log_rule(ruled)
            if ruled.outcome and node.task_kind == Kind.APPROVAL:
                _money.commit(running)
            if ruled.outcome:
                return Done(ruled.outcome, ruled.outputs)
        asked = self._asked(node, data)
        if said := _said_already(running, node, asked):
            running.log_rule(said)
            return Done(said.outcome, {})
        basis = rules.basis_of(data, node.basis, [one.key for one in asked])
        planned = Planned(asked, basis, visit)
        done = _carry.over(running, node, planned)
        if isinstance(done, Done):
            return done
        checklist = ticks.named(node, running.case, data, running.now)
        self.planned[node.id].append(Planned(asked, basis, visit, done, checklist))
        return Wait()

    def _is_told(self, node: Node, ruled: Ruled) -> bool:
        """Whether an approval of this pass has told already that the same amount is above the limit."""
        if ruled.outcome or node.task_kind != Kind.APPROVAL:
            return False
        seen = Task.objects.filter(run=self.running.run, cost_seen_cents=self.running.case.order.total_cents)
        return seen.exclude(node=node.id).exists()

    def _asked(self, node: Node, data: Mapping[str, Any]) -> list[Asked]:
        case, now = self.running.case, self.running.now
        try:
            if node.task_kind == Kind.APPROVAL:
                return who.approvers(node.who, case, data, now)
            return [who.worker(node.who, case, data, now)]
        except who.Nobody as nobody:
            raise Failed(nobody.code, nobody.params) from nobody


def _said_already(running: "Running", node: Node, asked: list[Asked]) -> Ruled | None:
    """The decision of an approval of money whose only approver has approved the same amount in this pass already."""
    if node.task_kind != Kind.APPROVAL or node.automation != steps.BY_LIMIT or len(asked) != 1:
        return None
    person, cents = asked[0].person, running.case.order.total_cents
    votes = Vote.objects.filter(task__run=running.run, task__cost_seen_cents=cents, approver=person)
    earlier = votes.filter(verdict=Verdict.YES).exclude(task__node=node.id).select_related("task").first()
    if person is None or earlier is None:
        return None
    params = {"task": node.name.json(), "name": person.full_name, "cents": cents}
    inputs = {"total_cents": cents, "approved_at": earlier.task.node}
    return Ruled("yes", Sentence("approved-already", params), "approved-already", "1", inputs, True)
