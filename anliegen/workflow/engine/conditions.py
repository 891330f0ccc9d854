"""Conditions at run time. Types were checked when the model was published; here they only say yes or no."""

from collections.abc import Mapping
from typing import Any

from anliegen.lib import cel
from anliegen.workflow.engine.graph import ROOTS, Graph
from anliegen.workflow.engine.state import Failed

MOST_NAMES = 50


def holds(graph: Graph, source: str, data: Mapping[str, Any]) -> bool:
    """Whether the condition is true for this data. Raises Failed where it has no value."""
    program = graph.programs.get(source)
    if program is None:
        program = graph.programs[source] = _compile(source)
    try:
        return bool(program(data))
    except cel.EvaluationError as error:
        raise Failed(error.code, {**error.params, "condition": source}) from error


def _compile(source: str) -> cel.Program:
    """The program, with every field that the text names as a field of any type: what runs was checked before."""
    names = set(ROOTS)
    for _name in range(MOST_NAMES):
        try:
            return cel.compile(source, cel.Schema(dict.fromkeys(sorted(names), cel.DYN)), cel.BOOL)
        except cel.CelError as error:
            name = str(error.params.get("name", ""))
            if error.code != "unknown-field" or not name or name in names:
                raise Failed(error.code, {**error.params, "condition": source}) from error
            names.add(name)
    raise Failed("too-many-fields", {"condition": source})
