"""The way ahead, with the engine's own rules: for "what happens next", the preview and the forecast (one walk).

The walk moves tokens as a run would, and assumes of each step that waits that it ends well: with its first outcome.
Parallel branches go on side by side. Where a condition reads what nobody knows yet, the walk takes the default way;
from there on steps are not certain.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from anliegen.workflow.engine.graph import ENDS, Graph, Node, NodeKind
from anliegen.workflow.engine.moves import Mover
from anliegen.workflow.engine.state import Done, Entered, Failed, Passed, Resolver, State, Token, Wait

MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class Step:
    """One step ahead.

    `order` counts rounds: steps of one round can be done side by side. `parallel_group` is the same number for all
    steps of one parallel part, 0 outside. `automatic`: a rule finishes it. `outcome` is what was assumed or decided.
    """

    node: Node
    order: int
    certain: bool
    automatic: bool
    outcome: str = ""
    parallel_group: int = 0


def walk(graph: Graph, data: Mapping[str, Any], resolver: Resolver, state: State | None = None) -> tuple[Step, ...]:
    """The steps from the start, or after those at which `state` waits. Each node is walked once."""
    return _Walk(graph, resolver).steps(data, state)


@dataclass
class _Surroundings:
    """The resolver of a walk: the gate is open, everything else is asked of the real one."""

    inner: Resolver
    unsure: bool = False

    def enter(self, node: Node, data: Mapping[str, Any]) -> Wait | Done:
        try:
            return self.inner.enter(node, data)
        except Failed:
            self.unsure = True
            return Wait()

    def gate_open(self) -> bool:
        return True


@dataclass
class _Walk:
    graph: Graph
    resolver: Resolver
    found: list[Step] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    unsure: bool = False
    group: int = 0
    side_by_side: bool = False

    def steps(self, data: Mapping[str, Any], state: State | None) -> tuple[Step, ...]:
        if state is None:
            state, data = self._command(State(), data, 0, Token(1, self.graph.start))
        else:
            self.seen |= {token.node for token in state.tokens if token.waiting}
            state, data = self._again(state, data)
        order = 0
        while len(self.found) < MOST_STEPS and any(token.waiting for token in state.tokens):
            order += 1
            for token in [token for token in state.tokens if token.waiting]:
                if token in state.tokens:  # a terminating end may have taken it meanwhile
                    state, data = self._done(state, data, order, token)
        return tuple(self.found[:MOST_STEPS])

    def _again(self, state: State, data: Mapping[str, Any]) -> tuple[State, Mapping[str, Any]]:
        """Let go on what stands before the gate or at a fault."""
        for token in state.tokens:
            if not token.waiting and not (token.node in self.graph.joins and token.arrived_by):
                rest = State(tuple(one for one in state.tokens if one != token))
                state, data = self._command(rest, data, 1, token)
        return state, data

    def _done(self, state: State, data: Mapping[str, Any], order: int, token: Token) -> tuple[State, Mapping[str, Any]]:
        """Assume that a step ends well."""
        mover = _Mover(self.graph, state, data, _Surroundings(self.resolver))
        mover.take(token.id)
        node = self.graph.node(token.node)
        mover.passed(token, node, node.positive, {}, "walk")
        return self._note(mover, order)

    def _command(
        self, state: State, data: Mapping[str, Any], order: int, token: Token
    ) -> tuple[State, Mapping[str, Any]]:
        mover = _Mover(self.graph, state, data, _Surroundings(self.resolver))
        mover.start_with(token)
        return self._note(mover, order)

    def _note(self, mover: "_Mover", order: int) -> tuple[State, Mapping[str, Any]]:
        """Move on and write down what was reached; a token that comes to a step again is walked no further."""
        result = mover.run()
        assert isinstance(mover.resolver, _Surroundings)
        self.unsure = self.unsure or mover.unsure or mover.resolver.unsure
        self._grouping(len(result.state.tokens))
        gone: set[int] = set()
        for effect in result.effects:
            if isinstance(effect, Entered):
                node = self.graph.node(effect.node)
                gone |= set() if self._add(node, order, node.positive, automatic=False) else {effect.token_id}
            elif isinstance(effect, Passed) and effect.by not in {"walk", "condition"}:
                self._add(self.graph.node(effect.node), order, effect.outcome, automatic=True)
        if gone:
            return State(tuple(token for token in result.state.tokens if token.id not in gone)), result.data
        return result.state, result.data

    def _grouping(self, tokens: int) -> None:
        if tokens > 1 and not self.side_by_side:
            self.group += 1
        self.side_by_side = tokens > 1

    def _add(self, node: Node, order: int, outcome: str, *, automatic: bool) -> bool:
        if node.id in self.seen:
            return False
        self.seen.add(node.id)
        group = self.group if self.side_by_side else 0
        self.found.append(Step(node, order, not self.unsure, automatic, outcome, group))
        return True


class _Mover(Mover):
    """Moves like a run, but where a condition has no value it takes the default way instead of stopping."""

    unsure = False

    def start_with(self, token: Token) -> None:
        self.moving.append(token)
        self.last = max(self.last, token.id)

    def holds(self, source: str) -> bool:
        try:
            return super().holds(source)
        except Failed:
            self.unsure = True
            return False

    def is_skipped(self, node: Node) -> bool:
        """A step of which nobody knows whether it is needed is shown."""
        try:
            return not super().holds(node.condition)
        except Failed:
            self.unsure = True
            return False

    def no_way(self, node: Node) -> str:
        """Without a default, the first way that does not end the request."""
        self.unsure = True
        flows = self.graph.outgoing.get(node.id, ())
        return next((flow.id for flow in flows if self._goes_on(flow.target)), "")

    def _goes_on(self, target: str) -> bool:
        node = self.graph.node(target)
        return node.kind not in ENDS or (node.kind is NodeKind.END and node.outcome == "fulfilled")
