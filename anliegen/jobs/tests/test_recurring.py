from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from anliegen import jobs
from anliegen.jobs import actions, kinds, queries, rules, runner
from anliegen.jobs.models import Job

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
EVERY = timedelta(minutes=10)


@pytest.fixture
def ran() -> Iterator[list[datetime]]:
    table, recurring = dict(kinds._table), kinds.all_recurring()
    ran: list[datetime] = []
    jobs.bind({"tick": lambda payload, now: ran.append(now)}, [jobs.Recurring("tick", EVERY)])
    yield ran
    jobs.bind(table, recurring)


def test_it_is_armed_once_by_however_many_workers(ran: list[datetime]) -> None:
    actions.arm_recurring(now=NOW)
    actions.arm_recurring(now=NOW + timedelta(seconds=3))
    assert queries.planned("recurring:tick") == NOW


def test_the_next_time_is_counted_from_the_plan(ran: list[datetime]) -> None:
    actions.arm_recurring(now=NOW)
    runner.drain(NOW + timedelta(minutes=3))
    assert queries.planned("recurring:tick") == NOW + EVERY


def test_missed_times_are_skipped(ran: list[datetime]) -> None:
    actions.arm_recurring(now=NOW)
    assert runner.drain(NOW + timedelta(minutes=45)) == 1
    assert queries.planned("recurring:tick") == NOW + timedelta(minutes=50)


def test_a_failure_is_retried_and_never_dead(ran: list[datetime]) -> None:
    def fail(payload: dict[str, Any], now: datetime) -> None:
        raise jobs.GiveUp

    jobs.bind({"tick": fail}, [jobs.Recurring("tick", EVERY)])
    actions.arm_recurring(now=NOW)
    runner.drain(NOW, strict=False)
    assert queries.report(NOW)["dead"] == 0
    planned = queries.planned("recurring:tick")
    assert planned is not None
    assert NOW < planned < NOW + EVERY
    jobs.bind({"tick": lambda payload, now: ran.append(now)}, [jobs.Recurring("tick", EVERY)])
    runner.drain(planned)
    assert queries.planned("recurring:tick") == NOW + EVERY


def test_a_plan_made_by_a_wrong_clock_is_pulled_back(ran: list[datetime]) -> None:
    actions.arm_recurring(now=NOW + timedelta(days=400))
    actions.arm_recurring(now=NOW)
    assert queries.planned("recurring:tick") == NOW + EVERY


def test_what_is_no_longer_on_the_list_is_removed(ran: list[datetime]) -> None:
    actions.arm_recurring(now=NOW)
    jobs.bind({"tick": lambda payload, now: None})
    actions.arm_recurring(now=NOW)
    assert not Job.objects.exists()


def test_a_recurring_kind_needs_a_function() -> None:
    with pytest.raises(LookupError, match="nothing"):
        jobs.bind({}, [jobs.Recurring("nothing", EVERY)])


def test_next_time() -> None:
    assert rules.next_time(NOW, EVERY, NOW) == NOW + EVERY
    assert rules.next_time(NOW, EVERY, NOW - EVERY) == NOW
