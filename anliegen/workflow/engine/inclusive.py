"""When an inclusive join has waited long enough: nothing that is elsewhere can still come to it.

Whatever may still come is waited for, also where BPMN would not insist: a branch is never left behind. A token at a
parallel join counts only if the tokens it waits for can come without this join going on, so that in a loop the two do
not wait for each other.
"""

from collections.abc import Iterable

from anliegen.workflow.engine.graph import Graph, NodeKind


def is_awaited(graph: Graph, join: str, arrived: Iterable[str], places: Iterable[tuple[str, str]]) -> bool:
    """Whether a token elsewhere may still come to an empty flow of the join.

    `arrived` are the flows on which a token waits; `places` are the node and flow of all tokens, also of those.
    """
    empty = {flow.id for flow in graph.incoming[join]}.difference(arrived)
    if not empty:
        return False
    ways = graph.reach[join]
    reached: set[str] = set()
    standing: dict[str, set[str]] = {}
    for node, flow in places:
        if node == join:
            continue
        if flow and node in graph.joins and graph.nodes[node].kind is NodeKind.AND:
            standing.setdefault(node, set()).add(flow)
        else:
            reached |= ways[node]
    while moved := [node for node, flows in standing.items() if _may_go(graph, node, flows | reached)]:
        for node in moved:
            reached |= ways[node]
            del standing[node]
    return not reached.isdisjoint(empty)


def _may_go(graph: Graph, node: str, flows: set[str]) -> bool:
    return all(flow.id in flows for flow in graph.incoming[node])
