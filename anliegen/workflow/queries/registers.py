"""What the registers say about a request: its program and licences, the right that it asks for. Looks, never writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from anliegen.assets import queries as assets
from anliegen.assets import rules as assets_rules
from anliegen.assets.models import Program, SystemRole
from anliegen.assets.queries.rights import label
from anliegen.lib.text import LocalText, Sentence
from anliegen.people import queries as people
from anliegen.people.access import day
from anliegen.people.models import User
from anliegen.workflow.queries.case import Case


def read(data: Mapping[str, Any], *names: str) -> Any:
    """The first of these fields that has a value: given by a step, or answered."""
    answers = data.get("answers", {})
    return next((value for name in names if (value := data.get(name, answers.get(name))) not in (None, "")), None)


def wanted_program(data: Mapping[str, Any]) -> str:
    """The program that a request is about: as a step put it right, else as it was answered."""
    return " ".join(str(read(data, "program") or "").split())


def quantity(data: Mapping[str, Any], case: Case) -> int:
    """For how many licences are needed."""
    value = read(data, "quantity")
    return value if isinstance(value, int) and value > 0 else case.order.quantity


def free_licences(one: Program) -> int | None:
    """How many licences could be promised now; None where they are not counted."""
    return assets_rules.free(one.owned, one.used, one.reserved)


def program_facts(data: Mapping[str, Any], case: Case) -> dict[str, Any]:
    """What gateways read of the program: listed, approved, used_here, and licence_free for so many people."""
    name = wanted_program(data)
    one = assets.program(name)
    free = one is not None and assets_rules.fits(free_licences(one), quantity(data, case))
    return {
        "program": one.name if one else name,
        "listed": one is not None,
        "approved": bool(one and one.approved),
        "used_here": bool(one and one.used_here),
        "licence_free": free,
    }


def program_told(one: Program | None, name: str) -> Sentence:
    """What the register says about a program, for those who check the request."""
    if one is None:
        return Sentence("program-unknown", {"program": name})
    free = free_licences(one)
    params = {
        "program": one.name,
        "vendor": one.vendor,
        "approved": "approved" if one.approved else "not-approved",
        "used_here": "used-here" if one.used_here else "new-here",
        "cents": one.price_cents,
        "monthly_cents": one.monthly_cents,
    }
    return (
        Sentence("program-known-open", params)
        if free is None
        else Sentence("program-known", {**params, "licences": free})
    )


def may_be_kept(data: Mapping[str, Any], case: Case) -> bool:
    """Whether licences of an approved program are free for everybody who needs one."""
    facts = program_facts(data, case)
    return bool(facts["approved"] and facts["licence_free"])


@dataclass(frozen=True, slots=True)
class RightFacts:
    """A right that is asked for, and why security has to decide, if it has."""

    role: SystemRole
    label: LocalText
    security: bool
    told: tuple[Sentence, ...]


def right_facts(key: str, person: User, now: datetime) -> RightFacts | None:
    """The right of that key for a person: clearance held, missing or expired (R93), and forbidden beside another."""
    role = assets.right(key)
    if role is None:
        return None
    told: list[Sentence] = []
    security = False
    if role.clearance:
        cleared, sentence = _clearance(role.clearance, person, now)
        security = not cleared
        told.append(sentence)
    pair = assets.forbidden_with(role, person)
    if pair is not None:
        security = True
        other = pair.other if pair.role_id == role.pk else pair.role
        params = {"right": label(role).json(), "held": label(other).json(), "reason": LocalText.of(pair.reason).json()}
        told.append(Sentence("pair-forbidden", params))
    return RightFacts(role, label(role), security, tuple(told))


def _clearance(key: str, person: User, now: datetime) -> tuple[bool, Sentence]:
    """Whether somebody is cleared today, and the sentence that says so."""
    last = people.last_clearance(person, key)
    params = {"name": person.full_name, "clearance": key}
    if last is None or last.valid_from > day(now):
        return False, Sentence("clearance-missing", params)
    if last.valid_to is None:
        return True, Sentence("clearance-held-open", params)
    dated = {**params, "until": day_words(last.valid_to)}
    held = last.valid_to >= day(now)
    return held, Sentence("clearance-held" if held else "clearance-expired", dated)


def day_words(on: date) -> dict[str, str]:
    """A day as sentences in the record hold it."""
    return {"de": f"{on:%d.%m.%Y}", "en": f"{on.day} {on:%B %Y}"}


def foreseen(automation: str, case: Case, data: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What an automatic step would give now, so that the way before ordering is the one after it; {} for others."""
    match automation:
        case "software.look":
            return program_facts(data, case)
        case "software.reserve":
            return {"kept": may_be_kept(data, case)}
        case "access.look" | "access.team":
            facts = right_facts(str(read(data, "right") or ""), case.recipient, now)
            if facts is None:
                return {}
            if automation == "access.team":
                return {"team": facts.role.system.team.key}
            return {"person": facts.role.system.owner.public_id, "security": facts.security}
    return {}
