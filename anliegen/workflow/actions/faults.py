"""Faults: the process owner puts right what a rule could not read, and the request goes on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from anliegen.lib.errors import Conflict, Refused
from anliegen.people.models import User
from anliegen.workflow import access, rules
from anliegen.workflow.actions import _reroute
from anliegen.workflow.actions._inputs import text_of
from anliegen.workflow.actions._running import Running
from anliegen.workflow.events import FaultRepaired
from anliegen.workflow.models import Fault, Task

_FIXED = frozenset({"request", "requester", "recipient", "rejection", "confirmed"})
MAX_CHANGES = 50


@transaction.atomic
def repair(fault_id: int, changes: Mapping[str, Any], *, acting_user: User, now: datetime, note: str = "") -> Fault:
    """Change what the run's rules read, by dotted path ("answers.place", "steps.check.outcome"), then carry on.

    The old values are kept in the audit. Locks the request. Raises NotFound, Forbidden, Conflict (repaired already),
    Refused (a path that rules may not be given, a value that is no plain value).
    """
    fault, running = _to_repair(fault_id, acting_user, now)
    said = text_of(note, rules.MAX_NOTE, "note")
    _check(changes)
    old = {path: rules.look_up(running.data, path) for path in changes}
    for path, value in changes.items():
        running.data = rules.put(running.data, path, value)
    _resolve(fault, running, said)
    told = {path: [old[path], value] for path, value in changes.items()}
    running.publish(FaultRepaired, fault_id=fault.pk, node=fault.node, changes=told)
    _carry_on(fault, running)
    return fault


@transaction.atomic
def carry_on(fault_id: int, *, acting_user: User, now: datetime, note: str = "") -> Fault:
    """Try the step again as it is: somebody put the organisation right (a team has members again).

    Locks the request. Raises NotFound, Forbidden, Conflict.
    """
    fault, running = _to_repair(fault_id, acting_user, now)
    _resolve(fault, running, text_of(note, rules.MAX_NOTE, "note"))
    running.publish(FaultRepaired, fault_id=fault.pk, node=fault.node)
    _carry_on(fault, running)
    return fault


def _to_repair(fault_id: int, user: User, now: datetime) -> tuple[Fault, Running]:
    fault, service_request = access.fault_to_repair(fault_id, user, now)
    if fault.resolved_at is not None:
        name = fault.resolved_by.full_name if fault.resolved_by else _("The system")
        raise Conflict(_("%(name)s has already dealt with this fault.") % {"name": name})
    running = Running.of(service_request, now=now, actor=user)
    if running is None or running.run.pk != fault.run_id:
        raise Conflict(_("This request has moved on meanwhile. Please open the page again."))
    if running.run.held_at is not None:
        raise Conflict(_("This request is on hold. It can go on after it was resumed."))
    return fault, running


def _check(changes: Mapping[str, Any]) -> None:
    if not 0 < len(changes) <= MAX_CHANGES:
        raise Refused("", _("Please change at least one field."))
    for path, value in changes.items():
        parts = path.split(".")
        if parts[0] in _FIXED or len(parts) > 4 or not all(part and len(part) <= 100 for part in parts):
            raise Refused(path, _("This field cannot be changed here."))
        plain = (
            value is None or isinstance(value, (bool, int, float)) or (isinstance(value, str) and len(value) <= 1000)
        )
        is_list = isinstance(value, list) and all(isinstance(part, (str, int, bool)) for part in value)
        if not (plain or is_list) or "\x00" in str(value):
            raise Refused(path, _("This answer has the wrong form. Please enter it again."))


def _resolve(fault: Fault, running: Running, note: str) -> None:
    fault.resolved_at, fault.resolved_by, fault.resolution = running.now, running.actor, note
    fault.save(update_fields=["resolved_at", "resolved_by", "resolution"])
    node = running.graph.nodes.get(fault.node)
    name = node.name.json() if node else {"de": fault.node, "en": fault.node}
    actor = running.actor
    running.log("fault-repaired", {"task": name, "name": actor.full_name if actor else ""}, by=actor, internal=True)


def _carry_on(fault: Fault, running: Running) -> None:
    if fault.token_number is not None and any(token.id == fault.token_number for token in running.state.tokens):
        running.knock(fault.token_number)
    elif fault.token_number is None:
        for task in Task.objects.filter(run=running.run, node=fault.node, state=rules.TaskState.OPEN):
            _reroute.reroute_task(running, task)
    running.finish()
