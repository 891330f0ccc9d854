"""Whether nodes and arrows form a whole: starts, ends, defaults, ways that lead nowhere."""

from collections.abc import Iterator

from anliegen.workflow.engine.graph import ENDS, GATEWAYS, STEPS, Graph, Node, NodeKind
from anliegen.workflow.engine.problems import Problem

PHASES = range(3, 8)
# Where a token never stays and nothing changes what gateways read.
AT_ONCE = GATEWAYS | {NodeKind.SEND}


def shape(graph: Graph) -> Iterator[Problem]:
    """What is wrong with the drawing itself."""
    yield from _whole(graph)
    for node in graph.nodes.values():
        yield from _at(graph, node)
    for boundary in graph.boundaries.values():
        if not graph.outgoing.get(boundary.id):
            yield Problem(boundary.id, "dead-end", {"node": graph.title(boundary.id)})
        if graph.nodes[boundary.node].kind not in STEPS:
            yield Problem(boundary.id, "timer-at", {"node": graph.title(boundary.node)})
    for flow in graph.flows.values():
        choosing = flow.source in graph.nodes and graph.nodes[flow.source].kind in {NodeKind.XOR, NodeKind.OR}
        if flow.condition and not choosing:
            yield Problem(flow.id, "condition-at", {"node": graph.title(flow.source)})
    yield from _ways(graph)
    yield from _inclusive_loops(graph)


def _whole(graph: Graph) -> Iterator[Problem]:
    kinds = [node.kind for node in graph.nodes.values()]
    if kinds.count(NodeKind.START) != 1:
        yield Problem(graph.key, "one-start", {"found": kinds.count(NodeKind.START)})
    if not ENDS.intersection(kinds):
        yield Problem(graph.key, "no-end")
    if len(graph.phases) not in PHASES:
        yield Problem(graph.key, "phases", {"found": len(graph.phases)})
    keys = [phase.key for phase in graph.phases]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield Problem(graph.key, "double-id", {"id": key})
    for name, words in (("gate", graph.gate), ("reopenAt", graph.reopen_at)):
        if words and words not in graph.nodes:
            yield Problem(graph.key, "unknown-node", {"name": name, "node": words})


def _at(graph: Graph, node: Node) -> Iterator[Problem]:
    flows = graph.outgoing.get(node.id, ())
    told = {"node": node.title}
    if node.kind in ENDS and flows:
        yield Problem(node.id, "after-end", told)
    if node.kind is NodeKind.START and graph.incoming.get(node.id):
        yield Problem(node.id, "before-start", told)
    if node.kind not in ENDS and not flows:
        yield Problem(node.id, "dead-end", told)
    if node.kind in STEPS | {NodeKind.START} and len(flows) > 1:
        yield Problem(node.id, "many-arrows", told)
    if node.kind in {NodeKind.XOR, NodeKind.OR} and len(flows) > 1:
        yield from _choice(graph, node)


def _choice(graph: Graph, node: Node) -> Iterator[Problem]:
    flows = graph.outgoing[node.id]
    if not any(flow.default for flow in flows):
        yield Problem(node.id, "no-default", {"node": node.title})
    for flow in flows:
        if not flow.default and not flow.condition:
            yield Problem(flow.id, "no-condition", {"node": node.title, "target": graph.title(flow.target)})
        if flow.default and flow.condition:
            yield Problem(flow.id, "default-condition", {"node": node.title, "target": graph.title(flow.target)})


def _ways(graph: Graph) -> Iterator[Problem]:
    """Nodes that are never reached, that never reach an end, and rings in which nothing ever waits."""
    starts = [node.id for node in graph.nodes.values() if node.kind is NodeKind.START]
    again = [graph.reopen_at] if graph.reopen_at in graph.nodes else []
    reached = {*starts, *again, *(flow.target for flow in graph.flows_from(*starts, *again))}
    for node in graph.nodes.values():
        if starts and node.id not in reached:
            yield Problem(node.id, "unreachable", {"node": node.title})
        if node.kind in AT_ONCE and node.id in _at_once_after(graph, node.id):
            yield Problem(node.id, "ring", {"node": node.title})
            return


def _at_once_after(graph: Graph, node_id: str) -> set[str]:
    """The nodes that a token comes to from here without waiting anywhere."""
    seen: set[str] = set()
    heads = [node_id]
    while heads:
        for flow in graph.outgoing.get(heads.pop(), ()):
            if flow.target not in seen and graph.nodes[flow.target].kind in AT_ONCE:
                seen.add(flow.target)
                heads.append(flow.target)
    return seen


def _inclusive_loops(graph: Graph) -> Iterator[Problem]:
    """Two inclusive joins in one loop wait for each other, so what they mean is not defined."""
    if len(graph.or_joins) < 2:
        return
    after = {join: {flow.target for flow in graph.flows_from(join)} for join in graph.or_joins}
    for join in graph.or_joins:
        if any(other != join and other in after[join] and join in after[other] for other in graph.or_joins):
            yield Problem(join, "or-loop", {"node": graph.title(join)})
