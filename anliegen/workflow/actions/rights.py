"""Rights in systems: the automatic steps of a request, and what follows when one ends or its holder leaves (R93)."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from anliegen import jobs
from anliegen.assets import actions as assets
from anliegen.assets import queries as assets_queries
from anliegen.assets.models import Grant
from anliegen.assets.queries.rights import label
from anliegen.lib import cel
from anliegen.lib.errors import Refused
from anliegen.lib.text import LocalText, Sentence
from anliegen.people import queries as people
from anliegen.people.access import day
from anliegen.people.models import User
from anliegen.requests import access as requests_access
from anliegen.requests import actions as requests
from anliegen.requests import lifecycle
from anliegen.requests.rules import LinkKind
from anliegen.workflow import rules
from anliegen.workflow.actions.automations import Context, register
from anliegen.workflow.queries import registers

MORNING = time(7)
ITEM = "access"  # the shipped service by which rights are renewed and withdrawn
RENEW, END, LEFT = "workflow.right-renew", "workflow.right-end", "workflow.right-left"


def _facts(context: Context) -> registers.RightFacts:
    key = str(context.read("right") or "")
    found = registers.right_facts(key, context.case.recipient, context.now)
    if found is None:
        raise Refused("right", f"There is no right '{key}'.")
    return found


def _look(context: Context) -> Mapping[str, Any]:
    """Who answers for the system, and whether security has to decide."""
    found = _facts(context)
    system = found.role.system
    context.tell(
        "right-known",
        right=found.label.json(),
        owner=system.owner.full_name,
        team=LocalText.of(system.team.name).json(),
    )
    if context.data.get("answers", {}).get("purpose") != "withdraw":
        context.told.extend(found.told)
    return {"person": system.owner.public_id, "security": found.security}


def _team(context: Context) -> Mapping[str, Any]:
    """The team that grants and withdraws in this system."""
    return {"team": _facts(context).role.system.team.key}


def _grant(context: Context) -> Mapping[str, Any]:
    """The recipient holds the right from now on, until the day that was agreed last."""
    found = _facts(context)
    text = str(context.read("new_until", "until") or "")
    until = date.fromisoformat(text) if text else None
    recipient, service_request = context.case.recipient, context.service_request
    key = str(context.read("right"))
    held = assets.grant(service_request.code, key, recipient, until=until, now=context.now)
    plan(held, context.now)
    params = {"name": recipient.full_name, "right": found.label.json()}
    if until is None:
        context.tell("granted-open", **params)
    else:
        context.tell("granted", **params, until=registers.day_words(until))
    return {"granted": True}


def _withdraw(context: Context) -> Mapping[str, Any]:
    """The recipient does not hold the right any more."""
    found, recipient = _facts(context), context.case.recipient
    for held in assets_queries.grants_of(recipient):
        if held.role_id == found.role.pk:
            jobs.cancel_prefix(f"right:{held.pk}:")
    withdrawn = assets.withdraw(str(context.read("right")), recipient, now=context.now)
    key = "withdrawn-right" if withdrawn else "not-held"
    context.tell(key, name=recipient.full_name, right=found.label.json())
    return {"withdrawn": withdrawn}


def plan(held: Grant, now: datetime) -> None:
    """Plan the question whether it is still needed, and the end, of a right with an end; replaces what was planned."""
    jobs.cancel_prefix(f"right:{held.pk}:")
    if held.valid_to is None:
        return
    asked, ended = rules.renewal_days(day(now), held.valid_to)
    until = held.valid_to.isoformat()
    payload = {"grant": held.pk, "until": until}
    jobs.schedule(RENEW, key=f"right:{held.pk}:{RENEW}", due=_morning(asked, now), payload=payload)
    jobs.schedule(END, key=f"right:{held.pk}:{END}", due=_morning(ended, now), payload=payload)


def _morning(on: date, now: datetime) -> datetime:
    """The morning of that day, or now if it is over."""
    return max(datetime.combine(on, MORNING, ZoneInfo(settings.TIME_ZONE)), now)


def _still(payload: Mapping[str, Any]) -> Grant | None:
    """The grant that a job was planned for, if it still holds with that end."""
    held = assets_queries.grant_of(payload["grant"])
    if held is None or held.withdrawn_at is not None:
        return None
    wanted = payload.get("until")
    return held if wanted is None or (held.valid_to and held.valid_to.isoformat() == wanted) else None


def renew_job(payload: dict[str, Any], now: datetime) -> None:
    """14 days before the end: a request of its own asks the holder whether the right is still needed."""
    held = _still(payload)
    if held is None or not held.person.is_active or held.valid_to is None:
        return
    answers = {"purpose": "renew", "right": _key(held), "until": held.valid_to.isoformat()}
    told = Sentence("made-renewal", {"until": registers.day_words(held.valid_to)})
    _make(held, held.person, answers, LinkKind.RENEWAL, told, now)


def end_job(payload: dict[str, Any], now: datetime) -> None:
    """The agreed end has come and nobody renewed it: a request tells the system's team to take the right back."""
    held = _still(payload)
    if held is not None:
        told = Sentence("made-withdrawal", {})
        _make(held, _asker(held), _withdrawal(held), LinkKind.WITHDRAWAL, told, now)


def left_job(payload: dict[str, Any], now: datetime) -> None:
    """The holder has left: a request tells the system's team to take the right back."""
    held = _still(payload)
    if held is not None:
        jobs.cancel_prefix(f"right:{held.pk}:workflow.right-")
        told = Sentence("made-withdrawal-left", {"name": held.person.full_name})
        _make(held, held.role.system.owner, _withdrawal(held), LinkKind.WITHDRAWAL, told, now)


def person_left(user_id: int, now: datetime) -> None:
    """One job for each right of somebody who has left."""
    for held in assets_queries.grants_of(people.person(user_id)):
        jobs.schedule(LEFT, key=f"right:{held.pk}:left", due=now, payload={"grant": held.pk})


def _asker(held: Grant) -> User:
    """In whose name it is taken back: the holder's, or of who answers for the system where the holder has left."""
    return held.person if held.person.is_active else held.role.system.owner


def _key(held: Grant) -> str:
    return f"{held.role.system.key}/{held.role.key}"


def _withdrawal(held: Grant) -> dict[str, Any]:
    return {"purpose": "withdraw", "right": _key(held)}


def _make(
    held: Grant, requester: User, answers: Mapping[str, Any], kind: LinkKind, told: Sentence, now: datetime
) -> None:
    """The request of the system, linked to the one that granted the right, where the story is told."""
    reason = label(held.role).to(requester.language)
    made = requests.make_linked(
        ITEM, requester=requester, recipient=held.person, answers=answers, justification=reason, now=now
    )
    before = requests_access.find_locked(held.code)
    if before is not None:
        lifecycle.link(made, before, kind, now=now)
        lifecycle.log(before, Sentence(told.key, {"code": made.code, **told.params}), now=now)


JOBS = {RENEW: renew_job, END: end_job, LEFT: left_job}

register("access.look", _look, {"person": cel.STRING, "security": cel.BOOL})
register("access.team", _team, {"team": cel.STRING})
register("access.grant", _grant, {"granted": cel.BOOL})
register("access.withdraw", _withdraw, {"withdrawn": cel.BOOL})
