"""BPMN XML of a graph, for tests: what our reader and another engine can both read."""

from xml.sax.saxutils import escape, quoteattr

from anliegen.workflow.engine import Boundary, Graph, Node, NodeKind

TAGS = {
    NodeKind.START: "startEvent",
    NodeKind.END: "endEvent",
    NodeKind.TERMINATE: "endEvent",
    NodeKind.USER: "userTask",
    NodeKind.SEND: "sendTask",
    NodeKind.SERVICE: "serviceTask",
    NodeKind.RULE: "businessRuleTask",
    NodeKind.XOR: "exclusiveGateway",
    NodeKind.AND: "parallelGateway",
    NodeKind.OR: "inclusiveGateway",
    NodeKind.TIMER: "intermediateCatchEvent",
}
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:anl="https://anliegen.dev/bpmn/1" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'id="definitions" targetNamespace="https://anliegen.dev/test">\n'
)


def document(inside: str, attributes: str = 'id="model" name="Modell" anl:nameEn="Model"') -> bytes:
    """A file with one process."""
    return f'{HEAD}<process isExecutable="true" {attributes}>\n{inside}\n</process>\n</definitions>\n'.encode()


def written(graph: Graph, *, own: bool = True) -> bytes:
    """The graph as a file; `own` False leaves out what only we read."""
    lines = [_node(graph, node, own=own) for node in graph.nodes.values()]
    for flow in graph.flows.values():
        text = f'<conditionExpression xsi:type="tFormalExpression">{escape(flow.condition)}</conditionExpression>'
        lines.append(
            f'<sequenceFlow id="{flow.id}" sourceRef="{flow.source}" targetRef="{flow.target}">'
            f"{text if flow.condition else ''}</sequenceFlow>"
        )
    lines += [_edge(edge) for edge in graph.boundaries.values()]
    return document("\n".join(lines))


def _edge(edge: Boundary) -> str:
    return (
        f'<boundaryEvent id="{edge.id}" attachedToRef="{edge.node}" cancelActivity="{str(edge.interrupting).lower()}">'
        f"<timerEventDefinition><timeDuration>{edge.timer}</timeDuration></timerEventDefinition></boundaryEvent>"
    )


def _node(graph: Graph, node: Node, *, own: bool) -> str:
    default = next((flow.id for flow in graph.outgoing.get(node.id, ()) if flow.default), "")
    attributes = f' default="{default}"' if default else ""
    if own and node.kind is NodeKind.USER:
        values = {"kind": node.task_kind, "phase": node.phase, "who": node.who, "outcomes": " ".join(node.outcomes)}
        attributes += "".join(f" anl:{name}={quoteattr(value)}" for name, value in values.items())
    if own and node.outcome:
        attributes += f' anl:outcome="{node.outcome}"'
    inside = "".join(f"<incoming>{flow.id}</incoming>" for flow in graph.incoming.get(node.id, ()))
    inside += "".join(f"<outgoing>{flow.id}</outgoing>" for flow in graph.outgoing.get(node.id, ()))
    inside += "<terminateEventDefinition/>" if node.kind is NodeKind.TERMINATE else ""
    if node.kind is NodeKind.TIMER:
        inside += f"<timerEventDefinition><timeDuration>{node.timer}</timeDuration></timerEventDefinition>"
    tag = TAGS[node.kind]
    return f'<{tag} id="{node.id}" name="{node.id}"{attributes}>{inside}</{tag}>'
