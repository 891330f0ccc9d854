"""What must be right before a model is published; each problem names its element."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from anliegen.lib import cel
from anliegen.lib.tables import Table, output_types
from anliegen.workflow.engine.graph import ENDS, GATEWAYS, FieldSpec, Graph, Node, NodeKind, TaskKind
from anliegen.workflow.engine.problems import Problem
from anliegen.workflow.engine.soundness import explore

DURATION = re.compile(r"^(R\d*/)?P(?=.)(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?)?$")
DATE = re.compile(r"^\d{4}-\d{2}-\d{2}(T[\d:]+Z?)?$")
OUTCOMES = ("fulfilled", "rejected", "cancelled")
WHO = frozenset(
    {"requester", "recipient", "requester-or-recipient", "manager", "recipient-manager", "cost-centre-holder", "department-head"}
)
PREFIXES = frozenset({"team", "role", "person", "table"})
FIELD_TYPES: Mapping[str, cel.Type] = {
    "string": cel.STRING, "text": cel.STRING, "int": cel.INT, "cents": cel.INT, "bool": cel.BOOL, "date": cel.STRING,
    "choice": cel.STRING, "paragraph": cel.STRING, "amount": cel.INT, "yesno": cel.BOOL,
}  # fmt: skip


@dataclass(frozen=True)
class Environment:
    """What a model may refer to. An empty set of teams or roles means that they are not checked."""

    schema: Mapping[str, cel.Type] = field(default_factory=dict)
    teams: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    tables: Mapping[str, Table] = field(default_factory=dict)
    automations: Mapping[str, Mapping[str, cel.Type]] = field(default_factory=dict)


def check(graph: Graph, environment: Environment) -> list[Problem]:
    """Every problem of the model: its shape, names, conditions, times, and whether it can get stuck."""
    shape = list(_shape(graph))
    problems = [*shape, *_nodes(graph, environment), *_conditions(graph, environment)]
    if not any(problem.severity == "error" for problem in shape):
        problems += _soundness(graph)
    return problems


def _shape(graph: Graph) -> Iterator[Problem]:
    kinds = [node.kind for node in graph.nodes.values()]
    if kinds.count(NodeKind.START) != 1:
        yield Problem(graph.key, "one-start", {"found": kinds.count(NodeKind.START)})
    if not any(kind in ENDS for kind in kinds):
        yield Problem(graph.key, "no-end")
    if not 3 <= len(graph.phases) <= 7:
        yield Problem(graph.key, "phases", {"found": len(graph.phases)})
    for name in ("gate", "reopen_at"):
        if (key := getattr(graph, name)) and key not in graph.nodes:
            yield Problem(graph.key, "unknown-node", {"name": name, "node": key})
    for node in graph.nodes.values():
        flows = graph.outgoing.get(node.id, ())
        if node.kind in ENDS and flows:
            yield Problem(node.id, "after-end", _told(node))
        if node.kind not in ENDS and not flows:
            yield Problem(node.id, "dead-end", _told(node))
        if node.kind in {NodeKind.XOR, NodeKind.OR} and len(flows) > 1 and not any(flow.default for flow in flows):
            yield Problem(node.id, "no-default", _told(node))
        if node.kind is NodeKind.OR and _two_joins_in_a_loop(graph, node):
            yield Problem(node.id, "or-loop", _told(node))
    for boundary in graph.boundaries.values():
        if not graph.outgoing.get(boundary.id):
            yield Problem(boundary.id, "dead-end", {"node": boundary.name.de or boundary.id})
    yield from _reachable(graph)


def _reachable(graph: Graph) -> Iterator[Problem]:
    starts = [node.id for node in graph.nodes.values() if node.kind is NodeKind.START]
    seen, queue = set(), [*starts, *([graph.reopen_at] if graph.reopen_at in graph.nodes else [])]
    while queue:
        here = queue.pop()
        if here in seen:
            continue
        seen.add(here)
        sources = [here, *(boundary.id for boundary in graph.at.get(here, ()))]
        queue += [flow.target for source in sources for flow in graph.outgoing.get(source, ())]
    for node in graph.nodes.values():
        if node.id not in seen and starts:
            yield Problem(node.id, "unreachable", _told(node))


def _two_joins_in_a_loop(graph: Graph, node: Node) -> bool:
    if len(graph.incoming.get(node.id, ())) < 2:
        return False
    after = _after(graph, node.id)
    others = [n for n in graph.nodes.values() if n.kind is NodeKind.OR and n.id != node.id]
    return any(
        len(graph.incoming.get(other.id, ())) > 1 and other.id in after and node.id in _after(graph, other.id)
        for other in others
    )


def _after(graph: Graph, key: str) -> set[str]:
    seen: set[str] = set()
    queue = [flow.target for flow in graph.outgoing.get(key, ())]
    while queue:
        here = queue.pop()
        if here not in seen:
            seen.add(here)
            queue += [flow.target for flow in graph.outgoing.get(here, ())]
    return seen


def _nodes(graph: Graph, environment: Environment) -> Iterator[Problem]:
    phases = {phase.key for phase in graph.phases}
    for node in graph.nodes.values():
        if node.kind is NodeKind.USER:
            yield from _user(node, phases, environment)
        if node.kind is NodeKind.RULE and node.table not in environment.tables:
            yield _unknown(node, "unknown-table", node.table, environment.tables)
        if node.kind is NodeKind.SERVICE and node.automation not in environment.automations:
            yield _unknown(node, "unknown-automation", node.automation, environment.automations)
        if node.kind in ENDS and node.outcome not in OUTCOMES:
            yield Problem(node.id, "end-outcome", _told(node))
        if node.kind not in GATEWAYS and node.kind not in ENDS and node.kind is not NodeKind.START:
            for lang in node.name.missing():
                yield Problem(node.id, "no-name", {"lang": lang, **_told(node)})
        if node.due and not DURATION.match(node.due):
            yield Problem(node.id, "not-a-duration", {"text": node.due})
        if node.kind is NodeKind.TIMER and not (DURATION.match(node.timer) or DATE.match(node.timer)):
            yield Problem(node.id, "not-a-duration", {"text": node.timer})
    for boundary in graph.boundaries.values():
        if not (DURATION.match(boundary.timer) or DATE.match(boundary.timer)):
            yield Problem(boundary.id, "not-a-duration", {"text": boundary.timer})


def _user(node: Node, phases: set[str], environment: Environment) -> Iterator[Problem]:
    if node.task_kind not in {kind.value for kind in TaskKind}:
        yield _unknown(node, "unknown-kind", node.task_kind, [kind.value for kind in TaskKind])
    if node.phase not in phases:
        yield _unknown(node, "unknown-phase", node.phase, phases)
    if not node.who:
        yield Problem(node.id, "nobody", _told(node))
    for part in filter(None, (text.strip() for text in node.who.split(","))):
        yield from _who(node, part, environment)
    if not re.fullmatch(r"all|one|majority|[1-9]\d*|", node.quorum):
        yield Problem(node.id, "quorum", {"text": node.quorum})


def _who(node: Node, part: str, environment: Environment) -> Iterator[Problem]:
    prefix, colon, key = part.partition(":")
    if not colon:
        if part not in WHO:
            yield _unknown(node, "unknown-who", part, WHO)
    elif prefix not in PREFIXES or not key:
        yield _unknown(node, "unknown-who", part, PREFIXES)
    elif prefix == "team" and environment.teams and key not in environment.teams:
        yield _unknown(node, "unknown-team", key, environment.teams)
    elif prefix == "role" and environment.roles and key not in environment.roles:
        yield _unknown(node, "unknown-role", key, environment.roles)
    elif prefix == "table" and key not in environment.tables:
        yield _unknown(node, "unknown-table", key, environment.tables)


def schema_of(graph: Graph, environment: Environment) -> cel.Schema:
    """What conditions of this model may read: the case, and what its steps give, by step and by name."""
    steps: dict[str, cel.Type] = {}
    top: dict[str, cel.Type] = dict(environment.schema)
    for node in graph.nodes.values():
        given = _outputs(node, environment)
        if node.kind not in GATEWAYS and node.kind not in ENDS:
            outcome = cel.Enum(*node.outcomes) if node.outcomes else cel.STRING
            steps[node.id] = cel.Object({**given, "outcome": outcome})
        top.update({name: kind for name, kind in given.items() if name not in environment.schema})
    return cel.Schema({**top, "steps": cel.Object(steps)})


def _outputs(node: Node, environment: Environment) -> dict[str, cel.Type]:
    specs: tuple[FieldSpec, ...] = (*node.form, *node.outputs)
    given: dict[str, cel.Type] = {spec.name: FIELD_TYPES.get(spec.type, cel.STRING) for spec in specs}
    if node.kind is NodeKind.SERVICE:
        given.update(environment.automations.get(node.automation, {}))
    if node.kind is NodeKind.RULE and node.table in environment.tables:
        given.update(output_types(environment.tables[node.table]))
    return given


def _conditions(graph: Graph, environment: Environment) -> Iterator[Problem]:
    schema = schema_of(graph, environment)
    places = [(flow.id, flow.condition) for flow in graph.flows.values() if flow.condition]
    places += [(node.id, node.condition) for node in graph.nodes.values() if node.condition]
    for element, source in places:
        try:
            cel.compile(source, schema, cel.BOOL)
        except cel.CelError as error:
            yield Problem(element, f"cel-{error.code}", {**error.params, "condition": source})


def _soundness(graph: Graph) -> Iterator[Problem]:
    found = {}
    begins = [graph.start, *([graph.reopen_at] if graph.reopen_at else [])]
    for begin in begins:
        verdict = explore(graph, begin)
        if not verdict.complete and not verdict.problems:
            found["incomplete"] = Problem(graph.key, "not-fully-checked", {"states": verdict.states}, "warning")
        for problem in verdict.problems:
            found.setdefault(problem.element + problem.code, problem)
    yield from found.values()


def _unknown(node: Node, code: str, name: str, known: object) -> Problem:
    hint = cel.nearest(name, list(known)) if name else ""  # type: ignore[call-overload]
    return Problem(node.id, code, {"name": name, "hint": hint or "", **_told(node)})


def _told(node: Node) -> dict[str, str]:
    return {"node": node.name.de or node.id}
