"""Call activities: when a model is read, each called model is put in the place of its call."""

import re
from collections.abc import Mapping
from dataclasses import replace

from anliegen.workflow.engine.graph import Graph, Node, NodeKind
from anliegen.workflow.engine.problems import ModelRefused, Problem


def expand(graph: Graph, calls: Mapping[str, str], called: Mapping[str, Graph]) -> Graph:
    """The graph without calls. `calls` says which node calls which model. Raises ModelRefused for an unknown one."""
    unknown = [Problem(node, "unknown-call", {"called": key}) for node, key in calls.items() if key not in called]
    if unknown:
        raise ModelRefused(unknown)
    for node, key in calls.items():
        graph = _insert(graph, graph.nodes[node], called[key])
    return graph


def _insert(graph: Graph, call: Node, inner: Graph) -> Graph:
    """The called model's nodes, with the call's id before theirs; its start and good ends become plain passages."""
    kinds = {node.id: node.kind for node in inner.nodes.values()}
    ends = {n.id for n in inner.nodes.values() if n.kind is NodeKind.END and n.outcome in {"", "fulfilled"}}
    into, out = _named(call, "in"), _named(call, "out")
    nodes = {key: node for key, node in graph.nodes.items() if key != call.id}
    nodes |= {key: Node(key, NodeKind.XOR, call.name) for key in (into, out)}
    for node in inner.nodes.values():
        if node.kind is not NodeKind.START and node.id not in ends:
            nodes[_named(call, node.id)] = replace(
                node,
                id=_named(call, node.id),
                phase=node.phase or call.phase,
                lane=node.lane or call.lane,
                condition=_renamed(call, inner, node.condition),
            )
    flows = {
        flow.id: replace(
            flow,
            source=out if flow.source == call.id else flow.source,
            target=into if flow.target == call.id else flow.target,
        )
        for flow in graph.flows.values()
    }
    for flow in inner.flows.values():
        key = _named(call, flow.id)
        flows[key] = replace(
            flow,
            id=key,
            source=into if kinds.get(flow.source) is NodeKind.START else _named(call, flow.source),
            target=out if flow.target in ends else _named(call, flow.target),
            condition=_renamed(call, inner, flow.condition),
        )
    boundaries = dict(graph.boundaries)
    for boundary in inner.boundaries.values():
        key = _named(call, boundary.id)
        boundaries[key] = replace(boundary, id=key, node=_named(call, boundary.node))
    return replace(graph, nodes=nodes, flows=flows, boundaries=boundaries)


def _named(call: Node, key: str) -> str:
    return f"{call.id}__{key}"


def _renamed(call: Node, inner: Graph, condition: str) -> str:
    """The condition, reading the steps by their new ids."""

    def rename(hit: re.Match[str]) -> str:
        return f"steps.{_named(call, hit[1])}" if hit[1] in inner.nodes else hit[0]

    return re.sub(r"\bsteps\.(\w+)", rename, condition)
