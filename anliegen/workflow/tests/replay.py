"""Replaying what a run was told: the engine alone must come to the tokens that the database holds."""

from collections import deque
from collections.abc import Mapping
from typing import Any

from anliegen.workflow import engine
from anliegen.workflow.engine import Done, Failed, Node, Result, State, Wait
from anliegen.workflow.models import Run, RunEvent
from anliegen.workflow.queries import releases

type Tokens = set[tuple[int, str, str, bool]]


class Recorded:
    """Answers as they were given, in their order."""

    def __init__(self, answers: list[dict[str, Any]]) -> None:
        self.answers = deque(answers)

    def gate_open(self) -> bool:
        return bool(self.answers.popleft()["gate"])

    def enter(self, node: Node, data: Mapping[str, Any]) -> Wait | Done:
        answer = self.answers.popleft()
        assert answer["node"] == node.id
        if "failed" in answer:
            raise Failed(answer["failed"], answer["params"])
        return Done(answer["outcome"], answer["outputs"]) if "outcome" in answer else Wait()


def replayed(run: Run, move: Any = engine) -> Tokens:
    """The tokens of a run after all its commands. Every recorded answer must have been asked for."""
    graph, state = releases.graph_of(run.release.model_version), State()
    for event in RunEvent.objects.filter(run=run).order_by("seq"):
        detail, recorded = event.detail, Recorded(event.detail["answers"])
        state = _again(move, graph, state, event.command, detail, recorded).state
        assert not recorded.answers
    return {(token.id, token.node, token.arrived_by, token.waiting) for token in state.tokens}


def _again(move: Any, graph: Any, state: State, command: str, detail: dict[str, Any], recorded: Recorded) -> Result:
    read = detail["read"]
    match command:
        case "start":
            return move.start(graph, read, recorded)
        case "place":
            return move.place(graph, detail["node"], read, recorded)
        case "resume":
            return move.resume(graph, state, detail["token"], detail["outcome"], detail["outputs"], read, recorded)
        case "fire":
            return move.fire(graph, state, detail["token"], detail["boundary"], read, recorded)
    return move.knock(graph, state, read, recorded, detail["token"])


def stored(run: Run) -> Tokens:
    """The tokens that the database holds."""
    return set(run.tokens.values_list("number", "node", "arrived_by", "waiting"))
