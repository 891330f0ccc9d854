"""“That was not me”: the owner of an account denies having asked, and IT security takes it up (R121)."""

from datetime import datetime

from django.utils.translation import gettext as _

from anliegen.audit import actions as audit
from anliegen.people.models import User
from anliegen.requests import access as requests_access
from anliegen.requests.models import ServiceRequest
from anliegen.workflow.actions import course, tasks
from anliegen.workflow.actions._running import Running
from anliegen.workflow.events import SecurityAlarm
from anliegen.workflow.models import Task
from anliegen.workflow.queries import releases, reopening, security
from anliegen.workflow.rules import ALIVE, SECURITY_TEAM, Kind


@audit.command
def deny(code: str, *, acting_user: User, now: datetime, key: str = "") -> ServiceRequest:
    """Raise the alarm: requester or recipient says that they did not ask for this. Locks the request.

    IT security gets a mail, and a task beside the model. A fulfilled request is opened again for it, so that the
    identity is proven anew; one that ended otherwise, or too long ago, only raises the alarm. A second alarm while IT
    security still works on the first changes nothing. Raises NotFound (also where nobody has to prove who they are),
    Forbidden.
    """
    if before := audit.replayed(acting_user.pk, key, "workflow.deny"):
        return ServiceRequest.objects.get(pk=before)
    service_request = requests_access.to_write(code, acting_user, now)
    security.require_deny(acting_user, service_request)
    audit.remember(acting_user.pk, key, "workflow.deny", "service_request", service_request.pk)
    if _is_alarmed(service_request):
        return service_request
    last = releases.latest(service_request.pk)
    assert last is not None  # whoever may deny it has seen it run
    running = Running.of(service_request, now=now, actor=acting_user)
    if running is None and reopening.reopen_until(service_request, now):
        running = course.go_on(service_request, last, _("That was not me."), acting_user=acting_user, now=now)
    _raise(running or Running(service_request, last, now=now, actor=acting_user), alive=running is not None)
    return service_request


def _is_alarmed(service_request: ServiceRequest) -> bool:
    return Task.objects.filter(
        service_request=service_request, kind=Kind.SIDE, team__key=SECURITY_TEAM, state__in=ALIVE
    ).exists()


def _raise(running: Running, *, alive: bool) -> None:
    """The alarm itself, and the task where the request is open."""
    running.log("not-me", {"name": running.actor.full_name if running.actor else ""}, by=running.actor)
    running.publish(SecurityAlarm, cause="not-me")
    team = security.team(running.now)
    if alive and team is not None and not tasks.is_past_gate(running):
        tasks.open_side(running, team, _("The owner says: that was not me. Please find out what happened."))
    if alive:
        running.finish()
