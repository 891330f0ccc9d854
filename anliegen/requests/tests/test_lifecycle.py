"""What workflow writes into the record."""

import pytest
from django.db import IntegrityError, transaction

from anliegen.lib import bus
from anliegen.lib.errors import Refused
from anliegen.lib.text import Sentence
from anliegen.requests import access, lifecycle, queries
from anliegen.requests.lifecycle import By, Decision
from anliegen.requests.models import Order, Participant, ServiceRequest
from anliegen.requests.rules import EntryKind, Status
from anliegen.requests.tests.factories import NOW, Firm, line, submit, submitted, upload

pytestmark = pytest.mark.django_db


def test_two_objects_of_one_row_never_disagree(who: Firm) -> None:
    made = submitted(who.owner)
    first, second = access.locked(made.pk), access.locked(made.pk)
    entries = [lifecycle.log(row, Sentence("x"), now=NOW) for row in (first, second, first, second)]
    lifecycle.set_status(first, Status.PROGRESS, "work", "Werkstatt")
    assert [entry.seq for entry in entries] == [2, 3, 4, 5]
    stored = ServiceRequest.objects.get()
    assert (stored.journal_seq, stored.version) == (5, made.version + 5)
    assert (stored.status, stored.phase, stored.routed_to) == ("in-progress", "work", "Werkstatt")
    assert first.version == stored.version


def test_the_same_status_changes_nothing(who: Firm) -> None:
    made = access.locked(submitted(who.owner).pk)
    assert lifecycle.set_status(made, "being-checked", "check", "Desk")
    before = made.version
    assert not lifecycle.set_status(made, "being-checked", "check", "Desk")
    assert ServiceRequest.objects.get().version == before


def test_a_decision_keeps_rule_inputs_and_result(who: Firm) -> None:
    made = access.locked(submitted(who.owner).pk)
    decision = Decision(rule="limit", rule_version="3", inputs={"cents": 8_000}, result="yes")
    sentence = Sentence("approved-by-limit", {"cents": 8_000, "limit": 10_000})
    entry = lifecycle.log(made, sentence, now=NOW, decision=decision, by=By(who.agent, "service-desk"))
    assert (entry.kind, entry.rule, entry.inputs, entry.result) == ("decision", "limit", {"cents": 8_000}, "yes")
    assert (entry.actor, entry.team_key) == (who.agent, "service-desk")
    told = queries.as_json(access.to_read(made.code, who.owner, NOW), who.owner, NOW)["journal"][-1]
    assert (told["rule"], told["rule_version"], told["inputs"]) == ("limit", "3", {"cents": 8_000})


def test_an_end_is_whole(who: Firm) -> None:
    made = access.locked(submitted(who.owner).pk)
    with pytest.raises(ValueError, match="reason"):
        lifecycle.end(made, "rejected", now=NOW)
    lifecycle.end(made, "rejected", now=NOW, reject_reason="budget", reject_sentence="Kein Geld mehr.")
    stored = ServiceRequest.objects.get()
    assert (stored.status, stored.end_kind, stored.ended_at, stored.reject_reason) == (
        "rejected", "rejected", NOW, "budget",
    )  # fmt: skip
    with pytest.raises(ValueError, match="fulfilled"):
        lifecycle.reopen(made)
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceRequest.objects.update(end_kind="")


def test_a_fulfilled_request_is_reopened(who: Firm) -> None:
    made = access.locked(submitted(who.owner).pk)
    lifecycle.end(made, "fulfilled", now=NOW, closed_by="person")
    lifecycle.reopen(made)
    stored = ServiceRequest.objects.get()
    assert (stored.status, stored.end_kind, stored.closed_by, stored.ended_at) == ("in-progress", "", "", None)


def test_participation_counts_open_work(who: Firm) -> None:
    made = access.locked(submitted(who.owner).pk)
    for _ in range(2):
        lifecycle.open_participation(made, who.workshop, "worker", now=NOW)
    lifecycle.close_participation(made, who.workshop, "worker", now=NOW)
    row = Participant.objects.get(team=who.workshop)
    assert (row.open_count, row.until) == (1, None)
    for _ in range(2):
        lifecycle.close_participation(made, who.workshop, "worker", now=NOW)
    row.refresh_from_db()
    assert (row.open_count, row.until) == (0, NOW)
    lifecycle.open_participation(made, who.workshop, "worker", now=NOW)
    row.refresh_from_db()
    assert (row.open_count, row.until) == (1, None)


def test_a_new_cost_moves_the_total_of_the_order(who: Firm) -> None:
    order = submit(who.owner, line(), line())
    made = access.locked(order.service_requests.order_by("id")[0].pk)
    assert lifecycle.set_cost(made, 90_000, 100, now=NOW)
    assert not lifecycle.set_cost(made, 90_000, 100, now=NOW)
    assert Order.objects.get().total_cents == 80_000 + 90_000 + 1_200
    assert made.order.total_cents == 80_000 + 90_000 + 1_200
    assert made.journal.last().params["before"] == 80_000
    with pytest.raises(ValueError, match="cents"):
        lifecycle.set_cost(made, -1, 0, now=NOW)


def test_a_rejected_line_does_not_lower_the_total_but_a_revision_counts_anew(who: Firm) -> None:
    order = submit(who.owner, line(), line())
    rejected, made = (access.locked(row.pk) for row in order.service_requests.order_by("id"))
    lifecycle.end(rejected, "rejected", now=NOW, reject_reason="budget", reject_sentence="Nein.")
    assert Order.objects.get().total_cents == 160_000
    lifecycle.set_answers(made, {"build": "cad", "notes": "neu"}, acting_user=who.owner, now=NOW)
    assert Order.objects.get().total_cents == 130_000
    assert made.journal.last().params == {"questions": ["build", "notes"]}
    assert [label.de for label, _shown in queries.answers(made, made.requester, made.received_at)] == [
        "Build",
        "Notes",
        "Urgent",
    ]


def test_a_revision_is_checked_renamed_and_keeps_files(who: Firm) -> None:
    old, new = upload(who.owner, "a.txt", b"a"), upload(who.owner, "b.txt", b"b")
    made = access.locked(submitted(who.owner, answers={"build": "standard", "sketch": [old]}).pk)
    with pytest.raises(Refused) as told:
        lifecycle.set_answers(made, {"build": "tower"}, acting_user=who.owner, now=NOW)
    assert "q_build" in told.value.errors
    answers = {"build": "cad", "place": "K-3.01", "sketch": [old, new]}
    lifecycle.set_answers(made, answers, acting_user=who.owner, now=NOW)
    stored = ServiceRequest.objects.get()
    assert (stored.title, stored.place) == ("Desktop-PC – Cad", "K-3.01 Haus 3, Raum 01")
    assert [row.code for row in queries.my_requests(who.owner, text="cad").rows] == [made.code]
    assert [(row.file.name, row.question) for row in stored.attachments.order_by("id")] == [
        ("a.txt", "sketch"), ("b.txt", "sketch"),
    ]  # fmt: skip
    with pytest.raises(Refused):
        lifecycle.set_answers(made, {"build": "cad", "sketch": [upload(who.colleague)]}, acting_user=who.owner, now=NOW)


def test_a_note_can_never_be_seen_by_all(who: Firm) -> None:
    made = access.locked(submitted(who.owner).pk)
    entry = lifecycle.say(made, "x", kind=EntryKind.NOTE, by=By(who.agent), now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(entry).objects.filter(pk=entry.pk).update(visibility="all")


def test_entries_of_a_command_are_written_together_in_their_order(who: Firm) -> None:
    row = access.locked(submitted(who.owner).pk)
    with bus.command():
        lifecycle.log_later(row, Sentence("first"), now=NOW)
        lifecycle.log_later(row, Sentence("second"), now=NOW)
        lifecycle.log(access.locked(row.pk), Sentence("third"), now=NOW)
        lifecycle.log_later(row, Sentence("fourth"), now=NOW)
        lifecycle.set_status(row, Status.PROGRESS, "work", "Werkstatt")
        lifecycle.log_later(row, Sentence("fifth"), now=NOW)
    found = [entry.sentence for entry in row.journal.order_by("seq")][1:]
    assert found == ["first", "second", "third", "fourth", "fifth"]
    assert ServiceRequest.objects.get().journal_seq == 6
