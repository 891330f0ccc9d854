"""A small organisation and catalogue for tests, also of other packages."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from anliegen.catalogue import actions, lifecycle
from anliegen.catalogue.models import ItemVersion
from anliegen.catalogue.rules import CategoryContent, ItemContent, TargetContent
from anliegen.people import actions as people
from anliegen.people.models import Company, Department, Team, User
from anliegen.people.rules import Role

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
SYSTEM: dict[str, Any] = {"acting_user": None, "now": NOW}


def both(text: str) -> dict[str, str]:
    return {"de": text, "en": text}


@dataclass
class Firm:
    """Jana and her colleague Jonas in sales, an outsider, an agent of the desk, a technician, an external person."""

    company: Company
    sales: Department
    desk: Team
    workshop: Team
    owner: User
    colleague: User
    outsider: User
    agent: User
    technician: User
    external: User
    process_owner: User


def person(name: str, **fields: Any) -> User:
    return people.create_person(
        **SYSTEM, **{"email": f"{name}@nordwerk.example", "first_name": name.title(), "last_name": "Test", **fields}
    )


def firm() -> Firm:
    company = people.put_company("nordwerk", name="Nordwerk", is_default=True, **SYSTEM)
    agency = people.put_company("agentur", name="Agentur", **SYSTEM)
    sales = people.put_department("sales", name=both("Vertrieb"), company=company, **SYSTEM)
    site = people.put_site("kiel", name=both("Kiel"), **SYSTEM)
    place = people.put_place("K-2.14", site=site, name="Haus 2, Raum 14", **SYSTEM)
    people.put_place("K-3.01", site=site, name="Haus 3, Raum 01", **SYSTEM)
    owner = person("jana", department=sales, place=place)
    colleague = person("jonas", department=sales)
    outsider = person("otto")
    agent, technician, process_owner = person("nele"), person("tom"), person("petra")
    external = person("extern", company=agency, email="extern@agentur.example")
    desk = people.put_team("service-desk", name=both("Service-Desk"), company=company, **SYSTEM)
    workshop = people.put_team("workshop", name=both("Werkstatt"), company=company, **SYSTEM)
    people.join_team("service-desk", agent.pk, **SYSTEM)
    people.join_team("workshop", technician.pk, **SYSTEM)
    people.grant_role(agent.pk, Role.SERVICE_DESK, **SYSTEM)
    people.grant_role(process_owner.pk, Role.PROCESS_OWNER, **SYSTEM)
    who = [
        User.objects.get(pk=one.pk) for one in (owner, colleague, outsider, agent, technician, external, process_owner)
    ]
    return Firm(company, sales, desk, workshop, *who)


def question(key: str, kind: str, **fields: Any) -> dict[str, Any]:
    return {"key": key, "type": kind, "label": both(key.title()), **fields}


def option(value: str, **fields: Any) -> dict[str, Any]:
    return {"value": value, "label": both(value.title()), **fields}


def form(*questions: dict[str, Any]) -> dict[str, Any]:
    return {"format": 1, "questions": list(questions)}


DESKTOP_FORM = form(
    question("build", "choice", required=True, names=True, options=[
        option("standard"), option("cad", price_cents=50_000), option("special"),
        option("tower", visible_if="false"),
    ]),
    question("special", "text", required=True, visible_if='answers.build == "special"'),
    question("place", "place"),
    question("extras", "multiple", options=[option("dock", price_cents=10_000), option("screen", monthly_cents=500)]),
    question("notes", "paragraph"),
    question("count", "amount", min=1, max=10, quantity=True),
    question("budget", "amount", unit="cents"),
    question("start", "date", min="2026-01-01"),
    question("for_whom", "person"),
    question("urgent", "yesno"),
    question("sketch", "file"),
    question("hint", "note"),
)  # fmt: skip


def category(key: str = "devices", **fields: Any) -> None:
    actions.save_category(CategoryContent(key=key, name=both(key.title()), **fields), **SYSTEM)


def content(key: str = "desktop", **fields: Any) -> ItemContent:
    return ItemContent(**{
        "key": key,
        "category": "devices",
        "kind": "add",
        "title": {"de": "Desktop-PC", "en": "Desktop PC"},
        "summary": both("Ein Rechner"),
        "form": DESKTOP_FORM,
        "price_cents": 80_000,
        "asks_justification": False,
        "targets": (TargetContent(measure="fulfilment", minutes=2_400), TargetContent(measure="first-answer", minutes=240)),
        **fields,
    })  # fmt: skip


def offer(key: str = "desktop", **fields: Any) -> ItemVersion:
    """An item on offer, without a model behind it."""
    if fields.get("category", "devices") == "devices":
        category()
    version = actions.create_version(content(key, **fields), **SYSTEM)
    with transaction.atomic():
        lifecycle.set_current(version.item, version, actor_id=None, now=NOW)
    version.item.refresh_from_db()
    return version
