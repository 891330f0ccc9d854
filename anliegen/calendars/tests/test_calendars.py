"""Saving calendars and asking for them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.test import Client

from anliegen.calendars import actions, queries, rules
from anliegen.calendars.models import Calendar
from anliegen.lib.errors import Forbidden, NotFound, Refused
from anliegen.people import actions as people
from anliegen.people.models import User
from anliegen.people.rules import Role

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
MORNING = datetime(2026, 11, 25, 7, 30, tzinfo=UTC)  # 8:30 in Berlin
LATE = replace(rules.DEFAULT, hours={"wed": [["10:00", "12:00"]]})


def test_the_default_calendar_is_there_before_anybody_saved_it(db: None) -> None:
    assert queries.calendar_for("default").is_open(MORNING)


def test_a_saved_calendar_replaces_what_the_process_kept(db: None) -> None:
    actions.save_calendar(rules.DEFAULT, acting_user=None, now=NOW)
    assert queries.calendar_for("default").is_open(MORNING)
    actions.save_calendar(LATE, acting_user=None, now=NOW)
    assert not queries.calendar_for("default").is_open(MORNING)
    assert Calendar.objects.get().version == 2


def test_asking_again_costs_nothing_at_first_and_then_one_statement(
    db: None, django_assert_num_queries, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.save_calendar(rules.DEFAULT, acting_user=None, now=NOW)
    first = queries.calendar_for("default")
    with django_assert_num_queries(0):
        assert queries.calendar_for("default") is first
    monkeypatch.setattr(queries, "FRESH_S", -1.0)
    with django_assert_num_queries(1):
        assert queries.calendar_for("default") is first


def test_what_another_process_saved_is_seen_when_the_answer_is_old(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    actions.save_calendar(rules.DEFAULT, acting_user=None, now=NOW)
    assert queries.calendar_for("default").is_open(MORNING)
    late = {"format": 1, "week": dict(LATE.hours)}
    Calendar.objects.filter(key="default").update(hours=late, version=2)
    monkeypatch.setattr(queries, "FRESH_S", -1.0)
    assert not queries.calendar_for("default").is_open(MORNING)


def test_every_page_asks_anew(db: None, client: Client, django_assert_num_queries) -> None:
    queries.calendar_for("default")
    client.get("/static/nothing-of-this-name")
    with django_assert_num_queries(1):
        queries.calendar_for("default")
        queries.calendar_for("default")


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_kept() -> None:
    assert queries.calendar_for("default").is_open(MORNING)
    with pytest.raises(NotFound), transaction.atomic():
        actions.save_calendar(LATE, acting_user=None, now=NOW)
        assert not queries.calendar_for("default").is_open(MORNING)
        queries.calendar_for("nowhere")
    assert queries.calendar_for("default").is_open(MORNING)


def test_an_unknown_calendar_is_not_found(db: None) -> None:
    with pytest.raises(NotFound):
        queries.calendar_for("nowhere")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"hours": {}}, "hours"),
        ({"hours": {"mon": []}}, "hours"),
        ({"hours": {"mon": "08:00"}}, "hours"),
        ({"hours": {"montag": [["08:00", "17:00"]]}}, "hours"),
        ({"hours": {"mon": [["17:00", "08:00"]]}}, "hours"),
        ({"zone": "Europe/Nowhere"}, "zone"),
        ({"zone": "../etc/passwd"}, "zone"),
        ({"country": "XX"}, "country"),
        ({"subdivision": "XX"}, "country"),
        ({"company_days": ({"day": "2026-02-30"},)}, "company_days"),
        ({"company_key": "nobody"}, "company_key"),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_field(db: None, change: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.save_calendar(replace(rules.DEFAULT, **change), acting_user=None, now=NOW)
    assert list(refused.value.errors) == [field]
    assert not Calendar.objects.exists()


@pytest.fixture
def users(db: None) -> tuple[User, User]:
    put = {"acting_user": None, "now": NOW}
    people.put_company("nordwerk", name="Nordwerk", is_default=True, **put)
    owner, other = (
        people.create_person(email=f"{name}@nordwerk.example", first_name=name, last_name="X", **put)
        for name in ("owner", "other")
    )
    people.grant_role(owner.pk, Role.PROCESS_OWNER, **put)
    return owner, other


def test_only_who_sets_targets_saves_calendars(users: tuple[User, User]) -> None:
    owner, other = users
    actions.save_calendar(LATE, acting_user=owner, now=NOW)
    with pytest.raises(Forbidden):
        actions.save_calendar(rules.DEFAULT, acting_user=other, now=NOW)
