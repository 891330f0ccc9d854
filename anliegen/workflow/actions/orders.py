"""Commands on all requests of an order: one transaction for each, since none runs two requests."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from anliegen import jobs
from anliegen.lib.errors import Conflict, Forbidden
from anliegen.people.models import User
from anliegen.requests.models import Order
from anliegen.workflow.actions.course import cancel, start

UNDO = timedelta(minutes=5)


def cancel_order(order: Order, *, acting_user: User, now: datetime) -> int:
    """Take back an order that was just sent: cancel each of its requests that can still be. How many.

    Raises Forbidden for everybody but the requester, Conflict when it was sent too long ago.
    """
    if order.requester_id != acting_user.pk or not acting_user.is_active:
        raise Forbidden
    if now - order.created_at > UNDO:
        raise Conflict(_("This was sent some time ago. Please cancel it on the page of the request."))
    codes = order.service_requests.filter(ended_at=None).order_by("id").values_list("pk", "code")
    return sum(_cancel_one(pk, code, acting_user, now) for pk, code in codes)


def _cancel_one(pk: int, code: str, acting_user: User, now: datetime) -> int:
    try:
        with transaction.atomic():
            jobs.cancel(f"start:{code}")
            start(pk, now=now)  # a run that waits for its job begins first, so that there is something to stop
            cancel(code, "", acting_user=acting_user, now=now)
    except (Conflict, Forbidden):
        return 0  # ended or committed meanwhile
    return 1
