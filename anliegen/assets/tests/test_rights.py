"""Rights in systems: held once, prolonged, withdrawn, and never beside a forbidden one."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from anliegen.assets import actions, queries
from anliegen.assets.models import Grant, SystemRole
from anliegen.lib.errors import Refused
from anliegen.people import actions as people
from anliegen.people.models import User

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
SYSTEM: dict[str, Any] = {"acting_user": None, "now": NOW}
pytestmark = pytest.mark.django_db


@pytest.fixture
def jana() -> User:
    home = people.put_company("firm", **SYSTEM, name="Firm", is_default=True)
    return people.create_person(**SYSTEM, email="jana@firm.example", first_name="Jana", last_name="S", company=home)


@pytest.fixture
def roles(jana: User) -> dict[str, SystemRole]:
    team = people.put_team("erp-team", **SYSTEM, name={"de": "ERP", "en": "ERP"}, company=jana.company)
    erp = actions.put_system("erp", {"de": "Warenwirtschaft", "en": "ERP"}, owner=jana, team=team)
    found = {key: actions.add_role(erp, key, {"de": key, "en": key}) for key in ("order", "pay", "read")}
    actions.forbid_together(found["pay"], found["order"], {"de": "Vier Augen.", "en": "Four eyes."})
    return found


def test_a_right_is_held_once_and_prolonged(roles: dict[str, SystemRole], jana: User) -> None:
    first = actions.grant("SR-1", "erp/read", jana, until=date(2026, 12, 31), now=NOW)
    again = actions.grant("SR-2", "erp/read", jana, until=date(2027, 3, 31), now=NOW)
    assert (again.pk, again.valid_to, again.code) == (first.pk, date(2027, 3, 31), "SR-2")
    assert Grant.objects.count() == 1


def test_withdrawn_once_it_can_be_granted_anew(roles: dict[str, SystemRole], jana: User) -> None:
    actions.grant("SR-1", "erp/read", jana, until=None, now=NOW)
    assert (actions.withdraw("erp/read", jana, now=NOW), actions.withdraw("erp/read", jana, now=NOW)) == (True, False)
    assert queries.grants_of(jana) == []
    actions.grant("SR-2", "erp/read", jana, until=None, now=NOW)
    assert len(queries.grants_of(jana)) == 1


@pytest.mark.parametrize(("held", "wanted"), [("order", "pay"), ("pay", "order")])
def test_a_forbidden_pair_is_found_in_both_orders(
    roles: dict[str, SystemRole], jana: User, held: str, wanted: str
) -> None:
    actions.grant("SR-1", f"erp/{held}", jana, until=None, now=NOW)
    pair = queries.forbidden_with(roles[wanted], jana)
    assert pair is not None
    assert pair.reason["en"] == "Four eyes."
    assert queries.forbidden_with(roles["read"], jana) is None


@pytest.mark.parametrize(("key", "until"), [("erp/none", None), ("nothing", None), ("erp/read", date(2026, 11, 24))])
def test_unknown_rights_and_an_end_in_the_past_are_refused(
    roles: dict[str, SystemRole], jana: User, key: str, until: date | None
) -> None:
    with pytest.raises(Refused):
        actions.grant("SR-1", key, jana, until=until, now=NOW)


def test_a_role_is_not_forbidden_beside_itself(roles: dict[str, SystemRole]) -> None:
    with pytest.raises(Refused):
        actions.forbid_together(roles["pay"], roles["pay"], {"de": "", "en": ""})


def test_rights_are_offered_by_system_and_called_in_both_languages(roles: dict[str, SystemRole]) -> None:
    [(name, offered)] = queries.systems()
    assert name.to("en") == "ERP"
    assert [key for key, _label in offered] == ["erp/order", "erp/pay", "erp/read"]
    label = queries.right_labels("erp/pay")
    assert label is not None
    assert label.to("de") == "Warenwirtschaft: pay"
    assert queries.right_labels("erp/none") is None
