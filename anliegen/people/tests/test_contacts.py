"""Telephone numbers that change on a day, and prove something only a day later."""

from datetime import UTC, date, datetime, timedelta

import pytest

from anliegen.jobs.models import Job
from anliegen.lib.errors import Forbidden, Refused
from anliegen.people import actions, queries
from anliegen.people.models import User
from anliegen.people.queries import Proof
from anliegen.people.rules import ContactKind
from anliegen.people.tests.conftest import Firm

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
MOBILE = ContactKind.MOBILE


@pytest.fixture
def jana(firm: Firm) -> User:
    User.objects.filter(pk=firm.owner.pk).update(mobile="0151 111")
    firm.owner.refresh_from_db()
    return firm.owner


def change(jana: User, number: str = "0151 222", day: date | None = None, now: datetime = NOW) -> None:
    actions.change_number(jana.pk, MOBILE, number, acting_user=None, now=now, valid_from=day)
    jana.refresh_from_db()


def proof(jana: User, now: datetime) -> Proof:
    return next(one for one in queries.proving_numbers(jana, now) if one.kind is MOBILE)


def test_a_number_that_never_changed_proves(jana: User) -> None:
    assert proof(jana, NOW) == Proof(MOBILE, "0151 111")


def test_a_changed_number_holds_at_once_and_proves_a_day_later(jana: User) -> None:
    change(jana)
    assert jana.mobile == "0151 222"
    assert proof(jana, NOW + DAY - timedelta(seconds=1)) == Proof(MOBILE, "0151 111", changed=True)
    assert proof(jana, NOW + DAY) == Proof(MOBILE, "0151 222")


def test_changing_twice_does_not_make_the_first_change_prove(jana: User) -> None:
    change(jana, "0151 222")
    change(jana, "0151 333", now=NOW + timedelta(hours=1))
    assert proof(jana, NOW + timedelta(hours=2)).number == "0151 111"
    assert proof(jana, NOW + DAY).number == "0151 222"
    assert proof(jana, NOW + DAY + timedelta(hours=1)).number == "0151 333"


def test_a_number_that_is_new_to_us_proves_nothing_yet(jana: User) -> None:
    actions.change_number(jana.pk, ContactKind.PHONE, "0431 9", acting_user=None, now=NOW)
    first = queries.proving_numbers(jana, NOW)[0]
    assert (first.kind, first.number, first.changed) == (ContactKind.PHONE, "", True)


def test_the_directory_and_administrators_are_held_to_the_same_day(jana: User) -> None:
    actions.update_person(jana.pk, acting_user=None, now=NOW, mobile="0151 444")
    assert proof(jana, NOW).number == "0151 111"
    assert proof(jana, NOW + DAY).number == "0151 444"


def test_a_later_day_is_kept_by_a_job(jana: User) -> None:
    change(jana, day=date(2026, 12, 1))
    assert jana.mobile == "0151 111"
    job = Job.objects.get(kind="people.contact")
    assert job.due == datetime(2026, 11, 30, 23, 0, tzinfo=UTC)  # midnight in Kiel
    actions.contact_job(job.payload, job.due)
    jana.refresh_from_db()
    assert jana.mobile == "0151 222"
    assert proof(jana, job.due).number == "0151 111"
    assert proof(jana, job.due + DAY).number == "0151 222"


def test_a_day_that_is_over_means_now(jana: User) -> None:
    change(jana, day=date(2026, 1, 1))
    assert proof(jana, NOW).number == "0151 111"
    assert proof(jana, NOW + DAY).number == "0151 222"


def test_a_later_request_takes_the_place_of_one_whose_day_has_not_come(jana: User) -> None:
    change(jana, "0151 222", day=date(2026, 12, 1))
    change(jana, "0151 333", now=NOW + timedelta(hours=1))
    assert not Job.objects.filter(kind="people.contact").exists()
    assert jana.mobile == "0151 333"
    assert proof(jana, NOW + 30 * DAY).number == "0151 333"


@pytest.mark.parametrize("number", ["", "abc", "12", "0" * 41, "0431\x00123", "+49;DROP", "٠١٢٣٤"])
def test_what_is_no_number_is_refused(jana: User, number: str) -> None:
    with pytest.raises(Refused) as refused:
        change(jana, number)
    assert list(refused.value.errors) == ["number"]


def test_neither_the_person_nor_a_colleague_changes_a_number_past_the_check(jana: User, firm: Firm) -> None:
    for user in (jana, firm.colleague):
        with pytest.raises(Forbidden):
            actions.change_number(jana.pk, MOBILE, "0151 222", acting_user=user, now=NOW)
