"""The graph of a request model: what the reader makes of BPMN, and what runs. Immutable; stored as JSON, format 1."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Self

from anliegen.lib import cel
from anliegen.lib.text import LocalText

FORMAT = 1


class NodeKind(StrEnum):
    """What happens at a node. The BPMN elements are in docs/dev/bpmn-subset.md."""

    START = "start"
    END = "end"
    TERMINATE = "terminate"
    USER = "user"
    SERVICE = "service"
    SEND = "send"
    RULE = "rule"
    XOR = "xor"
    AND = "and"
    OR = "or"
    TIMER = "timer"


STEPS = frozenset({NodeKind.USER, NodeKind.SERVICE, NodeKind.SEND, NodeKind.RULE, NodeKind.TIMER})
GATEWAYS = frozenset({NodeKind.XOR, NodeKind.AND, NodeKind.OR})
ENDS = frozenset({NodeKind.END, NodeKind.TERMINATE})


class TaskKind(StrEnum):
    """What a person is asked to do."""

    CHECK = "check"
    APPROVAL = "approval"
    WORK = "work"
    IDENTITY = "identity"
    PLAN = "plan"
    QUALITY = "quality"
    ACCEPTANCE = "acceptance"
    ANSWER = "answer"


# The results of a step of people unless the model declares others; the first one goes forward.
OUTCOMES: Mapping[str, tuple[str, ...]] = {
    TaskKind.CHECK: ("complete", "incomplete"),
    TaskKind.APPROVAL: ("yes", "no"),
    TaskKind.WORK: ("done",),
    TaskKind.IDENTITY: ("yes", "no"),
    TaskKind.PLAN: ("done",),
    TaskKind.QUALITY: ("yes", "no"),
    TaskKind.ACCEPTANCE: ("yes", "no"),
    TaskKind.ANSWER: ("done",),
}
END_OUTCOMES = ("fulfilled", "rejected", "cancelled", "handed-over")

# What expressions read besides the outputs of steps; no output may take such a name.
ROOTS = frozenset({"answers", "request", "requester", "recipient", "stock", "steps", "options"})

FIELD_TYPES: Mapping[str, cel.Type] = {
    "string": cel.STRING,
    "text": cel.STRING,
    "paragraph": cel.STRING,
    "choice": cel.STRING,
    "person": cel.STRING,
    "place": cel.STRING,
    "program": cel.STRING,
    "team": cel.STRING,
    "file": cel.STRING,
    "date": cel.STRING,
    "int": cel.INT,
    "number": cel.INT,
    "cents": cel.INT,
    "amount": cel.INT,
    "bool": cel.BOOL,
    "yesno": cel.BOOL,
    "check": cel.BOOL,
}


FIELD_RULES = ("not-past", "still-to-come", "one-each", "not-dearer")


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the way that people see as progress."""

    key: str
    name: LocalText


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a field may have."""

    value: str
    label: LocalText = field(default_factory=LocalText)


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """Something that a step asks for or gives, by name; `type` is one of FIELD_TYPES.

    With `outcomes` it is asked for only by those results, and then also where they do not go forward. `rule` is one of
    FIELD_RULES, and says what its value must keep.
    """

    name: str
    type: str = "string"
    label: LocalText = field(default_factory=LocalText)
    required: bool = False
    options: tuple[Choice, ...] = ()
    outcomes: tuple[str, ...] = ()
    rule: str = ""

    def asked_by(self, outcome: str) -> bool:
        """Whether this result asks for it."""
        return not self.outcomes or outcome in self.outcomes

    @property
    def cel_type(self) -> cel.Type:
        """The type that expressions see."""
        if self.type == "choice" and self.options:
            return cel.Enum(*(option.value for option in self.options))
        return FIELD_TYPES.get(self.type, cel.DYN)


@dataclass(frozen=True)
class Node:
    """One element that a token can be at; which fields mean something depends on `kind`."""

    id: str
    kind: NodeKind
    name: LocalText = field(default_factory=LocalText)
    lane: str = ""
    phase: str = ""
    task_kind: str = ""
    who: str = ""
    multi: str = ""
    quorum: str = ""  # all, one, majority or a number; "": all of several instances, else one
    outcomes: tuple[str, ...] = ()
    form: tuple[FieldSpec, ...] = ()
    outputs: tuple[FieldSpec, ...] = ()
    commits: bool = False
    basis: tuple[str, ...] = ()
    due: str = ""
    condition: str = ""
    table: str = ""
    automation: str = ""
    message: str = ""
    timer: str = ""
    outcome: str = ""
    checklist: tuple[str, ...] = ()  # keys to tick, or "table:<key>"
    receipt: bool = False  # what is handed over here is confirmed on a receipt
    hint: LocalText = field(default_factory=LocalText)
    justification: str = ""  # of an approval: how many characters an own reason for a yes must have at least (R130)

    @property
    def own_words(self) -> int:
        """How long the approver's own written justification must be at least; 0 where none is asked for."""
        return int(self.justification) if self.justification.isdecimal() else 0

    @property
    def waits(self) -> bool:
        """Whether a token may have to wait here for something outside."""
        return self.kind in STEPS

    @property
    def positive(self) -> str:
        """The outcome that goes forward: the first one; "" where a step has no outcome."""
        return self.outcomes[0] if self.outcomes else ""

    @property
    def title(self) -> str:
        """What to call the node in a message: its name, else its id."""
        return self.name.de or self.id

    def shown(self, names: Iterable[str]) -> Iterator[str]:
        """Those of a step's outputs that are read by their bare name: what it declares, or all it gives.

        People give what their form declares. Tables and automations give everything, unless the step declares less.
        """
        declared = {spec.name for spec in (*self.form, *self.outputs)}
        everything = self.kind is not NodeKind.USER and not declared
        for name in names:
            if name != "outcome" and name not in ROOTS and (everything or name in declared):
                yield name


@dataclass(frozen=True, slots=True)
class Flow:
    """An arrow. `source` is a node or a boundary."""

    id: str
    source: str
    target: str
    condition: str = ""
    default: bool = False


@dataclass(frozen=True, slots=True)
class Boundary:
    """A timer at the edge of a step; interrupting ones take the token away. `timer` is a duration or R3/P1D."""

    id: str
    node: str
    timer: str
    interrupting: bool = True
    name: LocalText = field(default_factory=LocalText)


@dataclass(frozen=True)
class Graph:
    """A whole model. Ids are unique over nodes, flows and boundaries; all are in the order of the document."""

    key: str
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    boundaries: Mapping[str, Boundary] = field(default_factory=dict)
    phases: tuple[Phase, ...] = ()
    gate: str = ""
    reopen_at: str = ""
    name: LocalText = field(default_factory=LocalText)
    coordinator: str = ""  # the team that is asked where plans clash; "" = clashes do not matter here

    def node(self, node_id: str) -> Node:
        """The node of that id. Raises KeyError."""
        return self.nodes[node_id]

    def boundaries_of(self, node_id: str) -> tuple[Boundary, ...]:
        """The timers at the edge of a step."""
        return self.at.get(node_id, ())

    def title(self, element: str) -> str:
        """What to call an element in a message."""
        if element in self.nodes:
            return self.nodes[element].title
        if element in self.boundaries:
            return self.boundaries[element].name.de or element
        return element

    @cached_property
    def outgoing(self) -> dict[str, tuple[Flow, ...]]:
        """Flows by source (node or boundary), in the order in which they were drawn, the default one last."""
        found: dict[str, list[Flow]] = {}
        for flow in self.flows.values():
            found.setdefault(flow.source, []).append(flow)
        return {key: tuple(sorted(flows, key=lambda flow: flow.default)) for key, flows in found.items()}

    @cached_property
    def incoming(self) -> dict[str, tuple[Flow, ...]]:
        """Flows by target."""
        found: dict[str, list[Flow]] = {}
        for flow in self.flows.values():
            found.setdefault(flow.target, []).append(flow)
        return {key: tuple(flows) for key, flows in found.items()}

    @cached_property
    def at(self) -> dict[str, tuple[Boundary, ...]]:
        """Boundary timers by the step that they are attached to."""
        found: dict[str, list[Boundary]] = {}
        for boundary in self.boundaries.values():
            found.setdefault(boundary.node, []).append(boundary)
        return {key: tuple(items) for key, items in found.items()}

    @cached_property
    def start(self) -> str:
        """The id of the start event. Raises StopIteration for a graph that was not checked."""
        return next(node.id for node in self.nodes.values() if node.kind is NodeKind.START)

    @cached_property
    def joins(self) -> frozenset[str]:
        """The gateways that wait for further tokens."""
        waiting = (NodeKind.AND, NodeKind.OR)
        return frozenset(
            n.id for n in self.nodes.values() if n.kind in waiting and len(self.incoming.get(n.id, ())) > 1
        )

    @cached_property
    def or_joins(self) -> tuple[str, ...]:
        """The inclusive ones of them."""
        return tuple(node_id for node_id in self.nodes if node_id in self.joins and self._is_or(node_id))

    def _is_or(self, node_id: str) -> bool:
        return self.nodes[node_id].kind is NodeKind.OR

    @cached_property
    def reach(self) -> Mapping[str, Mapping[str, frozenset[str]]]:
        """For each inclusive join and other node: the flows that a token there may come by before it is at the join."""
        return {
            join: {
                node_id: frozenset(flow.id for flow in self.flows_from(node_id, stop=join))
                for node_id in self.nodes
                if node_id != join
            }
            for join in self.or_joins
        }

    @cached_property
    def programs(self) -> dict[str, cel.Program]:
        """Conditions that were compiled for running, by source."""
        return {}

    def leaving(self, node_id: str) -> tuple[Flow, ...]:
        """All flows by which a token may leave a node, also by a timer at its edge."""
        edges = (flow for boundary in self.boundaries_of(node_id) for flow in self.outgoing.get(boundary.id, ()))
        return (*self.outgoing.get(node_id, ()), *edges)

    def flows_from(self, *node_ids: str, stop: str = "") -> tuple[Flow, ...]:
        """Every flow on the ways that begin at some nodes; ways end at `stop`."""
        seen: dict[str, Flow] = {}
        heads = list(node_ids)
        while heads:
            for flow in self.leaving(heads.pop()):
                if flow.id not in seen:
                    seen[flow.id] = flow
                    heads += [flow.target] if flow.target != stop else []
        return tuple(seen.values())

    def to_json(self) -> dict[str, Any]:
        """The stored form; what is at its default is left out."""
        return {
            "format": FORMAT,
            "key": self.key,
            "name": self.name.json(),
            "phases": [{"key": phase.key, "name": phase.name.json()} for phase in self.phases],
            "gate": self.gate,
            "reopen_at": self.reopen_at,
            **({"coordinator": self.coordinator} if self.coordinator else {}),
            "nodes": [_lean(node) for node in self.nodes.values()],
            "flows": [_lean(flow) for flow in self.flows.values()],
            "boundaries": [_lean(item) for item in self.boundaries.values()],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The graph that `to_json` wrote. Raises ValueError for another format."""
        if stored.get("format") != FORMAT:
            raise ValueError(f"A graph of format {stored.get('format')} cannot be read; this program knows {FORMAT}.")
        nodes = [_node(item) for item in stored["nodes"]]
        flows = [Flow(**item) for item in stored["flows"]]
        boundaries = [Boundary(**{**item, "name": LocalText.of(item.get("name"))}) for item in stored["boundaries"]]
        return cls(
            key=stored["key"],
            name=LocalText.of(stored.get("name")),
            nodes={node.id: node for node in nodes},
            flows={flow.id: flow for flow in flows},
            boundaries={item.id: item for item in boundaries},
            phases=tuple(Phase(item["key"], LocalText.of(item["name"])) for item in stored["phases"]),
            gate=stored.get("gate", ""),
            reopen_at=stored.get("reopen_at", ""),
            coordinator=stored.get("coordinator", ""),
        )


_EMPTY: tuple[Any, ...] = ("", (), False, {"de": "", "en": ""})


def _lean(item: Node | Flow | Boundary | FieldSpec | Choice) -> dict[str, Any]:
    """Without what is at its default, so that stored graphs stay small and readable."""
    defaults = {name: spec.default for name, spec in item.__dataclass_fields__.items()}
    return {
        name: _plain(value)
        for name, value in asdict(item).items()
        if value != defaults[name] and (value not in _EMPTY or name == "interrupting")
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items() if inner not in _EMPTY or key in {"de", "en"}}
    return str(value) if isinstance(value, StrEnum) else value


def _node(item: Mapping[str, Any]) -> Node:
    values = dict(item)
    for name in ("name", "hint"):
        values[name] = LocalText.of(item.get(name))
    for name in ("form", "outputs"):
        values[name] = tuple(_spec(spec) for spec in item.get(name, ()))
    for name in ("outcomes", "basis", "checklist"):
        values[name] = tuple(item.get(name, ()))
    values["kind"] = NodeKind(item["kind"])
    return Node(**values)


def _spec(item: Mapping[str, Any]) -> FieldSpec:
    options = tuple(Choice(option["value"], LocalText.of(option.get("label"))) for option in item.get("options", ()))
    outcomes = tuple(item.get("outcomes", ()))
    return FieldSpec(**{**item, "label": LocalText.of(item.get("label")), "options": options, "outcomes": outcomes})
