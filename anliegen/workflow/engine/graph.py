"""The graph of a request model: what the reader makes of BPMN, and what runs. Immutable; stored as JSON, format 1."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Self

from anliegen.lib.text import LocalText

FORMAT = 1


class NodeKind(StrEnum):
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


GATEWAYS = frozenset({NodeKind.XOR, NodeKind.AND, NodeKind.OR})
ENDS = frozenset({NodeKind.END, NodeKind.TERMINATE})


class TaskKind(StrEnum):
    CHECK = "check"
    APPROVAL = "approval"
    WORK = "work"
    IDENTITY = "identity"
    PLAN = "plan"
    QUALITY = "quality"
    ACCEPTANCE = "acceptance"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Phase:
    key: str
    name: LocalText


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """Something that a step asks for or gives: an output by name, with its type (string, int, bool, date, cents)."""

    name: str
    type: str = "string"
    label: LocalText = LocalText()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """One element that a token can be at; which fields mean something depends on `kind`."""

    id: str
    kind: NodeKind
    name: LocalText = LocalText()
    lane: str = ""
    phase: str = ""
    task_kind: str = ""
    who: str = ""
    multi: str = ""
    quorum: str = "all"
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
    checklist: tuple[str, ...] = ()
    hint: LocalText = LocalText()

    @property
    def waits(self) -> bool:
        return self.kind not in GATEWAYS and self.kind not in ENDS and self.kind is not NodeKind.START


@dataclass(frozen=True, slots=True)
class Flow:
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
    name: LocalText = LocalText()


@dataclass(frozen=True)
class Graph:
    key: str
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    boundaries: Mapping[str, Boundary] = field(default_factory=dict)
    phases: tuple[Phase, ...] = ()
    gate: str = ""
    reopen_at: str = ""
    name: LocalText = LocalText()

    @cached_property
    def outgoing(self) -> dict[str, tuple[Flow, ...]]:
        """Flows by source (node or boundary), in the order in which they were drawn."""
        found: dict[str, list[Flow]] = {}
        for flow in self.flows.values():
            found.setdefault(flow.source, []).append(flow)
        return {key: tuple(flows) for key, flows in found.items()}

    @cached_property
    def incoming(self) -> dict[str, tuple[Flow, ...]]:
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
        return next(node.id for node in self.nodes.values() if node.kind is NodeKind.START)

    def to_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "key": self.key,
            "name": self.name.json(),
            "phases": [{"key": phase.key, "name": phase.name.json()} for phase in self.phases],
            "gate": self.gate,
            "reopen_at": self.reopen_at,
            "nodes": [_lean(asdict(node), Node) for node in self.nodes.values()],
            "flows": [_lean(asdict(flow), Flow) for flow in self.flows.values()],
            "boundaries": [_lean(asdict(item), Boundary) for item in self.boundaries.values()],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
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
        )


def _lean(values: dict[str, Any], kind: type) -> dict[str, Any]:
    """Without what is at its default, so that stored graphs stay small and readable."""
    defaults = {name: item.default for name, item in kind.__dataclass_fields__.items()}  # type: ignore[attr-defined]
    lean = {}
    for name, value in values.items():
        default = defaults.get(name)
        plain = default.json() if isinstance(default, LocalText) else default
        if value != plain and value != default:
            lean[name] = list(value) if isinstance(value, tuple) else value
    return lean


def _specs(items: Any) -> tuple[FieldSpec, ...]:
    return tuple(FieldSpec(**{**item, "label": LocalText.of(item.get("label"))}) for item in items or ())


def _node(item: Mapping[str, Any]) -> Node:
    values = dict(item)
    for name in ("name", "hint"):
        values[name] = LocalText.of(item.get(name))
    for name in ("form", "outputs"):
        values[name] = _specs(item.get(name))
    for name in ("outcomes", "basis", "checklist"):
        values[name] = tuple(item.get(name, ()))
    values["kind"] = NodeKind(item["kind"])
    return Node(**values)
