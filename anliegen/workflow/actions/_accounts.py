"""Automatic steps around accounts and contact data: what is known about an account, a new number, an alarm."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from anliegen.lib import bus, cel
from anliegen.people import actions as people
from anliegen.people import queries as people_queries
from anliegen.people.rules import ContactKind
from anliegen.requests import lifecycle
from anliegen.requests import queries as requests
from anliegen.requests.rules import ParticipantRole
from anliegen.workflow.actions.automations import Context, register
from anliegen.workflow.events import SecurityAlarm
from anliegen.workflow.queries import security
from anliegen.workflow.rules import HINT_AFTER, HINT_DAYS


def _look(context: Context) -> Mapping[str, Any]:
    """Whether the owner of the account is somebody whose account must be handled by IT security; how often they asked.

    The owner is the recipient. From the third request in 60 days on, the desk reads a hint for training (R78, R119).
    """
    owner = context.case.recipient
    count = requests.asked_within(context.service_request, HINT_DAYS)
    context.inputs |= {"requests": count, "days": HINT_DAYS, "hint_from": HINT_AFTER}
    if count >= HINT_AFTER:
        context.tell_desk("training-hint", name=owner.full_name, count=count, days=HINT_DAYS)
    return {"privileged": people_queries.needs_second_factor(owner, context.now), "requests": count}


_NUMBERS = {"mobile": ContactKind.MOBILE, "office": ContactKind.PHONE}


def _change_number(context: Context) -> Mapping[str, Any]:
    """The recipient has another number from the day that was asked for (R10); Refused where it is none."""
    what = str(context.read("what") or "")
    number, day = context.read(f"new_{what}"), context.read("valid_from")
    context.inputs = {"what": what}  # values stay in the answers
    recipient = context.case.recipient
    contact = people.change_number(
        recipient.pk,
        _NUMBERS[what],
        str(number or ""),
        acting_user=None,
        now=context.now,
        valid_from=date.fromisoformat(str(day)) if day else None,
    )
    context.tell(
        "number-changed",
        contact_kind=what,
        name=recipient.full_name,
        valid_at=contact.valid_from.isoformat(),
        proves_at=contact.proves_from.isoformat(),
    )
    return {"number_changed": True}


def _alarm(context: Context) -> Mapping[str, Any]:
    """IT security is told that somebody could not prove who they are, and may look at it (R121)."""
    service_request, team = context.service_request, security.team(context.now)
    if team is not None:  # afterwards they see it as a team that has worked on it
        lifecycle.open_participation(service_request, team, ParticipantRole.WORKER, now=context.now)
        lifecycle.close_participation(service_request, team, ParticipantRole.WORKER, now=context.now)
    bus.publish(
        SecurityAlarm(
            subject_id=service_request.pk,
            actor_id=None,
            now=context.now,
            rule=f"automation:{context.node.automation}",
            code=service_request.code,
            item_version_id=service_request.item_version_id,
            cause="identity",
        )
    )
    context.tell_desk("security-alarm")
    return {"alarmed": True}


register("account.look", _look, {"privileged": cel.BOOL, "requests": cel.INT})
register("people.number", _change_number, {"number_changed": cel.BOOL})
register("security.alarm", _alarm, {"alarmed": cel.BOOL})
