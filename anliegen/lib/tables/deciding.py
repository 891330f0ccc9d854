"""Deciding by a table: which rows match the data, and what follows from them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from anliegen.lib import cel
from anliegen.lib.tables import cells
from anliegen.lib.tables.model import MANY, HitPolicy, Table, type_of


@dataclass(frozen=True, slots=True)
class Decision:
    """What a table decided: the rows that count, and their outputs.

    Under RULE_ORDER, OUTPUT_ORDER and COLLECT outputs are a list, one dict per row; otherwise one dict, which is
    empty where no row matched.
    """

    rows: tuple[int, ...]
    outputs: dict[str, Any] | list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Column:
    value: cel.Program
    tests: tuple[tuple[cel.Program | None, bool], ...]  # per row: its condition, and whether no value matches


class Ready:
    """A table compiled against a schema. Raises CelError or CellError when made of a table that has problems."""

    def __init__(self, table: Table, schema: cel.Schema) -> None:
        self.table = table
        self.columns = tuple(
            _column(source, tuple(row.tests[place] for row in table.rows), schema)
            for place, source in enumerate(table.inputs)
        )
        self.types = {output.name: type_of(output.type) or cel.DYN for output in table.outputs}
        kinds = tuple(self.types.values())
        self.outputs = tuple(
            tuple(
                cel.compile(cells.output(cell, kind), schema, kind)
                for cell, kind in zip(row.outputs, kinds, strict=True)
            )
            for row in table.rows
        )

    def matching(self, data: Mapping[str, Any]) -> tuple[int, ...]:
        """The rows whose tests all hold, in their order. Raises EvaluationError."""
        rows: Sequence[int] = range(len(self.table.rows))
        for column in self.columns:
            rows = _passing(column, rows, data)
        return tuple(rows)

    def decide(self, data: Mapping[str, Any]) -> Decision:
        """The decision for this data. Raises EvaluationError, also where rows contradict the hit policy."""
        matching = self.matching(data)
        policy = self.table.hit_policy
        if policy is HitPolicy.UNIQUE and len(matching) > 1:
            raise cel.EvaluationError("several-rules", {"rows": _numbers(matching)})
        if policy is HitPolicy.FIRST:
            matching = matching[:1]
        outputs = [self._outputs(row, data) for row in matching]
        return _POLICIES.get(policy, _one)(self, matching, outputs)

    def _outputs(self, row: int, data: Mapping[str, Any]) -> dict[str, Any]:
        return {name: program(data) for name, program in zip(self.types, self.outputs[row], strict=True)}


def _column(source: str, tests: tuple[str, ...], schema: cel.Schema) -> _Column:
    value = cel.compile(source, schema)
    inside = schema.extended({cells.VALUE: value.type})
    compiled = []
    for cell in tests:
        found = cells.test(cell, value.type)
        program = cel.compile(found.source, inside, cel.BOOL) if found.source else None
        compiled.append((program, found.absent))
    return _Column(value, tuple(compiled))


def _passing(column: _Column, rows: Sequence[int], data: Mapping[str, Any]) -> list[int]:
    if all(column.tests[row] == (None, True) for row in rows):
        return list(rows)  # nothing is asked, so the value need not be there
    try:
        scope = {**data, cells.VALUE: column.value(data)}
    except cel.EvaluationError as error:
        if error.code != "absent":
            raise
        return [row for row in rows if column.tests[row][1]]
    return [row for row in rows if (program := column.tests[row][0]) is None or program(scope)]


def _numbers(rows: Sequence[int]) -> str:
    return ", ".join(str(row + 1) for row in rows)


type _Outputs = list[dict[str, Any]]


def _one(_ready: Ready, rows: tuple[int, ...], outputs: _Outputs) -> Decision:
    return Decision(rows[:1], outputs[0] if outputs else {})


def _any(ready: Ready, rows: tuple[int, ...], outputs: _Outputs) -> Decision:
    if any(other != outputs[0] for other in outputs):
        raise cel.EvaluationError("rules-disagree", {"rows": _numbers(rows)})
    return _one(ready, rows, outputs)


def _all(_ready: Ready, rows: tuple[int, ...], outputs: _Outputs) -> Decision:
    return Decision(rows, outputs)


def _ranks(ready: Ready, outputs: _Outputs) -> list[int]:
    """The places of the rows, best first: by the order in which each output's type names its values."""
    enums = [(name, kind.values) for name, kind in ready.types.items() if kind.values]
    return sorted(
        range(len(outputs)), key=lambda place: tuple(values.index(outputs[place][name]) for name, values in enums)
    )


def _ordered(ready: Ready, rows: tuple[int, ...], outputs: _Outputs) -> Decision:
    ranks = _ranks(ready, outputs)
    return Decision(tuple(rows[place] for place in ranks), [outputs[place] for place in ranks])


def _priority(ready: Ready, rows: tuple[int, ...], outputs: _Outputs) -> Decision:
    best = _ranks(ready, outputs)[:1]
    return Decision(tuple(rows[place] for place in best), outputs[best[0]] if best else {})


def _aggregated(function: Callable[[list[Any]], Any]) -> Callable[[Ready, tuple[int, ...], _Outputs], Decision]:
    def run(_ready: Ready, rows: tuple[int, ...], outputs: _Outputs) -> Decision:
        names = outputs[0] if outputs else ()
        return Decision(rows, {name: function([one[name] for one in outputs]) for name in names})

    return run


def _sum(numbers: list[Any]) -> Any:
    total = sum(numbers)
    if isinstance(total, int) and not -(2**63) <= total < 2**63:
        raise cel.EvaluationError("overflow")
    return total


_POLICIES: dict[HitPolicy, Callable[[Ready, tuple[int, ...], _Outputs], Decision]] = {
    HitPolicy.ANY: _any,
    HitPolicy.PRIORITY: _priority,
    **dict.fromkeys(MANY, _all),
    HitPolicy.OUTPUT_ORDER: _ordered,
    HitPolicy.COLLECT_SUM: _aggregated(_sum),
    HitPolicy.COLLECT_MIN: _aggregated(min),
    HitPolicy.COLLECT_MAX: _aggregated(max),
    HitPolicy.COLLECT_COUNT: _aggregated(len),
}


def prepare(table: Table, schema: cel.Schema) -> Ready:
    """The table compiled against a schema, kept with the schema. Raises CelError or CellError."""
    key = ("table", table)
    ready: Ready | None = schema.programs.get(key)
    if ready is None:
        ready = schema.programs[key] = Ready(table, schema)
    return ready


@lru_cache(maxsize=64)
def _untyped(names: frozenset[str]) -> cel.Schema:
    return cel.Schema(dict.fromkeys(names, cel.DYN))


def decide(table: Table, data: Mapping[str, Any], schema: cel.Schema | None = None) -> Decision:
    """What the table decides for this data.

    Without a schema every field of the data is dynamic, and a field that the data lacks is absent. Raises
    EvaluationError; CelError and CellError come only from a table that `check` would have refused.
    """
    return (prepare(table, schema) if schema else _prepared_untyped(table, data)).decide(data)


def _prepared_untyped(table: Table, data: Mapping[str, Any]) -> Ready:
    try:
        return prepare(table, _untyped(frozenset(data)))
    except cel.CelError as error:
        if error.code != "unknown-field":
            raise
        raise cel.EvaluationError("absent", {"path": error.params["name"]}) from None
