"""Compiled expressions, ready to be called."""

from collections.abc import Mapping
from typing import Any

from anliegen.lib.cel import closures
from anliegen.lib.cel.compiler import Compiler
from anliegen.lib.cel.errors import CelError
from anliegen.lib.cel.parser import parse
from anliegen.lib.cel.types import Kind, Schema, Type, fits

MAX_KEPT = 500


class Program:
    """An expression that was checked. Call it with the data; it raises EvaluationError where it has no value.

    `reads` are the dotted paths it may read, `type` what it gives.
    """

    __slots__ = ("_run", "reads", "source", "type")

    def __init__(self, source: str, kind: Type, run: closures.Run, reads: frozenset[str]) -> None:
        self.source = source
        self.type = kind
        self.reads = reads
        self._run = run

    def __call__(self, data: Mapping[str, Any]) -> Any:
        return self._run(data)

    def __repr__(self) -> str:
        return f"Program({self.source!r})"


def compile(source: str, schema: Schema, result: Type | None = None) -> Program:  # noqa: A001 - the language's word
    """The program of an expression, checked against the fields it may read and the type it must give.

    Raises CelError. Compiling the same source against the same schema again gives the same program.
    """
    key = (source, result)
    kept: Program | None = schema.programs.get(key)
    if kept is not None:
        return kept
    node = parse(source)
    compiler = Compiler(schema)
    code = compiler.code(node)
    if result is not None and not fits(result, code.type):
        raise CelError("wrong-result", {"expected": str(result), "found": str(code.type)}, node.position)
    run = code.run
    if result is not None and code.type.kind is Kind.DYN and result.kind is not Kind.DYN:
        run = closures.checked(run, Kind.MAP if result.kind is Kind.OBJECT else result.kind, source)
    program = Program(source, code.type, run, frozenset(compiler.reads))
    if len(schema.programs) >= MAX_KEPT:
        schema.programs.clear()
    schema.programs[key] = program
    return program
