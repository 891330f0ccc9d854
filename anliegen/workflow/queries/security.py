"""Who is told about attempts to get at somebody else's account, and which requests could be one."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from anliegen.lib.errors import Forbidden, NotFound
from anliegen.people import queries as people
from anliegen.people.models import Team, User
from anliegen.requests import access as requests_access
from anliegen.requests.models import ServiceRequest
from anliegen.workflow.models import Run
from anliegen.workflow.queries import releases
from anliegen.workflow.rules import SECURITY_TEAM, Kind


def team(now: datetime) -> Team | None:
    """IT security; None where there is no such team or nobody works in it."""
    try:
        found = people.team(SECURITY_TEAM)
    except NotFound:
        return None
    return found if people.members(found, now) else None


def proves_identity(run: Run) -> bool:
    """Whether somebody has to prove who they are in this pass, so that an impostor could have asked for it."""
    nodes = releases.graph_of(run.release.model_version).nodes.values()
    return any(node.task_kind == Kind.IDENTITY for node in nodes)


def require_deny(user: User, service_request: ServiceRequest) -> None:
    """Raise unless the person may say “that was not me”: Forbidden for others, NotFound where no identity is proven."""
    if not requests_access.is_owner(user, service_request):
        raise Forbidden(_("Only who asked for it or gets it can say this."))
    last = releases.latest(service_request.pk)
    if last is None or not proves_identity(last):
        raise NotFound
