"""The way ahead, by the engine's own walk: before ordering, and from where a request stands."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import get_language

from anliegen.assets import queries as assets
from anliegen.catalogue.models import ItemVersion
from anliegen.lib.text import LocalText, Sentence
from anliegen.people.models import User
from anliegen.reads.prepared import Prepared, Slot
from anliegen.requests.models import ServiceRequest
from anliegen.workflow import engine
from anliegen.workflow.engine import Done, Failed, Node, NodeKind, State, Token, Wait
from anliegen.workflow.models import Run, Vote
from anliegen.workflow.models import Token as TokenRow
from anliegen.workflow.queries import case as cases
from anliegen.workflow.queries import registers, releases, steps, times, who
from anliegen.workflow.queries.case import Case
from anliegen.workflow.queries.who import Asked
from anliegen.workflow.rules import Kind, TaskState, Verdict


@dataclass(frozen=True, slots=True)
class StepAhead:
    """A step that is still to come: what, by whom (names in the reader's words), how long, and why by itself."""

    name: LocalText
    kind: str
    who: tuple[str, ...] = ()
    certain: bool = True
    automatic: bool = False
    minutes: int = 0
    day_minutes: int = 0
    reason: Sentence | None = None
    node: str = ""
    group: int = 0  # the same number for steps that run side by side, 0 for one alone


class _Looking:
    """The resolver of a walk: rules decide as they would now, automations only look, nothing is written."""

    def __init__(self, case: Case, now: datetime, run: Run | None = None) -> None:
        self.case, self.now, self.run = case, now, run
        self.asked: dict[str, list[Asked]] = {}
        self.ruled: dict[str, steps.Ruled] = {}
        self.foreseen: dict[str, dict[str, Any]] = {}  # what automatic steps will probably give, by node

    @cached_property
    def money(self) -> set[int]:
        """Who alone approves money at an earlier step. One statement where a request runs."""
        return _asked_already(self.run, self.case) if self.run else set()

    def gate_open(self) -> bool:
        return True

    def enter(self, node: Node, data: Mapping[str, Any]) -> Wait | Done:
        match node.kind:
            case NodeKind.USER:
                return self._people(node, data)
            case NodeKind.RULE:
                ruled = self.ruled[node.id] = steps.by_table(node, self.case, data, self.now)
                self.foreseen[node.id] = dict(ruled.outputs)
                return Done(ruled.outcome, ruled.outputs)
            case NodeKind.SERVICE:
                found = self.foreseen[node.id] = _foreseen(node, self.case, data, self.now)
                return Done("", found)
            case NodeKind.SEND:
                return Done("", {})
        return Wait()

    def _people(self, node: Node, data: Mapping[str, Any]) -> Wait | Done:
        if ruled := steps.by_rule(node, self.case, data, self.now):
            self.ruled[node.id] = ruled
            if ruled.outcome:
                return Done(ruled.outcome, {})
        try:
            if node.task_kind == Kind.APPROVAL:
                self.asked[node.id] = who.approvers(node.who, self.case, data, self.now)
            else:
                self.asked[node.id] = [who.worker(node.who, self.case, data, self.now)]
        except who.Nobody as nobody:
            raise Failed(nobody.code, nobody.params) from nobody
        return self._once(node)

    def _once(self, node: Node) -> Wait | Done:
        """Whoever alone approves the money at two steps is asked at the first of them."""
        asked = self.asked[node.id]
        if node.task_kind != Kind.APPROVAL or node.automation != steps.BY_LIMIT or len(asked) != 1:
            return Wait()
        person = asked[0].person
        if person is None or person.pk not in self.money:
            self.money.update({person.pk} if person else ())
            return Wait()
        params = {"task": node.name.json(), "name": person.full_name}
        sentence = Sentence("approved-once", params)
        self.ruled[node.id] = steps.Ruled("yes", sentence, "approved-already", "1", {}, True)
        return Done("yes", {})


def _asked_already(run: Run, case: Case) -> set[int]:
    """Who has approved the same amount in this pass, or is alone asked about it now."""
    votes = Vote.objects.filter(task__run=run, task__cost_seen_cents=case.order.total_cents)
    votes = votes.exclude(task__state=TaskState.WITHDRAWN).only("task_id", "approver_id", "verdict")
    rows = list(votes)
    number = Counter(vote.task_id for vote in rows)
    alone = {vote.approver_id for vote in rows if number[vote.task_id] == 1 and vote.verdict == Verdict.OPEN}
    return alone | {vote.approver_id for vote in rows if vote.verdict == Verdict.YES}


def _foreseen(node: Node, case: Case, data: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What an automation will probably give: what stock and registers say; else nothing."""
    if node.automation == "purchase.receive":
        return {"received_so_far": case.order.quantity, "missing": 0}
    if node.automation != "stock.reserve":
        return registers.foreseen(node.automation, case, data, now)
    known = {**data.get("answers", {}), **{name: value for name, value in data.items() if value}}
    wanted = next((known[name] for name in ("product", "model", "build") if known.get(name)), "")
    product = assets.find(str(wanted))
    quantity = data.get("quantity") if isinstance(data.get("quantity"), int) else case.order.quantity
    return {"reserved": bool(product and assets.available(product.key) >= int(quantity or 1))}


@dataclass(frozen=True, slots=True)
class Way:
    """The steps of an order that is only thought of, and what its automatic steps will probably give, by node."""

    steps: list[StepAhead]
    foreseen: dict[str, dict[str, Any]]


def steps_ahead(
    item_version: ItemVersion, *, answers: Mapping[str, Any], requester: User, recipient: User, now: datetime
) -> list[StepAhead]:
    """What would happen if this were ordered now; empty for an item without a model."""
    return way_ahead(item_version, answers=answers, requester=requester, recipient=recipient, now=now).steps


def way_ahead(
    item_version: ItemVersion,
    *,
    answers: Mapping[str, Any],
    requester: User,
    recipient: User,
    now: datetime,
    total_cents: int | None = None,
) -> Way:
    """The same, with what rules and stock say today: so that the date before ordering is the one after it.

    `total_cents`: of the whole order, where there are other lines.
    """
    release = releases.release_of(item_version.pk)
    if release is None:
        return Way([], {})
    case = cases.before(release, item_version, requester, recipient, answers, total_cents)
    looking = _Looking(case, now)
    data = cases.data_before(case, answers, now)
    graph = releases.graph_of(release.model_version)
    return Way(_told(engine.walk(graph, data, looking), looking), looking.foreseen)


def steps_after(service_request: ServiceRequest, *, now: datetime) -> list[StepAhead]:
    """What follows the steps that are open now; empty when nothing runs."""
    run = releases.running(service_request.pk)
    if run is None:
        return []
    state = State(tuple(Token(t.number, t.node, t.arrived_by, t.waiting) for t in _TOKENS(run=run.pk)))
    looking = _Looking(cases.of_request(service_request, run.release), now, run)
    graph = releases.graph_of(run.release.model_version)
    return _told(engine.walk(graph, run.data, looking, state), looking)


_TOKENS = Prepared(lambda: TokenRow.objects.filter(run=Slot("run")).order_by("number"))


def minutes_after(service_request: ServiceRequest, *, now: datetime) -> int:
    """The business minutes that the work after the open steps may take; confirmations do not count."""
    work = [step for step in steps_after(service_request, now=now) if step.kind != Kind.ACCEPTANCE]
    alone = sum(step.minutes for step in work if not step.group)
    groups = {step.group for step in work if step.group}
    return alone + sum(max(step.minutes for step in work if step.group == group) for group in groups)


def _told(found: tuple[engine.Step, ...], looking: _Looking) -> list[StepAhead]:
    key = times.calendar_key(looking.case.release)
    day = times.day_minutes(key)
    return [_step(step, looking, key, day) for step in found if _is_shown(step)]


def _is_shown(step: engine.Step) -> bool:
    """Automatic steps are shown only where people know them: approvals, tables and automations with a name."""
    return step.node.kind is NodeKind.USER or (step.automatic and step.node.kind is not NodeKind.SEND)


def _step(step: engine.Step, looking: _Looking, key: str, day: int) -> StepAhead:
    node = step.node
    asked = looking.asked.get(node.id, [])
    ruled = looking.ruled.get(node.id)
    if step.automatic and ruled is not None:
        reason: Sentence | None = ruled.sentence
    else:
        reason = asked[0].reason if asked and node.task_kind == Kind.APPROVAL else None
    return StepAhead(
        name=node.name,
        kind=node.task_kind or str(node.kind),
        who=() if step.automatic else tuple(_name(one) for one in asked),
        certain=step.certain,
        automatic=step.automatic,
        minutes=times.minutes_of(node.due, key) if not step.automatic else 0,
        day_minutes=day,
        reason=reason,
        node=node.id,
        group=step.parallel_group,
    )


def _name(asked: Asked) -> str:
    return LocalText.of(asked.name).to(get_language() or "de")
