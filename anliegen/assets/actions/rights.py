"""Writes of systems, their roles, and who holds which. Whoever calls holds the lock of the request already."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from anliegen.assets.models import ForbiddenPair, Grant, System, SystemRole
from anliegen.assets.queries.rights import right
from anliegen.lib.errors import Refused
from anliegen.people.access import day
from anliegen.people.models import Team, User


def put_system(key: str, name: dict[str, str], *, owner: User, team: Team) -> System:
    """Make a system known, or bring name, owner and team up to date."""
    found, _created = System.objects.update_or_create(key=key, defaults={"name": name, "owner": owner, "team": team})
    return found


def add_role(system: System, key: str, name: dict[str, str], *, clearance: str = "") -> SystemRole:
    """What somebody may be in a system; `clearance` is what they must be cleared for."""
    defaults: dict[str, Any] = {"name": name, "clearance": clearance}
    found, _created = SystemRole.objects.update_or_create(system=system, key=key, defaults=defaults)
    return found


def forbid_together(one: SystemRole, other: SystemRole, reason: dict[str, str]) -> ForbiddenPair:
    """Nobody shall hold both. Raises Refused for twice the same role."""
    if one.pk == other.pk:
        raise Refused("other", "A role cannot be forbidden together with itself.")
    first, second = sorted((one, other), key=lambda role: role.pk)
    found, _created = ForbiddenPair.objects.update_or_create(role=first, other=second, defaults={"reason": reason})
    return found


@transaction.atomic
def grant(code: str, right_key: str, person: User, *, until: date | None, now: datetime) -> Grant:
    """A person holds a role from today until that day, or until withdrawn; one that they hold is prolonged.

    `right_key` is "<system>/<role>". Raises Refused for an unknown one, and for an end that lies in the past.
    """
    role = right(right_key)
    if role is None:
        raise Refused("right", f"There is no right '{right_key}'.")
    today = day(now)
    if until is not None and until < today:
        raise Refused("until", "The last day is over already.")
    held = Grant.objects.select_for_update().filter(person=person, role=role, withdrawn_at=None).first()
    if held is None:
        return Grant.objects.create(person=person, role=role, code=code, valid_from=today, valid_to=until)
    held.code, held.valid_to = code, until
    held.save(update_fields=["code", "valid_to"])
    return held


@transaction.atomic
def withdraw(right_key: str, person: User, *, now: datetime) -> bool:
    """The person does not hold the role any more; whether they did."""
    role = right(right_key)
    held = Grant.objects.select_for_update().filter(person=person, role=role, withdrawn_at=None).first()
    if role is None or held is None:
        return False
    held.withdrawn_at = now
    held.save(update_fields=["withdrawn_at"])
    return True
