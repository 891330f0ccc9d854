"""What an item page says before anything is ordered (R28, R152)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import get_language

from anliegen.catalogue import queries as catalogue
from anliegen.catalogue.models import ItemVersion
from anliegen.people.models import User
from anliegen.sla import queries as sla
from anliegen.tracking import words
from anliegen.tracking.queries.ahead import duration, told
from anliegen.tracking.shapes import Agreed, Preview
from anliegen.workflow import queries as workflow


def preview(
    item_version: ItemVersion,
    *,
    requester: User,
    recipient: User,
    answers: Mapping[str, Any],
    now: datetime,
    total_cents: int | None = None,
) -> Preview:
    """Date, cost, steps and approvers for these answers; the answers may still be incomplete.

    `total_cents`: of the whole order, where there are other lines.
    """
    lang = get_language() or "de"
    prefetch_related_objects([item_version], "targets")
    price = catalogue.price(item_version, answers)
    way = workflow.way_ahead(
        item_version, answers=answers, requester=requester, recipient=recipient, now=now, total_cents=total_cents
    )
    steps = way.steps
    ways = told(steps, lang)
    decisions = tuple((one.who, one.reason) for one in ways if one.kind == "approval" and one.who)
    approvers = tuple(name for step in steps if step.kind == "approval" and not step.automatic for name in step.who)
    return Preview(
        expected=sla.expected(item_version, {"answers": dict(answers), "steps": way.foreseen}, now=now),
        agreed=agreed(item_version),
        cents=price.cents,
        unpriced=catalogue.unpriced(item_version, answers),
        monthly_cents=price.monthly_cents,
        steps=ways,
        approvers=approvers,
        free_of_approval=not any(step.kind == "approval" and not step.automatic for step in steps),
        decisions=decisions,
    )


FROM_STOCK = "steps.reserve.reserved"  # in the condition of a target: it holds where stock was reserved


def agreed(item_version: ItemVersion, days: dict[str, int] | None = None) -> tuple[Agreed, ...]:
    """All agreed times of an item, in words, the fulfilment first.

    `days` keeps the minutes of a working day by calendar, for many items.
    """
    days = {} if days is None else days
    rows = sorted(item_version.targets.all(), key=lambda target: (target.measure != "fulfilment", target.position))
    return tuple(
        Agreed(
            measure=target.measure,
            word=str(words.MEASURE[target.measure]),
            amount=duration(target.minutes, _day(target.calendar_key, days)),
            from_stock=FROM_STOCK in target.condition,
        )
        for target in rows
    )


def _day(calendar_key: str, days: dict[str, int]) -> int:
    if calendar_key not in days:
        days[calendar_key] = sla.day_minutes(calendar_key)
    return days[calendar_key]
