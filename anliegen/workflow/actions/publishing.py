"""Publishing: an item, its model and its tables go into force together, or not at all."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from anliegen.catalogue import actions as catalogue
from anliegen.catalogue import lifecycle as catalogue_lifecycle
from anliegen.catalogue.models import ItemVersion
from anliegen.catalogue.rules import FormError, parse
from anliegen.lib import bus, cel, tables
from anliegen.lib.errors import Refused
from anliegen.lib.tables import Table, TableRefused
from anliegen.lib.text import LocalText
from anliegen.people import access as people_access
from anliegen.people.models import Team, User
from anliegen.people.rules import Capability, Role
from anliegen.workflow import engine
from anliegen.workflow.actions import automations
from anliegen.workflow.engine import Graph, ModelRefused, Phase, Problem
from anliegen.workflow.events import Published
from anliegen.workflow.models import ModelVersion, Release, RequestModel
from anliegen.workflow.queries.case import schema_of
from anliegen.workflow.rules import ServiceFiles, VersionState


class ServiceRefused(Refused):
    """A service that cannot be published. `problems` are pairs: a place such as model.bpmn#check, and a sentence."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        place, sentence = problems[0]
        super().__init__(place, sentence, more=dict(reversed(problems)))
        self.problems = problems


def check_service(service: ServiceFiles, *, lang: str = "en") -> list[tuple[str, str]]:
    """Everything that is wrong with a service, as (file#element, sentence); empty for one that can be published.

    Item problems beside the form are told by publishing, which refuses them in one transaction.
    """
    found, own = _tables(service, lang)
    graph, problems = _graph(service, lang)
    found += problems
    if graph is None or found:
        return found
    try:
        form = parse(service.item.form)
    except FormError as error:
        return [(f"form.json#{problem.element}", problem.code) for problem in error.problems]
    environment = engine.Environment(
        schema=schema_of(form).fields,
        teams=frozenset(Team.objects.values_list("key", flat=True)),
        roles=frozenset(Role),
        tables=own,
        automations=automations.known(),
    )
    for problem in engine.check(graph, environment):
        if problem.severity == "error":
            found.append(_told(problem, lang))
    found += _table_problems(graph, environment, lang)
    return found


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


def _table_problems(graph: Graph, environment: engine.Environment, lang: str) -> Iterator[tuple[str, str]]:
    schema: cel.Schema = engine.schema_of(graph, environment)
    for key, table in environment.tables.items():
        for problem in tables.check(table, schema):
            if problem.severity == "error":
                yield f"tables/{key}.csv{_row(problem.row)}", tables.say(problem, lang)


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
    if found := check_service(service, lang=lang):
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
    model, _created = RequestModel.objects.update_or_create(key=key, defaults={"name": dict(service.name)})
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
