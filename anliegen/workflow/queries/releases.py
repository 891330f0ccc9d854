"""Published graphs and tables, kept in the process: what is published never changes."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from anliegen.catalogue.models import ItemVersion
from anliegen.lib import tables
from anliegen.lib.tables import Table
from anliegen.workflow.engine import Graph
from anliegen.workflow.models import ModelVersion, Release, Run
from anliegen.workflow.rules import RunStatus

MAX_KEPT = 500
KEPT = ("model_version__xml", "model_version__graph", "tables")  # columns of a release that are read once

_graphs: dict[str, Graph] = {}
_tables: dict[str, dict[str, Table]] = {}


def with_version(rows: QuerySet[Run]) -> QuerySet[Run]:
    """Runs with their release and its version, but without XML and graph, which are kept."""
    return rows.select_related("release__model_version__model", "release__item_version__item").defer(
        *(f"release__{name}" for name in KEPT), "release__item_version__description"
    )


def graph_of(version: ModelVersion) -> Graph:
    """The graph of a version. One statement the first time."""
    kept = _graphs.get(version.sha256)
    if kept is None:
        if len(_graphs) >= MAX_KEPT:
            _graphs.clear()
        kept = _graphs[version.sha256] = Graph.from_json(version.graph)
    return kept


def tables_of(release: Release) -> Mapping[str, Table]:
    """The decision tables of a release."""
    key = str(release.options["tables_sha256"])
    kept = _tables.get(key)
    if kept is None:
        if len(_tables) >= MAX_KEPT:
            _tables.clear()
        kept = _tables[key] = {name: tables.from_json(value) for name, value in release.tables.items()}
    return kept


def release_of(item_version: ItemVersion) -> Release | None:
    """The release by which requests of this item version run, or None for one without a model."""
    rows = Release.objects.select_related("model_version__model").defer(*KEPT)
    release = rows.filter(item_version=item_version).first()
    if release is not None:
        release.item_version = item_version
    return release


def running(service_request_id: int) -> Run | None:
    """The pass of a request that runs now."""
    rows = with_version(Run.objects.filter(service_request_id=service_request_id, status=RunStatus.RUNNING))
    return rows.first()


def latest(service_request_id: int) -> Run | None:
    """The last pass of a request, running or not."""
    return with_version(Run.objects.filter(service_request_id=service_request_id)).order_by("-pass_no").first()


def option(release: Release, name: str, default: Any = None) -> Any:
    """An option of a release."""
    return release.options.get(name, default)
