"""Persons as suggestions for fields."""

from collections.abc import Callable

from anliegen.lib import clock
from anliegen.people import access as people_access
from anliegen.people import queries as people
from anliegen.people.models import User
from anliegen.ui.fields import Match

SHOWN = 10


def persons(viewer: User) -> Callable[[str], list[Match]]:
    """Persons whom the viewer may see, by name, address, telephone or personnel number."""

    def lookup(text: str) -> list[Match]:
        name, _mark, address = (part.strip() for part in text.replace("\x00", "").partition(" · "))
        found = people.find_people(name, SHOWN, viewer=viewer, now=clock.now()) if name else []
        return [_match(one) for one in found if not address or one.email == address]

    return lookup


def _match(one: User) -> Match:
    return Match(one.public_id, one.full_name, one.email)


def person_text(one: User) -> str:
    """A person as the field shows them, to be found again."""
    return _match(one).text


def chosen(match: Match | None, viewer: User) -> User | None:
    """The person behind a choice, as far as the viewer may see them."""
    if match is None:
        return None
    return people_access.visible_to(viewer, clock.now()).filter(public_id=match.value, is_active=True).first()
