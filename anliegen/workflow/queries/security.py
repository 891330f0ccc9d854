"""Who is told about attempts to get at somebody else's account, and which requests could be one."""

from datetime import datetime

from anliegen.lib.errors import NotFound
from anliegen.people import queries as people
from anliegen.people.models import Team
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
