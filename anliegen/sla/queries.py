"""Reads of service levels."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from anliegen.calendars.queries import calendar_for
from anliegen.catalogue.models import ItemVersion, Target
from anliegen.catalogue.rules import Measure
from anliegen.lib import cel
from anliegen.reads.prepared import Prepared, Slot
from anliegen.sla import rules
from anliegen.sla.models import Clock

MAX_KEPT = 1000
_SCHEMA = cel.Schema(dict.fromkeys(("answers", "request", "requester", "recipient", "steps", "stock"), cel.DYN))


def expected(item_version: ItemVersion, data: Mapping[str, Any], *, now: datetime) -> datetime | None:
    """The date to tell before ordering: the fulfilment target that applies to what is known, from now (R28, R152)."""
    target = applying(item_version.targets.all(), data).get(Measure.FULFILMENT)
    return due_of(target.calendar_key, now, target.minutes) if target else None


_targets: dict[int, list[Target]] = {}


def forget() -> None:
    """Forget the targets that are kept: for tests, whose rows are rolled back so that their ids come again."""
    _targets.clear()


def targets_of(item_version_id: int) -> list[Target]:
    """The targets of a version in their order; kept in the process, because what is published never changes."""
    kept = _targets.get(item_version_id)
    if kept is None:
        if len(_targets) >= MAX_KEPT:
            _targets.clear()
        rows = Target.objects.filter(item_version_id=item_version_id)
        kept = _targets[item_version_id] = list(rows.order_by("position", "id"))
    return kept


def applying(rows: Iterable[Target], data: Mapping[str, Any]) -> dict[str, rules.Choice]:
    """The target of each measure that applies to what is known, from rows in their order."""
    choices = (rules.Choice(row.pk, row.measure, row.minutes, row.calendar_key, row.condition) for row in rows)
    return rules.applying(choices, lambda condition: holds(condition, data))


def clocks(service_request_id: int) -> list[Clock]:
    """All clocks of a request, in the order in which they began."""
    return _CLOCKS(service_request=service_request_id)


_CLOCKS = Prepared(
    lambda: (
        Clock.objects.filter(service_request=Slot("service_request"))
        .select_related("task", "target")
        .order_by("started_at", "id")
    )
)


def due_of(calendar_key: str, start: datetime, minutes: int) -> datetime:
    """The moment at which so many business minutes of that calendar are over."""
    return calendar_for(calendar_key).add(start, minutes)


def steps_read(condition: str) -> set[str]:
    """The steps of the model that a target's condition reads."""
    return set(_STEPS.findall(condition))


_STEPS = re.compile(r"\bsteps\.(\w+)")


def holds(condition: str, data: Mapping[str, Any]) -> bool:
    """Whether a target's condition holds; a value that is not known yet means that it does not."""
    try:
        return bool(cel.compile(condition, _SCHEMA, cel.BOOL)(data))
    except cel.EvaluationError:
        return False


def day_minutes(calendar_key: str) -> int:
    """Business minutes of an ordinary working day of that calendar: what "one working day" means in targets."""
    monday = date(2026, 3, 2)  # an ordinary week without a holiday
    calendar = calendar_for(calendar_key)
    start = datetime.combine(monday, time(), UTC)
    week = calendar.between(start, start + timedelta(days=7))
    days = sum(1 for offset in range(7) if calendar.hours_of(monday + timedelta(days=offset)))
    return week // days if days else 0
