"""Whether a model can get stuck, by exploring everything that can happen, whatever the conditions say.

A marking is the bag of tokens at rest: in a step, or before a join. Gateways, ends and messages pass at once, so each
of their choices leads from one marking to the next. A sound model can always come to its end, starts no step twice at
the same time and has one token at its gate.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

from anliegen.workflow.engine.graph import Flow, Graph, Node, NodeKind
from anliegen.workflow.engine.inclusive import is_awaited
from anliegen.workflow.engine.problems import Problem

MOST_STATES = 20_000
MOST_WAYS = 8  # of one inclusive gateway; above it not every choice is tried

type Place = tuple[str, str, str]  # node, flow by which it came to a join, timers at the edge that have fired
type Marking = tuple[Place, ...]
type Head = tuple[str, str]  # a token in motion: node, flow

_AT_ONCE = frozenset(
    {NodeKind.START, NodeKind.XOR, NodeKind.AND, NodeKind.OR, NodeKind.SEND, NodeKind.END, NodeKind.TERMINATE}
)
_RANK = {"started-twice": 0, "stuck": 1, "never-ends": 2}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the exploration found. `complete`: everything was tried. `together`: what is open at the same time."""

    problems: tuple[Problem, ...]
    states: int
    complete: bool
    visited: frozenset[str]
    together: frozenset[frozenset[str]] = frozenset()


def explore(graph: Graph, begin: str, *, most: int = MOST_STATES) -> Verdict:
    """Follow every choice from one token at `begin`, up to a number of markings."""
    return _Explorer(graph, most).explore(begin)


@dataclass
class _Explorer:
    graph: Graph
    most: int
    problems: dict[tuple[str, str], Problem] = field(default_factory=dict)
    visited: set[str] = field(default_factory=set)
    after: dict[Marking, list[Marking]] = field(default_factory=dict)
    complete: bool = True

    def explore(self, begin: str) -> Verdict:
        first = self._settled((), [(begin, "")])
        queue = [*first]
        seen = set(queue)
        while queue and len(seen) <= self.most:
            marking = queue.pop()
            following = self.after[marking] = list(self._following(marking))
            if marking and not following and not self._broken:
                self._stuck(marking)
            fresh = [new for new in dict.fromkeys(following) if new not in seen]
            seen.update(fresh)
            queue += fresh
        self.complete = self.complete and not queue
        if self.complete and not self.problems:
            self._must_end(seen)
        found = sorted(self.problems.values(), key=lambda problem: _RANK.get(problem.code, 3))
        together = {frozenset(place[0] for place in marking) for marking in seen}
        return Verdict(tuple(found), len(seen), self.complete, frozenset(self.visited), frozenset(together))

    @property
    def _broken(self) -> bool:
        return any(code == "started-twice" for _element, code in self.problems)

    # What follows

    def _following(self, marking: Marking) -> Iterator[Marking]:
        for index, place in enumerate(marking):
            node = place[0]
            if node in self.graph.joins:
                continue
            rest = (*marking[:index], *marking[index + 1 :])
            yield from self._settled(rest, _heads(self.graph.outgoing.get(node, ())))
            for boundary in self.graph.boundaries_of(node):
                heads = _heads(self.graph.outgoing.get(boundary.id, ()))
                if boundary.interrupting:
                    yield from self._settled(rest, heads)
                elif boundary.id not in place[2].split():
                    # A timer that repeats may fire any number of times; another one fires once per visit.
                    fired = place[2] if boundary.timer.startswith("R") else f"{place[2]} {boundary.id}".strip()
                    yield from self._settled((*rest, (node, place[1], fired)), heads)

    def _settled(self, rest: Marking, heads: list[Head]) -> list[Marking]:
        """The markings in which the tokens in motion can come to rest."""
        stack: list[tuple[Marking, tuple[Head, ...]]] = [(rest, tuple(heads))]
        seen = set(stack)
        found: dict[Marking, None] = {}
        while stack:
            rest, moving = stack.pop()
            if not moving:
                merged = self._inclusive(rest)
                if merged is None:
                    found[tuple(sorted(rest))] = None
                    continue
                following = [merged]
            else:
                following = list(self._advance(moving[0], rest, moving[1:]))
            fresh = [one for one in following if one not in seen]
            seen.update(fresh)
            stack += fresh
            if len(seen) > self.most:
                self.complete = False
                break
        return list(found)

    def _advance(
        self, head: Head, rest: Marking, others: tuple[Head, ...]
    ) -> Iterator[tuple[Marking, tuple[Head, ...]]]:
        """What one token in motion can do next; nothing where it breaks a rule."""
        node = self.graph.nodes[head[0]]
        self.visited.add(node.id)
        self._at_gate(node, rest, others)
        if node.id in self.graph.joins and head[1]:
            yield from self._arrive(node, head[1], rest, others)
        elif node.kind is NodeKind.TERMINATE:
            yield (), ()
        elif node.kind is NodeKind.END:
            if (rest or others) and node.outcome not in {"", "fulfilled"}:
                self._problem(node.id, "ends-too-early")
            yield rest, others
        elif node.kind in _AT_ONCE:
            for flows in self._ways(node):
                yield rest, (*others, *_heads(flows))
        elif any(place[0] == node.id for place in rest):
            self._problem(node.id, "started-twice")
        else:
            yield (*rest, (node.id, "", "")), others

    def _arrive(
        self, node: Node, flow: str, rest: Marking, others: tuple[Head, ...]
    ) -> Iterator[tuple[Marking, tuple[Head, ...]]]:
        here = {place[1] for place in rest if place[0] == node.id}
        if flow in here:
            self._problem(node.id, "started-twice")
        elif node.kind is NodeKind.AND and len(here) + 1 == len(self.graph.incoming[node.id]):
            yield tuple(place for place in rest if place[0] != node.id), (*others, (node.id, ""))
        else:
            yield (*rest, (node.id, flow, "")), others

    def _inclusive(self, rest: Marking) -> tuple[Marking, tuple[Head, ...]] | None:
        """The merge at the first inclusive join for which nothing else can still arrive, as the engine does it."""
        for join in self.graph.or_joins:
            here = {place[1] for place in rest if place[0] == join}
            if here and not is_awaited(self.graph, join, here, ((place[0], place[1]) for place in rest)):
                return tuple(place for place in rest if place[0] != join), ((join, ""),)
        return None

    def _ways(self, node: Node) -> Iterator[tuple[Flow, ...]]:
        """The sets of flows by which tokens may leave a gateway."""
        flows = self.graph.outgoing.get(node.id, ())
        if node.kind is NodeKind.XOR:
            yield from ((flow,) for flow in flows)
        elif node.kind is not NodeKind.OR or len(flows) == 1:
            yield flows
        else:
            chosen = tuple(flow for flow in flows if not flow.default)
            self.complete = self.complete and len(chosen) <= MOST_WAYS
            for size in range(1, len(chosen[:MOST_WAYS]) + 1):
                yield from combinations(chosen[:MOST_WAYS], size)
            yield from ((flow,) for flow in flows if flow.default)

    # What is wrong

    def _at_gate(self, node: Node, rest: Marking, others: tuple[Head, ...]) -> None:
        if node.id == self.graph.gate and any(one[0] in self._to_gate for one in (*rest, *others)):
            self._problem(node.id, "gate-not-alone")

    @cached_property
    def _to_gate(self) -> frozenset[str]:
        """The nodes from which a token can come to the gate."""
        before = _before(self.graph)
        return frozenset(_reached([self.graph.gate], before))

    def _stuck(self, marking: Marking) -> None:
        joins = [self.graph.nodes[place[0]] for place in marking]
        node = next((one for one in joins if one.kind is NodeKind.AND), joins[0])
        self._problem(node.id, "stuck")

    def _must_end(self, seen: set[Marking]) -> None:
        """Every marking must be able to come to the empty one."""
        before: dict[Marking, list[Marking]] = {}
        for marking, following in self.after.items():
            for new in following:
                before.setdefault(new, []).append(marking)
        able: set[Marking] = _reached({()}, before)
        hopeless = seen - able
        if hopeless:
            self._problem(min(hopeless)[0][0], "never-ends")

    def _problem(self, element: str, code: str) -> None:
        self.problems.setdefault((element, code), Problem(element, code, {"node": self.graph.title(element)}))


def _heads(flows: tuple[Flow, ...]) -> list[Head]:
    return [(flow.target, flow.id) for flow in flows]


def _before(graph: Graph) -> dict[str, list[str]]:
    before: dict[str, list[str]] = {}
    for node in graph.nodes:
        for flow in graph.leaving(node):
            before.setdefault(flow.target, []).append(node)
    return before


def _reached[T](begins: Iterable[T], edges: Mapping[T, Iterable[T]]) -> set[T]:
    seen = set(begins)
    heads = list(seen)
    while heads:
        fresh = [one for one in edges.get(heads.pop(), ()) if one not in seen]
        seen.update(fresh)
        heads += fresh
    return seen
