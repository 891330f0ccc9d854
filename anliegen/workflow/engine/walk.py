"""The way ahead, with the engine's own rules: for "so geht es weiter", the preview and the forecast.

The walk moves tokens like a run would, and assumes of each step that waits that it ends well: its first outcome.
Parallel branches go on side by side. What was assumed and what follows from a condition on unknown values is uncertain.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anliegen.workflow.engine import moves
from anliegen.workflow.engine.graph import Graph, Node
from anliegen.workflow.engine.moves import Done, Entered, Passed, Resolver, State, Wait

MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class Step:
    """One step ahead; `order` counts rounds, so that steps of the same round run side by side."""

    node: Node
    order: int
    certain: bool
    automatic: bool
    outcome: str = ""


class _Open:
    """The resolver of a walk: the gate is open, everything else is asked of the real one."""

    def __init__(self, inner: Resolver) -> None:
        self.inner = inner

    def enter(self, node: Node, data: Mapping[str, Any]) -> Wait | Done:
        try:
            return self.inner.enter(node, data)
        except moves.Failed:
            return Wait()

    def gate_open(self) -> bool:
        return True


def walk(graph: Graph, data: Mapping[str, Any], resolver: Resolver, state: State | None = None) -> tuple[Step, ...]:
    """The steps from the start, or after those at which `state` waits. Loops are walked once."""
    open_resolver = _Open(resolver)
    found: list[Step] = []
    seen: set[str] = set()
    if state is None:
        result = moves.start(graph, data, open_resolver)
        _note(graph, result, found, seen, 0)
    else:
        result = moves.Result(state, data, ())
        seen |= {token.node for token in state.tokens if token.waiting}
    order = 0
    while result.state.tokens and len(found) < MOST_STEPS:
        order += 1
        waiting = [token for token in result.state.tokens if token.waiting]
        if not waiting:
            break
        for token in waiting:
            if token.id not in {other.id for other in result.state.tokens}:
                continue
            node = graph.nodes[token.node]
            outcome = node.outcomes[0] if node.outcomes else ""
            result = moves.resume(graph, result.state, token.id, outcome, {}, result.data, open_resolver)
            if not _note(graph, result, found, seen, order):
                return tuple(found)
    return tuple(found)


def _note(graph: Graph, result: moves.Result, found: list[Step], seen: set[str], order: int) -> bool:
    """Add the steps of one move; False when it came back to a step that was walked already."""
    for effect in result.effects:
        if isinstance(effect, Entered):
            node = graph.nodes[effect.node]
            if node.id in seen:
                return False
            seen.add(node.id)
            found.append(Step(node, order, certain=True, automatic=False, outcome=next(iter(node.outcomes), "")))
        elif isinstance(effect, Passed) and effect.by not in {"person", "condition", "timer"}:
            node = graph.nodes[effect.node]
            if node.id not in seen:
                seen.add(node.id)
                found.append(Step(node, order, certain=True, automatic=True, outcome=effect.outcome))
    return True
