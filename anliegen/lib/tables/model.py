"""What a decision table is, and its two written forms: JSON in a release, CSV in a library folder."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from anliegen.lib import cel
from anliegen.lib.text import LocalText

FORMAT = 1
MAX_ROWS = 2_000
MAX_COLUMNS = 50


class HitPolicy(StrEnum):
    """What counts when several rows match. The words are DMN's."""

    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    ANY = "ANY"
    PRIORITY = "PRIORITY"
    RULE_ORDER = "RULE_ORDER"
    OUTPUT_ORDER = "OUTPUT_ORDER"
    COLLECT = "COLLECT"
    COLLECT_SUM = "COLLECT_SUM"
    COLLECT_MIN = "COLLECT_MIN"
    COLLECT_MAX = "COLLECT_MAX"
    COLLECT_COUNT = "COLLECT_COUNT"


MANY = frozenset((HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER, HitPolicy.COLLECT))
AGGREGATING = frozenset((HitPolicy.COLLECT_SUM, HitPolicy.COLLECT_MIN, HitPolicy.COLLECT_MAX, HitPolicy.COLLECT_COUNT))
ORDERED = frozenset((HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER))


@dataclass(frozen=True, slots=True)
class Output:
    """A column that a matching row fills: its name, and its type as written, such as "int" or "enum(yes|no)"."""

    name: str
    type: str = "string"


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: a unary test per input, a cell per output, and why (shown to people as the reason)."""

    tests: tuple[str, ...]
    outputs: tuple[str, ...]
    note: LocalText = field(default_factory=LocalText)


@dataclass(frozen=True, slots=True)
class Table:
    """Rules as rows. `inputs` are CEL expressions over the release's schema; rows are numbered from 0."""

    inputs: tuple[str, ...]
    outputs: tuple[Output, ...]
    hit_policy: HitPolicy
    rows: tuple[Row, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "hit": str(self.hit_policy),
            "inputs": list(self.inputs),
            "outputs": [{"name": output.name, "type": output.type} for output in self.outputs],
            "rows": [
                {"tests": list(row.tests), "outputs": list(row.outputs), "note": row.note.json()} for row in self.rows
            ],
        }


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a table. `row` is None for the head; `column` is the head's text; warnings do not refuse."""

    row: int | None
    column: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    severity: str = "error"


class TableRefused(Exception):
    """A text that is no table at all; `problems` say where."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems


def from_json(value: Mapping[str, Any]) -> Table:
    """The table that `to_json` wrote. Raises TableRefused."""
    try:
        if value["format"] != FORMAT:
            raise _refused("format", {"found": value["format"]})
        return Table(
            inputs=tuple(map(str, value["inputs"])),
            outputs=tuple(Output(str(item["name"]), str(item["type"])) for item in value["outputs"]),
            hit_policy=_policy(str(value["hit"])),
            rows=tuple(
                Row(tuple(map(str, row["tests"])), tuple(map(str, row["outputs"])), LocalText.of(row.get("note")))
                for row in value["rows"]
            ),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise _refused("not-a-table", {"found": str(error)}) from None


_ENUM = re.compile(r"enum\(([^|()]+(?:\|[^|()]+)*)\)")
_TYPES = {
    "string": cel.STRING,
    "int": cel.INT,
    "double": cel.DOUBLE,
    "bool": cel.BOOL,
    "duration": cel.DURATION,
    "timestamp": cel.TIMESTAMP,
    "list(string)": cel.List(cel.STRING),
    "list(int)": cel.List(cel.INT),
}


def type_of(written: str) -> cel.Type | None:
    """The type of an output column, or None where it is unknown."""
    enum = _ENUM.fullmatch(written)
    if enum:
        return cel.Enum(*(value.strip() for value in enum[1].split("|")))
    return _TYPES.get(written)


def output_types(table: Table) -> dict[str, cel.Type]:
    """What the table gives to whoever reads its outputs; with several rows, a list of each."""
    found = {output.name: type_of(output.type) or cel.DYN for output in table.outputs}
    if table.hit_policy in MANY:
        return {name: cel.List(kind) for name, kind in found.items()}
    if table.hit_policy is HitPolicy.COLLECT_COUNT:
        return dict.fromkeys(found, cel.INT)
    return found


def _refused(code: str, params: dict[str, Any], row: int | None = None, column: str = "") -> TableRefused:
    return TableRefused((Problem(row, column, code, params),))


def _policy(text: str) -> HitPolicy:
    try:
        return HitPolicy(text.strip())
    except ValueError:
        raise _refused("hit-policy", {"found": text, "known": ", ".join(HitPolicy)}) from None


def parse_csv(text: str) -> Table:
    """The table in a CSV text: first line "hit,<POLICY>", then the head, then one line per rule.

    A head cell is "in:<expression>", "out:<name>:<type>", "note:de" or "note:en". Raises TableRefused.
    """
    try:
        lines = [line for line in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True) if line]
    except csv.Error as error:
        raise _refused("csv", {"found": str(error)}) from None
    if len(lines) < 2 or len(lines[0]) < 2 or lines[0][0].strip() != "hit":
        raise _refused("first-line", {})
    if len(lines) - 2 > MAX_ROWS or len(lines[1]) > MAX_COLUMNS:
        raise _refused("too-large", {"rows": MAX_ROWS, "columns": MAX_COLUMNS})
    policy, head = _policy(lines[0][1]), [cell.strip() for cell in lines[1]]
    places = _places(head)
    rows = tuple(_row(number, line, head, places) for number, line in enumerate(lines[2:]))
    return Table(
        inputs=tuple(head[place].removeprefix("in:").strip() for place in places["in"]),
        outputs=tuple(_output(head[place]) for place in places["out"]),
        hit_policy=policy,
        rows=rows,
    )


def _places(head: list[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {"in": [], "out": [], "note:de": [], "note:en": []}
    for place, cell in enumerate(head):
        key = cell if cell in places else cell.split(":", 1)[0]
        if key not in places or cell in ("in", "out"):
            raise _refused("head", {"found": cell}, column=cell)
        places[key].append(place)
    return places


def _output(cell: str) -> Output:
    name, _, written = cell.removeprefix("out:").partition(":")
    return Output(name.strip(), written.strip() or "string")


def _row(number: int, line: list[str], head: list[str], places: dict[str, list[int]]) -> Row:
    if len(line) != len(head):
        raise _refused("cells", {"found": len(line), "expected": len(head)}, row=number)
    notes = {key: next((line[place].strip() for place in places[f"note:{key}"]), "") for key in ("de", "en")}
    return Row(
        tests=tuple(line[place].strip() for place in places["in"]),
        outputs=tuple(line[place].strip() for place in places["out"]),
        note=LocalText(**notes),
    )


def to_csv(table: Table) -> str:
    """The table as CSV, always the same bytes for the same table: inputs, outputs, notes; quotes only where needed."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    notes = [lang for lang in ("de", "en") if any(getattr(row.note, lang) for row in table.rows)]
    writer.writerow(["hit", str(table.hit_policy)])
    writer.writerow(
        [
            *(f"in:{source}" for source in table.inputs),
            *(f"out:{output.name}:{output.type}" for output in table.outputs),
            *(f"note:{lang}" for lang in notes),
        ]
    )
    for row in table.rows:
        writer.writerow([*row.tests, *row.outputs, *(getattr(row.note, lang) for lang in notes)])
    return stream.getvalue()
