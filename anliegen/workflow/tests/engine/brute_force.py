"""Everything that the engine itself can do with a model: each command in each state, each choice of each gateway.

It shares no line with the checker: it runs real moves, and lets an oracle answer instead of conditions.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from anliegen.workflow.engine import Ended, Flow, Graph, Node, NodeKind, Result, State, Stopped, Token, moves
from anliegen.workflow.tests.engine.build import Script

MOST = 400


class TooMany(Exception):
    """The model has more states than are worth trying."""


@dataclass
class Oracle:
    """Answers choices from a list; where that ends it takes the first answer and remembers how many there were."""

    answers: list[int]
    counts: list[int] = field(default_factory=list)

    def choose(self, count: int) -> int:
        self.counts.append(count)
        if len(self.counts) > len(self.answers):
            self.answers.append(0)
        return self.answers[len(self.counts) - 1]


def every_way(run) -> Iterator[Result]:
    """The results of a command for all answers of the oracle."""
    answers: list[int] | None = []
    while answers is not None:
        oracle = Oracle(answers)
        yield run(oracle)
        answers = oracle.answers[: len(oracle.counts)]
        while answers and answers[-1] + 1 >= oracle.counts[len(answers) - 1]:
            answers.pop()
        answers = [*answers[:-1], answers[-1] + 1] if answers else None


def mover_for(oracle: Oracle, base: type) -> type:
    class Choosing(base):  # type: ignore[misc, valid-type]
        def _chosen(self, node: Node) -> tuple[Flow, ...]:
            flows = self.graph.outgoing.get(node.id, ())
            if node.kind is NodeKind.XOR:
                return (flows[oracle.choose(len(flows))],)
            if node.kind is NodeKind.OR and len(flows) > 1:
                plain = [flow for flow in flows if not flow.default]
                ways = [way for size in range(1, len(plain) + 1) for way in combinations(plain, size)]
                ways += [(flow,) for flow in flows if flow.default]
                return ways[oracle.choose(len(ways))]
            return flows

    return Choosing


@dataclass
class Verdict:
    bad: set[str] = field(default_factory=set)
    states: set[tuple] = field(default_factory=set)


def explore(graph: Graph, base: type | None = None) -> Verdict:
    """What can go wrong: "twice", "stuck", "never" (no way to an end) or "early". Raises TooMany."""
    base = base or moves.Mover
    verdict, after = Verdict(), {}
    first: list[tuple[State, frozenset]] = []
    for result in every_way(lambda o: mover_for(o, base)(graph, State(), {}, Script()).run(Token(1, graph.start))):
        first.append((result.state, frozenset()))
        _judge(graph, result, verdict)
    queue = list(first)
    seen = {_key(*one) for one in first}
    while queue:
        state, fired = queue.pop()
        if len(seen) > MOST:
            raise TooMany
        if _twice(graph, state):
            verdict.bad.add("twice")
            continue
        key = _key(state, fired)
        after[key] = set()
        if state.tokens and not any(token.waiting for token in state.tokens):
            verdict.bad.add("stuck")
        for result, marks in _commands(graph, state, fired, base):
            _judge(graph, result, verdict)
            following = _key(result.state, marks)
            after[key].add(following)
            if following not in seen:
                seen.add(following)
                queue.append((result.state, marks))
    if not verdict.bad and not _can_all_end(after):
        verdict.bad.add("never")
    verdict.states = seen
    return verdict


def _commands(graph: Graph, state: State, fired: frozenset, base: type) -> Iterator[tuple[Result, frozenset]]:
    for token in state.tokens:
        if not token.waiting:
            continue
        left = frozenset(mark for mark in fired if mark[0] != token.id)
        yield from ((result, left) for result in every_way(lambda o, t=token: _resume(graph, state, t, o, base)))
        for edge in graph.boundaries_of(token.node):
            marks = left if edge.interrupting else fired | {(token.id, edge.id)}
            if (token.id, edge.id) not in fired:
                ways = every_way(lambda o, t=token, e=edge: _fire(graph, state, t, e, o, base))
                yield from ((result, marks) for result in ways)


def _resume(graph, state, token, oracle, base) -> Result:
    mover = mover_for(oracle, base)(graph, state, {}, Script())
    mover.take(token.id)
    mover.passed(token, graph.node(token.node), "", {}, "person")
    return mover.run()


def _fire(graph, state, token, edge, oracle, base) -> Result:
    mover = mover_for(oracle, base)(graph, state, {}, Script())
    mover.at_edge(token, edge.id, interrupting=edge.interrupting)
    return mover.run()


def _key(state: State, fired: frozenset) -> tuple:
    """A state without the numbers of its tokens."""
    marks: dict[int, list[str]] = {}
    for token_id, edge in fired:
        marks.setdefault(token_id, []).append(edge)
    return tuple(
        sorted((t.node, "" if t.waiting else t.arrived_by, " ".join(sorted(marks.get(t.id, ())))) for t in state.tokens)
    )


def _twice(graph: Graph, state: State) -> bool:
    places = Counter((t.node, t.arrived_by if not t.waiting else "") for t in state.tokens)
    return any(count > 1 for count in places.values())


def _judge(graph: Graph, result: Result, verdict: Verdict) -> None:
    if any(isinstance(effect, Stopped) for effect in result.effects):
        verdict.bad.add("stopped")
    ended = [effect for effect in result.effects if isinstance(effect, Ended)]
    for effect in result.effects:
        node = graph.nodes.get(getattr(effect, "node", ""))
        unhappy = node is not None and node.kind is NodeKind.END and node.outcome != "fulfilled"
        if type(effect).__name__ == "Finished" and unhappy and not any(e.node == node.id for e in ended):
            verdict.bad.add("early")


def _can_all_end(after: dict) -> bool:
    able, grown = {()}, True
    while grown:
        fresh = {key for key, following in after.items() if key not in able and following & able}
        grown = bool(fresh)
        able |= fresh
    return all(key in able for key in after)
