"""Messages, notes, files and the promise."""

from datetime import timedelta
from typing import Any

import pytest

from anliegen.lib.errors import NotFound, Refused, TooLarge
from anliegen.requests import access, actions
from anliegen.requests.events import Attached, MessageSent, NoteWritten, PromiseSet
from anliegen.requests.models import JournalEntry, ServiceRequest
from anliegen.requests.tests.factories import NOW, Firm, submitted, upload

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def made(who: Firm, published: list[Any]) -> ServiceRequest:
    service_request = submitted(who.owner)
    published.clear()
    return service_request


def test_a_message_is_an_entry_for_all(who: Firm, made: ServiceRequest, published: list[Any]) -> None:
    file_id = upload(who.owner)
    entry = actions.message(made.code, " Wann?\r\n ", acting_user=who.owner, key="k", now=LATER, files=[file_id])
    assert (entry.seq, entry.kind, entry.visibility, entry.text, entry.at) == (2, "message", "all", "Wann?", LATER)
    assert entry.attachments.get().file.public_id == file_id
    assert ServiceRequest.objects.get().version > made.version
    [event] = published
    assert (type(event), event.entry_id, event.actor_id) == (MessageSent, entry.pk, who.owner.pk)
    assert "Wann" not in str(event.changes)


def test_the_same_key_gives_the_same_entry(who: Firm, made: ServiceRequest, published: list[Any]) -> None:
    send = {"acting_user": who.owner, "key": "k", "now": LATER}
    assert actions.message(made.code, "Wann?", **send) == actions.message(made.code, "Wann?", **send)
    assert (JournalEntry.objects.count(), len(published)) == (2, 1)


@pytest.mark.parametrize("text", ["", "  \n", "x" * 10_001, "a\x00b", "\ud800"])
def test_a_bad_text_is_refused(who: Firm, made: ServiceRequest, text: str) -> None:
    with pytest.raises(Refused) as told:
        actions.message(made.code, text, acting_user=who.owner, key="k", now=LATER)
    assert "text" in told.value.errors
    assert JournalEntry.objects.count() == 1


def test_outsiders_and_colleagues_write_nothing(who: Firm, made: ServiceRequest) -> None:
    for user in (who.colleague, who.outsider, who.external):
        for write in (actions.message, actions.note):
            with pytest.raises(NotFound):
                write(made.code, "Hallo", acting_user=user, key="k", now=LATER)
        with pytest.raises(NotFound):
            actions.attach(made.code, [upload(user)], acting_user=user, key="k", now=LATER)
    assert JournalEntry.objects.count() == 1


def test_a_note_is_internal(who: Firm, made: ServiceRequest, published: list[Any]) -> None:
    entry = actions.note(made.code, "Ruft morgen an", acting_user=who.agent, key="k", now=LATER)
    assert (entry.kind, entry.visibility, entry.actor) == ("note", "internal", who.agent)
    assert type(published[0]) is NoteWritten


def test_files_are_added_with_their_names(who: Firm, made: ServiceRequest, published: list[Any]) -> None:
    ids = [upload(who.owner, "a.txt", b"a"), upload(who.owner, "b.txt", b"b")]
    entry = actions.attach(made.code, ids, acting_user=who.owner, key="k", now=LATER)
    assert (entry.sentence, entry.params) == ("attached", {"names": ["a.txt", "b.txt"]})
    assert type(published[0]) is Attached
    with pytest.raises(Refused):
        actions.attach(made.code, [], acting_user=who.owner, key="l", now=LATER)
    more = [upload(who.owner, f"{n}.txt", str(n).encode()) for n in range(9)]
    with pytest.raises(TooLarge):
        actions.attach(made.code, more, acting_user=who.owner, key="m", now=LATER)


def test_a_foreign_upload_is_not_attached(who: Firm, made: ServiceRequest) -> None:
    foreign = upload(who.colleague)
    with pytest.raises(NotFound):
        actions.attach(made.code, [foreign], acting_user=who.owner, key="k", now=LATER)
    with pytest.raises(NotFound):
        actions.message(made.code, "Hallo", acting_user=who.owner, key="k", now=LATER, files=[foreign])
    assert JournalEntry.objects.count() == 1


def test_a_promise_is_told_when_it_moves(made: ServiceRequest, published: list[Any]) -> None:
    first, second = NOW + timedelta(days=5), NOW + timedelta(days=7)
    assert actions.record_promise(made.pk, first, now=NOW)
    assert not actions.record_promise(made.pk, first, now=NOW)
    assert actions.record_promise(made.pk, second, now=LATER)
    assert [entry.sentence for entry in made.journal.all()] == ["received", "promised", "promise-moved"]
    assert ServiceRequest.objects.get().promise == second
    assert [type(event) for event in published] == [PromiseSet, PromiseSet]
    with pytest.raises(NotFound):
        access.locked(0)
