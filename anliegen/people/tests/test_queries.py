from datetime import date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from anliegen.lib.errors import NotFound
from anliegen.people import access, actions, queries
from anliegen.people.rules import Capability, Days, LimitKind, OrderScope, Role, Scope, ScopeKind
from anliegen.people.tests.conftest import Firm


def test_a_limit_holds_on_its_days(firm: Firm, now: datetime) -> None:
    actions.set_limit(
        firm.owner.pk, LimitKind.ORDER, 10_000, acting_user=firm.admin, now=now, days=Days(date(2026, 12, 1))
    )
    assert queries.order_limit(firm.owner, now) == 0
    assert queries.order_limit(firm.owner, now + timedelta(days=6)) == 10_000
    assert queries.approve_limit(firm.owner, now + timedelta(days=6)) == 0


def test_a_new_limit_replaces_the_old_one(firm: Firm, now: datetime) -> None:
    for cents in (10_000, 5_000):
        actions.set_limit(firm.owner.pk, LimitKind.ORDER, cents, acting_user=firm.admin, now=now)
    assert queries.order_limit(firm.owner, now) == 5_000


def test_a_day_begins_in_the_time_zone_of_the_organisation(firm: Firm) -> None:
    late = datetime.fromisoformat("2026-11-30T23:30:00+00:00")  # already December in Berlin
    assert access.day(late) == date(2026, 12, 1)


def test_the_internal_contact_stands_in_for_external_people(firm: Firm, now: datetime) -> None:
    outsider = queries.person(firm.outsider.pk)
    assert queries.is_external(outsider)
    assert queries.manager_of(outsider) == firm.head
    assert queries.department_head(outsider) == firm.head
    assert queries.cost_centre_holder(outsider, now) == firm.head


def test_the_manager_who_left_is_passed_over(firm: Firm, now: datetime) -> None:
    assert queries.manager_of(queries.person(firm.owner.pk)) == firm.head
    actions.update_person(firm.head.pk, acting_user=firm.admin, now=now, manager=firm.admin)
    actions.deactivate(firm.head.pk, acting_user=firm.admin, now=now)
    assert queries.manager_of(queries.person(firm.owner.pk)) == firm.admin


def test_a_loop_of_managers_ends(firm: Firm, now: datetime) -> None:
    for person in (firm.head, firm.owner):
        person.is_active = False
        person.manager = firm.owner if person == firm.head else firm.head
        person.save()
    assert queries.manager_of(queries.person(firm.owner.pk)) is None


def test_nobody_is_the_head_above_themselves(firm: Firm) -> None:
    assert queries.department_head(queries.person(firm.owner.pk)) == firm.head
    assert queries.department_head(queries.person(firm.head.pk)) is None


def test_the_deputy_of_a_cost_centre_answers_when_the_holder_left(firm: Firm, now: datetime) -> None:
    centre = actions.put_cost_centre(
        "4711", acting_user=None, now=now, name="Vertrieb", holder=firm.head, deputy=firm.colleague
    )
    actions.update_person(firm.owner.pk, acting_user=None, now=now, cost_centre=centre)
    owner = queries.person(firm.owner.pk)
    assert queries.cost_centre_holder(owner, now) == firm.head
    actions.deactivate(firm.head.pk, acting_user=firm.admin, now=now)
    assert queries.cost_centre_holder(queries.person(firm.owner.pk), now) == firm.colleague
    assert queries.cost_centre_holder(centre, now - timedelta(days=2)) is None


def test_deputies_stand_in_on_their_days_only(firm: Firm, now: datetime) -> None:
    days = Days(date(2026, 11, 25), date(2026, 11, 27))
    actions.set_deputy(firm.head.pk, firm.owner.pk, acting_user=firm.head, now=now, days=days)
    assert queries.deputies_of(firm.head, now) == [firm.owner]
    assert queries.stands_in_for(firm.owner, now) == [firm.head]
    assert queries.stands_in_for(firm.owner, now + timedelta(days=3)) == []
    assert queries.stands_in_for(firm.colleague, now) == []


def test_holders_of_a_role_within_a_scope(firm: Firm, now: datetime) -> None:
    it = Scope(ScopeKind.CATEGORY, "devices")
    actions.grant_role(firm.owner.pk, Role.PROCESS_OWNER, it, acting_user=firm.admin, now=now)
    actions.grant_role(firm.head.pk, Role.PROCESS_OWNER, acting_user=firm.admin, now=now)
    assert set(queries.holders(Role.PROCESS_OWNER, now, it)) == {firm.owner, firm.head}
    assert queries.holders(Role.PROCESS_OWNER, now, Scope(ScopeKind.CATEGORY, "moves")) == [firm.head]
    assert queries.can(firm.owner, Capability.PUBLISH, it, now=now)
    assert not queries.can(firm.owner, Capability.PUBLISH, Scope(ScopeKind.CATEGORY, "moves"), now=now)


def test_who_may_order_for_whom(firm: Firm, now: datetime) -> None:
    assert list(queries.may_order_for(firm.owner, now)) == [firm.owner]
    actions.allow_ordering_for(firm.owner.pk, OrderScope.DEPARTMENT, acting_user=firm.admin, now=now)
    assert set(queries.may_order_for(firm.owner, now)) == {firm.owner, firm.colleague, firm.head}
    actions.allow_ordering_for(
        firm.colleague.pk, OrderScope.PERSON, firm.outsider.public_id, acting_user=firm.admin, now=now
    )
    assert set(queries.may_order_for(firm.colleague, now)) == {firm.colleague, firm.outsider}


def test_ordering_for_the_own_team_follows_its_members(firm: Firm, now: datetime) -> None:
    for person in (firm.owner, firm.head):
        actions.join_team("desk", person.pk, acting_user=firm.admin, now=now)
    actions.allow_ordering_for(firm.owner.pk, OrderScope.TEAM, acting_user=firm.admin, now=now)
    assert set(queries.may_order_for(firm.owner, now)) == {firm.owner, firm.head}
    actions.leave_team("desk", firm.head.pk, acting_user=firm.admin, now=now)
    assert set(queries.may_order_for(firm.owner, now)) == {firm.owner}


def test_the_desk_orders_for_everybody(firm: Firm, now: datetime) -> None:
    actions.grant_role(firm.colleague.pk, Role.SERVICE_DESK, acting_user=firm.admin, now=now)
    assert queries.may_order_for(firm.colleague, now).count() == 5


def test_an_external_person_sees_the_own_company_only(firm: Firm, now: datetime) -> None:
    outsider = queries.person(firm.outsider.pk)
    assert set(access.visible_to(outsider, now)) == {firm.outsider, firm.head}
    assert firm.outsider not in access.visible_to(firm.owner, now)
    assert firm.outsider in access.visible_to(firm.head, now)
    with pytest.raises(NotFound):
        access.to_see(firm.owner.public_id, outsider, now)


@pytest.mark.parametrize("text", ["öztürk", "OZTURK", "oeztuerk", "heike özt", "head@nordwerk"])
def test_people_are_found_by_any_spelling(firm: Firm, text: str) -> None:
    assert queries.find_people(text) == [firm.head]


def test_telephone_numbers_are_found_without_their_gaps(firm: Firm, now: datetime) -> None:
    actions.update_person(firm.owner.pk, acting_user=None, now=now, phone="+49 911 / 123-45")
    assert queries.find_people("12345") == [firm.owner]
    assert queries.find_people("0000") == []


def test_places_are_found_by_code_and_name(firm: Firm, now: datetime) -> None:
    site = actions.put_site("hq", acting_user=None, now=now, name={"de": "Werk", "en": "Works"})
    place = actions.put_place("B-214", acting_user=None, now=now, site=site, name="Büro Vertrieb")
    assert queries.find_places("b-2 vertrieb") == [place]
    assert queries.place("B-214") == place


def test_members_and_teams_see_each_other(firm: Firm, now: datetime) -> None:
    actions.join_team("desk", firm.owner.pk, acting_user=firm.admin, now=now)
    assert queries.members("desk", now) == [firm.owner]
    assert queries.teams_of(firm.owner, now) == [firm.desk]
    assert queries.uses_desk(firm.owner, now)
    assert not queries.uses_desk(firm.colleague, now)


def test_the_number_of_queries_does_not_grow(
    firm: Firm, now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        person = actions.create_person(
            acting_user=None, now=now, email=f"p{number}@nordwerk.example", last_name=f"P{number}"
        )
        actions.join_team("desk", person.pk, acting_user=None, now=now)
    with django_assert_max_num_queries(1):
        assert len([member.company.name for member in queries.members("desk", now)]) == 30
    with django_assert_max_num_queries(3):
        assert len(list(queries.may_order_for(firm.owner, now))) == 1
    with django_assert_max_num_queries(1):
        assert queries.can(firm.owner, Capability.REQUEST, now=now)


def test_facts_hold_what_rules_may_read(firm: Firm, now: datetime) -> None:
    actions.set_clearance(firm.owner.pk, "secured-area", acting_user=firm.admin, now=now)
    facts = queries.facts(queries.person(firm.owner.pk), now)
    assert facts["department"] == "sales"
    assert facts["external"] is False
    assert facts["clearances"] == ["secured-area"]


def test_a_page_reads_the_rights_of_a_person_once(
    firm: Firm, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = queries.person(firm.admin.pk)
    access.keep(user)
    with django_assert_num_queries(5):
        for _again in range(3):
            access.can(user, Capability.MANAGE_PEOPLE, now=now)
            queries.teams_of(user, now)
            queries.order_limit(user, now)
            queries.approve_limit(user, now)
            queries.clearances(user, now)
            queries.stands_in_for(user, now)


def test_without_a_page_nothing_is_kept(firm: Firm, now: datetime) -> None:
    user = queries.person(firm.owner.pk)
    assert not access.grants(user, now)
    actions.set_limit(user.pk, LimitKind.ORDER, 10_000, acting_user=firm.admin, now=now)
    assert queries.order_limit(user, now) == 10_000
    access.keep(user)
    assert queries.order_limit(user, now) == 10_000
    assert queries.approve_limit(user, now) == 0
