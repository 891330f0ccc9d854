"""Persons and places as suggestions: only those whom the person at the screen may see."""

from collections.abc import Callable, Iterable

from django.utils.translation import get_language

from anliegen.assets import queries as assets
from anliegen.lib import clock
from anliegen.lib.text import LocalText
from anliegen.people import access
from anliegen.people import queries as people
from anliegen.people.models import Place, User
from anliegen.ui.fields import Match

type Lookup = Callable[[str], list[Match]]

SHOWN = 20


def persons(viewer: User) -> Lookup:
    """Persons of the viewer's directory."""

    def lookup(text: str) -> list[Match]:
        text = _searched(text)
        return matches(people.find_people(text, SHOWN, viewer=viewer, now=clock.now())) if text else []

    return lookup


def recipients(viewer: User) -> Lookup:
    """Persons for whom the viewer may order."""

    def lookup(text: str) -> list[Match]:
        text = _searched(text)
        if not text:
            return []
        found = people.find_people(text, 200, viewer=viewer, now=clock.now())
        allowed = set(people.may_order_for(viewer, clock.now()).values_list("pk", flat=True)[:10_000])
        return matches(one for one in found if one.pk in allowed)[:SHOWN]

    return lookup


def recipient(viewer: User, person_id: int | str | None) -> User:
    """Who gets it: the viewer where nobody is named, or nobody for whom they may order."""
    if person_id is None:
        return viewer
    key = "pk" if isinstance(person_id, int) else "public_id"
    return people.may_order_for(viewer, clock.now()).filter(**{key: person_id}).first() or viewer


def orders_for_others(viewer: User) -> bool:
    """Whether there is anybody else for whom the viewer may order. Few statements."""
    return people.may_order_for(viewer, clock.now()).exclude(pk=viewer.pk).exists()


def places(text: str) -> list[Match]:
    """Rooms and buildings."""
    text = text.partition(" · ")[0].strip()
    return [place_match(place) for place in people.find_places(_plain(text), SHOWN)] if text else []


def place_match(place: Place) -> Match:
    """A place by its code."""
    return Match(place.code, place.code, place.name if place.name != place.code else "")


def matches(found: Iterable[User]) -> list[Match]:
    """Persons by public id; the address tells namesakes apart."""
    return [Match(one.public_id, one.full_name, _detail(one)) for one in found]


def _detail(one: User) -> str:
    department = LocalText.of(one.department.name).to("de") if one.department else ""
    return ", ".join(part for part in (department, one.email) if part)


def _searched(text: str) -> str:
    """What was chosen from the suggestions is found by its name and address alone."""
    name, _mark, detail = text.partition(" · ")
    address = detail.rpartition(", ")[2]
    return _plain(address if "@" in address else name)


def _plain(text: str) -> str:
    return "".join(character for character in text if character.isprintable()).strip()[:100]


def person_text(viewer: User, public_id: str) -> str:
    """What stands in a field for a person who was named before; the text itself where it names nobody visible."""
    found = access.visible_to(viewer, clock.now()).filter(public_id=public_id).first() if public_id else None
    return matches([found])[0].text if found else public_id


def place_text(code: str) -> str:
    """What stands in a field for a place that was named before."""
    exact = next((place for place in people.find_places(_plain(code), SHOWN) if place.code == code), None)
    return place_match(exact).text if exact else code


def programs(text: str) -> list[Match]:
    """Programs of the software register; the vendor tells alike ones apart."""
    found = assets.find_programs(text.partition(" · ")[0], SHOWN)
    return [Match(one.key, one.name, one.vendor) for one in found]


def rights() -> list[tuple[str, str]]:
    """The rights that one may ask for, each with its system, for a list to choose from."""
    lang = get_language() or "de"
    return [(key, f"{name.to(lang)}: {role.to(lang)}") for name, roles in assets.systems() for key, role in roles]
