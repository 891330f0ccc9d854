"""The pure engine: a graph, tokens, and moves. Graph in, moves out; it knows neither Django nor the database."""

from anliegen.workflow.engine.check import Environment, check, schema_of
from anliegen.workflow.engine.graph import (
    Boundary,
    FieldSpec,
    Flow,
    Graph,
    Node,
    NodeKind,
    Phase,
    TaskKind,
)
from anliegen.workflow.engine.messages import say
from anliegen.workflow.engine.moves import (
    AtGate,
    Done,
    Effect,
    Ended,
    Entered,
    Failed,
    Passed,
    Resolver,
    Result,
    State,
    Stopped,
    Token,
    Wait,
    Withdrawn,
    fire,
    knock,
    place,
    resume,
    start,
)
from anliegen.workflow.engine.problems import ModelRefused, Problem
from anliegen.workflow.engine.reader import read
from anliegen.workflow.engine.walk import Step, walk
