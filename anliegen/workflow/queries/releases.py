"""Published graphs and tables, kept in the process: what is published never changes."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Max, QuerySet

from anliegen.lib import tables
from anliegen.lib.tables import Table
from anliegen.reads.prepared import Prepared, Slot
from anliegen.workflow.engine import Graph
from anliegen.workflow.models import ModelVersion, Release, Run
from anliegen.workflow.rules import RunStatus

MAX_KEPT = 500
KEPT = ("model_version__xml", "model_version__graph", "tables")  # columns of a release that are read once

_graphs: dict[str, Graph] = {}
_tables: dict[str, dict[str, Table]] = {}
_releases: dict[int, Release] = {}
_by_item: dict[int, int] = {}  # item version -> release


def forget() -> None:
    """Forget what is kept: for tests, whose rows are rolled back so that their ids come again."""
    _graphs.clear()
    _tables.clear()
    _releases.clear()
    _by_item.clear()


def with_release(runs: Iterable[Run]) -> list[Run]:
    """The runs, each with its release, version and item, as they were published. One statement the first time."""
    found = list(runs)
    kept = releases_of({run.release_id for run in found})
    for run in found:
        run.release = kept[run.release_id]
    return found


def releases_of(release_ids: set[int]) -> dict[int, Release]:
    """Releases by their ids, with version and item, as they were published. One statement the first time."""
    _keep(release_ids)
    return {pk: _releases[pk] for pk in release_ids}


def _keep(release_ids: set[int]) -> None:
    missing = release_ids - set(_releases)
    if len(_releases) + len(missing) > MAX_KEPT:
        _releases.clear()
        _by_item.clear()
        missing = release_ids
    if missing:
        rows = Release.objects.select_related("model_version__model", "item_version__item")
        _releases.update({row.pk: row for row in rows.defer(*KEPT, "item_version__description").filter(pk__in=missing)})


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


def release_of(item_version_id: int) -> Release | None:
    """The release by which requests of this item version run, or None for one without a model. Kept, too."""
    kept = _by_item.get(item_version_id)
    if kept is None or kept not in _releases:
        kept = _OF_ITEM.first(item_version=item_version_id)
        if kept is None:
            return None
        _keep({kept})
        _by_item[item_version_id] = kept
    return _releases[kept]


_OF_ITEM = Prepared(lambda: Release.objects.filter(item_version=Slot("item_version")).values_list("pk", flat=True))


def running(service_request_id: int) -> Run | None:
    """The pass of a request that runs now."""
    return next(iter(with_release(_RUNNING(service_request=service_request_id))), None)


def latest(service_request_id: int) -> Run | None:
    """The last pass of a request, running or not."""
    return next(reversed(passes(service_request_id)), None)


def last_pass(service_request_id: int) -> int:
    """The number of a request's last pass, 0 for none."""
    rows = Run.objects.filter(service_request_id=service_request_id)
    return rows.aggregate(last=Max("pass_no"))["last"] or 0


def passes(service_request_id: int) -> list[Run]:
    """All passes of a request, in order."""
    return with_release(_PASSES(service_request=service_request_id))


def _passes() -> QuerySet[Run]:
    return Run.objects.filter(service_request=Slot("service_request")).order_by("pass_no")


_PASSES = Prepared(_passes)
_RUNNING = Prepared(lambda: _passes().filter(status=RunStatus.RUNNING)[:1])


def option(release: Release, name: str, default: Any = None) -> Any:
    """An option of a release."""
    return release.options.get(name, default)
