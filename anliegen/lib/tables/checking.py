"""Checking a table before it is published: types, the hit policy, rows that overlap, cases that no row covers.

Overlaps and gaps are found by trying: every column of numbers, booleans or known values is cut where its cells have
bounds, one sample is taken of each piece, and each row is asked which samples it takes. Columns whose cells read other
fields, and times, are left out of it.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from anliegen.lib import cel
from anliegen.lib.tables import cells
from anliegen.lib.tables.model import AGGREGATING, ORDERED, HitPolicy, Problem, Table, type_of

MAX_STEPS = 20_000
OTHER = "\u2026"  # a text that is none of those in the cells
_NOTHING = cel.Schema({})
_SINGLE = frozenset((HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.ANY, HitPolicy.PRIORITY))


def check(table: Table, schema: cel.Schema) -> list[Problem]:
    """Everything that is wrong with a table against the fields it may read; warnings last. Never raises."""
    problems = [*_head(table, schema), *_shape(table)]
    if problems:
        return problems
    problems += [*_cells(table, schema)]
    if problems:
        return problems
    columns = [_pieces(table, place, schema) for place in range(len(table.inputs))]
    known = [column for column in columns if column is not None]
    if len(known) < len(columns) or not columns:
        return []
    return [*_overlaps(table, known), *_gaps(table, known)]


def _head(table: Table, schema: cel.Schema) -> Iterator[Problem]:
    for source in table.inputs:
        try:
            cel.compile(source, schema)
        except cel.CelError as error:
            yield Problem(None, source, error.code, error.params)
    seen: set[str] = set()
    for output in table.outputs:
        if not output.name.isidentifier() or output.name in seen:
            yield Problem(None, output.name, "output-name", {"name": output.name})
        if type_of(output.type) is None:
            yield Problem(None, output.name, "output-type", {"found": output.type})
        seen.add(output.name)
    kinds = [type_of(output.type) or cel.DYN for output in table.outputs]
    if not table.outputs:
        yield Problem(None, "", "no-output")
    if table.hit_policy in ORDERED and not any(kind.values for kind in kinds):
        yield Problem(None, "", "needs-order", {"policy": str(table.hit_policy)})
    adding = table.hit_policy in AGGREGATING and table.hit_policy is not HitPolicy.COLLECT_COUNT
    if adding and not all(kind in (cel.INT, cel.DOUBLE) for kind in kinds):
        yield Problem(None, "", "needs-number", {"policy": str(table.hit_policy)})


def _shape(table: Table) -> Iterator[Problem]:
    expected = len(table.inputs) + len(table.outputs)
    if not table.rows:
        yield Problem(None, "", "no-rows")
    for number, row in enumerate(table.rows):
        if len(row.tests) != len(table.inputs) or len(row.outputs) != len(table.outputs):
            found = len(row.tests) + len(row.outputs)
            yield Problem(number, "", "cells", {"found": found, "expected": expected})


def _cells(table: Table, schema: cel.Schema) -> Iterator[Problem]:
    for place, source in enumerate(table.inputs):
        kind = cel.compile(source, schema).type
        inside = schema.extended({cells.VALUE: kind})
        for number, row in enumerate(table.rows):
            try:
                found = cells.test(row.tests[place], kind)
                cel.compile(found.source or "true", inside, cel.BOOL)
            except cells.CellError as error:
                yield Problem(number, source, error.code, {"found": row.tests[place]})
            except cel.CelError as error:
                yield Problem(number, source, error.code, _named(error, row.tests[place]))
    for place, output in enumerate(table.outputs):
        wanted = type_of(output.type) or cel.DYN
        for number, row in enumerate(table.rows):
            problem = _output_problem(number, row.outputs[place], output.name, wanted, schema)
            if problem:
                yield problem


def _named(error: cel.CelError, cell: str) -> dict[str, Any]:
    """What a cell's error tells: of the cell as it was written, not of the expression made from it."""
    return {**error.params, "cell": cell}


def _output_problem(number: int, cell: str, column: str, wanted: cel.Type, schema: cel.Schema) -> Problem | None:
    try:
        program = cel.compile(cells.output(cell, wanted), schema, wanted)
    except cel.CelError as error:
        return Problem(number, column, error.code, _named(error, cell))
    if wanted.values and not program.reads:
        value = program({})
        if value not in wanted.values:
            hint = cel.nearest(value, wanted.values)
            return Problem(number, column, "unknown-value", {"value": value, "hint": hint, "cell": cell})
    return None


def constants(table: Table, name: str) -> Iterator[tuple[int, Any]]:
    """The rows of a checked table with the value of one output, where it is written down and not computed."""
    for place, output in enumerate(table.outputs):
        kind = type_of(output.type) or cel.DYN
        for number, row in enumerate(table.rows) if output.name == name else ():
            with suppress(cel.CelError):  # it reads fields of the case
                yield number, cel.compile(cells.output(row.outputs[place], kind), _NOTHING)({})


# Overlaps and gaps


@dataclass(frozen=True, slots=True)
class _Pieces:
    """A column cut into pieces: one sample of each, and per row the pieces that it takes."""

    samples: tuple[Any, ...]
    takes: tuple[frozenset[int], ...]


def _pieces(table: Table, place: int, schema: cel.Schema) -> _Pieces | None:
    """None where the column cannot be cut: times, lists, words in texts, or bounds that are not fixed."""
    kind = cel.compile(table.inputs[place], schema).type
    inside = cel.Schema({cells.VALUE: kind})
    tests = [cells.test(row.tests[place], kind) for row in table.rows]
    if any(test.words for test in tests):
        return None
    try:
        samples = _samples(kind, [cel.compile(bound, inside)({}) for test in tests for bound in test.bounds])
        takes = tuple(_taken(test, samples, inside) for test in tests)
    except (cel.CelError, cel.EvaluationError):
        return None
    return _Pieces(samples, takes) if samples else None


def _taken(test: cells.Test, samples: tuple[Any, ...], inside: cel.Schema) -> frozenset[int]:
    if not test.source:
        return frozenset(range(len(samples)))
    program = cel.compile(test.source, inside, cel.BOOL)
    return frozenset(number for number, sample in enumerate(samples) if program({cells.VALUE: sample}))


def _samples(kind: cel.Type, bounds: list[Any]) -> tuple[Any, ...]:
    if kind.kind is cel.Kind.BOOL:
        return (True, False)
    if kind.kind is cel.Kind.STRING:
        return kind.values or (*dict.fromkeys(bounds), OTHER)
    if kind.kind not in (cel.Kind.INT, cel.Kind.DOUBLE):
        return ()
    numbers = sorted(set(bounds))
    if not numbers:
        return (0,) if kind.kind is cel.Kind.INT else (0.0,)
    return tuple(_numbers(numbers, whole=kind.kind is cel.Kind.INT))


def _numbers(bounds: list[Any], *, whole: bool) -> Iterator[Any]:
    """Each bound and one number in each piece between, below and above; below 0 only where a bound is."""
    below = bounds[0] - 1 if bounds[0] < 0 or bounds[0] >= 1 else bounds[0] / 2
    if bounds[0] != 0:
        yield int(below) if whole else float(below)
    for low, high in zip(bounds, [*bounds[1:], None], strict=True):
        if not whole or low == int(low):
            yield int(low) if whole else float(low)
        if high is None:
            yield int(low) + 1 if whole else float(low) + 1.0
        elif not whole:
            yield (low + high) / 2
        elif int(low) + 1 < high:
            yield int(low) + 1


def _overlaps(table: Table, columns: list[_Pieces]) -> Iterator[Problem]:
    """Under UNIQUE no two rows may take the same case."""
    if table.hit_policy is not HitPolicy.UNIQUE:
        return
    pairs = combinations(range(len(table.rows)), 2)
    for _, (first, second) in zip(range(MAX_STEPS), pairs, strict=False):
        common = [column.takes[first] & column.takes[second] for column in columns]
        if all(common):
            case = _case(table, columns, [min(pieces) for pieces in common])
            yield Problem(second, "", "overlap", {"first": first + 1, "second": second + 1, "case": case})


def _gaps(table: Table, columns: list[_Pieces]) -> Iterator[Problem]:
    """The first case that no row takes, as a warning."""
    if table.hit_policy not in _SINGLE:
        return
    steps = iter(range(MAX_STEPS))
    case = _uncovered(columns, frozenset(range(len(table.rows))), steps)
    if case is not None:
        yield Problem(None, "", "gap", {"case": _case(table, columns, case)}, severity="warning")


def _uncovered(columns: list[_Pieces], rows: frozenset[int], steps: Iterator[int]) -> list[int] | None:
    """The pieces of a case that none of the rows takes, or None; also None when the steps are used up."""
    if not columns:
        return None if rows else []
    first, *others = columns
    tried: set[frozenset[int]] = set()
    for piece in range(len(first.samples)):
        left = frozenset(row for row in rows if piece in first.takes[row])
        if left in tried or next(steps, None) is None:
            continue
        tried.add(left)
        rest = _uncovered(others, left, steps)
        if rest is not None:
            return [piece, *rest]
    return None


def _case(table: Table, columns: list[_Pieces], pieces: Iterable[int]) -> str:
    parts = zip(table.inputs, columns, pieces, strict=True)
    return ", ".join(f"{source} = {_shown(column.samples[piece])}" for source, column, piece in parts)


def _shown(sample: object) -> str:
    return str(sample).lower() if isinstance(sample, bool) else str(sample)
