"""Reading BPMN 2.0 XML: the documented subset becomes a graph, everything else is refused with element and line."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from lxml import etree

from anliegen.lib.text import LocalText
from anliegen.workflow.engine.graph import Boundary, FieldSpec, Flow, Graph, Node, NodeKind, Phase
from anliegen.workflow.engine.problems import ModelRefused, Problem

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
OWN = "https://anliegen.dev/bpmn/1"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
MOST_BYTES = 2_000_000
MOST_NODES = 1_000

KINDS = {
    "startEvent": NodeKind.START,
    "endEvent": NodeKind.END,
    "userTask": NodeKind.USER,
    "serviceTask": NodeKind.SERVICE,
    "sendTask": NodeKind.SEND,
    "businessRuleTask": NodeKind.RULE,
    "exclusiveGateway": NodeKind.XOR,
    "parallelGateway": NodeKind.AND,
    "inclusiveGateway": NodeKind.OR,
    "intermediateCatchEvent": NodeKind.TIMER,
}
KEPT = frozenset({"textAnnotation", "association", "group", "documentation", "extensionElements", "laneSet"})
OWN_LISTS = frozenset({"outcomes", "basis", "checklist"})
OWN_TEXTS = {
    "phase": "phase", "kind": "task_kind", "who": "who", "quorum": "quorum", "due": "due", "condition": "condition",
    "table": "table", "automation": "automation", "message": "message", "outcome": "outcome",
}  # fmt: skip
OWN_OTHER = frozenset({"nameEn", "commits", "hintDe", "hintEn", "gate", "reopenAt", "interrupting"})


def read(xml: bytes, called: Mapping[str, Graph] | None = None) -> Graph:
    """The graph of a model. Raises ModelRefused with every problem found.

    `called` holds the graphs of call activities by key; each is put in the place of its call.
    """
    root = _parse(xml)
    processes = root.findall(f"{{{BPMN}}}process")
    if len(processes) != 1:
        raise ModelRefused([Problem("definitions", "one-process", {"found": len(processes)}, line=1)])
    graph = _Reader(processes[0]).graph()
    return _expand(graph, called or {})


def _parse(xml: bytes) -> Any:
    if len(xml) > MOST_BYTES:
        raise ModelRefused([Problem("definitions", "too-large", {"most": MOST_BYTES}, line=1)])
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        raise ModelRefused([Problem("definitions", "not-xml", {"why": str(error.msg)}, line=line)]) from error
    if root.getroottree().docinfo.doctype:
        raise ModelRefused([Problem("definitions", "doctype", line=1)])
    if root.tag != f"{{{BPMN}}}definitions":
        raise ModelRefused([Problem("definitions", "not-bpmn", {"found": str(root.tag)}, line=root.sourceline or 0)])
    return root


class _Reader:
    """One process element at work; collects problems instead of stopping at the first."""

    def __init__(self, process: Any) -> None:
        self.process = process
        self.problems: list[Problem] = []
        self.nodes: dict[str, Node] = {}
        self.flows: dict[str, Flow] = {}
        self.boundaries: dict[str, Boundary] = {}
        self.defaults: set[str] = set()

    def graph(self) -> Graph:
        for element in self.process:
            if isinstance(element.tag, str):
                self._element(element)
        self._lanes()
        self._ends()
        if len(self.nodes) > MOST_NODES:
            self._problem(self.process, "too-many-nodes", most=MOST_NODES)
        if self.problems:
            raise ModelRefused(self.problems)
        own = self._own(self.process)
        return Graph(
            key=self.process.get("id", ""),
            name=_name(self.process),
            nodes=self.nodes,
            flows={key: replace(flow, default=key in self.defaults) for key, flow in self.flows.items()},
            boundaries=self.boundaries,
            phases=self._phases(),
            gate=own.get("gate", ""),
            reopen_at=own.get("reopenAt", ""),
        )

    def _element(self, element: Any) -> None:
        name = etree.QName(element).localname
        if etree.QName(element).namespace != BPMN:
            self._problem(element, "unknown-element", name=name)
        elif name == "sequenceFlow":
            self._flow(element)
        elif name == "boundaryEvent":
            self._boundary(element)
        elif name == "callActivity":
            self._node(element, NodeKind.SERVICE, called=element.get("calledElement", ""))
        elif name in KINDS:
            self._node(element, KINDS[name])
        elif name not in KEPT:
            self._problem(element, "not-supported", name=name)

    def _node(self, element: Any, kind: NodeKind, called: str = "") -> None:
        key = element.get("id", "")
        if not key or key in self.nodes:
            self._problem(element, "double-id" if key else "no-id", id=key)
            return
        own = self._own(element)
        values: dict[str, Any] = {field: own[name] for name, field in OWN_TEXTS.items() if name in own}
        values |= {name: tuple(own[name].replace(",", " ").split()) for name in OWN_LISTS if name in own}
        values["commits"] = own.get("commits") == "true"
        values["hint"] = LocalText(own.get("hintDe", ""), own.get("hintEn", ""))
        values["form"] = self._fields(element, "field")
        values["outputs"] = self._fields(element, "output")
        if kind is NodeKind.TIMER:
            values["timer"] = self._timer(element)
        if kind is NodeKind.USER and "who" not in values:
            values["who"] = _camunda(element)
        if called:
            values["automation"] = f"call:{called}"
        if element.find(f"{{{BPMN}}}terminateEventDefinition") is not None:
            kind = NodeKind.TERMINATE
        self._contents(element, kind)
        if default := element.get("default"):
            self.defaults.add(default)
        self.nodes[key] = Node(id=key, kind=kind, name=_name(element), **self._multi(element), **values)

    def _contents(self, element: Any, kind: NodeKind) -> None:
        allowed = {"incoming", "outgoing", "documentation", "extensionElements", "multiInstanceLoopCharacteristics"}
        allowed |= {"timerEventDefinition"} if kind is NodeKind.TIMER else set()
        allowed |= {"terminateEventDefinition"} if kind is NodeKind.TERMINATE else set()
        for child in element:
            if isinstance(child.tag, str) and etree.QName(child).localname not in allowed:
                self._problem(element, "not-supported", name=etree.QName(child).localname)

    def _multi(self, element: Any) -> dict[str, str]:
        loop = element.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics")
        if loop is None:
            return {}
        return {"multi": "sequential" if loop.get("isSequential") == "true" else "parallel"}

    def _flow(self, element: Any) -> None:
        key, source, target = (element.get(name, "") for name in ("id", "sourceRef", "targetRef"))
        condition = element.findtext(f"{{{BPMN}}}conditionExpression", "").strip()
        if condition.startswith("${") and condition.endswith("}"):
            condition = condition[2:-1].strip()
        self.flows[key] = Flow(key, source, target, condition)

    def _boundary(self, element: Any) -> None:
        key = element.get("id", "")
        if element.find(f"{{{BPMN}}}timerEventDefinition") is None:
            self._problem(element, "not-supported", name="boundaryEvent")
            return
        interrupting = element.get("cancelActivity", "true") != "false"
        self.boundaries[key] = Boundary(key, element.get("attachedToRef", ""), self._timer(element), interrupting, _name(element))

    def _timer(self, element: Any) -> str:
        definition = element.find(f"{{{BPMN}}}timerEventDefinition")
        if definition is None:
            self._problem(element, "not-supported", name=etree.QName(element).localname)
            return ""
        for name in ("timeDuration", "timeCycle", "timeDate"):
            text = definition.findtext(f"{{{BPMN}}}{name}", "").strip()
            if text:
                return text
        self._problem(element, "no-duration")
        return ""

    def _fields(self, element: Any, name: str) -> tuple[FieldSpec, ...]:
        return tuple(
            FieldSpec(
                name=item.get("name", ""),
                type=item.get("type", "string"),
                label=LocalText(item.get("de", ""), item.get("en", "")),
                required=item.get("required") == "true",
            )
            for item in element.iterfind(f"{{{BPMN}}}extensionElements/{{{OWN}}}{name}")
        )

    def _phases(self) -> tuple[Phase, ...]:
        found = self.process.iterfind(f"{{{BPMN}}}extensionElements/{{{OWN}}}phase")
        return tuple(Phase(i.get("key", ""), LocalText(i.get("de", ""), i.get("en", ""))) for i in found)

    def _lanes(self) -> None:
        for lane in self.process.iter(f"{{{BPMN}}}lane"):
            for reference in lane.iterfind(f"{{{BPMN}}}flowNodeRef"):
                key = (reference.text or "").strip()
                if key in self.nodes:
                    self.nodes[key] = replace(self.nodes[key], lane=lane.get("name", ""))

    def _ends(self) -> None:
        """Flows and boundaries must hang on something that is there."""
        for flow in self.flows.values():
            for end in (flow.source, flow.target):
                if end not in self.nodes and not (end == flow.source and end in self.boundaries):
                    self.problems.append(Problem(flow.id, "loose-arrow", {"end": end}))
        for boundary in self.boundaries.values():
            if boundary.node not in self.nodes:
                self.problems.append(Problem(boundary.id, "loose-arrow", {"end": boundary.node}))

    def _own(self, element: Any) -> dict[str, str]:
        found = {}
        for name, value in element.attrib.items():
            qualified = etree.QName(name)
            if qualified.namespace != OWN:
                continue
            if qualified.localname not in OWN_TEXTS and qualified.localname not in OWN_LISTS | OWN_OTHER:
                self._problem(element, "unknown-attribute", name=qualified.localname)
            found[qualified.localname] = value
        return found

    def _problem(self, element: Any, code: str, **params: Any) -> None:
        self.problems.append(Problem(element.get("id", ""), code, params, line=element.sourceline or 0))


def _name(element: Any) -> LocalText:
    german = element.get("name", "")
    return LocalText(german, element.get(f"{{{OWN}}}nameEn", ""))


def _camunda(element: Any) -> str:
    groups = [part.strip() for part in element.get(f"{{{CAMUNDA}}}candidateGroups", "").split(",") if part.strip()]
    if groups:
        return ", ".join(f"team:{group}" for group in groups)
    person = element.get(f"{{{CAMUNDA}}}assignee", "").strip()
    return f"person:{person}" if person else ""


def _expand(graph: Graph, called: Mapping[str, Graph]) -> Graph:
    """Put the called graphs in place of their calls; their nodes get the call's id as prefix."""
    calls = [node for node in graph.nodes.values() if node.automation.startswith("call:")]
    for call in calls:
        inner = called.get(call.automation.removeprefix("call:"))
        if inner is None:
            raise ModelRefused([Problem(call.id, "unknown-call", {"called": call.automation.removeprefix("call:")})])
        graph = _insert(graph, call, inner)
    return graph


def _insert(graph: Graph, call: Node, inner: Graph) -> Graph:
    name: Callable[[str], str] = lambda key: f"{call.id}.{key}"  # noqa: E731 - used six times below
    nodes = {key: node for key, node in graph.nodes.items() if key != call.id}
    nodes[name("in")] = Node(name("in"), NodeKind.XOR, call.name)
    nodes[name("out")] = Node(name("out"), NodeKind.XOR, call.name)
    flows = {}
    for flow in graph.flows.values():
        source = name("out") if flow.source == call.id else flow.source
        flows[flow.id] = replace(flow, source=source, target=name("in") if flow.target == call.id else flow.target)
    for node in inner.nodes.values():
        if node.kind not in {NodeKind.START, NodeKind.END}:
            nodes[name(node.id)] = replace(node, id=name(node.id), phase=node.phase or call.phase)
    kinds = {node.id: node.kind for node in inner.nodes.values()}
    for flow in inner.flows.values():
        source = name("in") if kinds.get(flow.source) is NodeKind.START else name(flow.source)
        target = name("out") if kinds.get(flow.target) is NodeKind.END else name(flow.target)
        flows[name(flow.id)] = replace(flow, id=name(flow.id), source=source, target=target)
    boundaries = {
        **graph.boundaries,
        **{name(k): replace(b, id=name(k), node=name(b.node)) for k, b in inner.boundaries.items()},
    }
    return replace(graph, nodes=nodes, flows=flows, boundaries=boundaries)
