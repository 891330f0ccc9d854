"""Three people for every test: one who may, one beside them, one outside."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from anliegen.people import actions
from anliegen.people.models import Company, Department, Team, User
from anliegen.people.rules import Role

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@dataclass
class Firm:
    home: Company
    agency: Company
    sales: Department
    desk: Team
    admin: User
    head: User
    owner: User
    colleague: User
    outsider: User


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def firm(db: None) -> Firm:
    """Nordwerk in small: an administrator, a head of sales with two people, a desk team, an external person."""
    put: dict[str, Any] = {"acting_user": None, "now": NOW}
    home = actions.put_company("nordwerk", name="Nordwerk", is_default=True, **put)
    agency = actions.put_company("agentur", name="Agentur", **put)
    sales = actions.put_department("sales", name={"de": "Vertrieb", "en": "Sales"}, company=home, **put)
    admin = actions.create_person(email="admin@nordwerk.example", first_name="Ada", last_name="Min", **put)
    actions.grant_role(admin.pk, Role.ADMINISTRATOR, **put)
    head = actions.create_person(
        email="head@nordwerk.example", first_name="Heike", last_name="Öztürk", department=sales, **put
    )
    sales = actions.put_department("sales", head=head, **put)
    owner, colleague = (
        actions.create_person(
            email=f"{name}@nordwerk.example",
            first_name=name.title(),
            last_name="Sommer",
            department=sales,
            manager=head,
            **put,
        )
        for name in ("jana", "jonas")
    )
    outsider = actions.create_person(
        email="extern@agentur.example", first_name="Ex", last_name="Tern", company=agency, **put
    )
    agency = actions.put_company("agentur", internal_contact=head, **put)
    outsider.refresh_from_db()
    desk = actions.put_team("desk", name={"de": "Service", "en": "Service desk"}, company=home, **put)
    return Firm(home, agency, sales, desk, admin, head, owner, colleague, outsider)
