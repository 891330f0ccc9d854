"""The token game: each command moves tokens until all of them wait. Deterministic, and without side effects."""

from collections import deque
from collections.abc import Mapping
from typing import Any

from anliegen.workflow.engine.conditions import holds
from anliegen.workflow.engine.graph import STEPS, Flow, Graph, Node, NodeKind
from anliegen.workflow.engine.inclusive import is_awaited
from anliegen.workflow.engine.state import (
    AtGate,
    Done,
    Effect,
    Ended,
    Entered,
    Failed,
    Finished,
    Forked,
    Merged,
    Passed,
    Resolver,
    Result,
    State,
    Stopped,
    Token,
    Withdrawn,
)

MOST_MOVES = 1_000
FULFILLED = "fulfilled"


def start(graph: Graph, data: Mapping[str, Any], resolver: Resolver) -> Result:
    """A new run, moved as far as it goes."""
    return place(graph, graph.start, data, resolver)


def place(graph: Graph, node_id: str, data: Mapping[str, Any], resolver: Resolver) -> Result:
    """A run that begins at a node: after a reopening."""
    return Mover(graph, State(), data, resolver).run(Token(1, node_id, "", waiting=False))


def resume(  # noqa: PLR0913, PLR0917 - what was done, where, and with what
    graph: Graph,
    state: State,
    token_id: int,
    outcome: str,
    outputs: Mapping[str, Any],
    data: Mapping[str, Any],
    resolver: Resolver,
) -> Result:
    """The run after a waiting step is finished. Raises Failed where no token waits there."""
    mover = Mover(graph, state, data, resolver)
    token = mover.take(token_id)
    mover.passed(token, graph.node(token.node), outcome, outputs, "person")
    return mover.run()


def fire(
    graph: Graph, state: State, token_id: int, boundary_id: str, data: Mapping[str, Any], resolver: Resolver
) -> Result:
    """The run after a timer is due: at the edge of a waiting step, or with "" of the timer the token waits in.

    Raises Failed where no token waits there.
    """
    mover = Mover(graph, state, data, resolver)
    token = state.token(token_id)
    if not boundary_id:
        if graph.node(token.node).kind is not NodeKind.TIMER:
            raise Failed("no-timer", {"node": token.node})
        mover.take(token_id)
        mover.passed(token, graph.node(token.node), "", {}, "timer")
        return mover.run()
    boundary = graph.boundaries.get(boundary_id)
    if boundary is None or boundary.node != token.node or not token.waiting:
        raise Failed("not-waiting", {"token": token_id, "boundary": boundary_id})
    mover.at_edge(token, boundary.id, interrupting=boundary.interrupting)
    return mover.run()


def knock(
    graph: Graph, state: State, data: Mapping[str, Any], resolver: Resolver, token_id: int | None = None
) -> Result:
    """The run after another try: of what waits before the gate, or of one token that was stopped by a fault.

    Nothing happens where there is nothing to try. Raises Failed for a token that is gone or waits in its step.
    """
    mover = Mover(graph, state, data, resolver)
    if token_id is None:
        again = [token for token in state.tokens if token.node == graph.gate and not token.waiting]
    else:
        again = [state.token(token_id)]
        if again[0].waiting or (again[0].node in graph.joins and again[0].arrived_by):
            raise Failed("not-stopped", {"token": token_id})
    for token in again:
        del mover.tokens[token.id]
    return mover.run(*again)


class Mover:
    """One command: tokens at rest, those still to move, and the effects so far."""

    def __init__(self, graph: Graph, state: State, data: Mapping[str, Any], resolver: Resolver) -> None:
        self.graph = graph
        self.data = dict(data)
        self.resolver = resolver
        self.tokens = {token.id: token for token in state.tokens}
        self.last = max(self.tokens, default=0)
        self.moving: deque[Token] = deque()
        self.effects: list[Effect] = []
        self.left = MOST_MOVES

    def take(self, token_id: int) -> Token:
        """A waiting token, no longer at rest. Raises Failed."""
        token = self.tokens.get(token_id)
        if token is None or not token.waiting:
            raise Failed("not-waiting", {"token": token_id})
        return self.tokens.pop(token_id)

    def run(self, *tokens: Token) -> Result:
        """Move until nothing moves any more."""
        self.moving.extend(tokens)
        for token in tokens:
            self.last = max(self.last, token.id)
        while self.moving or self._merge_inclusive():
            while self.moving:
                self._move(self.moving.popleft())
        state = State(tuple(self.tokens[key] for key in sorted(self.tokens)))
        return Result(state, self.data, tuple(self.effects))

    def at_edge(self, token: Token, boundary_id: str, *, interrupting: bool) -> None:
        """A timer at the edge of a step: the token leaves by it, or a further one does."""
        if interrupting:
            del self.tokens[token.id]
            self.effects.append(Withdrawn(token.id, token.node))
        else:
            self.last += 1
            self.effects.append(Forked(boundary_id, (token.id, self.last)))
            token = Token(self.last, boundary_id)
        self._leave(token, boundary_id, self.graph.outgoing.get(boundary_id, ()))

    def passed(self, token: Token, node: Node, outcome: str, outputs: Mapping[str, Any], by: str) -> None:
        """A step is finished: keep what it gives, go on."""
        step = {**outputs, "outcome": outcome}
        if by == "condition":
            step["skipped"] = True
        top = {name: outputs[name] for name in node.shown(outputs)}
        self.data = {**self.data, **top, "steps": {**self.data.get("steps", {}), node.id: step}}
        self.effects.append(Passed(token.id, node.id, outcome, outputs, by))
        self._leave(token, node.id, self.graph.outgoing.get(node.id, ()))

    def _move(self, token: Token) -> None:
        if token.id in self.tokens:
            raise AssertionError(f"token {token.id} is in two places")
        self.left -= 1
        try:
            if self.left < 0:
                raise Failed("loop", {"moves": MOST_MOVES})
            self._enter(token, self.graph.node(token.node))
        except Failed as failed:
            self.tokens[token.id] = _standing(token)
            self.effects.append(Stopped(token.id, token.node, failed.code, failed.params))

    def _enter(self, token: Token, node: Node) -> None:
        if node.id == self.graph.gate and not self.resolver.gate_open():
            self.tokens[token.id] = _standing(token)
            self.effects.append(AtGate(token.id, node.id))
        elif node.kind in STEPS:
            self._begin(token, node)
        elif node.kind is NodeKind.END:
            self._end(token, node)
        elif node.kind is NodeKind.TERMINATE:
            self._terminate(token, node)
        elif node.id in self.graph.joins and token.arrived_by:
            self.tokens[token.id] = _standing(token)
            if node.kind is NodeKind.AND:
                self._join(node)
        else:
            self._leave(token, node.id, self._chosen(node))

    def _begin(self, token: Token, node: Node) -> None:
        if node.condition and self.is_skipped(node):
            self.passed(token, node, node.positive, {}, "condition")
            return
        answer = self.resolver.enter(node, self.data)
        if isinstance(answer, Done):
            self.passed(token, node, answer.outcome, answer.outputs, answer.by)
            return
        self.tokens[token.id] = Token(token.id, node.id, token.arrived_by, waiting=True)
        self.effects.append(Entered(token.id, node.id))

    def _chosen(self, node: Node) -> tuple[Flow, ...]:
        """The flows that a gateway lets tokens leave by. Raises Failed where there is none."""
        flows = self.graph.outgoing.get(node.id, ())
        if node.kind in {NodeKind.AND, NodeKind.START} or (len(flows) == 1 and not flows[0].condition):
            return flows
        chosen: list[Flow] = []
        for flow in flows:
            if (flow.default and chosen) or not (flow.default or self.holds(flow.condition)):
                continue
            chosen.append(flow)
            if node.kind is NodeKind.XOR:
                break
        return tuple(chosen) or (self.graph.flows[self.no_way(node)],)

    def holds(self, source: str) -> bool:
        """Whether a condition holds now. Raises Failed."""
        return holds(self.graph, source, self.data)

    def is_skipped(self, node: Node) -> bool:
        """Whether the step is not needed. Raises Failed."""
        return not self.holds(node.condition)

    def no_way(self, node: Node) -> str:
        """The flow to take where no condition holds and there is no default: none, so it raises Failed."""
        raise Failed("no-way", {"node": node.id})

    def _leave(self, token: Token, source: str, flows: tuple[Flow, ...]) -> None:
        if not flows:
            raise Failed("no-way", {"node": source})
        ids = [token.id, *range(self.last + 1, self.last + len(flows))]
        self.last += len(flows) - 1
        if len(flows) > 1:
            self.effects.append(Forked(source, tuple(ids)))
        for number, flow in zip(ids, flows, strict=True):
            self.moving.append(Token(number, flow.target, flow.id, waiting=False))

    def _join(self, node: Node) -> None:
        """Merge what arrived at a parallel join, once there is a token on each flow."""
        arrived = self._arrived(node.id)
        if len(arrived) == len(self.graph.incoming[node.id]):
            self._merge(node.id, arrived)

    def _merge_inclusive(self) -> bool:
        """Merge at the first inclusive join for which nothing else can still arrive."""
        for join in self.graph.or_joins:
            arrived = self._arrived(join)
            if arrived and not self._awaited(join, arrived):
                self._merge(join, arrived)
                return True
        return False

    def _awaited(self, join: str, arrived: Mapping[str, Token]) -> bool:
        places = ((token.node, "" if token.waiting else token.arrived_by) for token in self.tokens.values())
        return is_awaited(self.graph, join, arrived, places)

    def _arrived(self, join: str) -> dict[str, Token]:
        """The first token on each flow into a join."""
        found: dict[str, Token] = {}
        for token in self.tokens.values():
            if token.node == join and token.arrived_by:
                found.setdefault(token.arrived_by, token)
        return found

    def _merge(self, join: str, arrived: Mapping[str, Token]) -> None:
        ids = tuple(sorted(token.id for token in arrived.values()))
        for number in ids:
            del self.tokens[number]
        self.effects.append(Merged(ids[0], join, ids))
        self.moving.append(Token(ids[0], join, "", waiting=False))

    def _end(self, token: Token, node: Node) -> None:
        self.effects.append(Finished(token.id, node.id))
        if not self.tokens and not self.moving:
            self.effects.append(Ended(node.outcome or FULFILLED, node.id))

    def _terminate(self, token: Token, node: Node) -> None:
        for other in sorted(self.tokens):
            self.effects.append(Withdrawn(other, self.tokens[other].node))
        self.tokens.clear()
        self.moving.clear()
        self.effects.extend((Finished(token.id, node.id), Ended(node.outcome or FULFILLED, node.id)))


def _standing(token: Token) -> Token:
    return Token(token.id, token.node, token.arrived_by, waiting=False)
