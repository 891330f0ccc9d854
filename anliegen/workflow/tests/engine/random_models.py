"""Random models: built of blocks, so that they are sound, and the same with one thing broken."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random

from anliegen.lib.text import LocalText
from anliegen.workflow.engine import Boundary, Flow, Graph, Node, NodeKind
from anliegen.workflow.engine.shape import shape
from anliegen.workflow.tests.engine.build import PHASES, node

ALL = ("task", "task", "send", "and", "xor", "or", "loop", "edge", "aside")


@dataclass
class Maker:
    """Grows one model; gateways choose by the data `pick.<gateway>`, a number."""

    random: Random
    blocks: Sequence[str] = ALL
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    edges: dict[str, Boundary] = field(default_factory=dict)
    count: int = 0

    def model(self, depth: int) -> Graph:
        start, end = self.add("start"), self.add("end")
        self.link(self.sequence(start, depth), end)
        return Graph("random", self.nodes, self.flows, self.edges, PHASES, name=LocalText("Zufall", "Random"))

    def add(self, kind: str) -> str:
        self.count += 1
        name = f"{kind}{self.count}"
        self.nodes[name] = node(name)
        return name

    def link(self, source: str, target: str, condition: str = "", *, default: bool = False) -> None:
        self.count += 1
        key = f"f{self.count}"
        self.flows[key] = Flow(key, source, target, condition, default)

    def sequence(self, before: str, depth: int) -> str:
        for _block in range(self.random.randint(1, 2)):
            before = self.block(before, depth)
        return before

    def block(self, before: str, depth: int) -> str:
        kind = self.random.choice(self.blocks) if depth else "task"
        return str(getattr(self, f"make_{kind}")(before, depth - 1))

    def make_task(self, before: str, depth: int) -> str:
        name = self.add("step_")
        self.link(before, name)
        return name

    def make_send(self, before: str, depth: int) -> str:
        name = self.add("send")
        self.link(before, name)
        return name

    def make_and(self, before: str, depth: int) -> str:
        return self.split(before, depth, "and")

    def make_xor(self, before: str, depth: int) -> str:
        return self.split(before, depth, "xor")

    def make_or(self, before: str, depth: int) -> str:
        return self.split(before, depth, "or")

    def split(self, before: str, depth: int, kind: str) -> str:
        fork, join = self.add(kind), self.add(kind)
        self.link(before, fork)
        ways = self.random.randint(2, 3)
        for way in range(ways):
            first = self.add("step_")
            last = way == ways - 1
            condition = f"pick.{fork} == {way}" if kind == "xor" else f"pick.{fork} >= {way + 1}"
            self.link(fork, first, "" if kind == "and" or last else condition, default=kind != "and" and last)
            self.link(self.block(first, depth) if self.random.random() < 0.6 else first, join)
        return join

    def make_loop(self, before: str, depth: int) -> str:
        begin, again = self.add("xor"), self.add("xor")
        self.link(before, begin)
        # A branch beside a step could still be open in the next round.
        blocks, self.blocks = self.blocks, [block for block in self.blocks if block != "aside"]
        self.link(self.sequence(begin, depth), again)
        self.blocks = blocks
        back = self.add("step_")
        self.link(again, back, f"pick.{again} == 0")
        self.link(back, begin)
        after = self.add("step_")
        self.link(again, after, default=True)
        return after

    def make_edge(self, before: str, depth: int) -> str:
        """A step that a timer interrupts; both ways come together again."""
        name, other, merge = self.add("step_"), self.add("step_"), self.add("xor")
        self.link(before, name)
        self.edge(name, other, interrupting=True)
        self.link(name, merge)
        self.link(other, merge)
        return merge

    def make_aside(self, before: str, depth: int) -> str:
        """A step with a timer beside it, whose branch has an end of its own."""
        name, other, end = self.add("step_"), self.add("step_"), self.add("end")
        self.link(before, name)
        self.edge(name, other, interrupting=False)
        self.link(other, end)
        return name

    def edge(self, name: str, target: str, *, interrupting: bool) -> None:
        self.count += 1
        key = f"edge{self.count}"
        self.edges[key] = Boundary(key, name, "P1D", interrupting)
        self.link(key, target)


def sound(seed: int, *, depth: int = 3, blocks: Sequence[str] = ALL, most: int = 40) -> Graph:
    """A model that can always come to its end."""
    random = Random(seed)
    while True:
        graph = Maker(random, blocks).model(depth)
        # Two inclusive joins in one loop are refused by the checker.
        if len(graph.nodes) <= most and not any(problem.code == "or-loop" for problem in shape(graph)):
            return graph


def broken(seed: int, *, depth: int = 2, most: int = 24) -> Graph:
    """A model with one thing changed: often unsound, sometimes still sound."""
    random = Random(seed)
    graph = sound(seed, depth=depth, most=most)
    return random.choice((_other_kind, _other_target, _other_target, _ends))(graph, random)


def _other_kind(graph: Graph, random: Random) -> Graph:
    names = [n.id for n in graph.nodes.values() if n.kind in {NodeKind.AND, NodeKind.XOR, NodeKind.OR}]
    if not names:
        return graph
    name = random.choice(names)
    kinds = [kind for kind in (NodeKind.AND, NodeKind.XOR, NodeKind.OR) if kind is not graph.nodes[name].kind]
    return replace(graph, nodes={**graph.nodes, name: replace(graph.nodes[name], kind=random.choice(kinds))})


def _other_target(graph: Graph, random: Random) -> Graph:
    flow = random.choice(list(graph.flows.values()))
    targets = [n.id for n in graph.nodes.values() if n.kind is not NodeKind.START and n.id != flow.source]
    return replace(graph, flows={**graph.flows, flow.id: replace(flow, target=random.choice(targets))})


def _ends(graph: Graph, random: Random) -> Graph:
    name = random.choice([n.id for n in graph.nodes.values() if n.kind is NodeKind.END])
    changed = random.choice(({"kind": NodeKind.TERMINATE}, {"outcome": "rejected"}))
    return replace(graph, nodes={**graph.nodes, name: replace(graph.nodes[name], **changed)})
