from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from django.db import IntegrityError, transaction

from anliegen.audit import actions, cli, queries, rules
from anliegen.audit.models import Detail, Entry, Head, Pseudonym
from anliegen.lib.events import Event

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 9, 0, 0, 123456, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered(Event):
    key: ClassVar[str] = "order.placed"
    subject_kind: ClassVar[str] = "order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(Event):
    key: ClassVar[str] = "person.moved"
    subject_kind: ClassVar[str] = "person"


def record(count: int = 1, actor_id: int | None = 7) -> None:
    for number in range(count):
        actions.record([Ordered(subject_id=number, actor_id=actor_id, now=NOW, changes={"title": [None, "Büro\x00"]})])


def sealed(count: int = 5) -> None:
    record(count)
    actions.seal({}, NOW)


def found(noted: str = "") -> tuple[int, str] | None:
    broken = queries.verify(noted).broken
    return (broken.number, broken.code) if broken else None


def test_entries_are_numbered_without_gaps_and_the_chain_is_whole() -> None:
    record(3)
    assert queries.verify().unsealed == 3
    actions.seal({}, NOW)
    record(2)
    actions.seal({}, NOW)
    report = queries.verify()
    assert (report.sealed, report.erased, report.unsealed, report.broken) == (5, 0, 0, None)
    assert list(Entry.objects.order_by("id").values_list("number", flat=True)) == [1, 2, 3, 4, 5]


def test_sealing_nothing_changes_nothing() -> None:
    sealed(2)
    head = queries.head()
    actions.seal({}, NOW)
    assert queries.head() == head


def test_sealing_goes_on_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "SEAL_BATCH", 2)
    sealed(7)
    report = queries.verify()
    assert (report.sealed, report.ok) == (7, True)


def test_an_empty_trail_is_whole() -> None:
    assert queries.verify().ok


def test_an_entry_names_no_person() -> None:
    actions.record([Moved(subject_id=42, actor_id=7, now=NOW, rule="R4")])
    entry = Entry.objects.get()
    assert entry.subject == str(Pseudonym.objects.get(person_id=42).pseudonym)
    assert entry.actor == Pseudonym.objects.get(person_id=7).pseudonym
    assert (entry.event, entry.rule, entry.happened_at) == ("person.moved", "R4", NOW)


def test_an_event_of_the_system_has_no_actor() -> None:
    record(1, actor_id=None)
    assert Entry.objects.get().actor is None


def test_what_is_rolled_back_leaves_no_entry() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        record()
        raise IntegrityError
    assert not Entry.objects.exists()


def test_the_story_of_one_object() -> None:
    record(3)
    (entry,) = queries.entries_about("order", 1)
    assert entry["event"] == "order.placed"
    assert "title" in entry["detail"]
    assert queries.entries_about("person", 1) == []


def _edit() -> None:
    Entry.objects.filter(number=3).update(rule="another")


def _edit_time() -> None:
    Entry.objects.filter(number=3).update(happened_at=datetime(2026, 1, 1, tzinfo=UTC))


def _delete() -> None:
    Detail.objects.filter(entry__number=3).delete()
    Entry.objects.filter(number=3).delete()


def _delete_and_close_the_gap() -> None:
    _delete()
    for number in (4, 5):
        Entry.objects.filter(number=number).update(number=number - 1)


def _reorder() -> None:
    Entry.objects.filter(number=3).update(number=99)
    Entry.objects.filter(number=4).update(number=3)
    Entry.objects.filter(number=99).update(number=4)


def _edit_detail() -> None:
    Detail.objects.filter(entry__number=3).update(text="{}")


@pytest.mark.parametrize(
    ("tamper", "code"),
    [
        (_edit, "changed"),
        (_edit_time, "changed"),
        (_delete, "missing"),
        (_delete_and_close_the_gap, "changed"),
        (_reorder, "changed"),
        (_edit_detail, "detail_changed"),
    ],
)
def test_tampering_is_found_at_its_row(tamper: Callable[[], None], code: str) -> None:
    sealed(5)
    tamper()
    assert found() == (3, code)


def _truncate(keep: int) -> None:
    Detail.objects.filter(entry__number__gt=keep).delete()
    Entry.objects.filter(number__gt=keep).delete()


def test_a_truncated_tail_is_found_by_the_head() -> None:
    sealed(5)
    _truncate(3)
    assert found() == (4, "tail_missing")


def test_a_truncated_tail_with_a_forged_head_is_found_by_the_noted_head() -> None:
    sealed(5)
    noted = queries.head()
    _truncate(3)
    last = Entry.objects.get(number=3)
    Head.objects.update(count=3, hash=last.hash)
    assert found() is None
    assert found(noted) == (4, "tail_missing")


def test_a_chain_made_anew_is_found_by_the_noted_head() -> None:
    sealed(5)
    noted = queries.head()
    record(1)
    Entry.objects.filter(number=2).update(rule="forged")
    Entry.objects.update(number=None, hash="")
    Head.objects.all().delete()
    actions.seal({}, NOW)
    assert found() is None
    assert found(noted) == (5, "head_differs")


def test_a_noted_head_stays_good_while_the_trail_grows() -> None:
    sealed(5)
    noted = queries.head()
    sealed(3)
    assert found(noted) is None


def test_rows_behind_the_head_and_a_missing_head_are_found() -> None:
    sealed(2)
    Head.objects.all().delete()
    assert found() == (1, "head_differs")


def test_erasing_a_persons_details_keeps_the_chain_and_is_counted() -> None:
    record(2, actor_id=7)
    record(1, actor_id=8)
    actions.record([Moved(subject_id=7, actor_id=8, now=NOW)])
    actions.seal({}, NOW)
    assert actions.erase_detail(7) == 3
    assert actions.erase_detail(7) == 0
    assert actions.erase_detail(999) == 0
    report = queries.verify()
    assert (report.ok, report.sealed, report.erased) == (True, 4, 3)


def test_a_forgotten_person_is_no_longer_linked() -> None:
    sealed(2)
    assert actions.forget(7) == 2
    assert not Pseudonym.objects.filter(person_id=7).exists()
    assert queries.verify().ok
    record(1, actor_id=7)
    assert Entry.objects.values("actor").distinct().count() == 2


def test_chosen_details_can_be_erased() -> None:
    sealed(3)
    assert actions.erase_details([Entry.objects.get(number=2).id]) == 1
    assert queries.verify().erased == 1


def test_the_command_says_it_plainly(capsys: pytest.CaptureFixture[str]) -> None:
    sealed(5)
    assert cli.verify() == 0
    assert cli.verify(["--head", queries.head()]) == 0
    out = capsys.readouterr().out
    assert "Sealed rows that fit: 5 (detail erased: 0)" in out
    assert f"Head: {queries.head()}" in out
    _edit()
    assert cli.verify() == 1
    assert "BROKEN at row 3: this row" in capsys.readouterr().out
    assert cli.verify(["--head", "nonsense"]) == 2


def test_fields_cannot_run_into_each_other() -> None:
    def row(**values: Any) -> rules.Row:
        common = {"id": 1, "number": 1, "hash": "", "format": 1, "actor": None, "happened_at": NOW, "detail_hash": ""}
        return rules.Row(**{**common, **values})

    one = row(event="ab", subject_kind="c", subject="1", rule="")
    two = row(event="a", subject_kind="bc", subject="1", rule="")
    assert rules.chained(rules.START, 1, one) != rules.chained(rules.START, 1, two)


def test_planted_bug_sealing_without_order_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the chain were computed in another order than the numbers, the check must say so."""
    right = rules.chain

    def wrong(previous: str, count: int, rows: Any) -> list[tuple[int, int, str]]:
        rows = list(rows)
        hashes = [row_hash for _id, _number, row_hash in right(previous, count, reversed(rows))]
        return [(row.id, count + position + 1, hashes[position]) for position, row in enumerate(rows)]

    monkeypatch.setattr(rules, "chain", wrong)
    sealed(4)
    assert found() is not None
