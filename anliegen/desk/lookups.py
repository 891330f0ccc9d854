"""Persons and places as suggestions for fields, and the teams to choose from."""

from collections.abc import Callable, Iterable

from django.utils.translation import get_language

from anliegen.assets import queries as assets
from anliegen.lib import clock
from anliegen.lib.text import LocalText
from anliegen.people import queries as people
from anliegen.people.models import Place, User
from anliegen.ui.fields import Match

type Lookup = Callable[[str], list[Match]]

SHOWN = 20


def persons(viewer: User) -> Lookup:
    """Persons whom the viewer may see, by name, address, telephone or personnel number."""

    def lookup(text: str) -> list[Match]:
        sought = _sought(text)
        return matches(people.find_people(sought, SHOWN, viewer=viewer, now=clock.now())) if sought else []

    return lookup


def places(text: str) -> list[Match]:
    """Rooms and buildings by parts of code or name."""
    sought = _plain(text.partition(" · ")[0])
    return [_place(place) for place in people.find_places(sought, SHOWN)] if sought else []


def _place(place: Place) -> Match:
    return Match(place.code, place.code, place.name if place.name != place.code else "")


def matches(found: Iterable[User]) -> list[Match]:
    """Persons by public id; department, number and address tell namesakes apart."""
    return [Match(one.public_id, one.full_name, _detail(one)) for one in found]


def _detail(one: User) -> str:
    department = LocalText.of(one.department.name).to(get_language() or "de") if one.department else ""
    return ", ".join(part for part in (department, one.phone or one.mobile, one.email) if part)


def _sought(text: str) -> str:
    """What was chosen from the suggestions is found by name and address alone."""
    name, _mark, detail = text.partition(" · ")
    address = detail.rpartition(", ")[2]
    return _plain(address if "@" in address else name)


def _plain(text: str) -> str:
    return "".join(character for character in text if character.isprintable()).strip()[:100]


def text_of(person: User) -> str:
    """What stands in a field for a person who is known already."""
    return matches([person])[0].text


def programs(text: str) -> list[Match]:
    """Programs of the software register; the vendor tells alike ones apart."""
    found = assets.find_programs(text.partition(" · ")[0], SHOWN)
    return [Match(one.key, one.name, one.vendor) for one in found]


def rights() -> list[tuple[str, list[tuple[str, str]]]]:
    """Systems with the roles that one may ask for, for a list to choose from."""
    lang = get_language() or "de"
    return [(name.to(lang), [(key, role.to(lang)) for key, role in roles]) for name, roles in assets.systems()]
