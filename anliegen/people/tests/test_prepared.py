"""A prepared read gives what its queryset gives, for every kind of value, and is built once."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from anliegen.lib import clock
from anliegen.people.models import Department, Session, Team, TeamMembership, User
from anliegen.people.tests.conftest import Firm
from anliegen.reads.prepared import Ids, Prepared, Rows, Slot

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)


def test_it_is_built_once_and_bound_each_time(firm: Firm) -> None:
    jana = firm.owner
    built = []

    def build() -> QuerySet[User]:
        built.append(1)
        return User.objects.filter(pk=Slot("id"))

    read = Prepared(build)
    other = firm.colleague
    assert [read(id=jana.pk), read(id=other.pk), read(id=0)] == [[jana], [other], []]
    assert read.first(id=0) is None
    assert len(built) == 1


def test_related_rows_come_with_it(firm: Firm) -> None:
    jana = firm.owner
    read = Prepared(lambda: User.objects.select_related("company", "department").filter(pk=Slot("id")))
    with CaptureQueriesContext(connection) as seen:
        [found] = read(id=jana.pk)
        assert found.company.key == jana.company.key
        assert found.department == jana.department
    assert len(seen) == 1


@pytest.mark.parametrize("count", [0, 1, 4])
def test_any_number_of_ids(firm: Firm, count: int) -> None:
    made = sorted(User.objects.values_list("pk", flat=True))[:count]
    read = Prepared(lambda: User.objects.filter(pk__in=Ids("ids")).order_by("pk").values_list("pk", flat=True))
    assert read(ids=made) == made
    assert read(ids={*made, 999_999}) == made


def test_days_moments_and_parts_of_others(firm: Firm) -> None:
    jana = firm.owner
    team = firm.desk
    TeamMembership.objects.create(user=jana, team=team, valid_from=TODAY)
    teams = Prepared(
        lambda: TeamMembership.objects.on(Slot("today")).filter(user=Slot("user")).values_list("team", flat=True)
    )
    assert teams(user=jana.pk, today=TODAY) == [team.pk]
    assert teams(user=jana.pk, today=TODAY - timedelta(days=1)) == []
    assert list(Team.objects.filter(pk__in=teams.inside(user=jana.pk, today=TODAY))) == [team]
    within = Prepared(lambda: Team.objects.filter(pk__in=teams.inside(user=Slot("who"), today=Slot("today"))))
    assert within(who=jana.pk, today=TODAY) == [team]
    now = clock.now()
    Session.objects.create(session_key="k" * 32, session_data="", expire_date=now)
    live = Prepared(lambda: Session.objects.filter(expire_date__gt=Slot("now")))
    assert [len(live(now=moment)) for moment in (now - timedelta(seconds=1), now)] == [1, 0]


def test_rows_are_counted(firm: Firm) -> None:
    jana = firm.owner
    count = Prepared(lambda: User.objects.filter(pk__in=Ids("ids")).order_by().values_list(Rows(), flat=True))
    assert count(ids=[jana.pk]) == [1]
    assert count(ids=[]) == [0]


def test_converted_values_are_converted(firm: Firm) -> None:
    jana = firm.owner
    read = Prepared(lambda: User.objects.filter(pk=Slot("id")).values_list("is_active", "department__name"))
    assert read(id=jana.pk) == [(True, Department.objects.get(pk=jana.department_id).name)]
    moments = Prepared(lambda: Session.objects.values_list("expire_date", flat=True))
    Session.objects.create(
        session_key="m" * 32, session_data="", expire_date=datetime.fromisoformat("2026-11-25T10:00Z")
    )
    assert moments() == [datetime.fromisoformat("2026-11-25T10:00Z")]


def test_a_forgotten_value_is_a_mistake(db: None) -> None:
    with pytest.raises(KeyError):
        Prepared(lambda: User.objects.filter(pk=Slot("id")))()
