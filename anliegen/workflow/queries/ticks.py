"""What must be ticked before a step is done: named by the model, or by a table of the release."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from anliegen.lib import cel, tables
from anliegen.lib.text import LocalText
from anliegen.workflow.engine import Failed, FieldSpec, Node
from anliegen.workflow.models import Task
from anliegen.workflow.queries import shared
from anliegen.workflow.queries.case import Case

PREFIX = "tick_"  # what a tick is called among the fields and outputs of its step
_TABLE = "table:"


def named(node: Node, case: Case, data: Mapping[str, Any], now: datetime) -> list[dict[str, str]]:
    """The checklist of a step that opens now, as `Task.checklist` keeps it. Raises Failed.

    A table gives the key in its output `tick`; the note of the row is what people read.
    """
    found: list[dict[str, str]] = []
    for part in node.checklist:
        if part.startswith(_TABLE):
            found += _by_table(part.removeprefix(_TABLE), case, data, now)
        else:
            found.append({"key": part, "de": part, "en": part})
    return found


def _by_table(key: str, case: Case, data: Mapping[str, Any], now: datetime) -> list[dict[str, str]]:
    found = shared.table_of(key, case, now)
    if found is None:
        raise Failed("unknown-table", {"table": key})
    table = found.table
    try:
        decision = tables.decide(table, data)
    except cel.EvaluationError as error:
        raise Failed(error.code, {"table": key}) from error
    given = decision.outputs if isinstance(decision.outputs, list) else [decision.outputs]
    rows = [(str(one["tick"]), table.rows[row].note) for one, row in zip(given, decision.rows, strict=True)]
    return [{"key": tick, "de": note.to("de") or tick, "en": note.to("en") or tick} for tick, note in rows]


def fields(task: Task) -> tuple[FieldSpec, ...]:
    """The ticks of a task as required fields of its form."""
    return tuple(
        FieldSpec(PREFIX + one["key"], "check", LocalText(one["de"], one["en"]), required=True)
        for one in task.checklist
    )
