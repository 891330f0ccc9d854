"""The people of a large house: colleagues of those of the demo company, with names and teams, made in bulk."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from anliegen.audit.models import Pseudonym
from anliegen.people.models import Place, RoleGrant, TeamMembership, User
from anliegen.people.rules import search_words
from bench import rows
from bench.house import FIRST_ID, GROUP, Crowd, person

MARK = "!crowd"  # no password, and no person of the demo


def gather(now: datetime, people: int = 50_000, agents: int = 500) -> Crowd:
    """Put the crowd into a database that has the demo company and no crowd yet."""
    crowd = Crowd(_staff(now), people, agents)
    models = (User, Pseudonym, TeamMembership, RoleGrant)
    with rows.in_bulk(models), transaction.atomic():
        rows.write(User, _users(crowd))
        rows.write(Pseudonym, ((FIRST_ID + n, FIRST_ID + n, person(n).pseudonym) for n in range(people)))
        for model in (TeamMembership, RoleGrant):
            rows.write(model, _likewise(model, crowd))
    return crowd


def there(now: datetime) -> Crowd:
    """The crowd of a database in which it was gathered."""
    crowd = User.objects.filter(pk__gte=FIRST_ID)
    agents = TeamMembership.objects.filter(user__in=crowd).values("user").distinct()
    return Crowd(_staff(now), crowd.count(), agents.count())


def _staff(now: datetime) -> tuple[int, ...]:
    """Agents of the demo who are there: members of teams."""
    members = TeamMembership.objects.on(now.date()).filter(user__is_active=True, user__can_sign_in=True)
    return tuple(members.filter(user__id__lt=FIRST_ID).order_by("user_id").values_list("user_id", flat=True).distinct())


def _users(crowd: Crowd) -> Iterator[list[Any]]:
    """Reads the demo's people first: nothing else can be asked while rows are written."""
    names = [field.name for field in rows.fields(User)]
    at = {name: number for number, name in enumerate(names)}
    found = {row[at["id"]]: row for row in rows.read(User, f"WHERE id < {FIRST_ID}")}
    askers = [row for row in found.values() if _asks(row, at, crowd)]
    places = list(Place.objects.order_by("pk").values_list("pk", flat=True))

    def user(number: int) -> list[Any]:
        agent, place = number < crowd.agents, (number - crowd.agents) % GROUP
        group = askers[(number - place) // GROUP % len(askers)]
        row = list(found[crowd.staff[number % len(crowd.staff)]] if agent else group)
        _name(row, at, number)
        row[at["manager"]] = row[at["manager"]] if agent or place == 0 else FIRST_ID + number - place
        row[at["place"]] = places[number % len(places)]
        return row

    return map(user, range(crowd.people))


def _asks(row: list[Any], at: dict[str, int], crowd: Crowd) -> bool:
    signs_in = row[at["is_active"]] + row[at["can_sign_in"]]
    return row[at["id"]] not in crowd.staff and bool(row[at["manager"]]) and signs_in in {"11", "truetrue"}


def _name(row: list[Any], at: dict[str, int], number: int) -> None:
    here = person(number)
    email = f"{here.first_name}.{here.last_name}.{number}@nordwerk.example".lower().translate(_PLAIN)
    phone = f"0431 {5000 + number // 1000}-{number % 1000:03d}"
    values = {"id": here.id, "public_id": here.public_id, "first_name": here.first_name, "last_name": here.last_name}
    values |= {"email": email, "phone": phone, "mobile": "", "personnel_number": f"{200_000 + number}"}
    values |= {"password": MARK, "search_words": search_words(here.name, email, phone, f"{200_000 + number}")}
    for name, value in values.items():
        row[at[name]] = value


_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i", "ş": "s", "ó": "o", "í": "i", "é": "e"})


def _likewise(model: rows.Table, crowd: Crowd) -> list[list[Any]]:
    """The agents of the crowd are in the teams and have the roles of those whom they are colleagues of."""
    columns = [field.name for field in rows.fields(model)]
    key, whose = columns.index("id"), columns.index("user")
    own: dict[int, list[list[Any]]] = {}
    for row in rows.read(model, f"WHERE user_id < {FIRST_ID}"):
        own.setdefault(row[whose], []).append(row)
    made = []
    for number in range(crowd.agents):
        for row in own.get(crowd.staff[number % len(crowd.staff)], ()):
            copied = row.copy()
            copied[key], copied[whose] = FIRST_ID + len(made), FIRST_ID + number
            made.append(copied)
    return made
