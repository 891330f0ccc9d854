"""The one expression language: a typed subset of CEL, checked when something is published.

An *expression* is one line of CEL over a *schema* (the fields that may be read and their types). `compile` checks it
and gives a *program*; a program called with data gives a value or raises. A field may have no value: a missing key
and None are the same, *absent*. `has(answers.place)` asks; reading what is absent is an EvaluationError, which && and
|| absorb where the other side decides. See docs/dev/cel.md.
"""

from anliegen.lib.cel.errors import CelError, EvaluationError, say
from anliegen.lib.cel.parser import MAX_DEPTH, MAX_LENGTH, parse
from anliegen.lib.cel.program import Program, compile  # noqa: A004 - the language's word
from anliegen.lib.cel.types import (
    BOOL,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    STRING,
    TIMESTAMP,
    Enum,
    Kind,
    List,
    Map,
    Object,
    Schema,
    Type,
    nearest,
)
from anliegen.lib.cel.values import MAX_LIST, MAX_STRING

__all__ = [
    "BOOL",
    "DOUBLE",
    "DURATION",
    "DYN",
    "INT",
    "MAX_DEPTH",
    "MAX_LENGTH",
    "MAX_LIST",
    "MAX_STRING",
    "STRING",
    "TIMESTAMP",
    "CelError",
    "Enum",
    "EvaluationError",
    "Kind",
    "List",
    "Map",
    "Object",
    "Program",
    "Schema",
    "Type",
    "compile",
    "nearest",
    "parse",
    "say",
]
