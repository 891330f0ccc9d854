"""Shared decision tables: in force from a day, asked when the decision is made, never pinned by a release."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from anliegen.lib import tables
from anliegen.lib.tables import Table
from anliegen.people.access import day
from anliegen.workflow.models import SharedTable
from anliegen.workflow.queries.case import Case

MAX_KEPT = 200

_kept: dict[str, Table] = {}


@dataclass(frozen=True, slots=True)
class Found:
    """A table and the version that a decision by it stores, such as "routing 3"."""

    table: Table
    version: str


def in_force(key: str, now: datetime) -> Found | None:
    """The version of a shared table that decides now: of those that have begun, the latest. One statement."""
    rows = SharedTable.objects.filter(key=key, valid_from__lte=day(now)).order_by("-valid_from", "-number")
    row = rows.values_list("pk", "number", "sha256").first()
    if row is None:
        return None
    pk, number, sha256 = row
    return Found(_table(pk, sha256), f"{key} {number}")


def table_of(key: str, case: Case, now: datetime) -> Found | None:
    """A table that a model names: the release's own of that key, else the shared one in force now."""
    own = case.tables.get(key)
    if own is None:
        return in_force(key, now)
    return Found(own, f"{case.item_version.item.key} {case.item_version.number}")


def _table(pk: int, sha256: str) -> Table:
    """What is published never changes, so it is read once."""
    if sha256 not in _kept:
        if len(_kept) >= MAX_KEPT:
            _kept.clear()
        _kept[sha256] = tables.from_json(SharedTable.objects.values_list("table", flat=True).get(pk=pk))
    return _kept[sha256]


def all_in_force(now: datetime) -> Mapping[str, Table]:
    """Every shared table that decides now, by its key. Two statements for each."""
    keys = SharedTable.objects.order_by("key").values_list("key", flat=True).distinct()
    found = ((key, in_force(key, now)) for key in keys)
    return {key: one.table for key, one in found if one}
