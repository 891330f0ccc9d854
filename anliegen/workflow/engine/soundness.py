"""Whether a model can get stuck, by exploring what can happen. A state is a bag of tokens at nodes and arrows."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from anliegen.workflow.engine.graph import ENDS, Flow, Graph, Node, NodeKind
from anliegen.workflow.engine.moves import reaches
from anliegen.workflow.engine.problems import Problem

MOST_STATES = 20_000
MOST_WAYS = 10  # of one inclusive gateway

type Place = tuple[str, str]  # node, flow by which the token came
type Marking = tuple[tuple[Place, int], ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    problems: tuple[Problem, ...]
    states: int
    complete: bool
    visited: frozenset[str]


def explore(graph: Graph, begin: str, *, tokens_at_once: int = 1) -> Verdict:
    """Follow every choice from one token at `begin`; at most 20,000 states."""
    first: Marking = (((begin, ""), tokens_at_once),)
    seen, queue = {first}, [first]
    problems: dict[tuple[str, str], Problem] = {}
    visited: set[str] = set()
    while queue and len(seen) <= MOST_STATES:
        marking = queue.pop()
        bag = Counter(dict(marking))
        visited |= {node for node, _flow in bag}
        for problem in _bad(graph, bag):
            problems.setdefault((problem.element, problem.code), problem)
        if any(problem.code == "started-twice" for problem in problems.values()):
            break  # an unsafe model has endless states
        following = list(_next(graph, bag))
        if not following and bag:
            for problem in _stuck(graph, bag):
                problems.setdefault((problem.element, problem.code), problem)
        for new in following:
            frozen = tuple(sorted(new.items()))
            if frozen not in seen:
                seen.add(frozen)
                queue.append(frozen)
    return Verdict(tuple(problems.values()), len(seen), not queue, frozenset(visited))


def _bad(graph: Graph, bag: Counter[Place]) -> Iterator[Problem]:
    at: Counter[str] = Counter()
    for (node, flow), count in bag.items():
        at[node] += count
        joins = len(graph.incoming.get(node, ())) > 1 and graph.nodes[node].kind in {NodeKind.AND, NodeKind.OR}
        if count > 1 and (joins or flow):
            yield Problem(node, "started-twice", {"node": graph.nodes[node].name.de or node})
    for node, count in at.items():
        kind = graph.nodes[node].kind
        if count > 1 and kind not in {NodeKind.AND, NodeKind.OR, NodeKind.END}:
            yield Problem(node, "started-twice", {"node": graph.nodes[node].name.de or node})
    if graph.gate and at[graph.gate] and sum(at.values()) > 1:
        yield Problem(graph.gate, "gate-not-alone", {"node": graph.nodes[graph.gate].name.de or graph.gate})


def _stuck(graph: Graph, bag: Counter[Place]) -> Iterator[Problem]:
    for node, _flow in bag:
        if graph.nodes[node].kind in {NodeKind.AND, NodeKind.OR}:
            yield Problem(node, "stuck", {"node": graph.nodes[node].name.de or node})
        elif graph.nodes[node].kind not in ENDS:
            yield Problem(node, "dead-end", {"node": graph.nodes[node].name.de or node})


def _next(graph: Graph, bag: Counter[Place]) -> Iterator[Counter[Place]]:
    done: set[str] = set()
    for place in list(bag):
        node = graph.nodes[place[0]]
        if node.kind in {NodeKind.AND, NodeKind.OR}:
            if node.id not in done:
                done.add(node.id)
                yield from _parallel(graph, bag, node)
        elif node.kind in ENDS:
            yield Counter() if node.kind is NodeKind.TERMINATE else _without(bag, [place])
        else:
            yield from _plain(graph, bag, place, node)


def _plain(graph: Graph, bag: Counter[Place], place: Place, node: Node) -> Iterator[Counter[Place]]:
    flows = graph.outgoing.get(node.id, ())
    if node.kind is NodeKind.XOR or any(flow.condition for flow in flows):
        for flow in flows:
            yield _moved(bag, [place], [flow])
    elif flows:
        yield _moved(bag, [place], flows)
    for boundary in graph.at.get(node.id, ()):
        out = graph.outgoing.get(boundary.id, ())
        if boundary.interrupting and out:
            yield _moved(bag, [place], out)


def _parallel(graph: Graph, bag: Counter[Place], node: Node) -> Iterator[Counter[Place]]:
    incoming = graph.incoming.get(node.id, ())
    here = [place for place in bag if place[0] == node.id]
    if len(incoming) > 1:
        arrived = {flow for _node, flow in here}
        if node.kind is NodeKind.AND and len(arrived) < len(incoming):
            return
        if node.kind is NodeKind.OR:
            empty = [flow for flow in incoming if flow.id not in arrived]
            others = {other for other, _flow in bag if other != node.id}
            if any(reaches(graph, other, empty, without=node.id) for other in others):
                return
    else:
        here = here[:1]
    for flows in _ways(graph, node):
        yield _moved(bag, here, flows)


def _ways(graph: Graph, node: Node) -> Iterator[tuple[Flow, ...]]:
    flows = graph.outgoing.get(node.id, ())
    if node.kind is NodeKind.AND or len(flows) < 2:
        if flows:
            yield flows
        return
    chosen = tuple(flow for flow in flows if not flow.default)[:MOST_WAYS]
    for size in range(1, len(chosen) + 1):
        yield from combinations(chosen, size)
    for flow in flows:
        if flow.default:
            yield (flow,)


def _without(bag: Counter[Place], places: list[Place]) -> Counter[Place]:
    new = Counter(bag)
    for place in places:
        new[place] -= 1
        if new[place] <= 0:
            del new[place]
    return new


def _moved(bag: Counter[Place], places: list[Place], flows: "tuple[Flow, ...] | list[Flow]") -> Counter[Place]:
    new = _without(bag, places)
    for flow in flows:
        new[flow.target, flow.id] += 1
    return new
