"""What must be right before a model is published; each problem names its element."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from anliegen.lib import cel
from anliegen.lib.tables import Table, output_types
from anliegen.workflow.engine.graph import (
    END_OUTCOMES,
    ENDS,
    FIELD_RULES,
    FIELD_TYPES,
    ROOTS,
    STEPS,
    FieldSpec,
    Graph,
    Node,
    NodeKind,
    TaskKind,
)
from anliegen.workflow.engine.problems import Problem
from anliegen.workflow.engine.shape import shape
from anliegen.workflow.engine.soundness import Verdict, explore

DURATION = re.compile(r"P(?=.)(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?)?")
REPEATED = re.compile(rf"R\d*/{DURATION.pattern}")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?")
QUORUM = re.compile(r"all|one|majority|[1-9]\d*|")
JUSTIFICATION = re.compile(r"[1-9][0-9]{0,2}")  # characters
NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
WHO = frozenset(
    {
        "requester",
        "recipient",
        "requester-or-recipient",
        "manager",
        "recipient-manager",
        "cost-centre-holder",
        "department-head",
    }
)
PREFIXES = ("team:", "role:", "person:", "table:", "step:")


@dataclass(frozen=True)
class Environment:
    """What a model may refer to. An empty set of teams, roles or messages means that they are not checked.

    `vacant` are teams and roles that nobody holds, as "team:<key>" or "role:<key>". `target_minutes` is the service
    level in business minutes, 0 for none; a working day has `day_minutes`.
    """

    schema: cel.Schema | Mapping[str, cel.Type] = field(default_factory=dict)
    teams: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    tables: Mapping[str, Table] = field(default_factory=dict)
    automations: Mapping[str, Mapping[str, cel.Type]] = field(default_factory=dict)
    messages: frozenset[str] = frozenset()
    vacant: frozenset[str] = frozenset()
    target_minutes: int = 0
    day_minutes: int = 480

    @property
    def fields(self) -> Mapping[str, cel.Type]:
        """What expressions may read before any step has given something."""
        return self.schema.fields if isinstance(self.schema, cel.Schema) else self.schema


def check(graph: Graph, environment: Environment) -> list[Problem]:
    """Every problem of the model, errors first: its shape, names, conditions, times, and whether it can get stuck.

    The decision tables themselves are checked with `tables.check` and `schema_of`.
    """
    problems = [*shape(graph), *_nodes(graph, environment), *_boundaries(graph, environment)]
    problems += _conditions(graph, environment)
    if not problems or all(problem.code not in _DRAWING for problem in problems):
        problems += _explored(graph, environment)
    problems += _target(graph, environment)
    if graph.coordinator and environment.teams and graph.coordinator not in environment.teams:
        problems.append(unknown(graph.key, "unknown-team", graph.coordinator, environment.teams))
    return sorted(problems, key=lambda problem: problem.severity != "error")


# Without these, exploring would only repeat what is wrong with the drawing.
_DRAWING = frozenset(
    {"one-start", "no-end", "dead-end", "after-end", "before-start", "unknown-node", "ring", "or-loop"}
)


# Nodes


def _nodes(graph: Graph, environment: Environment) -> Iterator[Problem]:
    for node in graph.nodes.values():
        if node.kind in STEPS:
            yield from _step(graph, node, environment)
        elif node.kind in ENDS and node.outcome not in END_OUTCOMES:
            yield Problem(node.id, "end-outcome", {"node": node.title})


def _step(graph: Graph, node: Node, environment: Environment) -> Iterator[Problem]:
    for lang in node.name.missing():
        yield Problem(node.id, "no-name", {"lang": lang, "node": node.title})
    if node.due and not DURATION.fullmatch(node.due):
        yield Problem(node.id, "not-a-duration", {"text": node.due})
    yield from _specs(node)
    match node.kind:
        case NodeKind.USER:
            yield from _user(graph, node, environment)
        case NodeKind.RULE if node.table not in environment.tables:
            yield _unknown(node, "unknown-table", node.table, environment.tables)
        case NodeKind.SERVICE if node.automation not in environment.automations:
            yield _unknown(node, "unknown-automation", node.automation, environment.automations)
        case NodeKind.SEND if environment.messages and node.message not in environment.messages:
            yield _unknown(node, "unknown-message", node.message, environment.messages)
        case NodeKind.TIMER:
            yield from _timer(graph, node.id, node.timer, environment)


def _user(graph: Graph, node: Node, environment: Environment) -> Iterator[Problem]:
    kinds = [kind.value for kind in TaskKind]
    phases = [phase.key for phase in graph.phases]
    if node.task_kind not in kinds:
        yield _unknown(node, "unknown-kind", node.task_kind, kinds)
    if node.phase not in phases:
        yield _unknown(node, "unknown-phase", node.phase, phases)
    if not node.who.strip(" ,"):
        yield Problem(node.id, "nobody", {"node": node.title})
    for part in filter(None, (text.strip() for text in node.who.split(","))):
        yield from _who(graph, node, part, environment)
    yield from _checklist(node, environment)
    if not QUORUM.fullmatch(node.quorum):
        yield Problem(node.id, "quorum", {"text": node.quorum})
    if node.justification and not (JUSTIFICATION.fullmatch(node.justification) and node.task_kind == "approval"):
        yield Problem(node.id, "justification", {"text": node.justification, "node": node.title})
    for outcome in sorted({outcome for outcome in node.outcomes if node.outcomes.count(outcome) > 1}):
        yield Problem(node.id, "double-id", {"id": outcome})


def _who(graph: Graph, node: Node, part: str, environment: Environment) -> Iterator[Problem]:
    prefix, colon, key = part.partition(":")
    known = {
        "team": environment.teams,
        "role": environment.roles,
        "table": environment.tables,
        "step": {step.id: step for step in graph.nodes.values() if step.kind in STEPS},
    }.get(prefix, ())
    if not colon:
        if part not in WHO:
            yield _unknown(node, "unknown-who", part, [*WHO, *(f"team:{team}" for team in environment.teams)])
    elif f"{prefix}:" not in PREFIXES or not key:
        yield _unknown(node, "unknown-who", part, PREFIXES)
    elif key not in known and (known or prefix in {"table", "step"}):
        yield _unknown(node, f"unknown-{prefix}", key, known)
    elif prefix == "table" and not {"team", "person", "role"} & output_types(environment.tables[key]).keys():
        yield Problem(node.id, "table-names-nobody", {"name": key, "node": node.title})
    elif prefix == "step" and not {"team", "person"} & _given(graph.nodes[key], environment).keys():
        yield Problem(node.id, "step-names-nobody", {"name": key, "node": node.title})
    elif part in environment.vacant:
        yield Problem(node.id, "vacant", {"name": key, "node": node.title}, "warning")


def _checklist(node: Node, environment: Environment) -> Iterator[Problem]:
    """What must be ticked may come from a table, which names it in its output `tick`."""
    for part in node.checklist:
        prefix, colon, key = part.partition(":")
        if colon and (prefix != "table" or key not in environment.tables):
            yield _unknown(node, "unknown-table", key, environment.tables)
        elif colon and "tick" not in output_types(environment.tables[key]):
            yield Problem(node.id, "table-ticks-nothing", {"name": key, "node": node.title})


def _specs(node: Node) -> Iterator[Problem]:
    for spec in (*node.form, *node.outputs):
        if not NAME.fullmatch(spec.name) or spec.name in ROOTS or spec.name == "outcome":
            yield Problem(node.id, "not-a-name", {"name": spec.name})
        if spec.type not in FIELD_TYPES:
            yield _unknown(node, "unknown-type", spec.type, FIELD_TYPES)
    for spec in node.form:
        if spec.rule and spec.rule not in FIELD_RULES:
            yield _unknown(node, "unknown-field-rule", spec.rule, FIELD_RULES)
        for outcome in set(spec.outcomes) - set(node.outcomes):
            yield _unknown(node, "unknown-outcome", outcome, node.outcomes)
        for lang in spec.label.missing():
            yield Problem(node.id, "no-label", {"lang": lang, "name": spec.name, "node": node.title})


# Times


def _boundaries(graph: Graph, environment: Environment) -> Iterator[Problem]:
    for boundary in graph.boundaries.values():
        repeated = REPEATED.fullmatch(boundary.timer)
        if repeated and boundary.interrupting:
            yield Problem(boundary.id, "repeats-once", {"text": boundary.timer})
        elif not repeated:
            yield from _timer(graph, boundary.id, boundary.timer, environment)


def _timer(graph: Graph, element: str, text: str, environment: Environment) -> Iterator[Problem]:
    """A duration, a date, or a field that holds a date."""
    if DURATION.fullmatch(text) or DATE.fullmatch(text):
        return
    try:
        cel.compile(text, schema_of(graph, environment))
    except cel.CelError as error:
        named = error.code == "unknown-field" and "." in text
        yield Problem(element, f"cel-{error.code}" if named else "not-a-duration", {**error.params, "text": text})


def _target(graph: Graph, environment: Environment) -> Iterator[Problem]:
    """A service level must not be shorter than the longest way without loops, by what its steps may take.

    Approvals have a clock of their own, and what follows the confirmation comes after the fulfilment.
    """
    if not environment.target_minutes or not graph.nodes or any(p.code in _DRAWING for p in shape(graph)):
        return
    needed = _longest(graph, graph.start, frozenset(), {}, environment.day_minutes) or 0
    if needed > environment.target_minutes:
        params = {"target": environment.target_minutes, "needed": needed}
        yield Problem(graph.key, "target-too-short", params, "warning")


def _longest(graph: Graph, node_id: str, before: frozenset[str], known: dict[str, int], day: int) -> int | None:
    """The minutes from a node on; None where it only leads back to where one has been."""
    if node_id in known:
        return known[node_id]
    kind = graph.nodes[node_id].task_kind
    flows = graph.outgoing.get(node_id, ())
    if kind == TaskKind.ACCEPTANCE or not flows:
        return 0
    inside = before | {node_id}
    ways = [_longest(graph, flow.target, inside, known, day) for flow in flows if flow.target not in inside]
    found = [way for way in ways if way is not None]
    if not found:
        return None
    own = "" if kind == TaskKind.APPROVAL else graph.nodes[node_id].due
    known[node_id] = max(found) + _minutes(own, day)
    return known[node_id]


def _minutes(text: str, day: int) -> int:
    hit = DURATION.fullmatch(text)
    if hit is None:
        return 0
    weeks, days, hours, minutes = (int((hit[group] or "0")[:-1] or 0) for group in (1, 2, 4, 5))
    return (5 * weeks + days) * day + hours * 60 + minutes


# Expressions and tables


def schema_of(graph: Graph, environment: Environment) -> cel.Schema:
    """What conditions of this model may read: the case, and what its steps give, by step and by name."""
    steps: dict[str, cel.Type] = {}
    top: dict[str, cel.Type] = {}
    for node in graph.nodes.values():
        if node.kind not in STEPS:
            continue
        given = _given(node, environment)
        outcome = cel.Enum(*node.outcomes) if node.outcomes else cel.STRING
        steps[node.id] = cel.Object({"outcome": outcome, **given, "skipped": cel.BOOL})
        top.update({name: given[name] for name in node.shown(given)})
    return cel.Schema({**top, **environment.fields, "steps": cel.Object(steps)})


def _given(node: Node, environment: Environment) -> dict[str, cel.Type]:
    """The outputs of a step and their types."""
    given: dict[str, cel.Type] = {}
    if node.kind is NodeKind.SERVICE:
        given.update(environment.automations.get(node.automation, {}))
    if node.kind is NodeKind.RULE and node.table in environment.tables:
        given.update(output_types(environment.tables[node.table]))
    specs: tuple[FieldSpec, ...] = (*node.form, *node.outputs)
    return {**{spec.name: spec.cel_type for spec in specs}, **given}


def _conditions(graph: Graph, environment: Environment) -> Iterator[Problem]:
    schema = schema_of(graph, environment)
    places = [(flow.id, flow.condition) for flow in graph.flows.values() if flow.condition]
    places += [(node.id, node.condition) for node in graph.nodes.values() if node.condition]
    for element, source in places:
        try:
            cel.compile(source, schema, cel.BOOL)
        except cel.CelError as error:
            yield Problem(element, f"cel-{error.code}", {**error.params, "condition": source})


# What happens when it runs


def _explored(graph: Graph, environment: Environment) -> list[Problem]:
    verdict = explore(graph, graph.start)
    verdicts = [verdict, *([explore(graph, graph.reopen_at)] if graph.reopen_at else [])]
    found: dict[tuple[str, str], Problem] = {}
    for one in verdicts:
        for problem in one.problems:
            found.setdefault((problem.element, problem.code), problem)
        if not one.complete:
            problem = Problem(graph.key, "not-fully-checked", {"states": one.states}, "warning")
            found.setdefault((problem.element, problem.code), problem)
    if any(problem.code == "started-twice" for problem in found.values()):
        # Where a step starts twice, what follows is wrong for that reason.
        found = {key: problem for key, problem in found.items() if problem.code != "stuck"}
    elif verdict.complete:
        for node in graph.nodes.values():
            if node.id not in verdict.visited and graph.reopen_at == "":
                found.setdefault((node.id, "unreachable"), Problem(node.id, "unreachable", {"node": node.title}))
    return [*found.values(), *_written_twice(graph, environment, verdict)]


def _written_twice(graph: Graph, environment: Environment, verdict: Verdict) -> Iterator[Problem]:
    """Two steps that give the same name: not at the same time, and not with different types."""
    writers: dict[str, dict[str, cel.Type]] = {}
    for node in graph.nodes.values():
        given = _given(node, environment)
        for name in node.shown(given):
            writers.setdefault(name, {})[node.id] = given[name]
    for name, by in writers.items():
        for one, other in combinations(by, 2):
            params = {"name": name, "node": graph.title(one), "other": graph.title(other)}
            if any({one, other} <= steps for steps in verdict.together):
                yield Problem(other, "written-twice", params)
            elif by[one].kind is not by[other].kind:
                yield Problem(other, "written-differently", params)


def _unknown(node: Node, code: str, name: str, known: Iterable[str]) -> Problem:
    return unknown(node.id, code, name, known, node.title)


def unknown(element: str, code: str, name: str, known: Iterable[str], title: str = "") -> Problem:
    """A name that does not exist, with what was probably meant."""
    hint = cel.nearest(name, known) if name else ""
    return Problem(element, code, {"name": name, "hint": hint, "node": title or element})
