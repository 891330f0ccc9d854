"""Clocks along the usual way of a request, at frozen times. 25 November 2026, 9:00 UTC is 10:00 in Berlin."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from anliegen.catalogue.rules import TargetContent
from anliegen.requests.models import ServiceRequest
from anliegen.sla.models import Clock
from anliegen.sla.queries import day_minutes, expected
from anliegen.workflow import actions
from anliegen.workflow.tests import factories
from anliegen.workflow.tests.factories import Stage

pytestmark = pytest.mark.django_db
TARGETS = (
    TargetContent(measure="fulfilment", minutes=1_320),
    TargetContent(measure="first-answer", minutes=240),
    TargetContent(measure="acknowledge", minutes=60),
)


@pytest.fixture
def stage(bind_wiring: Callable[[], None]) -> Stage:
    found = factories.stage()
    bind_wiring()
    factories.publish(targets=TARGETS)
    return found


def clock(request: ServiceRequest, measure: str) -> Clock:
    return Clock.objects.get(service_request=request, measure=measure, task=None)


def test_a_request_gets_its_promise_when_it_comes_in(stage: Stage) -> None:
    request = stage.order()
    request.refresh_from_db()
    assert request.promise == datetime(2026, 11, 27, 9, tzinfo=UTC)  # two working days of eleven hours later
    assert clock(request, "fulfilment").due == request.promise


def test_it_is_acknowledged_at_once(stage: Stage) -> None:
    assert clock(stage.order(), "acknowledge").state == "met"


def test_a_later_wish_moves_the_promise(stage: Stage) -> None:
    request = stage.order(wish_date=date(2026, 12, 10))
    request.refresh_from_db()
    assert request.promise == datetime(2026, 12, 10, 17, tzinfo=UTC)


def test_an_earlier_wish_does_not(stage: Stage) -> None:
    request = stage.order(wish_date=date(2026, 11, 26))
    request.refresh_from_db()
    assert request.promise == datetime(2026, 11, 27, 9, tzinfo=UTC)


def test_a_task_has_its_own_date_from_the_model(stage: Stage) -> None:
    request = stage.order()
    assert stage.task(request, "check").due == datetime(2026, 11, 25, 13, tzinfo=UTC)  # PT4H


def test_the_first_step_of_a_person_is_the_first_answer(stage: Stage) -> None:
    request = stage.order()
    assert clock(request, "first-answer").state == "running"
    stage.done(request, "check", "complete", stage.firm.agent)
    assert clock(request, "first-answer").state == "met"


def test_what_is_done_too_late_is_missed(stage: Stage) -> None:
    request = stage.order()
    task = stage.task(request, "check")
    stage.now = datetime(2026, 11, 26, 9, tzinfo=UTC)
    stage.done(request, "check", "complete", stage.firm.agent)
    assert Clock.objects.get(task=task).state == "missed"


def test_the_end_gives_the_verdict(stage: Stage) -> None:
    request = stage.order()
    stage.done(request, "check", "complete", stage.firm.agent)
    stage.done(request, "work", "done", stage.firm.technician)
    actions.accept(request.code, acting_user=stage.firm.owner, verdict="yes", now=stage.now)
    assert clock(request, "fulfilment").state == "met"
    assert not Clock.objects.filter(state="running").exists()


def test_a_cancelled_request_has_no_verdict(stage: Stage) -> None:
    request = stage.order()
    actions.cancel(request.code, "Nicht mehr nötig", acting_user=stage.firm.owner, now=stage.now)
    assert clock(request, "fulfilment").state == "stopped"


def test_the_target_follows_a_decision(bind_wiring: Callable[[], None]) -> None:
    """What is decided later may bring another target, counted from the same start (R154)."""
    stage = factories.stage()
    bind_wiring()
    targets = (
        TargetContent(measure="fulfilment", minutes=660, condition='steps.check.outcome == "complete"'),
        TargetContent(measure="fulfilment", minutes=6_600),
    )
    factories.publish(targets=targets)
    request = stage.order()
    assert clock(request, "fulfilment").minutes == 6_600
    stage.done(request, "check", "complete", stage.firm.agent)
    request.refresh_from_db()
    assert clock(request, "fulfilment").minutes == 660
    assert request.promise == datetime(2026, 11, 26, 9, tzinfo=UTC)


def test_the_date_before_ordering_is_the_promise_after_it(stage: Stage) -> None:
    request = stage.order()
    request.refresh_from_db()
    assert expected(request.item_version, {}, now=stage.now) == request.promise


def test_an_ordinary_day_of_the_default_calendar_has_eleven_hours() -> None:
    assert day_minutes("default") == 660
