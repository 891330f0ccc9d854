"""Publishing: an item, its model and its tables go into force together, or not at all."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from anliegen.catalogue import actions as catalogue
from anliegen.catalogue import lifecycle as catalogue_lifecycle
from anliegen.catalogue.models import ItemVersion
from anliegen.catalogue.rules import Form, FormError, Measure, parse
from anliegen.lib import bus, cel, tables
from anliegen.lib.errors import Refused
from anliegen.lib.tables import Table, TableRefused
from anliegen.lib.text import LocalText
from anliegen.people import access as people_access
from anliegen.people import queries as people
from anliegen.people.models import Team, User
from anliegen.people.rules import Capability, Role
from anliegen.workflow import engine
from anliegen.workflow.actions import automations
from anliegen.workflow.engine import Graph, ModelRefused, Phase, Problem, TaskKind
from anliegen.workflow.events import Published
from anliegen.workflow.models import ModelVersion, Release, RequestModel
from anliegen.workflow.queries import quality, times
from anliegen.workflow.queries.case import schema_of
from anliegen.workflow.queries.shared import all_in_force
from anliegen.workflow.rules import ServiceFiles, VersionState


class ServiceRefused(Refused):
    """A service that cannot be published. `problems` are pairs: a place such as model.bpmn#check, and a sentence."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        place, sentence = problems[0]
        super().__init__(place, sentence, more=dict(reversed(problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in a service, as (file#element, sentence). With warnings alone it can be published."""

    errors: list[tuple[str, str]]
    warnings: list[tuple[str, str]] = field(default_factory=list)


def check_service(
    service: ServiceFiles, *, now: datetime, lang: str = "en", coming: Mapping[str, Table] | None = None
) -> Findings:
    """Everything that is wrong with a service, and what may become wrong: a team in which nobody works, a service level
    shorter than its steps, names that could not be checked.

    `coming` are shared tables that are published together with it. Item problems beside the form are told by
    publishing, which refuses them in one transaction.
    """
    found, own = _tables(service, lang)
    graph, problems = _graph(service, lang)
    found += problems
    if graph is None or found:
        return Findings(found)
    try:
        form = parse(service.item.form)
    except FormError as error:
        return Findings([(f"form.json#{problem.element}", problem.code) for problem in error.problems])
    tables_known = {**all_in_force(now), **(coming or {}), **own}
    environment = _environment(service, schema_of(form, service.options).fields, tables_known, now)
    problems_of_model = engine.check(graph, environment)
    errors = [_told(problem, lang) for problem in problems_of_model if problem.severity == "error"]
    warnings = [_told(problem, lang) for problem in problems_of_model if problem.severity != "error"]
    if not environment.teams:
        warnings.append(("model.bpmn", _NO_TEAMS.to(lang)))
    errors += _table_problems(graph, environment, own, lang)
    errors += _unknown_teams(form, environment.teams, lang)
    errors += _quality_problems(service.item.quality_check, graph, environment, lang)
    return Findings(errors, warnings)


_NO_TEAMS = LocalText(
    "Es gibt noch keine Teams. Ob die genannten Teams stimmen, wurde nicht geprüft.",
    "There are no teams yet. Whether the teams that are named exist was not checked.",
)


def _environment(
    service: ServiceFiles, fields: Mapping[str, cel.Type], known: Mapping[str, Table], now: datetime
) -> engine.Environment:
    """What the model may refer to here and now. Without people, nobody is missed yet."""
    roles = [role for role in Role if not people.holders(role, now)] if User.objects.exists() else []
    vacant = people.vacant_teams(now) if User.objects.exists() else ()
    targets = [one for one in service.item.targets if one.measure == Measure.FULFILMENT]
    longest = max(targets, key=lambda one: one.minutes, default=None)
    return engine.Environment(
        schema=fields,
        teams=frozenset(Team.objects.values_list("key", flat=True)),
        roles=frozenset(Role),
        tables=known,
        automations=automations.known(),
        vacant=frozenset({*(f"team:{key}" for key in vacant), *(f"role:{role}" for role in roles)}),
        target_minutes=longest.minutes if longest else 0,
        day_minutes=times.day_minutes(longest.calendar_key) if longest else 480,
    )


def _unknown_teams(form: Form, teams: Collection[str], lang: str) -> Iterator[tuple[str, str]]:
    """Teams that alone see an answer must be there; without any team in the database they are not checked."""
    for question in form.questions if teams else ():
        for key in question.seen_by:
            if key not in teams:
                sentence = f"Das Team „{key}“ gibt es nicht.", f"There is no team '{key}'."
                yield f"form.json#{question.key}", sentence[lang == "en"]


def _quality_problems(
    setting: str, graph: Graph, environment: engine.Environment, lang: str
) -> Iterator[tuple[str, str]]:
    """The setting of the quality check must be one that can be followed, and the model must have such a step."""
    place = "service.json#item.quality_check"
    if setting == quality.NEVER:
        return
    if not any(node.task_kind == TaskKind.QUALITY for node in graph.nodes.values()):
        yield place, _QUALITY["no-step"][lang == "en"]
    if setting == quality.ALWAYS:
        return
    if (percent := quality.share(setting)) is not None:
        if not 1 <= percent <= 100:
            yield place, _QUALITY["share"][lang == "en"]
        return
    try:
        cel.compile(setting, cel.Schema({**environment.fields, **quality.FIELDS}), cel.BOOL)
    except cel.CelError as error:
        yield place, cel.say(error, lang)


_QUALITY = {
    "no-step": ("Das Modell hat keine Qualitätskontrolle.", "The model has no quality check."),
    "share": ("Eine Stichprobe umfasst 1 bis 100 %.", "A sample is 1 to 100%."),
}


def _told(problem: Problem, lang: str) -> tuple[str, str]:
    line = f":{problem.line}" if problem.line else ""
    return f"model.bpmn{line}#{problem.element}", engine.say(problem, lang)


def _tables(service: ServiceFiles, lang: str) -> tuple[list[tuple[str, str]], dict[str, Table]]:
    found: list[tuple[str, str]] = []
    own: dict[str, Table] = {}
    for key, text in service.tables.items():
        try:
            own[key] = tables.parse_csv(text)
        except TableRefused as error:
            found += [(f"tables/{key}.csv{_row(p.row)}", tables.say(p, lang)) for p in error.problems]
    return found, own


def _row(row: int | None) -> str:
    return "" if row is None else f"#{row + 1}"


def _table_problems(
    graph: Graph, environment: engine.Environment, own: Mapping[str, Table], lang: str
) -> Iterator[tuple[str, str]]:
    schema: cel.Schema = engine.schema_of(graph, environment)
    for key, table in own.items():
        yield from unknown_teams(key, table, environment.teams, lang)
        for problem in tables.check(table, schema):
            if problem.severity == "error":
                yield f"tables/{key}.csv{_row(problem.row)}", tables.say(problem, lang)


def unknown_teams(key: str, table: Table, known: frozenset[str], lang: str) -> Iterator[tuple[str, str]]:
    """The teams that a table names and nobody has founded; nothing where there are no teams at all yet."""
    for row, team in tables.constants(table, "team"):
        if known and team and team not in known:
            problem = engine.unknown(key, "unknown-team", str(team), known)
            yield f"tables/{key}.csv{_row(row)}", engine.say(problem, lang)


def _graph(service: ServiceFiles, lang: str) -> tuple[Graph | None, list[tuple[str, str]]]:
    """The graph of the model; phases, gate and reopenAt of the service win over those of the XML."""
    try:
        graph = engine.read(service.xml)
    except ModelRefused as error:
        return None, [_told(problem, lang) for problem in error.problems]
    options = service.options
    changes: dict[str, Any] = {}
    if options.get("phases"):
        changes["phases"] = tuple(
            Phase(item["key"], LocalText.of(item.get("name", item))) for item in options["phases"]
        )
    if options.get("gate"):
        changes["gate"] = options["gate"]
    if options.get("reopenAt"):
        changes["reopen_at"] = options["reopenAt"]
    return replace(graph, **changes), []


@transaction.atomic
def publish_service(service: ServiceFiles, *, acting_user: User | None, now: datetime, lang: str = "en") -> Release:
    """Check a service whole and put it into force: from now on requests are made from it (R144).

    All or nothing: whatever is wrong raises ServiceRefused (a Refused) with every problem, and the old release stays.
    `acting_user` None is the system. Raises Forbidden without the right to publish.
    """
    if acting_user is not None:
        people_access.require(acting_user, Capability.PUBLISH, now=now)
    if found := check_service(service, now=now, lang=lang).errors:
        raise ServiceRefused(found)
    if service.category is not None:
        catalogue.save_category(service.category, acting_user=None, now=now)
    item_version = _item(service, acting_user, now)
    graph, _problems = _graph(service, lang)
    _found, own = _tables(service, lang)
    assert graph is not None
    version = _version(service, graph, acting_user, now)
    return _release(service, item_version, version, own, (acting_user, now))


def _item(service: ServiceFiles, acting_user: User | None, now: datetime) -> ItemVersion:
    try:
        return catalogue.create_version(service.item, acting_user=acting_user, now=now)
    except Refused as refused:
        problems = [(f"service.json#{place}", str(message)) for place, message in refused.errors.items()]
        raise ServiceRefused(problems) from refused


def _version(service: ServiceFiles, graph: Graph, user: User | None, now: datetime) -> ModelVersion:
    """The model's version with this graph: the one that is there, or the next number."""
    key = service.model_key or service.key
    name = graph.name.json() if service.model_key else dict(service.name)
    model, _created = RequestModel.objects.update_or_create(key=key, defaults={"name": name})
    stored = graph.to_json()
    digest = hashlib.sha256(service.xml + json.dumps(stored, sort_keys=True).encode()).hexdigest()
    same = ModelVersion.objects.filter(model=model, sha256=digest).first()
    if same is not None:
        return same
    number = (ModelVersion.objects.filter(model=model).aggregate(last=Max("number"))["last"] or 0) + 1
    model.versions.filter(state=VersionState.PUBLISHED).update(state=VersionState.RETIRED)
    return ModelVersion.objects.create(
        model=model,
        number=number,
        state=VersionState.PUBLISHED,
        xml=service.xml.decode("utf-8", "replace"),
        graph=stored,
        sha256=digest,
        published_at=now,
        published_by=user,
    )


def _release(
    service: ServiceFiles,
    item_version: ItemVersion,
    version: ModelVersion,
    own: Mapping[str, Table],
    who: tuple[User | None, datetime],
) -> Release:
    user, now = who
    stored = {key: table.to_json() for key, table in own.items()}
    digest = hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()
    release = Release.objects.create(
        item_version=item_version,
        model_version=version,
        tables=stored,
        options={**dict(service.options), "format": 1, "tables_sha256": digest},
        published_at=now,
        published_by=user,
    )
    actor_id = user.pk if user else None
    catalogue_lifecycle.set_current(item_version.item, item_version, actor_id=actor_id, now=now)
    changes = {"item": item_version.item.key, "item_version": item_version.number, "model_version": version.number}
    bus.publish(
        Published(subject_id=release.pk, actor_id=actor_id, now=now, rule="" if user else "library", changes=changes)
    )
    return release


publish = publish_service
