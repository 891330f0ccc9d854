"""Reads of service levels."""

from datetime import datetime

from anliegen.catalogue.models import ItemVersion
from anliegen.catalogue.rules import Measure
from anliegen.sla import rules
from anliegen.sla.actions import due_of, holds
from anliegen.sla.models import Clock


def expected(item_version: ItemVersion, data: dict[str, object], *, now: datetime) -> datetime | None:
    """The date to tell before ordering: the fulfilment target that applies to what is known, from now (R28, R152)."""
    found = [
        rules.Choice(row.pk, row.measure, row.minutes, row.calendar_key, row.condition)
        for row in item_version.targets.all()
    ]
    target = rules.applying(found, lambda condition: holds(condition, data)).get(Measure.FULFILMENT)
    return due_of(target.calendar_key, now, target.minutes) if target else None


def clocks(service_request_id: int) -> list[Clock]:
    """All clocks of a request, in the order in which they began."""
    found = Clock.objects.filter(service_request_id=service_request_id).select_related("task", "target")
    return list(found.order_by("started_at", "id"))
