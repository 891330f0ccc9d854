import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import IntegrityError, transaction

from anliegen.lib import bus
from anliegen.lib.errors import Forbidden, NotFound, Refused
from anliegen.lib.events import Event
from anliegen.people import actions, cli, events, queries
from anliegen.people.models import Limit, RoleGrant, Session, User
from anliegen.people.rules import Capability, Days, LimitKind, Role
from anliegen.people.sessions import SessionStore
from anliegen.people.tests.conftest import Firm


@pytest.fixture
def told() -> Iterator[list[Event]]:
    """Every event that was published."""
    before = bus.bound()
    seen: list[Event] = []
    bus.bind({Event: (seen.append,)})
    yield seen
    bus.bind(before)


def test_a_person_is_made_once_per_address(firm: Firm, now: datetime) -> None:
    with pytest.raises(Refused) as problem:
        actions.create_person(acting_user=firm.admin, now=now, email="JANA@nordwerk.example", last_name="Neu")
    assert list(problem.value.errors) == ["email"]


def test_callers_without_an_address_may_be_many(firm: Firm, now: datetime) -> None:
    callers = [
        actions.create_person(acting_user=firm.admin, now=now, last_name="Unbekannt", can_sign_in=False)
        for _ in range(2)
    ]
    assert callers[0].pk != callers[1].pk


@pytest.mark.parametrize("fields", [{"last_name": ""}, {"email": "kein-at"}, {"language": "fr"}])
def test_wrong_values_are_refused_at_their_field(firm: Firm, now: datetime, fields: dict[str, Any]) -> None:
    with pytest.raises(Refused) as problem:
        actions.update_person(firm.owner.pk, acting_user=firm.admin, now=now, **fields)
    assert set(problem.value.errors) == set(fields)


def test_a_change_is_told_with_old_and_new(firm: Firm, now: datetime, told: list[Event]) -> None:
    actions.update_person(firm.owner.pk, acting_user=firm.admin, now=now, phone="123")
    assert [(type(event), event.changes) for event in told] == [(events.PersonChanged, {"phone": ["", "123"]})]
    actions.update_person(firm.owner.pk, acting_user=firm.admin, now=now, phone="123")
    assert len(told) == 1


@pytest.mark.parametrize("who", ["owner", "colleague", "outsider"])
def test_only_administrators_change_persons(firm: Firm, now: datetime, who: str) -> None:
    with pytest.raises(Forbidden):
        actions.update_person(firm.owner.pk, acting_user=getattr(firm, who), now=now, phone="1")
    with pytest.raises(Forbidden):
        actions.create_person(acting_user=getattr(firm, who), now=now, last_name="Neu")
    with pytest.raises(Forbidden):
        actions.grant_role(firm.colleague.pk, Role.AUDITOR, acting_user=getattr(firm, who), now=now)


def test_people_set_their_own_preferences_only(firm: Firm, now: datetime) -> None:
    assert actions.set_preferences(firm.owner.pk, acting_user=firm.owner, now=now, theme="dark").theme == "dark"
    with pytest.raises(Forbidden):
        actions.set_preferences(firm.owner.pk, acting_user=firm.admin, now=now, theme="dark")


def test_nobody_raises_their_own_rights(firm: Firm, now: datetime) -> None:
    with pytest.raises(Forbidden):
        actions.grant_role(firm.admin.pk, Role.PROCESS_OWNER, acting_user=firm.admin, now=now)
    with pytest.raises(Forbidden):
        actions.set_limit(firm.admin.pk, LimitKind.APPROVE, 10**9, acting_user=firm.admin, now=now)


def test_external_people_get_no_limit(firm: Firm, now: datetime) -> None:
    with pytest.raises(Refused):
        actions.set_limit(firm.outsider.pk, LimitKind.ORDER, 1, acting_user=firm.admin, now=now)


@pytest.mark.parametrize("cents", [-1, 10**11 + 1])
def test_amounts_out_of_range_are_refused(firm: Firm, now: datetime, cents: int) -> None:
    with pytest.raises(Refused):
        actions.set_limit(firm.owner.pk, LimitKind.ORDER, cents, acting_user=firm.admin, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Limit.objects.create(user=firm.owner, kind="order", cents=cents, valid_from=date(2026, 1, 1))


def test_days_the_wrong_way_round_are_refused(firm: Firm, now: datetime) -> None:
    days = Days(date(2026, 12, 2), date(2026, 12, 1))
    with pytest.raises(Refused):
        actions.grant_role(firm.owner.pk, Role.AUDITOR, acting_user=firm.admin, now=now, days=days)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(user=firm.owner, role="auditor", valid_from=days.valid_from, valid_to=days.valid_to)


def test_a_role_is_granted_once_and_revoked_at_once(firm: Firm, now: datetime, told: list[Event]) -> None:
    for _ in range(2):
        actions.grant_role(firm.owner.pk, Role.AUDITOR, acting_user=firm.admin, now=now)
    assert queries.can(firm.owner, Capability.READ_AUDIT, now=now)
    assert actions.revoke_role(firm.owner.pk, Role.AUDITOR, acting_user=firm.admin, now=now) == 1
    assert not queries.can(firm.owner, Capability.READ_AUDIT, now=now)
    assert [type(event) for event in told] == [events.RoleGranted, events.RoleRevoked]


def test_a_revoked_role_of_last_year_stays_in_the_record(firm: Firm, now: datetime) -> None:
    days = Days(date(2025, 1, 1))
    actions.grant_role(firm.owner.pk, Role.AUDITOR, acting_user=firm.admin, now=now, days=days)
    actions.revoke_role(firm.owner.pk, Role.AUDITOR, acting_user=firm.admin, now=now)
    assert RoleGrant.objects.get(user=firm.owner).valid_to == date(2026, 11, 24)


def test_the_last_administrator_stays(firm: Firm, now: datetime) -> None:
    with pytest.raises(Refused):
        actions.revoke_role(firm.admin.pk, Role.ADMINISTRATOR, acting_user=None, now=now)
    with pytest.raises(Refused):
        actions.deactivate(firm.admin.pk, acting_user=None, now=now)


def test_a_leaver_loses_rights_and_sessions_in_the_transaction(firm: Firm, now: datetime, told: list[Event]) -> None:
    actions.join_team("desk", firm.owner.pk, acting_user=firm.admin, now=now)
    actions.grant_role(firm.owner.pk, Role.SERVICE_DESK, acting_user=firm.admin, now=now)
    actions.set_deputy(firm.head.pk, firm.owner.pk, acting_user=firm.head, now=now)
    session = SessionStore()
    session[SESSION_KEY] = str(firm.owner.pk)
    session.create()
    actions.deactivate(firm.owner.pk, acting_user=firm.admin, now=now)
    owner = queries.person(firm.owner.pk)
    assert not Session.objects.exists()
    assert not queries.capabilities(owner, now)
    assert queries.members("desk", now) == []
    assert queries.deputies_of(firm.head, now) == []
    assert (type(told[-1]), told[-1].changes["teams"]) == (events.Deactivated, ["desk"])
    actions.deactivate(firm.owner.pk, acting_user=firm.admin, now=now)
    assert len([event for event in told if isinstance(event, events.Deactivated)]) == 1


def test_a_handler_that_refuses_keeps_the_leaver(firm: Firm, now: datetime) -> None:
    def refuse(event: Event) -> None:
        raise Refused("", "open tasks")

    before = bus.bound()
    bus.bind({events.Deactivated: (refuse,)})
    try:
        with pytest.raises(Refused):
            actions.deactivate(firm.owner.pk, acting_user=firm.admin, now=now)
    finally:
        bus.bind(before)
    assert queries.person(firm.owner.pk).is_active


def test_who_comes_back_has_no_former_right(firm: Firm, now: datetime) -> None:
    actions.grant_role(firm.owner.pk, Role.AUDITOR, acting_user=firm.admin, now=now, days=Days(date(2026, 1, 1)))
    actions.deactivate(firm.owner.pk, acting_user=firm.admin, now=now)
    actions.reactivate(firm.owner.pk, acting_user=firm.admin, now=now + timedelta(hours=1))
    assert queries.roles_of(queries.person(firm.owner.pk), now) == set()


def test_deputies_are_set_by_the_person_not_by_a_colleague(firm: Firm, now: datetime) -> None:
    with pytest.raises(Forbidden):
        actions.set_deputy(firm.head.pk, firm.colleague.pk, acting_user=firm.colleague, now=now)
    for wrong in (firm.head, firm.outsider):
        with pytest.raises(Refused):
            actions.set_deputy(firm.head.pk, wrong.pk, acting_user=firm.head, now=now)


def test_unknown_persons_and_teams_are_not_found(firm: Firm, now: datetime) -> None:
    with pytest.raises(NotFound):
        actions.update_person(10**9, acting_user=firm.admin, now=now, phone="1")
    with pytest.raises(NotFound):
        actions.join_team("nirgends", firm.owner.pk, acting_user=firm.admin, now=now)


def test_a_new_password_ends_all_sessions(firm: Firm, now: datetime) -> None:
    session = SessionStore()
    session[SESSION_KEY] = str(firm.owner.pk)
    session.create()
    with pytest.raises(Refused):
        actions.set_password(firm.owner.pk, "kurz", acting_user=None, now=now)
    actions.set_password(firm.owner.pk, "ein langer Satz 42", acting_user=None, now=now)
    assert not Session.objects.exists()
    assert queries.person(firm.owner.pk).check_password("ein langer Satz 42")


@pytest.mark.django_db
def test_the_first_administrator_comes_from_the_command_line(now: datetime) -> None:
    admin = actions.create_administrator("Chef@firma.example", ("Che", "Fin"), "ein langer Satz 42", now=now)
    assert admin.email == "chef@firma.example"
    assert queries.can(admin, Capability.GRANT_ROLES, now=now)
    assert queries.needs_second_factor(admin, now)


@pytest.mark.django_db
def test_create_admin_takes_the_password_from_the_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("kurz\n"))
    assert cli.create_admin("chefin@firma.example") == 1
    assert "12" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.StringIO("ein langer Satz 42\n"))
    assert cli.create_admin("chefin@firma.example") == 0
    assert User.objects.get(email="chefin@firma.example").check_password("ein langer Satz 42")
