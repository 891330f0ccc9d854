"""Which mails come at once, once a day, or not at all."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from anliegen.jobs import runner
from anliegen.notifications import queries, rules
from anliegen.notifications.models import Message
from anliegen.notifications.rules import When, when
from anliegen.people import actions as people
from anliegen.workflow.tests import factories
from anliegen.workflow.tests.factories import SYSTEM, Stage

JANA = "jana@nordwerk.example"
NEXT_MORNING = datetime(2026, 11, 26, 6, 0, tzinfo=UTC)  # seven in Kiel


@pytest.fixture
def stage(db: None, bind_wiring: Callable[[], None]) -> Stage:
    found = factories.stage()
    bind_wiring()
    factories.publish()
    return found


def chooses(stage: Stage, **chosen: str) -> None:
    owner = stage.firm.owner
    people.set_preferences(owner.pk, acting_user=owner, now=stage.now, mail_choices=chosen)
    owner.refresh_from_db()


def to_jana() -> list[str]:
    return [one.subject for one in mail.outbox if one.to == [JANA]]


@pytest.mark.parametrize(
    ("template", "chosen", "expected"),
    [
        ("progress", {}, When.NOW),
        ("progress", {"progress": "off"}, When.OFF),
        ("fulfilled", {"ends": "daily"}, When.DAILY),
        ("fulfilled", {"ends": "off"}, When.NOW),
        ("waiting", {"progress": "off", "waiting": "off"}, When.NOW),
        ("alarm", {"alarm": "off"}, When.NOW),
        ("approval", {"approvals": "never"}, When.NOW),
        ("approval", {"approvals": ["off"]}, When.NOW),
    ],
)
def test_only_what_is_offered_can_be_chosen(template: str, chosen: dict[str, object], expected: When) -> None:
    assert when(template, chosen) is expected


@pytest.mark.parametrize(
    ("now", "zone", "due"),
    [
        (datetime(2026, 11, 25, 5, 59, tzinfo=UTC), "Europe/Berlin", datetime(2026, 11, 25, 6, tzinfo=UTC)),
        (datetime(2026, 11, 25, 6, 0, tzinfo=UTC), "Europe/Berlin", datetime(2026, 11, 26, 6, tzinfo=UTC)),
        (datetime(2026, 3, 28, 12, 0, tzinfo=UTC), "Europe/Berlin", datetime(2026, 3, 29, 5, tzinfo=UTC)),
        (datetime(2026, 11, 25, 12, 0, tzinfo=UTC), "America/New_York", datetime(2026, 11, 26, 12, tzinfo=UTC)),
    ],
)
def test_the_hour_is_the_reader_s_own(now: datetime, zone: str, due: datetime) -> None:
    assert rules.next_digest(now, zone, 7) == due


def test_one_mail_a_day_holds_what_was_owed_and_goes_out_once(stage: Stage) -> None:
    chooses(stage, progress="daily")
    codes = [stage.order().code for _n in range(3)]
    runner.drain(now=stage.now)
    assert to_jana() == []
    assert queries.oldest_unsent(now=stage.now + timedelta(hours=2)) == 0
    for _time in range(2):
        runner.drain(now=NEXT_MORNING)
    (digest,) = [one for one in mail.outbox if one.to == [JANA]]
    assert digest.subject == "Neues vom Tag: 3 Nachrichten"
    assert [code in digest.body for code in codes] == [True] * 3
    assert Message.objects.filter(recipient=stage.firm.owner, sent_at=None).count() == 0


def test_the_next_day_has_a_mail_of_its_own_and_a_quiet_day_none(stage: Stage) -> None:
    chooses(stage, progress="daily")
    stage.order()
    runner.drain(now=NEXT_MORNING)
    runner.drain(now=NEXT_MORNING + timedelta(days=1))
    stage.now = NEXT_MORNING + timedelta(days=1, hours=3)
    stage.order()
    runner.drain(now=NEXT_MORNING + timedelta(days=2))
    assert to_jana() == ["Neues vom Tag: 1 Nachricht"] * 2


def test_what_comes_when_the_mail_of_the_day_is_out_goes_at_once(stage: Stage) -> None:
    chooses(stage, progress="daily")
    stage.order()
    Message.objects.filter(template="digest").update(sent_at=stage.now)
    stage.order()
    runner.drain(now=stage.now)
    assert len(to_jana()) == 1


def test_what_is_turned_off_is_owed_to_nobody(stage: Stage) -> None:
    chooses(stage, progress="off")
    stage.order()
    assert not Message.objects.filter(recipient=stage.firm.owner).exists()


def test_who_has_left_gets_no_mail_of_the_day(stage: Stage) -> None:
    chooses(stage, progress="daily")
    stage.order()
    people.deactivate(stage.firm.owner.pk, **SYSTEM)
    runner.drain(now=NEXT_MORNING)
    assert to_jana() == []


def test_a_confidential_request_is_not_named_in_it(db: None, bind_wiring: Callable[[], None]) -> None:
    stage = factories.stage()
    bind_wiring()
    factories.publish(confidential=True)
    chooses(stage, progress="daily")
    title = stage.order().title
    runner.drain(now=NEXT_MORNING)
    (digest,) = [one for one in mail.outbox if one.to == [JANA]]
    assert title not in digest.body
