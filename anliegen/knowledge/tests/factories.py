"""Articles for tests, also of other packages."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from anliegen.knowledge import actions
from anliegen.knowledge.actions import Care
from anliegen.knowledge.models import Announcement, Article
from anliegen.knowledge.rules import AnnouncementContent, ArticleContent
from anliegen.people import actions as people
from anliegen.people.models import User
from anliegen.people.rules import Role

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
SYSTEM: dict[str, Any] = {"acting_user": None, "now": NOW}
BODY = {
    "de": "## Schritte\n\n1. Öffnen Sie das Programm.\n2. Wählen Sie **Verbinden**.\n\n## Klappt es nicht?\n\nFragen Sie uns.",
    "en": "## Steps\n\n1. Open the program.\n2. Choose **Connect**.\n\n## It does not work?\n\nAsk us.",
}


def both(text: str) -> dict[str, str]:
    return {"de": text, "en": text}


@dataclass
class Firm:
    """Somebody who asks, a colleague, an agent of the desk, a technician, a process owner, an external person."""

    owner: User
    colleague: User
    agent: User
    technician: User
    process_owner: User
    external: User


def person(name: str, **fields: Any) -> User:
    given = {"email": f"{name}@nordwerk.example", "first_name": name.title(), "last_name": "Test", **fields}
    return User.objects.get(pk=people.create_person(**SYSTEM, **given).pk)


def firm() -> Firm:
    company = people.put_company("nordwerk", name="Nordwerk", is_default=True, **SYSTEM)
    agency = people.put_company("agentur", name="Agentur", **SYSTEM)
    names = ("jana", "jonas", "nele", "tom", "petra")
    owner, colleague, agent, technician, process_owner = (person(name, company=company) for name in names)
    people.put_team("workshop", name=both("Werkstatt"), company=company, **SYSTEM)
    people.join_team("workshop", technician.pk, **SYSTEM)
    people.grant_role(agent.pk, Role.SERVICE_DESK, **SYSTEM)
    people.grant_role(process_owner.pk, Role.PROCESS_OWNER, **SYSTEM)
    return Firm(owner, colleague, agent, technician, process_owner, person("extern", company=agency))


def content(**fields: Any) -> ArticleContent:
    return ArticleContent(**{
        "category": "devices",
        "kind": "how-to",
        "audience": "all",
        "title": {"de": "VPN einrichten", "en": "Set up the VPN"},
        "answer": {"de": "Öffnen Sie das Programm und wählen Sie Verbinden.", "en": "Open the program and choose Connect."},
        "body": BODY,
        "keywords": {"de": ["Fernzugriff"], "en": ["remote access"]},
        "items": ["desktop"],
        **fields,
    })  # fmt: skip


def draft(owner: User, **fields: Any) -> Article:
    return actions.save(None, content(**fields), Care(owner=owner), acting_user=None, now=NOW)


def published(owner: User, **fields: Any) -> Article:
    """An article that people read."""
    made = draft(owner, **fields)
    actions.publish(made.key, acting_user=None, now=NOW, base=made.draft_number)
    return Article.objects.get(pk=made.pk)


def announced(words: str = "Wartung", **fields: Any) -> Announcement:
    told: dict[str, Any] = {
        "kind": "maintenance",
        "title": both(words),
        "text": both("Am Abend."),
        "starts_at": NOW - timedelta(hours=1),
        "ends_at": NOW + timedelta(hours=1),
        **fields,
    }
    return actions.announce(AnnouncementContent(**told), acting_user=None, now=NOW)
