"""Writes of the software register. Whoever calls holds the lock of the request already; programs are locked by id."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from anliegen.assets.models import LicenceBooking, Program, ProgramAlias
from anliegen.assets.queries.software import program
from anliegen.assets.rules import fits, free, key_of
from anliegen.lib.errors import Refused
from anliegen.people.models import Team, User
from anliegen.people.rules import search_words


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramContent:
    """What the register says about a program. `owned` None: licences are not counted."""

    key: str
    name: str
    vendor: str = ""
    approved: bool = False
    used_here: bool = False
    owned: int | None = None
    price_cents: int = 0
    monthly_cents: int = 0
    team: Team | None = None
    aliases: Sequence[str] = ()


@transaction.atomic
def put_program(content: ProgramContent) -> Program:
    """Make a program known, or bring what the register says up to date; licences in use stay as they are."""
    said = {
        name: getattr(content, name) for name in ProgramContent.__dataclass_fields__ if name not in {"key", "aliases"}
    }
    words = search_words(content.name, content.vendor, *content.aliases)
    found, _created = Program.objects.update_or_create(key=content.key, defaults={**said, "search_words": words})
    for name in content.aliases:
        if not ProgramAlias.objects.filter(name__iexact=name).exists():
            ProgramAlias.objects.create(program=found, name=name)
    return found


@transaction.atomic
def reserve_licences(code: str, key: str, quantity: int, *, person: User, now: datetime) -> LicenceBooking | None:
    """Keep licences of a program for a request, or None where too few are free.

    Asking again for the same code gives the same booking; another quantity replaces one that is not rolled out yet.
    Raises Refused for a program that the register does not have.
    """
    one = _locked(key)
    before = LicenceBooking.objects.filter(code=code, program=one).first()
    if before and (before.booked_at or before.quantity == quantity):
        return before
    if before:
        _give_back(before)
        one.refresh_from_db()
    if not fits(free(one.owned, one.used, one.reserved), quantity):
        return None
    Program.objects.filter(pk=one.pk).update(reserved=F("reserved") + quantity)
    return LicenceBooking.objects.create(code=code, program=one, person=person, quantity=quantity, reserved_at=now)


@transaction.atomic
def add_licences(key: str, quantity: int) -> Program:
    """Licences were bought: raise what is owned. Where they are not counted nothing changes. Raises Refused."""
    if quantity < 1:
        raise Refused("quantity", "Enter how many were bought: at least 1.")
    one = _locked(key)
    if one.owned is not None:
        Program.objects.filter(pk=one.pk).update(owned=F("owned") + quantity)
        one.refresh_from_db()
    return one


@transaction.atomic
def book_licences(code: str, *, now: datetime) -> int:
    """What was kept for a request is in use from now on; the number of licences booked now."""
    booked = 0
    for kept in LicenceBooking.objects.filter(code=code, booked_at=None).order_by("program_id"):
        Program.objects.select_for_update().get(pk=kept.program_id)
        Program.objects.filter(pk=kept.program_id).update(
            used=F("used") + kept.quantity, reserved=F("reserved") - kept.quantity, used_here=True
        )
        kept.booked_at = now
        kept.save(update_fields=["booked_at"])
        booked += kept.quantity
    return booked


@transaction.atomic
def release_licences(code: str) -> int:
    """Give back what was kept for a request and not rolled out; the number of licences that are free again."""
    freed = 0
    for kept in LicenceBooking.objects.filter(code=code, booked_at=None).order_by("program_id"):
        freed += kept.quantity
        _give_back(kept)
    return freed


@transaction.atomic
def roll_out(code: str, name: str, quantity: int, *, person: User, now: datetime) -> Program:
    """Bought licences of a program are owned and in use; one that was unknown is in the register from now on.

    It counts as approved, because every approval of the request was given. Once for a code: again changes nothing.
    Raises Refused for a name without a letter.
    """
    found = program(name)
    if found is None:
        key = key_of(name)
        if not key:
            raise Refused("product", "Enter the name of the program.")
        found = put_program(ProgramContent(key=key, name=name[:120], approved=True, owned=0))
    elif not found.approved:
        Program.objects.filter(pk=found.pk).update(approved=True)
    if not LicenceBooking.objects.filter(code=code, program=found).exists():
        add_licences(found.key, quantity)
        reserve_licences(code, found.key, quantity, person=person, now=now)
    book_licences(code, now=now)
    found.refresh_from_db()
    return found


def _give_back(kept: LicenceBooking) -> None:
    Program.objects.select_for_update().get(pk=kept.program_id)
    Program.objects.filter(pk=kept.program_id).update(reserved=F("reserved") - kept.quantity)
    kept.delete()


def _locked(key: str) -> Program:
    found = Program.objects.select_for_update().filter(key=key).first()
    if found is None:
        raise Refused("product", f"There is no program '{key}' in the register.")
    return found
