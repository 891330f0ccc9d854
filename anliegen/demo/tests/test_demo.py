"""The demo is true: every state is there, nothing is at fault, the audit holds, and it can be wiped."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from anliegen.audit import actions as audit
from anliegen.audit import queries as audit_queries
from anliegen.catalogue.models import Category, Item
from anliegen.demo import cli, company, load, wiping
from anliegen.demo.scene import MAILS_KEPT, ahead, before, opening_hours
from anliegen.jobs.models import Job
from anliegen.lib import clock
from anliegen.notifications.models import Message
from anliegen.people import queries as people
from anliegen.people.models import Company, User
from anliegen.portal.cards import approval_words
from anliegen.requests.models import JournalEntry, ServiceRequest
from anliegen.requests.rules import ClosedBy, EndKind, Status
from anliegen.sla.models import Clock
from anliegen.tracking import sentences
from anliegen.tracking.queries.story import story
from anliegen.workflow.actions import library
from anliegen.workflow.models import Fault, Task, Vote
from anliegen.workflow.rules import TaskState, Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def now() -> datetime:
    return clock.now()


@pytest.fixture(scope="module", autouse=True)
def demo(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, bind_wiring: Callable[[], None], now: datetime
) -> Iterator[None]:
    """Loaded once; the tests of this module read, or roll back what they change."""
    bind_wiring()
    with django_db_blocker.unblock():
        load.load(now=now)
        yield
        wiping.wipe()


def test_every_state_is_there() -> None:
    found = Counter(ServiceRequest.objects.values_list("status", flat=True))
    assert set(found) == set(Status) - {Status.RECEIVED}  # that one lasts for a moment only
    assert 60 <= found.total() <= 80
    ended = ServiceRequest.objects.filter(end_kind=EndKind.FULFILLED)
    assert {ClosedBy.PERSON, ClosedBy.PHONE, ClosedBy.TIME} <= set(ended.values_list("closed_by", flat=True))


def test_nothing_is_at_fault() -> None:
    assert not Fault.objects.exists()
    assert not Job.objects.filter(dead_at__isnull=False).exists()


def test_time_only_moves_forward(now: datetime) -> None:
    rows = list(ServiceRequest.objects.order_by("id").values_list("received_at", flat=True))
    assert rows == sorted(rows)
    assert (now - rows[0]).days >= 20
    entries = JournalEntry.objects.order_by("service_request", "id").values_list("service_request", "at")
    assert list(entries) == sorted(entries)
    assert all(at <= now for _request, at in entries)


def test_every_sentence_of_the_journal_can_be_told() -> None:
    for entry in JournalEntry.objects.exclude(sentence=""):
        for lang in ("de", "en"):
            text = sentences.render(entry.sentence, entry.params, lang)
            assert text and "%(" not in text and ".." not in text, (entry.sentence, entry.params)


def test_a_holder_decides_for_a_cost_centre_that_is_named() -> None:
    reasons = Vote.objects.filter(reason__key="who-cost-centre").values_list("reason", flat=True)
    assert reasons
    assert all(re.match(r"\d{4} \w", one["params"]["of"]) for one in reasons)


def test_the_audit_chain_holds(now: datetime) -> None:
    while audit_queries.unsealed(1):
        audit.seal({}, now)
    report = audit_queries.verify()
    assert report.broken is None
    assert report.sealed > 1000
    assert report.unsealed == 0


def test_people_can_be_found(now: datetime) -> None:
    for name in ("Jana Sommer", "Nele Krüger", "Tom Brandt", "Mira Köhler", "Martin Berger", "Aylin Noack"):
        found = people.person_by_email(company.address(name))
        assert found is not None
        assert found.full_name == name
    assert company.address("Nele Krüger") == "nele.krueger@nordwerk.example"
    assert 55 <= User.objects.count() <= 70
    assert Category.objects.count() == 8
    manager = people.manager_of(people.person(_person("Jana Sommer").pk))
    assert manager == _person("Tom Brandt")
    assert all(people.members(team.key, now) for team in company.TEAMS)


def _person(name: str) -> User:
    return User.objects.get(email=company.address(name))


def test_a_move_has_three_teams_at_once() -> None:
    done = Task.objects.filter(service_request__kind="move", node__in=("it-workplace", "security", "facilities"))
    by_request: dict[int, set[Any]] = {}
    for request_id, opened in done.values_list("service_request_id", "opened_at"):
        by_request.setdefault(request_id, set()).add(opened)
    assert by_request
    assert all(len(moments) == 1 for moments in by_request.values())


def test_a_finished_move_changed_the_place() -> None:
    assert _person("Eva Clausen").place.code == "C 1.02"  # type: ignore[union-attr]


def test_reading_a_page_takes_few_statements(now: datetime) -> None:
    service_request = ServiceRequest.objects.get(pk=ServiceRequest.objects.earliest("id").pk)
    with CaptureQueriesContext(connection) as caught:
        story(service_request, service_request.requester, now=now)
    assert len(caught) <= 12


def test_every_service_is_there_running_and_ended() -> None:
    found = Counter(ServiceRequest.objects.values_list("item_version__item__key", "end_kind"))
    assert {key for key, _end in found} == {folder.name for folder in library.shipped()}
    for key in {key for key, _end in found}:
        assert found[key, ""], key
        assert any(end for one, end in found if one == key), key


@pytest.mark.parametrize(
    ("item", "limit", "words"),
    [
        ("question", 0, "without approval"),
        ("desktop", 100_000, "approved automatically within your limit"),
        ("desktop", 50_000, "needs an approval"),
        ("password", 0, "approval only if needed"),
        ("access", 0, "needs an approval"),
    ],
)
def test_a_card_says_whether_somebody_approves(item: str, limit: int, words: str) -> None:
    version = Item.objects.get(key=item).current
    assert version is not None
    with translation.override("en"):
        assert approval_words(version, limit) == words


def test_a_delivery_came_in_parts() -> None:
    delivered = JournalEntry.objects.filter(sentence="delivered").values_list("params", flat=True)
    assert any(one["received"] < one["ordered"] for one in delivered)


@pytest.mark.parametrize(
    "sentence",
    ["reopened", "reclassified", "held", "asked", "called-in", "security-alarm", "made-renewal"],
)
def test_what_does_not_happen_every_day_is_there(sentence: str) -> None:
    assert JournalEntry.objects.filter(sentence=sentence).exists()


def test_a_well_run_desk_is_seldom_late(now: datetime) -> None:
    due = list(Task.objects.filter(state=TaskState.OPEN).exclude(due=None).values_list("due", flat=True))
    assert len(due) > 40
    assert 1 <= sum(one < now for one in due) <= 3
    planned = Task.objects.filter(state=TaskState.OPEN).exclude(planned_start=None)
    assert planned.exists()
    assert all(one.planned_start >= now for one in planned)


def test_nine_of_ten_agreed_times_are_kept() -> None:
    found = Counter(Clock.objects.values_list("state", flat=True))
    assert 1 <= found["missed"] <= found["met"] / 10


@pytest.mark.parametrize("team", [team.key for team in company.TEAMS])
def test_every_team_finds_something_to_do(team: str) -> None:
    here = Q(team__key=team) | Q(votes__verdict=Verdict.OPEN, votes__approver__memberships__team__key=team)
    assert Task.objects.filter(here, state=TaskState.OPEN).exists()


@pytest.mark.parametrize("name", ["Jana Sommer", "Katrin Ohlsen", "Silke Marten", "Tom Brandt", "Frauke Lorenzen"])
def test_whom_one_steps_into_has_something_to_decide(name: str) -> None:
    person = _person(name)
    mine = Q(assignee=person) | Q(votes__approver=person, votes__verdict=Verdict.OPEN)
    assert Task.objects.filter(mine, state=TaskState.OPEN).exists()


def test_texts_have_no_doubled_words_and_both_languages_are_written() -> None:
    texts = [*JournalEntry.objects.exclude(text="").values_list("text", flat=True),
             *ServiceRequest.objects.exclude(justification="").values_list("justification", flat=True)]  # fmt: skip
    texts += [
        str(said) for answers in ServiceRequest.objects.values_list("answers", flat=True) for said in answers.values()
    ]
    assert len(texts) > 50
    assert not [text for text in texts if re.search(r"\b(\w+) \1\b", text, re.IGNORECASE)]
    words = {word for text in texts for word in text.lower().split()}
    assert {"my", "which", "mein", "welche"} <= words


MONDAY_MORNING = datetime(2026, 11, 30, 6, 30, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 20, 0, tzinfo=UTC)


def test_times_are_counted_in_opening_hours() -> None:
    for now, hour_ago, days_ago in (
        (MONDAY_MORNING, datetime(2026, 11, 27, 16, 30, tzinfo=UTC), datetime(2026, 11, 26, 6, 30, tzinfo=UTC)),
        (SATURDAY, datetime(2026, 11, 27, 16, 0, tzinfo=UTC), datetime(2026, 11, 26, 6, 0, tzinfo=UTC)),
    ):
        hours = opening_hours(now)
        assert before(hours, 1 / 11) == hour_ago
        assert before(hours, 2) in {days_ago, days_ago - timedelta(hours=13)}
    assert ahead(SATURDAY, 1).isoformat() == "2026-11-30"


def test_loading_twice_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before = User.objects.count()
    assert cli.load() == 1
    assert User.objects.count() == before
    assert capsys.readouterr().err


def test_wiping_asks_first_and_never_takes_real_people(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.wipe() == 1
    assert User.objects.exists()
    settings.ANLIEGEN = replace(settings.ANLIEGEN, env="production")
    wiping.require_demo()
    Company.objects.create(key="real", name="Real")
    assert cli.wipe(yes=True) == 1
    assert User.objects.exists()
    assert capsys.readouterr().err


def test_a_load_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    def broken(*_args: Any, **_more: Any) -> None:
        raise RuntimeError

    wiped: list[bool] = []
    monkeypatch.setattr(load.articles, "load", lambda *_args, **_more: None)
    monkeypatch.setattr(load.stories, "load", broken)
    monkeypatch.setattr(load, "_without_waiting_for_the_disk", nullcontext)
    monkeypatch.setattr(load, "_company", lambda _now: {})
    monkeypatch.setattr(load.wiping, "wipe", lambda: wiped.append(True))
    with pytest.raises(RuntimeError):
        load.load(now=now)
    assert wiped


def test_only_the_last_mails_are_kept(now: datetime) -> None:
    assert Message.objects.exists()
    assert Message.objects.earliest("created_at").created_at >= now - MAILS_KEPT
    assert not Message.objects.filter(sent_at=None).exists()
