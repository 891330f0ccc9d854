"""Who sees which request, and which part of it: owner, colleague, outsider, desk, those who work on it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from anliegen.lib.errors import Forbidden, NotFound
from anliegen.people import actions as people
from anliegen.people.actions.rights import Days
from anliegen.people.models import User
from anliegen.people.rules import Role, Scope, ScopeKind
from anliegen.requests import access, actions, indexing, lifecycle, queries
from anliegen.requests.models import ServiceRequest
from anliegen.requests.rules import ParticipantRole
from anliegen.requests.tests.factories import NOW, SYSTEM, Firm, line, offer, submit, submitted, upload


def sees(user: User, made: ServiceRequest) -> bool:
    try:
        access.to_read(made.code, user, NOW)
    except NotFound:
        assert not access.visible_to(user, NOW).exists()
        return False
    assert access.visible_to(user, NOW).filter(pk=made.pk).count() == 1
    return True


def who_sees(who: Firm, made: ServiceRequest) -> set[str]:
    names = ("owner", "colleague", "outsider", "agent", "technician", "external", "process_owner")
    return {name for name in names if sees(getattr(who, name), made)}


def secret(who: Firm) -> ServiceRequest:
    offer("secret", confidential=True)
    return submit(who.agent, line(item_key="secret"), requester_id=who.owner.pk, channel="phone").service_requests.get()


def test_a_plain_request_is_seen_by_its_owner_and_the_desk(who: Firm) -> None:
    assert who_sees(who, submitted(who.owner)) == {"owner", "agent", "process_owner"}


def test_foreign_and_unknown_codes_look_alike(who: Firm) -> None:
    """A01."""
    made = submitted(who.owner)
    told = []
    for code in (made.code, "SR-9999", "' OR 1=1 --", "SR-1000\x00"):
        with pytest.raises(NotFound) as error:
            access.to_read(code, who.colleague, NOW)
        told.append(str(error.value))
    assert len(set(told)) == 1


def test_a_team_and_its_lead_see_what_they_work_on_also_afterwards(who: Firm) -> None:
    made = submitted(who.owner)
    people.put_team("workshop", lead=who.outsider, **SYSTEM)
    with transaction.atomic():
        lifecycle.open_participation(made, who.workshop, ParticipantRole.WORKER, now=NOW)
    assert who_sees(who, made) == {"owner", "agent", "process_owner", "technician", "outsider"}
    with transaction.atomic():
        lifecycle.close_participation(made, who.workshop, ParticipantRole.WORKER, now=NOW)
    assert sees(who.technician, made)


def test_a_confidential_request_is_seen_by_those_it_concerns_while_it_does(who: Firm) -> None:
    made = secret(who)
    assert who_sees(who, made) == {"owner"}
    lifecycle.open_participation(made, who.workshop, ParticipantRole.WORKER, now=NOW)
    lifecycle.open_participation(made, who.colleague, ParticipantRole.APPROVER, now=NOW)
    assert who_sees(who, made) == {"owner", "technician", "colleague"}
    day = NOW.date()
    people.set_deputy(who.colleague.pk, who.outsider.pk, days=Days(day, day + timedelta(days=5)), **SYSTEM)
    assert sees(who.outsider, made)
    lifecycle.close_participation(made, who.colleague, ParticipantRole.APPROVER, now=NOW)
    lifecycle.open_participation(made, who.workshop, ParticipantRole.WORKER, now=NOW)
    lifecycle.close_participation(made, who.workshop, ParticipantRole.WORKER, now=NOW)
    assert who_sees(who, made) == {"owner", "technician"}
    lifecycle.close_participation(made, who.workshop, ParticipantRole.WORKER, now=NOW)
    assert who_sees(who, made) == {"owner"}


def test_a_confidential_request_is_in_no_list_of_the_desk(who: Firm) -> None:
    made = secret(who)
    plain = submitted(who.owner)
    for user in (who.agent, who.process_owner):
        assert [row.code for row in queries.find(user, NOW).rows] == [plain.code]
        assert queries.find(user, NOW, text=made.code).total == 0
        assert queries.find(user, NOW, text=who.owner.first_name).total == 1
        assert not access.may_see_internal(user, made, NOW)
        with pytest.raises(NotFound):
            access.to_read(made.code, user, NOW)


def test_a_scoped_role_sees_its_scope_only(who: Firm) -> None:
    made = submitted(who.owner)
    people.grant_role(who.colleague.pk, Role.SERVICE_DESK, scope=Scope(ScopeKind.CATEGORY, "devices"), **SYSTEM)
    people.grant_role(who.outsider.pk, Role.SERVICE_DESK, scope=Scope(ScopeKind.CATEGORY, "other"), **SYSTEM)
    people.grant_role(who.technician.pk, Role.SERVICE_DESK, scope=Scope(ScopeKind.DEPARTMENT, "sales"), **SYSTEM)
    assert who_sees(who, made) >= {"colleague", "technician"}
    assert not sees(who.outsider, made)
    assert access.may_see_internal(who.colleague, made, NOW)


def test_who_has_left_sees_nothing(who: Firm) -> None:
    made = submitted(who.owner)
    owner = people.deactivate(who.owner.pk, **SYSTEM)
    with pytest.raises(NotFound):
        access.to_read(made.code, owner, NOW)


def test_named_people_follow_until_they_are_removed(who: Firm) -> None:
    made = submitted(who.owner)
    named = {"acting_user": who.owner, "now": NOW}
    actions.name_participant(made.code, who.colleague.public_id, **named)
    actions.name_participant(made.code, who.colleague.public_id, **named)
    assert sees(who.colleague, made)
    assert queries.followers(made) == [who.colleague]
    assert not access.may_see_internal(who.colleague, made, NOW)
    with pytest.raises(Forbidden):
        actions.name_participant(made.code, who.outsider.public_id, acting_user=who.colleague, now=NOW)
    with pytest.raises(NotFound):
        actions.name_participant(made.code, who.outsider.public_id, acting_user=who.outsider, now=NOW)
    actions.remove_participant(made.code, who.colleague.public_id, **named)
    assert not sees(who.colleague, made)
    actions.name_participant(made.code, who.colleague.public_id, **named)
    assert [entry.sentence for entry in made.journal.all()] == [
        "received", "participant-named", "participant-removed", "participant-named",
    ]  # fmt: skip


CANARY = "Kanarienvogel"


def told(made: ServiceRequest, user: User) -> str:
    row = access.to_read(made.code, user, NOW)
    entries = queries.entries(row, user, NOW)
    files = queries.attachments(row, user, NOW)
    texts = [entry.text + str(entry.params) for entry in entries] + [entry.attachments.all() for entry in entries]
    return f"{texts} {files} {[row.file.name for row in files]} {queries.as_json(row, user, NOW)}"


def test_internal_notes_are_for_those_who_work_on_it(who: Firm) -> None:
    """A05, for the requester, the recipient, and an agent whose own request it is."""
    made = submitted(who.owner)
    lifecycle.open_participation(made, who.workshop, ParticipantRole.WORKER, now=NOW)
    file_id = upload(who.technician, f"{CANARY}.txt")
    actions.note(made.code, CANARY, acting_user=who.technician, key="n1", now=NOW, files=[file_id])
    inner = upload(who.agent, f"{CANARY}2.txt", b"2")
    actions.attach(made.code, [inner], acting_user=who.agent, key="a1", now=NOW, internal=True)
    assert CANARY in told(made, who.technician)
    assert CANARY in told(made, who.agent)
    assert CANARY not in told(made, who.owner)
    for hidden in (file_id, inner):
        assert access.attachment(made.code, hidden, who.technician, NOW)
        with pytest.raises(NotFound):
            access.attachment(made.code, hidden, who.owner, NOW)
    with pytest.raises(Forbidden):
        actions.note(made.code, "x", acting_user=who.owner, key="n2", now=NOW)
    own = submitted(who.agent)
    actions.note(own.code, CANARY, acting_user=who.process_owner, key="n3", now=NOW)
    assert CANARY not in told(own, who.agent)


def test_a_file_is_had_by_those_who_see_the_request(who: Firm) -> None:
    """A02."""
    file_id = upload(who.owner)
    made = submitted(who.owner, file_ids=[file_id])
    assert access.attachment(made.code, file_id, who.owner, NOW).file.public_id == file_id
    other = submitted(who.colleague)
    for code, user in ((made.code, who.colleague), (other.code, who.colleague), (other.code, who.owner)):
        with pytest.raises(NotFound):
            access.attachment(code, file_id, user, NOW)


def test_my_requests_are_found_by_code_and_words(who: Firm) -> None:
    """R55: open and closed."""
    offer("chair", title={"de": "Bürostuhl in Übergröße", "en": "Office chair"})
    pc, chair = submitted(who.owner), submitted(who.owner, item_key="chair")
    submitted(who.colleague)

    def found(**fields: Any) -> list[str]:
        return [row.code for row in queries.my_requests(who.owner, **fields).rows]

    assert found() == [chair.code, pc.code]
    assert found(text="sr-1001") == [chair.code]
    assert found(text="1001") == [chair.code]
    assert found(text="ÜBERGRÖßE büro") == [chair.code]
    assert found(text="ubergro") == [chair.code]
    assert found(text="%") == []
    assert found(text="desktop\x00") == [pc.code]
    lifecycle.end(access.locked(pc.pk), "fulfilled", now=NOW, closed_by="person")
    assert (found(state="open"), found(state="closed")) == ([chair.code], [pc.code])


def test_pages_have_their_bounds(who: Firm) -> None:
    for _ in range(5):
        submitted(who.owner)
    page = queries.my_requests(who.owner, page=2, size=2)
    assert ([row.code for row in page.rows], page.total, page.pages) == (["SR-1002", "SR-1001"], 5, 3)
    assert (page.has_next, page.has_previous) == (True, True)
    assert queries.my_requests(who.owner, page=99, size=2).number == 3
    assert queries.my_requests(who.outsider, page=-1).rows == []


def test_the_export_holds_the_whole_record_without_database_ids(who: Firm) -> None:
    file_id = upload(who.owner)
    made = submitted(who.owner, file_ids=[file_id], wish_date=date(2026, 12, 24))
    actions.message(made.code, "Danke!", acting_user=who.owner, key="m", now=NOW)
    told = queries.as_json(access.to_read(made.code, who.owner, NOW), who.owner, NOW)
    assert (told["format"], told["code"], told["requester"]["name"]) == (1, made.code, "Jana Test")
    assert [(entry["id"], entry["sequence"]) for entry in told["journal"]] == [
        (f"{made.code}/1", 1),
        (f"{made.code}/2", 2),
    ]
    [file] = told["attachments"]
    assert (file["id"], len(file["sha256"]), file["size"]) == (file_id, 64, 8)
    assert told["journal"][1]["text"] == "Danke!"
    assert "visibility" not in told["journal"][0]


def test_the_desk_finds_requests_by_person(who: Firm) -> None:
    made = submitted(who.owner)
    submitted(who.colleague)
    User.objects.filter(pk=who.owner.pk).update(last_name="Sommer-Köhler")
    indexing.person_changed({"person": who.owner.pk}, NOW)
    for text in ("jana", "Sommer", "koehler", "JANA desk"):
        assert [row.code for row in queries.find(who.agent, NOW, text=text).rows] == [made.code]
    assert queries.find(who.agent, NOW, text="mmer").total == 0
    assert queries.my_requests(who.owner, text="jana").total == 0
