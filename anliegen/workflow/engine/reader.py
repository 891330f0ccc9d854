"""Reading BPMN 2.0 XML: the documented subset becomes a graph, everything else is refused with element and line."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lxml import etree

from anliegen.lib.text import LocalText
from anliegen.workflow.engine.calls import expand
from anliegen.workflow.engine.graph import (
    OUTCOMES,
    STEPS,
    Boundary,
    Choice,
    FieldSpec,
    Flow,
    Graph,
    Node,
    NodeKind,
    Phase,
    TaskKind,
)
from anliegen.workflow.engine.problems import ModelRefused, Problem

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
OWN = "https://anliegen.dev/bpmn/1"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
# Colours and the marks of editors say nothing about how a model runs.
IGNORED = frozenset(
    {
        "http://bpmn.io/schema/bpmn/biocolor/1.0",
        "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
        "http://camunda.org/schema/modeler/1.0",
        "http://www.w3.org/2001/XMLSchema-instance",
    }
)
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
TEXTS = {"incoming", "outgoing", "documentation", "extensionElements"}
# What BPMN says about an element, with the only value that is supported ("" for any).
PLAIN = {
    "id": "",
    "name": "",
    "sourceRef": "",
    "targetRef": "",
    "default": "",
    "attachedToRef": "",
    "cancelActivity": "",
    "calledElement": "",
    "gatewayDirection": "",
    "isExecutable": "",
    "isClosed": "",
    "processType": "",
    "implementation": "",
    "isForCompensation": "false",
    "startQuantity": "1",
    "completionQuantity": "1",
    "parallelMultiple": "false",
}
STEP = frozenset({"nameEn", "phase", "condition", "due", "basis", "hintDe", "hintEn"})
OWN_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "process": frozenset({"nameEn", "gate", "reopenAt", "coordinator"}),
    "userTask": STEP
    | {"kind", "who", "quorum", "outcomes", "commits", "checklist", "automation", "receipt", "justification"},
    "serviceTask": STEP | {"automation", "outcomes"},
    "sendTask": STEP | {"message"},
    "businessRuleTask": STEP | {"table", "outcomes"},
    "intermediateCatchEvent": STEP,
    "endEvent": frozenset({"nameEn", "outcome"}),
    "callActivity": frozenset({"nameEn", "phase"}),
}
PLAIN_TEXTS = (
    "phase",
    "who",
    "quorum",
    "due",
    "condition",
    "table",
    "automation",
    "message",
    "outcome",
    "justification",
)
LISTS = ("outcomes", "basis", "checklist")
TIMES = ("timeDuration", "timeCycle", "timeDate")


def read(xml: bytes, called: Mapping[str, Graph] | None = None) -> Graph:
    """The graph of a model. Raises ModelRefused with every problem found.

    `called` holds the graphs of call activities by key; each is put in the place of its call.
    """
    root = _parse(xml)
    reader = _Reader()
    graph, calls = reader.model(root)
    if reader.problems:
        raise ModelRefused(reader.problems)
    return expand(graph, calls, called or {})


def _parse(xml: bytes) -> Any:
    if len(xml) > MOST_BYTES:
        raise ModelRefused([Problem("definitions", "too-large", {"most": MOST_BYTES}, line=1)])
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root: Any = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        raise ModelRefused([Problem("definitions", "not-xml", {"why": str(error.msg)}, line=line)]) from error
    if root.getroottree().docinfo.doctype:
        raise ModelRefused([Problem("definitions", "doctype", line=1)])
    if root.tag != f"{{{BPMN}}}definitions":
        raise ModelRefused([Problem("definitions", "not-bpmn", {"found": str(root.tag)}, line=root.sourceline or 0)])
    return root


class _Reader:
    """One document at work; collects problems instead of stopping at the first."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.nodes: dict[str, Node] = {}
        self.flows: dict[str, Flow] = {}
        self.boundaries: dict[str, Boundary] = {}
        self.calls: dict[str, str] = {}
        self.ids: set[str] = set()
        self.defaults: dict[str, Any] = {}

    def model(self, root: Any) -> tuple[Graph, Mapping[str, str]]:
        """The graph, and which nodes of it are calls of which other model."""
        processes = root.findall(f"{{{BPMN}}}process")
        if len(processes) != 1:
            self._problem(root, "one-process", found=len(processes))
        for element in _elements(root):
            if _tag(element) == "collaboration":
                self._pool(element)
            elif _tag(element) != "process" and etree.QName(element).namespace != DIAGRAM:
                self._problem(element, "not-supported", name=_tag(element))
        if not processes:
            return Graph("", {}, {}), {}
        return self._process(processes[0]), self.calls

    def _pool(self, element: Any) -> None:
        """One pool is the process itself; what stands between pools has no meaning here."""
        pools = 0
        for child in _elements(element):
            pools += _tag(child) == "participant"
            if _tag(child) not in KEPT | {"participant"} or pools > 1:
                self._problem(child, "not-supported", name=_tag(child))

    def _process(self, process: Any) -> Graph:
        own = self._attributes(process)
        for element in _elements(process):
            self._element(element)
        self._lanes(process)
        self._ends()
        if len(self.nodes) > MOST_NODES:
            self._problem(process, "too-many-nodes", most=MOST_NODES)
        return Graph(
            key=process.get("id", ""),
            name=_name(process),
            nodes=self.nodes,
            flows={key: replace(flow, default=key in self.defaults) for key, flow in self.flows.items()},
            boundaries=self.boundaries,
            phases=_phases(process),
            gate=own.get("gate", ""),
            reopen_at=own.get("reopenAt", ""),
            coordinator=own.get("coordinator", "").removeprefix("team:"),
        )

    def _element(self, element: Any) -> None:
        name = _tag(element)
        if etree.QName(element).namespace != BPMN:
            self._problem(element, "not-supported", name=name)
        elif name in KEPT:
            self._extensions(element, {"phase"})
        elif name not in {*KINDS, "sequenceFlow", "boundaryEvent", "callActivity"}:
            self._problem(element, "not-supported", name=name)
        elif self._is_new(element):
            self._known(element, name)

    def _known(self, element: Any, name: str) -> None:
        own = self._attributes(element)
        if name == "sequenceFlow":
            self._flow(element)
        elif name == "boundaryEvent":
            self._boundary(element)
        elif name == "callActivity":
            self.calls[element.get("id")] = element.get("calledElement", "")
            self._contents(element, TEXTS)
            self.nodes[element.get("id")] = Node(
                element.get("id"), NodeKind.SERVICE, _name(element), phase=own.get("phase", "")
            )
        else:
            self._node(element, KINDS[name], own)

    def _is_new(self, element: Any) -> bool:
        key = element.get("id", "")
        if not key or key in self.ids:
            self._problem(element, "double-id" if key else "no-id", id=key, name=_tag(element))
            return False
        self.ids.add(key)
        return True

    # Nodes

    def _node(self, element: Any, kind: NodeKind, own: Mapping[str, str]) -> None:
        self._contents(element, self._allowed(kind))
        if element.find(f"{{{BPMN}}}terminateEventDefinition") is not None:
            kind = NodeKind.TERMINATE
        if default := element.get("default", ""):
            self.defaults[default] = element
        node = Node(
            id=element.get("id"),
            kind=kind,
            name=_name(element),
            hint=LocalText(own.get("hintDe", ""), own.get("hintEn", "")),
            form=self._specs(element, "field"),
            outputs=self._specs(element, "output"),
            multi=self._multi(element),
            commits=self._yes(element, own, "commits"),
            receipt=self._yes(element, own, "receipt"),
            timer=self._timer(element) if kind is NodeKind.TIMER else "",
        )
        values: dict[str, Any] = {name: own[name].strip() for name in PLAIN_TEXTS if name in own}
        values |= {name: tuple(own[name].replace(",", " ").split()) for name in LISTS if name in own}
        node = replace(node, **values)
        self.nodes[node.id] = self._of_people(element, node, own) if kind is NodeKind.USER else node

    def _of_people(self, element: Any, node: Node, own: Mapping[str, str]) -> Node:
        task_kind = own.get("kind", str(TaskKind.WORK)).strip()
        outcomes = node.outcomes or OUTCOMES.get(task_kind, ())
        return replace(node, task_kind=task_kind, outcomes=outcomes, who=node.who or _camunda(element))

    @staticmethod
    def _allowed(kind: NodeKind) -> set[str]:
        more = {
            NodeKind.USER: {"multiInstanceLoopCharacteristics"},
            NodeKind.TIMER: {"timerEventDefinition"},
            NodeKind.END: {"terminateEventDefinition"},
        }
        return TEXTS | more.get(kind, set())

    def _contents(self, element: Any, allowed: set[str]) -> None:
        for child in _elements(element):
            if _tag(child) not in allowed or etree.QName(child).namespace != BPMN:
                self._problem(child, "not-supported", name=_tag(child))
        steps = {name for name, kind in KINDS.items() if kind in STEPS}
        self._extensions(element, {"field", "output"} if _tag(element) in steps else set())

    def _extensions(self, element: Any, allowed: set[str]) -> None:
        inside = element if _tag(element) == "extensionElements" else element.find(f"{{{BPMN}}}extensionElements")
        for child in _elements(inside) if inside is not None else ():
            if etree.QName(child).namespace != OWN or _tag(child) not in allowed:
                self._problem(child, "not-supported", name=_tag(child))

    def _multi(self, element: Any) -> str:
        loop = element.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics")
        if loop is None:
            return ""
        self._contents(loop, set())
        return "sequential" if loop.get("isSequential") == "true" else "parallel"

    def _yes(self, element: Any, own: Mapping[str, str], name: str) -> bool:
        value = own.get(name, "false")
        if value not in {"true", "false"}:
            self._problem(element, "bad-value", name=name, value=value)
        return value == "true"

    def _boundary(self, element: Any) -> None:
        key, node = element.get("id"), element.get("attachedToRef", "")
        self._contents(element, TEXTS | {"timerEventDefinition"})
        if node in self.calls:
            self._problem(element, "not-supported", name="boundaryEvent")
        interrupting = element.get("cancelActivity", "true") != "false"
        self.boundaries[key] = Boundary(key, node, self._timer(element), interrupting, _name(element))

    def _timer(self, element: Any) -> str:
        found = [
            child.text.strip()
            for child in element.iterfind(f"{{{BPMN}}}timerEventDefinition/*")
            if isinstance(child.tag, str) and _tag(child) in TIMES and (child.text or "").strip()
        ]
        if len(found) != 1:
            self._problem(element, "no-duration", name=element.get("name") or element.get("id"))
            return ""
        return str(found[0])

    def _flow(self, element: Any) -> None:
        self._contents(element, TEXTS | {"conditionExpression"})
        key, source, target = (element.get(name, "") for name in ("id", "sourceRef", "targetRef"))
        inside = element.find(f"{{{BPMN}}}conditionExpression")
        condition = ""
        if inside is not None:
            language = inside.get("language", "")
            if language and not language.lower().endswith("cel"):
                self._problem(element, "not-an-expression", name=language)
            condition = (inside.text or "").strip()
        if condition.startswith("${") and condition.endswith("}"):
            condition = condition[2:-1].strip()
        self.flows[key] = Flow(key, source, target, condition)

    # Own elements

    def _specs(self, element: Any, name: str) -> tuple[FieldSpec, ...]:
        return tuple(
            FieldSpec(
                name=item.get("name", ""),
                type=item.get("type", "string"),
                label=_label(item),
                required=self._yes(item, item.attrib, "required"),
                options=tuple(
                    Choice(option.get("value", ""), _label(option)) for option in item.iterfind(f"{{{OWN}}}option")
                ),
                outcomes=tuple(item.get("for", "").replace(",", " ").split()),
                rule=item.get("rule", ""),
            )
            for item in element.iterfind(f"{{{BPMN}}}extensionElements/{{{OWN}}}{name}")
        )

    def _lanes(self, process: Any) -> None:
        """The lane of each node; a lane may say who does the steps in it."""
        for lane in process.iter(f"{{{BPMN}}}lane"):
            who = lane.get(f"{{{OWN}}}who", "").strip()
            for reference in lane.iterfind(f"{{{BPMN}}}flowNodeRef"):
                node = self.nodes.get((reference.text or "").strip())
                if node is not None:
                    does = who if node.kind is NodeKind.USER and not node.who else node.who
                    self.nodes[node.id] = replace(node, lane=lane.get("name", ""), who=does)

    def _ends(self) -> None:
        """Flows, defaults and boundaries must hang on something that is there."""
        for flow in self.flows.values():
            for end in (flow.source, flow.target):
                if end not in self.nodes and not (end == flow.source and end in self.boundaries):
                    self.problems.append(Problem(flow.id, "loose-arrow", {"end": end}))
        for boundary in self.boundaries.values():
            if boundary.node not in self.nodes:
                self.problems.append(Problem(boundary.id, "loose-arrow", {"end": boundary.node}))
        for key, element in self.defaults.items():
            if key not in self.flows or self.flows[key].source != element.get("id"):
                self._problem(element, "loose-arrow", end=key)

    # Attributes and problems

    def _attributes(self, element: Any) -> Mapping[str, str]:
        """The own attributes of an element; others are checked, since what is not read must not be there."""
        own: dict[str, str] = {}
        allowed = OWN_ATTRIBUTES.get(_tag(element), frozenset({"nameEn"}))
        for key, value in element.attrib.items():
            name: str = etree.QName(key).localname
            space: Any = etree.QName(key).namespace
            if space == OWN and name in allowed:
                own[name] = value
            elif space is None and name in PLAIN:
                if PLAIN[name] and value != PLAIN[name]:
                    self._problem(element, "bad-value", name=name, value=value)
            elif space not in IGNORED and not (space == CAMUNDA and name in {"assignee", "candidateGroups"}):
                self._problem(element, "unknown-attribute", name=name)
        return own

    def _problem(self, element: Any, code: str, **params: Any) -> None:
        """Remember what is wrong, at the nearest element that has an id."""
        named = element
        while named.get("id") is None and named.getparent() is not None:
            named = named.getparent()
        self.problems.append(Problem(named.get("id") or _tag(element), code, params, line=element.sourceline or 0))


def _elements(parent: Any) -> list[Any]:
    """The children without comments."""
    return [child for child in parent if isinstance(child.tag, str)]


def _tag(element: Any) -> str:
    return str(etree.QName(element).localname)


def _name(element: Any) -> LocalText:
    return LocalText(element.get("name", "").strip(), element.get(f"{{{OWN}}}nameEn", "").strip())


def _label(element: Any) -> LocalText:
    return LocalText(element.get("de", ""), element.get("en", ""))


def _camunda(element: Any) -> str:
    """Who does it, of a model that was drawn with another tool."""
    groups = [part.strip() for part in element.get(f"{{{CAMUNDA}}}candidateGroups", "").split(",") if part.strip()]
    if groups:
        return ", ".join(f"team:{group}" for group in groups)
    person = element.get(f"{{{CAMUNDA}}}assignee", "").strip()
    return f"person:{person}" if person else ""


def _phases(process: Any) -> tuple[Phase, ...]:
    found = process.iterfind(f"{{{BPMN}}}extensionElements/{{{OWN}}}phase")
    return tuple(Phase(item.get("key", ""), _label(item)) for item in found)
