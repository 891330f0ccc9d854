"""How tokens move: graph in, moves out. Deterministic; knows neither Django nor the database.

A command (`start`, `resume`, `fire`, `knock`, `place`) moves tokens until all of them wait, and tells in order what
happened. A token that lives stands at a node that waits for something outside, at a join, before the gate, or at a fault.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from anliegen.workflow.engine.conditions import Unknown, holds
from anliegen.workflow.engine.graph import ENDS, Flow, Graph, Node, NodeKind

MOST_MOVES = 1_000


class Failed(Exception):  # noqa: N818 - it is what a step did
    """A step could not do its work: a fault, to be repaired and continued. `code` names why."""

    def __init__(self, code: str, params: Mapping[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.params = dict(params or {})


@dataclass(frozen=True, slots=True)
class Token:
    id: int
    node: str
    arrived_by: str = ""
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class State:
    tokens: tuple[Token, ...] = ()

    def token(self, token_id: int) -> Token:
        """The living token of that number. Raises KeyError when it is gone."""
        for token in self.tokens:
            if token.id == token_id:
                return token
        raise KeyError(token_id)


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody or something outside must finish this step."""


@dataclass(frozen=True, slots=True)
class Done:
    """The step is finished at once, by a rule or automation."""

    outcome: str = ""
    outputs: Mapping[str, Any] = field(default_factory=dict)
    by: str = "rule"


class Resolver(Protocol):
    """What the engine asks of the world while tokens move."""

    def enter(self, node: Node, data: Mapping[str, Any]) -> Wait | Done:
        """A token is at a step that is not a gateway. Raises Failed when it cannot be done."""

    def gate_open(self) -> bool:
        """Whether nothing is open that must be done before the request may close."""


@dataclass(frozen=True, slots=True)
class Entered:
    token_id: int
    node: str


@dataclass(frozen=True, slots=True)
class Passed:
    token_id: int
    node: str
    outcome: str
    outputs: Mapping[str, Any]
    by: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    token_id: int
    node: str


@dataclass(frozen=True, slots=True)
class Stopped:
    token_id: int
    node: str
    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AtGate:
    token_id: int
    node: str


@dataclass(frozen=True, slots=True)
class Ended:
    outcome: str


type Effect = Entered | Passed | Withdrawn | Stopped | AtGate | Ended


@dataclass(frozen=True, slots=True)
class Result:
    state: State
    data: Mapping[str, Any]
    effects: tuple[Effect, ...]


def start(graph: Graph, data: Mapping[str, Any], resolver: Resolver) -> Result:
    """The first token enters at the start."""
    return _Mover(graph, State(), data, resolver).begin(graph.start)


def place(graph: Graph, node: str, data: Mapping[str, Any], resolver: Resolver) -> Result:
    """One token enters at that node: how a reopened request goes on."""
    return _Mover(graph, State(), data, resolver).begin(node)


def resume(
    graph: Graph,
    state: State,
    token_id: int,
    outcome: str,
    outputs: Mapping[str, Any],
    data: Mapping[str, Any],
    resolver: Resolver,
) -> Result:
    """The step at which this token waits is finished."""
    mover = _Mover(graph, state, data, resolver)
    token = state.token(token_id)
    mover.finish(token, Done(outcome, outputs, "person"))
    return mover.run()


def fire(
    graph: Graph, state: State, token_id: int, boundary_id: str, data: Mapping[str, Any], resolver: Resolver
) -> Result:
    """A timer is due: at the edge of a step (`boundary_id`), or the catching timer at which the token waits ("")."""
    mover = _Mover(graph, state, data, resolver)
    token = state.token(token_id)
    if not boundary_id:
        mover.finish(token, Done("", {}, "timer"))
        return mover.run()
    boundary = graph.boundaries[boundary_id]
    if boundary.node != token.node:
        raise KeyError(boundary_id)
    if boundary.interrupting:
        mover.withdraw(token)
    for flow in graph.outgoing.get(boundary_id, ()):
        mover.put(flow)
    return mover.run()


def knock(
    graph: Graph, state: State, data: Mapping[str, Any], resolver: Resolver, token_id: int | None = None
) -> Result:
    """Try again what stands before the gate, or the token that stopped at a fault."""
    mover = _Mover(graph, state, data, resolver)
    for token in state.tokens:
        if token.id == token_id or (token_id is None and not token.waiting and token.node == graph.gate):
            mover.queue.append(token.id)
    return mover.run()


class _Mover:
    """One command at work."""

    def __init__(self, graph: Graph, state: State, data: Mapping[str, Any], resolver: Resolver) -> None:
        self.graph = graph
        self.tokens = {token.id: token for token in state.tokens}
        self.data: dict[str, Any] = dict(data)
        self.resolver = resolver
        self.effects: list[Effect] = []
        self.queue: list[int] = []
        self.last = max(self.tokens, default=0)
        self.over = False

    def begin(self, node: str) -> Result:
        self._new(Token(0, node))
        return self.run()

    def run(self) -> Result:
        moves = 0
        while self.queue and not self.over:
            moves += 1
            token = self.tokens.get(self.queue.pop(0))
            if token is None:
                continue
            if moves > MOST_MOVES:
                self._stop(token, Failed("loop"))
                break
            self._move(token)
            if not self.queue:
                self._late_joins()
        if not self.tokens and not self.over:
            self.effects.append(Ended(self.ending))
        return Result(State(tuple(self.tokens[key] for key in sorted(self.tokens))), self.data, tuple(self.effects))

    ending = ""

    def put(self, flow: Flow) -> None:
        self._new(Token(0, flow.target, flow.id))

    def _new(self, token: Token) -> None:
        self.last += 1
        self.tokens[self.last] = replace(token, id=self.last)
        self.queue.append(self.last)

    def withdraw(self, token: Token) -> None:
        del self.tokens[token.id]
        self.effects.append(Withdrawn(token.id, token.node))

    def finish(self, token: Token, done: Done) -> None:
        """Take the result into the data and let the token leave."""
        node = self.graph.nodes[token.node]
        steps = dict(self.data.get("steps", {}))
        steps[node.id] = {**done.outputs, "outcome": done.outcome}
        self.data["steps"] = steps
        for spec in (*node.outputs, *node.form):
            if spec.name in done.outputs:
                self.data[spec.name] = done.outputs[spec.name]
        self.effects.append(Passed(token.id, node.id, done.outcome, dict(done.outputs), done.by))
        self._leave(token)

    def _move(self, token: Token) -> None:
        node = self.graph.nodes[token.node]
        try:
            if node.id == self.graph.gate and not self.resolver.gate_open():
                self.tokens[token.id] = replace(token, waiting=False)
                self.effects.append(AtGate(token.id, node.id))
            elif node.kind in ENDS:
                self._end(token, node)
            elif node.kind in (NodeKind.AND, NodeKind.OR):
                self._parallel(token, node)
            elif node.kind is NodeKind.XOR:
                self._one_way(token, node)
            elif node.kind is NodeKind.START:
                self._leave(token)
            else:
                self._step(token, node)
        except Failed as failed:
            self._stop(token, failed)
        except Unknown as unknown:
            self._stop(token, Failed("condition", {"condition": unknown.source, "why": unknown.code}))

    def _stop(self, token: Token, failed: Failed) -> None:
        if token.id in self.tokens:
            self.tokens[token.id] = replace(token, waiting=False)
        self.effects.append(Stopped(token.id, token.node, failed.code, failed.params))

    def _step(self, token: Token, node: Node) -> None:
        if node.condition and not holds(node.condition, self.data):
            self.finish(token, Done("", {}, "condition"))
            return
        answer = self.resolver.enter(node, self.data)
        if isinstance(answer, Done):
            self.finish(token, answer)
            return
        self.tokens[token.id] = replace(token, waiting=True)
        self.effects.append(Entered(token.id, node.id))

    def _end(self, token: Token, node: Node) -> None:
        del self.tokens[token.id]
        self.ending = node.outcome or self.ending
        if node.kind is NodeKind.TERMINATE:
            for other in list(self.tokens.values()):
                self.withdraw(other)
            self.queue.clear()

    def _one_way(self, token: Token, node: Node) -> None:
        self._leave_by(token, [self._choose(node)])

    def _choose(self, node: Node) -> Flow:
        flows = self.graph.outgoing.get(node.id, ())
        for flow in flows:
            if not flow.default and (not flow.condition or holds(flow.condition, self.data)):
                return flow
        for flow in flows:
            if flow.default:
                return flow
        raise Failed("no-way", {"node": node.id})

    def _parallel(self, token: Token, node: Node) -> None:
        incoming = self.graph.incoming.get(node.id, ())
        if len(incoming) > 1:
            here = [other for other in self.tokens.values() if other.node == node.id]
            arrived = {other.arrived_by for other in here}
            if node.kind is NodeKind.AND and len(arrived) < len(incoming):
                return
            if node.kind is NodeKind.OR and self._may_still_come(node, arrived):
                return
            used: set[str] = set()
            for other in here:
                if other.id != token.id and other.arrived_by not in used and other.arrived_by != token.arrived_by:
                    used.add(other.arrived_by)
                    del self.tokens[other.id]
        self._leave_by(token, self._ways(node))

    def _ways(self, node: Node) -> Sequence[Flow]:
        flows = self.graph.outgoing.get(node.id, ())
        if node.kind is NodeKind.AND:
            return flows
        chosen = [f for f in flows if not f.default and (not f.condition or holds(f.condition, self.data))]
        chosen = chosen or [flow for flow in flows if flow.default]
        if not chosen:
            raise Failed("no-way", {"node": node.id})
        return chosen

    def _may_still_come(self, node: Node, arrived: set[str]) -> bool:
        """Whether a token elsewhere can still reach an empty entrance of this inclusive join."""
        empty = [flow for flow in self.graph.incoming[node.id] if flow.id not in arrived]
        return any(
            other.node != node.id and reaches(self.graph, other.node, empty, without=node.id)
            for other in self.tokens.values()
        )

    def _late_joins(self) -> None:
        """Inclusive joins that wait for nobody any more, since somebody else moved."""
        for token in list(self.tokens.values()):
            node = self.graph.nodes[token.node]
            if node.kind is NodeKind.OR and token.id in self.tokens and not self.queue:
                before = len(self.effects), dict(self.tokens)
                self._move(token)
                if (len(self.effects), self.tokens) != before:
                    return

    def _leave(self, token: Token) -> None:
        flows = self.graph.outgoing.get(token.node, ())
        if any(flow.condition for flow in flows):
            self._leave_by(token, [self._choose(self.graph.nodes[token.node])])
        else:
            self._leave_by(token, flows)

    def _leave_by(self, token: Token, flows: Sequence[Flow]) -> None:
        self.tokens.pop(token.id, None)
        for flow in flows:
            self.put(flow)


def reaches(graph: Graph, start_node: str, entrances: Sequence[Flow], *, without: str) -> bool:
    """Whether a token at a node can come through one of these flows without passing a certain node."""
    goal = {flow.id for flow in entrances}
    seen, queue = {without}, [start_node]
    while queue:
        here = queue.pop()
        if here in seen:
            continue
        seen.add(here)
        sources = [here, *(boundary.id for boundary in graph.at.get(here, ()))]
        for flow in (flow for source in sources for flow in graph.outgoing.get(source, ())):
            if flow.id in goal:
                return True
            queue.append(flow.target)
    return False
