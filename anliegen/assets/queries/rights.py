"""Reads of systems, their roles, and who holds which."""

from django.db.models import Q

from anliegen.assets.models import ForbiddenPair, Grant, SystemRole
from anliegen.lib.text import LocalText
from anliegen.people.models import User


def right(key: str) -> SystemRole | None:
    """A role of a system by "<system>/<role>", or None. One statement."""
    system, _slash, role = key.partition("/")
    rows = SystemRole.objects.select_related("system__owner", "system__team")
    return rows.filter(system__key=system, key=role).first() if system.isprintable() and role.isprintable() else None


def label(role: SystemRole) -> LocalText:
    """What people call a role: the system and what one is in it."""
    system, name = LocalText.of(role.system.name), LocalText.of(role.name)
    return LocalText(f"{system.to('de')}: {name.to('de')}", f"{system.to('en')}: {name.to('en')}")


def right_labels(key: str) -> LocalText | None:
    """What a right is called in both languages; None for an unknown one."""
    found = right(key)
    return label(found) if found else None


def systems() -> list[tuple[LocalText, list[tuple[str, LocalText]]]]:
    """Every system with its rights, as (key, what one is there), by name. One statement."""
    found: dict[str, tuple[LocalText, list[tuple[str, LocalText]]]] = {}
    for role in SystemRole.objects.select_related("system").order_by("system__key", "key"):
        group = found.setdefault(role.system.key, (LocalText.of(role.system.name), []))
        group[1].append((f"{role.system.key}/{role.key}", LocalText.of(role.name)))
    return sorted(found.values(), key=lambda group: group[0].to("de").casefold())


def grants_of(person: User) -> list[Grant]:
    """What somebody holds now, not withdrawn; an end may have passed while the withdrawal is on its way."""
    rows = Grant.objects.filter(person=person, withdrawn_at=None)
    return list(rows.select_related("role__system__team", "role__system__owner").order_by("id"))


def grant_of(grant_id: int) -> Grant | None:
    """A grant by its database id, for jobs."""
    rows = Grant.objects.select_related("person", "role__system__team", "role__system__owner")
    return rows.filter(pk=grant_id).first()


def forbidden_with(role: SystemRole, person: User) -> ForbiddenPair | None:
    """The first rule by which the person must not hold this role beside one that they hold; None where none does."""
    held = Grant.objects.filter(person=person, withdrawn_at=None).values("role")
    pairs = ForbiddenPair.objects.select_related("role__system", "other__system")
    return pairs.filter(Q(role=role, other__in=held) | Q(other=role, role__in=held)).order_by("id").first()
