"""What was approved counts against the budget of a cost centre (domain: People)."""

from typing import TYPE_CHECKING

from anliegen.people import queries as people
from anliegen.people.access import day
from anliegen.requests import lifecycle
from anliegen.requests.models import ServiceRequest
from anliegen.workflow.models import Commitment

if TYPE_CHECKING:
    from anliegen.workflow.actions._running import Running


def commit(running: "Running") -> None:
    """Note the money of the request as approved, also against the budget; another amount replaces it."""
    service_request, case = running.service_request, running.case
    centre = case.cost_centre or people.cost_centre_of(case.requester)
    cents = service_request.own_cents
    lifecycle.set_approved(service_request, cents)
    if centre is None or not cents:
        return
    row = Commitment(cost_centre=centre, service_request=service_request, year=day(running.now).year, cents=cents)
    which = ["cost_centre", "service_request", "year"]
    Commitment.objects.bulk_create([row], update_conflicts=True, unique_fields=which, update_fields=["cents"])


def free(service_request: ServiceRequest) -> None:
    """Take it back: rejected or cancelled."""
    Commitment.objects.filter(service_request=service_request).delete()
