"""Where a run stands, what a move does, and what the engine asks of its surroundings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from anliegen.workflow.engine.graph import Node


class Failed(Exception):
    """A step or rule that cannot go on: a fault, to be repaired and continued. `code` and `params` say why."""

    def __init__(self, code: str, params: Mapping[str, Any] | None = None) -> None:
        super().__init__(code, params)
        self.code = code
        self.params: dict[str, Any] = dict(params or {})


@dataclass(frozen=True, slots=True)
class Token:
    """One thread of a run.

    `waiting`: the step was entered and waits for a person, a timer or a job. Otherwise the token stands before its
    node: at a join, at the gate, or stopped by a fault. `arrived_by` is the flow it came by, "" once it was merged or
    placed.
    """

    id: int
    node: str
    arrived_by: str = ""
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """All tokens of a run, by id."""

    tokens: tuple[Token, ...] = ()

    def token(self, token_id: int) -> Token:
        """The living token of that number. Raises Failed("no-token") when it is gone."""
        for token in self.tokens:
            if token.id == token_id:
                return token
        raise Failed("no-token", {"token": token_id})


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody or something outside must finish this step, by `resume` or `fire`."""


@dataclass(frozen=True, slots=True)
class Done:
    """The step is finished at once, by a rule or automation."""

    outcome: str = ""
    outputs: Mapping[str, Any] = field(default_factory=dict)
    by: str = "rule"


class Resolver(Protocol):
    """What the engine asks of the world while tokens move, in the order of its moves."""

    def enter(self, node: Node, data: Mapping[str, Any]) -> Wait | Done:
        """Begin a step: of a person, a service, a message, a rule or a timer. Raises Failed."""

    def gate_open(self) -> bool:
        """Whether nothing is open that must be done before the request may close."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A token waits in a step: open its task, arm its timers."""

    token_id: int
    node: str


@dataclass(frozen=True, slots=True)
class Passed:
    """A step is finished. `by`: person or timer (resume, fire), condition (not needed), or what `Done` says."""

    token_id: int
    node: str
    outcome: str
    outputs: Mapping[str, Any]
    by: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A token was taken out of its node by an interrupting timer or a terminating end."""

    token_id: int
    node: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """A fault: the token stays before its node until `knock` tries again."""

    token_id: int
    node: str
    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AtGate:
    """A token waits before the gate."""

    token_id: int
    node: str


@dataclass(frozen=True, slots=True)
class Forked:
    """One token became several, or a timer at the edge of a step began a further one; the first keeps its id."""

    node: str
    token_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """Several tokens became one, which keeps the lowest id."""

    token_id: int
    node: str
    token_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Finished:
    """A branch came to an end."""

    token_id: int
    node: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The run is over: fulfilled, rejected or cancelled."""

    outcome: str
    node: str = ""


type Effect = Entered | Passed | Withdrawn | Stopped | AtGate | Forked | Merged | Finished | Ended


@dataclass(frozen=True, slots=True)
class Result:
    """What a command led to; `effects` in the order in which they happened."""

    state: State
    data: Mapping[str, Any]
    effects: tuple[Effect, ...] = ()
