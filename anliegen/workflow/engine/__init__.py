"""The pure engine: a graph, tokens, and moves. Graph in, moves out; it knows neither Django nor the database.

A *graph* is what was published, a *state* where its tokens stand. A *command* (start, resume, fire, knock, place) gives
the next state and the effects on the way. What a model may contain is in docs/dev/bpmn-subset.md.
"""

from anliegen.workflow.engine.check import Environment, check, schema_of, unknown
from anliegen.workflow.engine.graph import (
    OUTCOMES,
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
from anliegen.workflow.engine.messages import say
from anliegen.workflow.engine.moves import fire, knock, place, resume, start
from anliegen.workflow.engine.problems import ModelRefused, Problem
from anliegen.workflow.engine.reader import read
from anliegen.workflow.engine.state import (
    AtGate,
    Done,
    Effect,
    Ended,
    Entered,
    Failed,
    Finished,
    Forked,
    Merged,
    Passed,
    Resolver,
    Result,
    State,
    Stopped,
    Token,
    Wait,
    Withdrawn,
)
from anliegen.workflow.engine.walk import Step, walk

__all__ = [
    "OUTCOMES",
    "AtGate",
    "Boundary",
    "Choice",
    "Done",
    "Effect",
    "Ended",
    "Entered",
    "Environment",
    "Failed",
    "FieldSpec",
    "Finished",
    "Flow",
    "Forked",
    "Graph",
    "Merged",
    "ModelRefused",
    "Node",
    "NodeKind",
    "Passed",
    "Phase",
    "Problem",
    "Resolver",
    "Result",
    "State",
    "Step",
    "Stopped",
    "TaskKind",
    "Token",
    "Wait",
    "Withdrawn",
    "check",
    "fire",
    "knock",
    "place",
    "read",
    "resume",
    "say",
    "schema_of",
    "start",
    "unknown",
    "walk",
]
