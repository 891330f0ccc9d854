"""Days away with a deputy (R95, B10)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from anliegen.lib.errors import Forbidden, NotFound, Refused
from anliegen.people import access, actions, queries
from anliegen.people.models import Absence, Deputy
from anliegen.people.rules import Days
from anliegen.people.tests.conftest import Firm

MONDAY, FRIDAY = date(2026, 11, 30), date(2026, 12, 4)
WEEK = Days(MONDAY, FRIDAY)


def at(now: datetime, day: date) -> datetime:
    return now.replace(year=day.year, month=day.month, day=day.day)


def test_the_deputy_decides_on_the_days_away_only(firm: Firm, now: datetime) -> None:
    actions.plan_absence(firm.head.pk, WEEK, firm.owner.pk, acting_user=firm.head, now=now)
    assert not queries.stands_in_for(firm.owner, now)
    assert queries.stands_in_for(firm.owner, at(now, MONDAY)) == [firm.head]
    assert queries.is_absent(firm.head, at(now, FRIDAY))
    assert not queries.stands_in_for(firm.owner, at(now, FRIDAY + timedelta(days=1)))


def test_the_profile_names_what_is_planned_and_who_decides(firm: Firm, now: datetime) -> None:
    actions.plan_absence(firm.head.pk, WEEK, firm.owner.pk, acting_user=firm.head, now=now)
    (planned,) = queries.absences_of(firm.head, now)
    assert [one.deputy for one in planned.stand_ins] == [firm.owner]  # type: ignore[attr-defined]
    assert queries.absences_of(firm.head, at(now, FRIDAY + timedelta(days=1))) == []


@pytest.mark.parametrize(
    ("days", "field"),
    [
        (Days(date(2026, 11, 24), FRIDAY), "valid_from"),
        (Days(FRIDAY, MONDAY), "valid_to"),
        (Days(MONDAY), "valid_to"),
        (Days(MONDAY, date(2028, 6, 1)), "valid_to"),
        (Days(date(2026, 12, 4), date(2026, 12, 9)), "valid_from"),
    ],
)
def test_days_that_make_no_sense_or_overlap_are_refused(firm: Firm, now: datetime, days: Days, field: str) -> None:
    actions.plan_absence(firm.head.pk, WEEK, None, acting_user=firm.head, now=now)
    with pytest.raises(Refused) as refused:
        actions.plan_absence(firm.head.pk, days, firm.owner.pk, acting_user=firm.head, now=now)
    assert list(refused.value.errors) == [field]
    assert Absence.objects.count() == 1
    assert not Deputy.objects.exists()


def test_nobody_is_their_own_deputy_and_who_is_away_is_none(firm: Firm, now: datetime) -> None:
    actions.plan_absence(firm.owner.pk, WEEK, None, acting_user=firm.owner, now=now)
    for deputy in (firm.head, firm.owner, firm.outsider):
        with pytest.raises(Refused) as refused:
            actions.plan_absence(firm.head.pk, WEEK, deputy.pk, acting_user=firm.head, now=now)
        assert list(refused.value.errors) == ["deputy"]
    assert not Absence.objects.filter(user=firm.head).exists()


def test_a_colleague_plans_nobody_s_absence(firm: Firm, now: datetime) -> None:
    with pytest.raises(Forbidden):
        actions.plan_absence(firm.head.pk, WEEK, firm.colleague.pk, acting_user=firm.colleague, now=now)


def test_ending_early_takes_the_deputy_back_too(firm: Firm, now: datetime) -> None:
    planned = actions.plan_absence(firm.head.pk, WEEK, firm.owner.pk, acting_user=firm.head, now=now)
    wednesday = at(now, date(2026, 12, 2))
    actions.end_absence(planned.pk, acting_user=firm.head, now=wednesday)
    assert not queries.is_absent(firm.head, wednesday)
    assert not queries.stands_in_for(firm.owner, wednesday)
    planned.refresh_from_db()
    assert planned.valid_to == date(2026, 12, 1)


def test_one_that_has_not_begun_goes_altogether(firm: Firm, now: datetime) -> None:
    planned = actions.plan_absence(firm.head.pk, WEEK, firm.owner.pk, acting_user=firm.head, now=now)
    actions.end_absence(planned.pk, acting_user=firm.head, now=now)
    assert not Absence.objects.exists()
    assert not Deputy.objects.exists()
    assert access.day(now) < MONDAY


def test_others_cannot_end_it_and_a_past_one_is_not_there(firm: Firm, now: datetime) -> None:
    planned = actions.plan_absence(firm.head.pk, WEEK, None, acting_user=firm.head, now=now)
    late: dict[str, Any] = {"acting_user": firm.head, "now": at(now, date(2026, 12, 10))}
    for kwargs in ({"acting_user": firm.colleague, "now": now}, {"acting_user": firm.outsider, "now": now}, late):
        with pytest.raises(NotFound):
            actions.end_absence(planned.pk, **kwargs)
