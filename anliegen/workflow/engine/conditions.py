"""Conditions at run time. Types were checked when the model was published; here they only say yes or no."""

from collections.abc import Mapping
from typing import Any

from anliegen.lib import cel

TOP = ("answers", "request", "requester", "recipient", "steps", "stock")


class Unknown(Exception):  # noqa: N818 - what the value is
    """A condition reads what has no value, or cannot be read at all."""

    def __init__(self, source: str, code: str) -> None:
        super().__init__(source)
        self.source = source
        self.code = code


_schemas: dict[frozenset[str], cel.Schema] = {}


def holds(source: str, data: Mapping[str, Any]) -> bool:
    """Whether the condition is true for this data. Raises Unknown."""
    names = frozenset((*TOP, *data))
    schema = _schemas.get(names)
    if schema is None:
        if len(_schemas) > 500:
            _schemas.clear()
        schema = _schemas[names] = cel.Schema(dict.fromkeys(sorted(names), cel.DYN))
    try:
        return bool(cel.compile(source, schema, cel.BOOL)(data))
    except (cel.CelError, cel.EvaluationError) as error:
        raise Unknown(source, error.code) from error
