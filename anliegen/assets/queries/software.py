"""Reads of the software register."""

from collections.abc import Iterable

from anliegen.assets.models import LicenceBooking, Program
from anliegen.assets.rules import free
from anliegen.people.rules import search_words


def program(name: str) -> Program | None:
    """The program with that key, name or other name, whatever the case, or None. At most three statements."""
    wanted = " ".join(name.split())[:120]
    if not wanted or not wanted.isprintable():
        return None
    rows = Program.objects.select_related("team")
    for match in ({"key": wanted.lower()}, {"name__iexact": wanted}, {"aliases__name__iexact": wanted}):
        found = rows.filter(**match).first()
        if found is not None:
            return found
    return None


def program_named(name: str) -> str:
    """What the register calls it; the name itself where it is not in there."""
    found = program(name)
    return found.name if found else " ".join(name.split())


def program_price(name: str) -> tuple[int, int] | None:
    """What one more licence costs now, once and each month, in cents; None for a program that nobody knows.

    While one is free it costs nothing once: it was paid for already.
    """
    found = program(name)
    if found is None:
        return None
    spare = free(found.owned, found.used, found.reserved)
    return (0 if spare else found.price_cents), found.monthly_cents


def find_programs(text: str, limit: int = 20) -> list[Program]:
    """Programs of the register by parts of name, vendor or other names; every word must match."""
    rows = Program.objects.all()
    words = ["".join(c for c in word if c.isprintable()) for word in text[:100].split()[:8]]
    for word in filter(None, words):
        rows = rows.filter(search_words__contains=search_words(word).split(" ")[0])
    return list(rows.order_by("name")[:limit]) if any(words) else []


def booked(codes: Iterable[str]) -> list[LicenceBooking]:
    """The licences kept or used for these requests."""
    return list(LicenceBooking.objects.filter(code__in=list(codes)).select_related("program").order_by("id"))
