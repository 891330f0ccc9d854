"""Large orders: a job makes their requests, some at a time, and only then begins their runs (R92)."""

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import translation

from anliegen import jobs
from anliegen.catalogue import actions as catalogue_actions
from anliegen.catalogue.models import Draft
from anliegen.catalogue.rules import Channel
from anliegen.lib import bus
from anliegen.lib.errors import Refused
from anliegen.people import queries as people
from anliegen.people.models import User
from anliegen.requests.actions.checkout import JOB, One, checked
from anliegen.requests.actions.submit import Sender, make, submitted
from anliegen.requests.models import Order, OrderLine, ServiceRequest
from anliegen.requests.rules import TERM_MONTHS, LineState

AT_ONCE = 10  # lines of one transaction: nobody waits long for its locks


@transaction.atomic
def order_job(payload: dict[str, Any], now: datetime) -> None:
    """The job `order:<public id>`: the next lines, then itself again until nothing is left.

    1. Make the requests that are waited for; what is refused is noted. 2. When all are there, freeze the total over
    those that were made. 3. Begin their runs, by a job each. 4. What was refused goes back into the cart.
    """
    order = Order.objects.select_for_update().get(pk=payload["order"])
    with translation.override(payload["lang"]):
        more = _make_some(order, now) or _begin_some(order, now)
        if not more:
            _give_back(order, now)
    if more:
        jobs.schedule(JOB, key=f"order:{order.public_id}", due=now, payload=payload)


def _sender(order: Order, now: datetime) -> Sender:
    requester = people.person(order.requester_id)
    return Sender(requester, requester, Channel.PORTAL, now)


def _make_some(order: Order, now: datetime) -> bool:
    """Make the next requests; False when none was waited for."""
    rows = order.lines.filter(state=LineState.WAITING).select_related("draft__item_version__item", "recipient")
    lines = list(rows.order_by("number")[:AT_ONCE])
    if not lines:
        return False
    sender = _sender(order, now)
    people_of = Counter(row or 0 for row in order.lines.values_list("draft", flat=True))
    for line in lines:
        _make_one(line, order, sender, several=people_of[line.draft_id or 0] > 1)
    if len(lines) < AT_ONCE or not rows.exists():
        _freeze(order)
    return True


def _make_one(line: OrderLine, order: Order, sender: Sender, *, several: bool) -> None:
    try:
        if line.draft is None:
            raise ValueError("The line's draft is gone.")
        one = checked(One(line.draft, line.recipient), order, sender, several=several)
        line.service_request = make(one, order, sender)
        line.state = LineState.MADE
    except Refused as refused:
        line.state, line.problem = LineState.REFUSED, str(next(iter(refused.errors.values())))
    line.save(update_fields=["state", "problem", "service_request"])


def _freeze(order: Order) -> None:
    """The total that limits are compared with, over what was made."""
    made = ServiceRequest.objects.filter(order=order).order_by()
    sums = made.aggregate(once=Sum("cost_cents"), monthly=Sum("monthly_cents"))
    order.total_cents = (sums["once"] or 0) + (sums["monthly"] or 0) * TERM_MONTHS
    order.save(update_fields=["total_cents"])


def _begin_some(order: Order, now: datetime) -> bool:
    """Let the next requests begin; False when none waits for it."""
    rows = order.lines.filter(state=LineState.MADE).select_related("service_request__item_version__item")
    lines = list(rows.order_by("number")[:AT_ONCE])
    sender = _sender(order, now) if lines else None
    for line in lines:
        if sender and line.service_request:
            bus.publish(submitted(line.service_request, sender, alone=False, many=True))
    OrderLine.objects.filter(pk__in=[line.pk for line in lines]).update(state=LineState.SENT)
    return bool(lines)


def _give_back(order: Order, now: datetime) -> None:
    """What could not be made is in the cart again, for those people; the rest is spent."""
    kept: dict[int, list[User]] = defaultdict(list)
    for line in order.lines.filter(state=LineState.REFUSED).select_related("recipient"):
        if line.draft_id:
            kept[line.draft_id].append(line.recipient)
    for draft in Draft.objects.filter(pk__in=order.lines.values("draft")).select_related("owner"):
        catalogue_actions.keep_for(draft, kept.get(draft.pk, []), now)
