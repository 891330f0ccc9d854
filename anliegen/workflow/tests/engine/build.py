"""Models in a few lines, and a hand that plays them.

    model("start > and1 > a > and2 > end; and1 > b > and2")
    model("start > a > xor1; xor1 > stop if steps.a.outcome == 'no'; xor1 > end else")
    model("start > a > end; a@late(P2D) > b > end; a@soon(~R3/P1D) > send1 > end2")

What a name begins with says what it is; every other name is a step of a person. `~` makes a timer non-interrupting.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from anliegen.lib.text import LocalText
from anliegen.workflow import engine
from anliegen.workflow.engine import Boundary, Done, Flow, Graph, Node, NodeKind, Phase, Wait

KINDS = {
    "start": NodeKind.START,
    "end": NodeKind.END,
    "stop": NodeKind.TERMINATE,
    "xor": NodeKind.XOR,
    "and": NodeKind.AND,
    "or": NodeKind.OR,
    "timer": NodeKind.TIMER,
    "send": NodeKind.SEND,
    "rule": NodeKind.RULE,
    "auto": NodeKind.SERVICE,
}
PHASES = tuple(Phase(key, LocalText(key, key)) for key in ("check", "work", "confirm"))
EDGE = re.compile(r"(\w+)@(\w+)\((~?)(\S+)\)")


def kind_of(name: str) -> NodeKind:
    found = re.match(r"(start|end|stop|xor|and|or|timer|send|rule|auto)\d*$", name)
    return KINDS[found[1]] if found else NodeKind.USER


def node(name: str, **values: Any) -> Node:
    kind = kind_of(name)
    usual: dict[str, Any] = {"name": LocalText(name, name)}
    if kind is NodeKind.USER:
        usual |= {"task_kind": "work", "phase": "work", "who": "requester", "outcomes": ("yes", "no")}
    if kind in {NodeKind.END, NodeKind.TERMINATE}:
        usual["outcome"] = "fulfilled" if kind is NodeKind.END else "rejected"
    if kind is NodeKind.TIMER:
        usual["timer"] = "P1D"
    return Node(name, kind, **{**usual, **values})


def model(text: str, *, gate: str = "", reopen_at: str = "", **changes: Mapping[str, Any]) -> Graph:
    """The graph of a text; `changes` are fields of nodes by name."""
    nodes: dict[str, Node] = {}
    flows: dict[str, Flow] = {}
    edges: dict[str, Boundary] = {}
    for line in filter(None, (part.strip() for part in text.split(";"))):
        way, _if, condition = line.partition(" if ")
        way, default = (way[: -len(" else")], True) if way.endswith(" else") else (way, False)
        names = [_name(part.strip(), edges) for part in way.split(" > ")]
        for name in names:
            if name not in edges:
                nodes.setdefault(name, node(name))
        for source, target in pairwise(names):
            key = f"{source}-{target}" if f"{source}-{target}" not in flows else f"{source}-{target}-{len(flows)}"
            flows[key] = Flow(key, source, target, condition.strip(), default)
            condition, default = "", False  # of the first arrow only
    nodes |= {name: replace(nodes[name], **values) for name, values in changes.items()}
    return Graph("model", nodes, flows, edges, PHASES, gate, reopen_at, LocalText("Modell", "Model"))


def _name(part: str, edges: dict[str, Boundary]) -> str:
    hit = EDGE.fullmatch(part)
    if hit is None:
        return part
    edges[hit[2]] = Boundary(hit[2], hit[1], hit[4], interrupting=not hit[3], name=LocalText(hit[2], hit[2]))
    return hit[2]


class Script:
    """A resolver: what is named in `done` is finished at once, what is in `fails` fails, everything else waits."""

    def __init__(self, done: Mapping[str, Any] | None = None, *, gate: bool = True) -> None:
        self.done = dict(done or {})
        self.fails: set[str] = set()
        self.gate = gate

    def enter(self, node: Node, data: Mapping[str, Any]) -> Wait | Done:
        if node.id in self.fails:
            raise engine.Failed("broken", {"node": node.id})
        if node.id in self.done or node.kind is NodeKind.SEND:
            outputs = dict(self.done.get(node.id, {}))
            return Done(outputs.pop("outcome", ""), outputs)
        return Wait()

    def gate_open(self) -> bool:
        return self.gate


class Play:
    """A run in hand: commands change it, `open` says where it waits."""

    def __init__(self, graph: Graph, script: Script | None = None, **data: Any) -> None:
        self.graph = graph
        self.script = script or Script()
        self.effects: list[Any] = []
        self._take(engine.start(graph, {"answers": {}, "steps": {}, **data}, self.script))

    def _take(self, result: engine.Result) -> "Play":
        self.state, self.data = result.state, dict(result.data)
        self.last = result.effects
        self.effects += result.effects
        return self

    def token(self, name: str) -> int:
        return next(token.id for token in self.state.tokens if token.node == name)

    def do(self, name: str, outcome: str = "yes", **outputs: Any) -> "Play":
        args = (self.token(name), outcome, outputs, self.data, self.script)
        return self._take(engine.resume(self.graph, self.state, *args))

    def fire(self, name: str, edge: str = "") -> "Play":
        return self._take(engine.fire(self.graph, self.state, self.token(name), edge, self.data, self.script))

    def knock(self, name: str = "") -> "Play":
        token = self.token(name) if name else None
        return self._take(engine.knock(self.graph, self.state, self.data, self.script, token))

    @property
    def open(self) -> list[str]:
        """The steps that wait."""
        return [token.node for token in self.state.tokens if token.waiting]

    @property
    def ended(self) -> str:
        return next((effect.outcome for effect in self.effects if isinstance(effect, engine.Ended)), "")
