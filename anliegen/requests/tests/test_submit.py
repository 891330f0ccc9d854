"""Sending: what is made, and that nothing is made when something is wrong."""

from datetime import date, timedelta
from typing import Any

import pytest

from anliegen.catalogue import actions as catalogue
from anliegen.catalogue.access import NotOrderable
from anliegen.catalogue.models import Draft
from anliegen.files.models import StoredFile
from anliegen.lib import bus
from anliegen.lib.errors import Conflict, DomainError, Forbidden, NotFound, Refused, TooLarge
from anliegen.people import actions as people
from anliegen.people.rules import OrderScope
from anliegen.requests import actions, rules
from anliegen.requests.events import Submitted
from anliegen.requests.models import Attachment, JournalEntry, Order, Participant, ServiceRequest
from anliegen.requests.tests.factories import NOW, SYSTEM, Firm, both, line, offer, submit, submitted, upload


def nothing_stored() -> bool:
    return not any(model.objects.exists() for model in (Order, ServiceRequest, JournalEntry, Participant, Attachment))


def test_one_line_makes_one_request_with_everything(who: Firm, published: list[Any]) -> None:
    file_id = upload(who.owner)
    order = submit(
        who.owner,
        line(
            answers={"build": "cad", "extras": ["screen"], "place": "K-3.01", "count": "2"},
            wish_date=date(2026, 12, 24),
            file_ids=[file_id],
        ),
    )
    made = order.service_requests.get()
    assert (made.code, made.status, made.kind, made.category_key) == ("SR-1000", "received", "add", "devices")
    assert (made.requester, made.recipient, made.recorder) == (who.owner, who.owner, None)
    assert made.title == "Desktop-PC – Cad"
    assert made.place == "K-3.01 Haus 3, Raum 01"
    assert (made.cost_cents, made.monthly_cents) == (2 * 130_000, 2 * 500)
    assert order.total_cents == 260_000 + 12 * 1_000
    assert made.answers["count"] == 2
    assert made.form["answers"][0]["label"] == both("Build")
    assert (made.wish_date, made.received_at) == (date(2026, 12, 24), NOW)
    [entry] = made.journal.all()
    assert (entry.seq, entry.sentence, entry.params, entry.actor) == (1, "received", {"channel": "portal"}, who.owner)
    assert [(row.person, row.role) for row in made.participants.all()] == [(who.owner, "requester")]
    assert made.attachments.get().file.public_id == file_id
    [event] = published
    assert isinstance(event, Submitted)
    assert (event.subject_id, event.code, event.alone, event.actor_id) == (made.pk, "SR-1000", True, who.owner.pk)


def test_numbers_follow_each_other(who: Firm) -> None:
    assert [submitted(who.owner).code for _ in range(3)] == ["SR-1000", "SR-1001", "SR-1002"]


def test_several_lines_are_one_order_whose_runs_start_apart(who: Firm, published: list[Any]) -> None:
    order = submit(who.owner, line(), line(answers={"build": "cad"}))
    codes = [made.code for made in order.service_requests.order_by("id")]
    assert codes == ["SR-1000", "SR-1001"]
    assert order.total_cents == 80_000 + 130_000
    assert [(event.code, event.alone) for event in published] == [("SR-1000", False), ("SR-1001", False)]


def test_the_same_key_gives_the_same_order(who: Firm, published: list[Any]) -> None:
    first = submit(who.owner, key="again")
    second = submit(who.owner, key="again")
    assert first.pk == second.pk
    assert (ServiceRequest.objects.count(), len(published)) == (1, 1)
    other = submit(who.colleague, key="again")
    assert other.pk != first.pk
    with pytest.raises(Conflict):
        actions.message("SR-1000", "Hallo", acting_user=who.owner, key="again", now=NOW)


BAD_LINES: list[tuple[dict[str, Any], type[DomainError], str]] = [
    ({"answers": {}}, Refused, "q_build"),
    ({"answers": {"build": "tower"}}, Refused, "q_build"),
    ({"answers": {"build": 7}}, Refused, "q_build"),
    ({"answers": {"build": "standard", "notes": "x" * 10_000}}, Refused, "q_notes"),
    ({"answers": {"build": "special", "special": "x" * 10_000}}, Refused, "q_special"),
    ({"answers": {"build": "special", "special": "a\x00b"}}, Refused, "q_special"),
    ({"answers": {"build": "standard", "price_cents": 1}}, Refused, ""),
    ({"answers": {"build": "standard", "for_whom": "nobody"}}, Refused, "q_for_whom"),
    ({"justification": "x" * 2_001}, Refused, "justification"),
    ({"justification": "\x00"}, Refused, "justification"),
    ({"wish_date": date(2026, 11, 24)}, Refused, "wish_date"),
    ({"wish_date": date(9999, 1, 1)}, Refused, "wish_date"),
    ({"recipient_id": "nobody"}, Refused, "recipient"),
    ({"recipient_id": "\x00"}, Refused, "recipient"),
    ({"item_key": "nothing"}, NotFound, ""),
    ({"draft_id": "nothing"}, NotFound, ""),
    ({"file_ids": ["nothing"]}, NotFound, ""),
]


@pytest.mark.parametrize(("fields", "error", "field"), BAD_LINES)
def test_bad_input_is_refused_and_nothing_is_stored(
    who: Firm, published: list[Any], fields: dict[str, Any], error: type[DomainError], field: str
) -> None:
    with pytest.raises(error) as told:
        submit(who.owner, line(**fields))
    if isinstance(told.value, Refused):
        assert field in told.value.errors
        assert str(told.value.errors[field])
    assert nothing_stored()
    assert published == []


def test_all_errors_of_a_form_are_told_at_once(who: Firm) -> None:
    with pytest.raises(Refused) as told:
        submit(who.owner, line(answers={"count": "many"}, wish_date=date(2020, 1, 1)))
    assert set(told.value.errors) == {"q_build", "q_count", "wish_date"}
    with pytest.raises(Refused) as told:
        submit(who.owner, line(), line(answers={}))
    assert set(told.value.errors) == {"2.q_build"}


def test_an_order_has_at_least_one_line_and_at_most_25(who: Firm) -> None:
    with pytest.raises(Refused):
        actions.submit([], acting_user=who.owner, channel="portal", key="", now=NOW)
    with pytest.raises(TooLarge):
        submit(who.owner, *[line()] * 26)


def test_a_foreign_upload_is_refused_and_stays_intact(who: Firm) -> None:
    """A04."""
    foreign = upload(who.colleague)
    for answers, file_ids in (({"build": "standard"}, [foreign]), ({"build": "standard", "sketch": [foreign]}, [])):
        with pytest.raises((NotFound, Refused)):
            submit(who.owner, line(answers=answers, file_ids=file_ids))
    assert nothing_stored()
    stored = StoredFile.objects.get(public_id=foreign)
    assert (stored.claimed_at, stored.owner_id) == (None, who.colleague.pk)


def test_a_foreign_draft_is_refused_and_stays_intact(who: Firm) -> None:
    draft = catalogue.save_draft(catalogue.DraftContent(), owner=who.colleague, item_key="desktop", now=NOW)
    with pytest.raises(NotFound):
        submit(who.owner, line(draft_id=draft.public_id))
    assert nothing_stored()
    assert Draft.objects.get() == draft


def test_the_own_draft_is_spent(who: Firm) -> None:
    draft = catalogue.save_draft(catalogue.DraftContent(), owner=who.owner, item_key="desktop", now=NOW)
    submit(who.owner, line(draft_id=draft.public_id))
    assert not Draft.objects.exists()
    with pytest.raises(NotFound):
        submit(who.owner, line(draft_id=draft.public_id))


def test_file_answers_are_claimed_with_their_question(who: Firm) -> None:
    sketch, other = upload(who.owner, "a.txt", b"a"), upload(who.owner, "b.txt", b"b")
    made = submitted(who.owner, answers={"build": "standard", "sketch": [sketch]}, file_ids=[other, sketch])
    assert {(row.file.name, row.question) for row in made.attachments.all()} == {("a.txt", "sketch"), ("b.txt", "")}


def test_a_justification_is_demanded_where_the_item_asks(who: Firm) -> None:
    offer("access", asks_justification=True)
    with pytest.raises(Refused) as told:
        submit(who.owner, line(item_key="access"))
    assert set(told.value.errors) == {"justification"}
    assert submitted(who.owner, item_key="access", justification=" Für die Messe ").justification == "Für die Messe"


def test_what_the_item_does_not_ask_is_not_kept(who: Firm) -> None:
    offer("plain", asks_wish_date=False, asks_justification=False)
    made = submitted(who.owner, item_key="plain", wish_date=date(2026, 12, 1), justification="weil")
    assert (made.wish_date, made.justification) == (None, "")


def test_entitlement_is_of_the_recipient_and_told_plainly(who: Firm) -> None:
    reason = both("Nur für den Vertrieb")
    offer("sales", audience='recipient.department == "sales"', audience_reason=reason)
    with pytest.raises(NotOrderable) as told:
        submit(who.outsider, line(item_key="sales"))
    assert told.value.message == "Nur für den Vertrieb"
    assert nothing_stored()
    people.allow_ordering_for(who.outsider.pk, OrderScope.PERSON, who.owner.public_id, **SYSTEM)
    made = submitted(who.outsider, item_key="sales", recipient_id=who.owner.public_id)
    assert (made.requester, made.recipient, made.recorder) == (who.outsider, who.owner, None)
    assert {(row.person, row.role) for row in made.participants.all()} == {
        (who.outsider, "requester"),
        (who.owner, "recipient"),
    }


def test_nobody_orders_for_others_without_the_right(who: Firm) -> None:
    with pytest.raises(Refused) as told:
        submit(who.owner, line(recipient_id=who.outsider.pk))
    assert "recipient" in told.value.errors


def test_the_desk_notes_a_call_for_a_caller(who: Firm, published: list[Any]) -> None:
    """R84: requester is the caller, recorder the agent."""
    order = submit(who.agent, line(), requester_id=who.owner.public_id, channel="phone")
    made = order.service_requests.get()
    assert (made.requester, made.recipient, made.recorder, made.channel) == (who.owner, who.owner, who.agent, "phone")
    [entry] = made.journal.all()
    assert (entry.sentence, entry.actor) == ("received-for-caller", who.agent)
    assert (made.participants.get(role="recorder").person, published[0].actor_id) == (who.agent, who.agent.pk)


@pytest.mark.parametrize("name", ["colleague", "outsider", "technician", "external"])
def test_only_the_desk_notes_for_callers(who: Firm, name: str) -> None:
    with pytest.raises(Forbidden):
        submit(getattr(who, name), requester_id=who.owner.pk, channel="phone")
    assert nothing_stored()


def test_an_unknown_or_gone_caller_is_refused(who: Firm) -> None:
    people.deactivate(who.colleague.pk, **SYSTEM)
    for caller in ("nobody", who.colleague.public_id):
        with pytest.raises(Refused) as told:
            submit(who.agent, requester_id=caller, channel="phone")
        assert "requester" in told.value.errors


def test_a_handler_that_refuses_takes_everything_back(who: Firm) -> None:
    def refuse(_event: Submitted) -> None:
        raise Conflict("no")

    bus.bind({Submitted: (refuse,)})
    file_id = upload(who.owner)
    with pytest.raises(Conflict):
        submit(who.owner, line(file_ids=[file_id]))
    assert nothing_stored()
    assert StoredFile.objects.get().claimed_at is None


def test_the_wish_of_today_is_possible_in_the_organisation_s_zone(who: Firm) -> None:
    late = NOW.replace(hour=23, minute=30)  # already tomorrow in Berlin
    tomorrow = late.date() + timedelta(days=1)
    assert submit(who.owner, line(wish_date=tomorrow), now=late).pk
    with pytest.raises(Refused):
        submit(who.owner, line(wish_date=late.date()), now=late)


def test_titles_are_one_line_of_at_most_200_characters() -> None:
    assert rules.title("A", ["b\nc", "", "d"]) == "A – b c – d"
    assert len(rules.title("A", ["x" * 300])) == 200
