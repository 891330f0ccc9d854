from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from anliegen.audit import actions
from anliegen.audit.models import Command
from anliegen.lib.errors import Conflict, Refused

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def test_a_repeated_command_answers_with_the_first_object() -> None:
    assert actions.once(7, "k1", "submit") is None
    actions.remember(7, "k1", "submit", "order", 11)
    assert actions.once(7, "k1", "submit") == ("order", 11)
    assert actions.replayed(7, "k1", "submit") == 11
    assert actions.replayed(8, "k1", "submit") is None


def test_without_a_key_nothing_is_remembered() -> None:
    actions.remember(7, "", "submit", "order", 11)
    assert actions.once(7, "", "submit") is None
    assert not Command.objects.exists()


def test_a_key_of_another_action_is_a_conflict() -> None:
    actions.remember(7, "k1", "submit", "order", 11)
    with pytest.raises(Conflict):
        actions.once(7, "k1", "cancel")


@pytest.mark.parametrize("key", ["k" * 201, "a\x00b"])
def test_an_impossible_key_is_refused(key: str) -> None:
    with pytest.raises(Refused):
        actions.once(7, key, "submit")


def test_a_simultaneous_twin_gets_the_others_object_and_leaves_nothing_of_its_own() -> None:
    calls: list[int] = []

    @actions.idempotent
    @transaction.atomic
    def submit() -> int:
        calls.append(1)
        replayed = actions.replayed(7, "k1", "submit") if len(calls) > 1 else None
        if replayed:
            return replayed
        Command.objects.create(actor_id=99, key="own effect", action="x", kind="x", object_id=1)
        actions.remember(7, "k1", "submit", "order", 12)
        return 12

    actions.remember(7, "k1", "submit", "order", 11)  # the twin, committed after the first look
    assert submit() == 11
    assert len(calls) == 2
    assert not Command.objects.filter(actor_id=99).exists()


def test_other_integrity_errors_are_not_retried() -> None:
    calls: list[int] = []

    @actions.idempotent
    def broken() -> None:
        calls.append(1)
        raise IntegrityError

    with pytest.raises(IntegrityError):
        broken()
    assert len(calls) == 1


def test_old_keys_are_purged() -> None:
    actions.remember(7, "old", "submit", "order", 11)
    actions.remember(7, "new", "submit", "order", 12)
    Command.objects.filter(key="old").update(created_at=datetime.now(UTC) - timedelta(days=8))
    actions.purge_commands({}, NOW)
    assert list(Command.objects.values_list("key", flat=True)) == ["new"]


def test_a_twin_that_meets_what_the_first_one_changed_gets_the_firsts_object() -> None:
    @actions.idempotent
    def complete() -> int:
        if before := actions.replayed(1, "key-twin", "task.complete"):
            return before
        actions.remember(1, "key-twin", "task.complete", "task", 7)  # the twin, while this one waited for the lock
        raise Conflict("Done by the twin.")

    assert complete() == 7
