"""What a rule decides about a step by itself: used when a request runs and when the way is shown before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from anliegen.lib import cel, tables
from anliegen.lib.tables import Table
from anliegen.lib.text import LocalText, Sentence
from anliegen.people import queries as people
from anliegen.workflow import rules
from anliegen.workflow.engine import Failed, Node
from anliegen.workflow.queries import quality, shared, who
from anliegen.workflow.queries.case import Case
from anliegen.workflow.rules import Kind

DESK = "service-desk"  # the team that gets what no rule sends elsewhere
BY_LIMIT = "limit"  # `automation` of an approval that is automatic within the requester's limit (R92, R96)


@dataclass(frozen=True, slots=True)
class Ruled:
    """A rule's result, and everything that explains it."""

    outcome: str
    sentence: Sentence
    rule: str
    rule_version: str
    inputs: dict[str, Any]
    result: Any
    outputs: dict[str, Any] = field(default_factory=dict)


def approval(node: Node, case: Case, now: datetime) -> Ruled | None:
    """What the limit of the requester says about an approval; outcome "" means that a person must decide."""
    if node.automation != BY_LIMIT:
        return None
    order, limit = case.order, people.order_limit(case.requester, now)
    bounds = case.release.options.get("automatic", {})
    over = rules.exceeded(order, limit, bounds)
    inputs = {
        "total_cents": order.total_cents,
        "monthly_cents": order.monthly_cents,
        "quantity": order.quantity,
        "limit_cents": limit,
        "bounds": bounds,
    }
    params: dict[str, Any] = {"cents": order.total_cents, "limit_cents": limit}
    sentence = Sentence("limit-exceeded", {**params, "exceeded": list(over)})
    if not over:
        free = not order.total_cents
        sentence = (
            Sentence("approved-free", {"task": node.name.json()}) if free else Sentence("approved-by-limit", params)
        )
    return Ruled("" if over else "yes", sentence, "approval-limit", "1", inputs, {"exceeded": list(over)})


def by_rule(node: Node, case: Case, data: Mapping[str, Any], now: datetime, *, reopened: bool = False) -> Ruled | None:
    """What a rule says about a step of people: an approval within the limit, a quality check by its setting."""
    if node.task_kind == Kind.APPROVAL:
        return approval(node, case, now)
    if node.task_kind == Kind.QUALITY:
        return checked(node, case, data, reopened=reopened)
    return None


def checked(node: Node, case: Case, data: Mapping[str, Any], *, reopened: bool) -> Ruled:
    """Whether the work is checked by somebody else; outcome "" means that it is. "never" needs no sentence."""
    setting = case.item_version.quality_check
    found = quality.decide(setting, node, case, data, reopened=reopened)
    if found is None:
        return Ruled(node.positive, Sentence(key="", params={}), "quality-check", "1", {"setting": setting}, False)
    params = {"task": node.name.json(), "why": found.why.json()}
    sentence = Sentence("quality-needed" if found.needed else "quality-not-needed", params)
    outcome = "" if found.needed else node.positive
    version = f"{case.item_version.item.key} {case.item_version.number}"
    return Ruled(outcome, sentence, "quality-check", version, found.inputs, found.needed)


def by_table(node: Node, case: Case, data: Mapping[str, Any], now: datetime) -> Ruled:
    """What a decision table says: the release's own, else the shared one in force now. Raises Failed where it has no
    answer.

    A table that gives one `team` always has an answer: where no rule fits or nobody works there, the service desk.
    """
    found = shared.table_of(node.table, case, now)
    if found is None:
        raise Failed("unknown-table", {"table": node.table})
    table = found.table
    try:
        decision = tables.decide(table, data)
        inputs = {source: _read(source, table, decision.rows, data) for source in table.inputs}
    except cel.EvaluationError as error:
        raise Failed(error.code, {"table": node.table, **_plain(error.params)}) from error
    routes = tables.output_types(table).get("team") == cel.STRING
    if not decision.rows and not decision.outputs and not routes:
        raise Failed("no-row", {"table": node.table})
    outputs = _outputs(decision.outputs, table)
    result = {"rows": [row + 1 for row in decision.rows], "outputs": dict(outputs)}
    reason = _notes(table, decision.rows, outputs).json()
    params = {"task": node.name.json(), "result": _text(outputs), "reason": reason}
    sentence = Sentence("decided-by-table", params)
    if routes:
        sentence, outputs["team"] = _routed(str(outputs.get("team") or ""), reason, case, now)
    outcome = str(outputs.get("outcome", ""))
    return Ruled(outcome, sentence, f"table:{node.table}", found.version, inputs, result, outputs)


def _routed(wanted: str, reason: Mapping[str, str], case: Case, now: datetime) -> tuple[Sentence, str]:
    """The team that does it, and the sentence that says why; the service desk where there is none (R44)."""
    team = who.staffed_team(wanted, case, now) if wanted else None
    if team is not None:
        return Sentence("routed", {"team": LocalText.of(team.name).json(), "reason": dict(reason)}), team.key
    desk = who.staffed_team(DESK, case, now)
    named = LocalText.of(desk.name).json() if desk else {"de": DESK, "en": DESK}
    if wanted:
        return Sentence("routed-nobody-there", {"team": named, "wanted": wanted}), DESK
    return Sentence("routed-no-rule", {"team": named}), DESK


def _read(source: str, table: Table, rows: Sequence[int], data: Mapping[str, Any]) -> Any:
    """What a column read; of free text only the words that the rule looked for: what people wrote stays where it is."""
    if source != "request.text":
        return _value(source, data)
    place = table.inputs.index(source)
    return ", ".join(cell for row in rows if (cell := table.rows[row].tests[place].strip("~- ")))


def _value(source: str, data: Mapping[str, Any]) -> Any:
    program = cel.compile(source, cel.Schema(dict.fromkeys(data, cel.DYN)))
    try:
        return program(data)
    except cel.EvaluationError:
        return None


def _outputs(found: dict[str, Any] | list[dict[str, Any]], table: Table) -> dict[str, Any]:
    if isinstance(found, dict):
        return {name: _stored(value) for name, value in found.items()}
    return {output.name: [_stored(row.get(output.name)) for row in found] for output in table.outputs}


def _stored(value: Any) -> Any:
    """A value as JSON keeps it."""
    return value if value is None or isinstance(value, (str, int, float, bool, list, dict)) else str(value)


def reads(condition: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What a condition read, by dotted path."""
    program = cel.compile(condition, cel.Schema(dict.fromkeys(data, cel.DYN)))
    return {path: rules.look_up(data, path) for path in sorted(program.reads)}


def _notes(table: Table, rows: Sequence[int], outputs: Mapping[str, Any]) -> LocalText:
    """What the rows that were hit say about themselves; without notes, what they give."""
    notes = [table.rows[row].note for row in rows if table.rows[row].note]
    text = _text(outputs)
    return LocalText(
        " ".join(note.to("de") for note in notes) or text, " ".join(note.to("en") for note in notes) or text
    )


def _text(outputs: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}" for name, value in outputs.items()
    )


def _plain(params: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value if isinstance(value, (str, int, bool, list)) else str(value) for key, value in params.items()}
