"""The search finds a request by everything that all of its readers may read, from the moment it is written."""

import pytest

from anliegen.lib.errors import Refused
from anliegen.requests import access, actions, indexing, lifecycle, queries
from anliegen.requests.models import ServiceRequest
from anliegen.requests.rules import ParticipantRole
from anliegen.requests.tests.factories import NOW, Firm, upload
from anliegen.requests.tests.test_access import submitted
from anliegen.search import queries as search
from anliegen.search import rebuilding

pytestmark = pytest.mark.django_db


def own(user, text):
    return [row.code for row in queries.my_requests(user, text=text).rows]


def desk(user, text):
    return [row.code for row in queries.find(user, NOW, text=text).rows]


def test_messages_and_names_of_files_are_found(who: Firm) -> None:
    made = submitted(who.owner, file_ids=[upload(who.owner)])
    actions.message(made.code, "Bitte mit Bildschirmarm liefern", acting_user=who.owner, key="m", now=NOW)
    [name] = made.attachments.values_list("file__name", flat=True)
    for text in ("Bildschirmarm", "bildschirmarme", "liefern", name, made.code, made.code.lower(), "1000"):
        assert own(who.owner, text) == [made.code], text
    assert own(who.owner, "Bildschirmarm Elefant") == []


def test_notes_are_found_by_nobody(who: Firm) -> None:
    made = submitted(who.owner)
    actions.note(made.code, "Zugvogel", acting_user=who.agent, key="n", now=NOW)
    assert own(who.owner, "Zugvogel") == desk(who.agent, "Zugvogel") == []


def test_only_who_may_see_it_finds_it(who: Firm) -> None:
    made = submitted(who.owner)
    assert desk(who.agent, "Desktop") == own(who.owner, "Desktop") == [made.code]
    assert own(who.outsider, "Desktop") == own(who.colleague, "Desktop") == desk(who.outsider, "Desktop") == []


def test_a_confidential_one_is_not_found_by_the_desk(who: Firm) -> None:
    made = submitted(who.owner)
    ServiceRequest.objects.filter(pk=made.pk).update(confidential=True)
    indexing.write([made.pk])
    assert desk(who.agent, "Desktop") == []
    assert own(who.owner, "Desktop") == [made.code]
    assert search.search_requests("Desktop", access=[indexing.EVERYBODY]) == []


def test_who_begins_to_take_part_finds_it(who: Firm) -> None:
    made = submitted(who.owner)
    assert desk(who.colleague, "Desktop") == []
    lifecycle.open_participation(access.locked(made.pk), who.colleague, ParticipantRole.APPROVER, now=NOW)
    assert desk(who.colleague, "Desktop") == [made.code]
    actions.name_participant(made.code, who.colleague.public_id, acting_user=who.owner, now=NOW)
    assert own(who.colleague, "Desktop") == [made.code]
    actions.remove_participant(made.code, who.colleague.public_id, acting_user=who.owner, now=NOW)
    assert own(who.colleague, "Desktop") == []


def test_what_is_refused_is_not_found(who: Firm) -> None:
    made = submitted(who.owner)
    with pytest.raises(Refused):
        actions.message(made.code, "\x00Zugvogel", acting_user=who.owner, key="m", now=NOW)
    assert own(who.owner, "Zugvogel") == []


def test_the_index_is_built_anew_and_checked(who: Firm) -> None:
    made = submitted(who.owner)
    rebuilding.bind({}, indexing)
    assert rebuilding.verify() == []
    ServiceRequest.objects.filter(pk=made.pk).update(title="Kaffeemaschine")
    assert rebuilding.verify() == [f"request {made.pk}: is not as the index has it"]
    assert rebuilding.rebuild(rebuilding.REQUEST) == 1
    assert rebuilding.verify() == []
    assert own(who.owner, "Kaffeemaschine") == [made.code]
