"""Numbers of others, what was decided already, the same form twice, and own requests."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anliegen.people import actions as people
from anliegen.people.rules import LimitKind, OrderScope, Role
from anliegen.requests.models import JournalEntry, ServiceRequest
from anliegen.workflow import actions as workflow
from anliegen.workflow.models import Task
from tests import company
from tests.bad_input.sent import CALL, ITEM, approval, call, decide, order, stored, text, votes_of
from tests.company import NOW, Company, person, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("bad-input")]

# A number that is not there, or not yours


@pytest.mark.parametrize(
    "code", ["SR-0", "SR-99999999999999999999", "sr-1000", "SR-1000%20", "SR-１０００", "..%2F", "%F0%9F%98%80"]
)
def test_a_strange_number_is_the_404_of_a_foreign_one(nordwerk: Company, jana: Client, code: str) -> None:
    foreign = jana.get(f"/requests/{nordwerk.foreign.code}/")
    strange = jana.get(f"/requests/{code}/")
    assert (foreign.status_code, strange.status_code) == (404, 404)
    assert strange.content == foreign.content


# Decided twice


def test_decided_twice_names_who_was_first(nordwerk: Company) -> None:
    people.join_team("it-budget", person("Carsten Lüders").pk, acting_user=None, now=NOW)
    one = _waiting_for_approval("Arne Ketelsen")
    silke, other = signed_in(person("Silke Marten")), signed_in(person("Carsten Lüders"))
    assert decide(silke, one).status_code == 302
    before = stored()
    late = decide(other, one, verdict="no", comment="Zu teuer", reject_reason="budget")
    assert late.status_code == 409
    assert "Silke Marten" in text(late)
    assert stored() == before


def test_completed_twice_names_who_was_first_and_keeps_what_was_typed(nordwerk: Company) -> None:
    one = company.order("Arne Ketelsen")
    url = f"/desk/{one.code}/tasks/{nordwerk.step(one, 'check')}/complete/"
    assert (
        signed_in(person("Henrik Thomsen")).post(url, {"outcome": "complete", "form_key": "first-01"}).status_code
        == 302
    )
    late = signed_in(person("Ines Albrecht")).post(url, {"outcome": "incomplete", "note": "Welcher Raum ist gemeint?"})
    assert late.status_code == 409
    assert "Henrik Thomsen" in text(late)
    assert "Welcher Raum ist gemeint?" in text(late)


def _waiting_for_approval(who: str) -> ServiceRequest:
    one = company.order(who, build="cad", place=person(who).place.code)  # type: ignore[union-attr]
    task = Task.objects.get(service_request=one, node="check")
    checker = person("Henrik Thomsen")
    workflow.complete(task.pk, acting_user=checker, outcome="complete", outputs={}, key=f"c-{one.code}", now=NOW)
    return one


# The same form, sent once more


def _twice(client: Client, url: str, body: dict[str, Any]) -> None:
    first = client.post(url, body)
    assert first.status_code in {200, 302}, text(first)[:2000]
    before, entries = stored(), JournalEntry.objects.count()
    again = client.post(url, body)
    assert (again.status_code, again.headers.get("Location")) == (first.status_code, first.headers.get("Location"))
    assert JournalEntry.objects.count() == entries
    assert stored() == before


def test_an_order_sent_twice_is_one(nordwerk: Company, jana: Client) -> None:
    _twice(jana, ITEM, order())


def test_a_call_sent_twice_is_one(nordwerk: Company, nele: Client) -> None:
    _twice(nele, CALL, call(note="Eilig"))


@pytest.mark.parametrize(
    ("part", "body"),
    [
        ("message", {"text": "Hallo"}),
        ("cancel", {"reason": "Doch nicht"}),
        ("people", {"person": "Arne Ketelsen"}),
        ("correct", {"q_build": "cad"}),
    ],
)
def test_what_the_requester_sends_twice_is_done_once(nordwerk: Company, jana: Client, part: str, body: Any) -> None:
    place = person("Jana Sommer").place
    body = body | {"form_key": "sent-twice-1", "q_place": place.code if place else ""}
    _twice(jana, f"/requests/{nordwerk.own.code}/{part}", body)


def test_a_decision_sent_twice_is_one(nordwerk: Company) -> None:
    body = {"task": str(approval(nordwerk.own).pk), "verdict": "yes", "form_key": "decide-twice"}
    _twice(signed_in(person("Silke Marten")), f"/approvals/{nordwerk.own.code}/", body)


def test_a_question_and_its_answer_sent_twice_are_one_each(nordwerk: Company, jana: Client) -> None:
    one = nordwerk.own
    body = {"task": str(approval(one).pk), "text": "Warum nicht der alte?", "form_key": "ask-twice-1"}
    _twice(signed_in(person("Silke Marten")), f"/approvals/{one.code}/question", body)
    question = Task.objects.get(service_request=one, node="question")
    _twice(
        jana,
        f"/requests/{one.code}/answer",
        {"task": str(question.pk), "text": "Er ist kaputt.", "form_key": "answer-twice"},
    )


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("message", {"text": "Hallo"}),
        ("note", {"text": "Intern"}),
        ("call-in", {"team": "security", "what": "Bitte Zutritt prüfen"}),
        ("hold", {"reason": "Wartet auf Lieferung"}),
        ("cancel", {"reason": "Falsch"}),
        ("reject", {"reject_reason": "budget", "sentence": "Dafür gibt es kein Budget."}),
    ],
)
def test_what_the_desk_sends_twice_is_done_once(nordwerk: Company, nele: Client, verb: str, body: Any) -> None:
    _twice(nele, f"/desk/requests/{nordwerk.own.code}/{verb}/", body | {"form_key": "desk-twice-1"})


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("take", {}),
        ("complete", {"outcome": "done"}),
        ("hand-over", {"team": "security", "reason": "Gehört dorthin"}),
        ("plan", {"day": "27.11.2026", "start": "10:00", "end": "11:00"}),
        ("ask", {"text": "Welche Version?"}),
    ],
)
def test_what_a_team_sends_twice_is_done_once(nordwerk: Company, verb: str, body: Any) -> None:
    mo = signed_in(person("Mo Haddad"))
    page = mo.get(f"/desk/{nordwerk.own.code}/tasks/{nordwerk.side_step()}/")
    assert page.status_code == 200
    _twice(mo, f"/desk/{nordwerk.own.code}/tasks/{nordwerk.side_step()}/{verb}/", body | {"form_key": "team-twice-1"})


# Nobody decides their own


def _own(nordwerk: Company, how: str) -> ServiceRequest:
    """A desktop of 2,190 euros on which Silke Marten, the only one of the IT budget, has a hand."""
    silke, jana = person("Silke Marten"), person("Jana Sommer")
    for limit in ("Silke Marten", "Jana Sommer"):
        people.set_limit(person(limit).pk, LimitKind.ORDER, 0, acting_user=None, now=NOW - timedelta(days=1))
    if how == "requester":
        return _waiting_for_approval("Silke Marten")
    if how == "recipient":
        body = order(for_whom="other", recipient="Silke Marten", q_build="cad")
        people.allow_ordering_for(jana.pk, OrderScope.ALL, acting_user=None, now=NOW - timedelta(days=1))
        sent = signed_in(jana).post(ITEM, body)
    else:
        people.grant_role(silke.pk, Role.SERVICE_DESK, acting_user=None, now=NOW - timedelta(days=1))
        sent = signed_in(silke).post(CALL, call(q_build="cad"))
    assert sent.status_code == 302, text(sent)
    one = ServiceRequest.objects.latest("id")
    task = Task.objects.get(service_request=one, node="check")
    checker = person("Henrik Thomsen")
    workflow.complete(task.pk, acting_user=checker, outcome="complete", outputs={}, key=f"c-{one.code}", now=NOW)
    return one


@pytest.mark.parametrize("how", ["requester", "recipient", "recorder"])
def test_nobody_is_asked_about_what_they_have_a_hand_in(nordwerk: Company, how: str) -> None:
    one, silke = _own(nordwerk, how), person("Silke Marten")
    assert silke.pk in {one.requester_id, one.recipient_id, one.recorder_id}
    assert [vote.approver_id for vote in votes_of(one) if vote.approver_id == silke.pk] == []
    assert votes_of(one).exists(), "somebody else is asked"
    client = signed_in(silke)
    assert f'action="/approvals/{one.code}/"' not in text(client.get("/approvals/"))
    _refused(client, one)


@pytest.mark.parametrize("how", ["requester", "recipient", "recorder"])
def test_nor_as_the_deputy_of_who_is_asked(nordwerk: Company, how: str) -> None:
    one, silke = _own(nordwerk, how), person("Silke Marten")
    asked = votes_of(one).get().approver
    people.set_deputy(asked.pk, silke.pk, acting_user=None, now=NOW - timedelta(days=1))
    client = signed_in(silke)
    assert f'action="/approvals/{one.code}/"' not in text(client.get("/approvals/"))
    _refused(client, one)


@pytest.mark.parametrize("how", ["requester", "recipient", "recorder"])
def test_nor_when_they_were_asked_by_mistake(nordwerk: Company, how: str) -> None:
    """The action refuses even with a vote of their own."""
    one, silke = _own(nordwerk, how), person("Silke Marten")
    votes_of(one).update(approver=silke)
    _refused(signed_in(silke), one)


def _refused(client: Client, one: ServiceRequest) -> None:
    before = stored()
    for verdict in ({"verdict": "yes"}, {"verdict": "no", "comment": "x", "reject_reason": "budget"}):
        answer = decide(client, one, **verdict)
        assert answer.status_code == 403
        assert "Niemand entscheidet über die eigene Anfrage" in text(answer) or "eigene" in text(answer)
    assert decide(client, one).status_code == 403
    task = approval(one)
    assert client.post(f"/approvals/{one.code}/question", {"task": str(task.pk), "text": "?"}).status_code == 403
    assert approval(one).state == "open"
    assert stored() == before
