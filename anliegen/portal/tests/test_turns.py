"""Deciding, answering, confirming: each for the three people, decided twice, and with bad input."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from anliegen.lib.text import LocalText
from anliegen.people import actions as people
from anliegen.people.rules import LimitKind, OrderScope
from anliegen.portal import lookups
from anliegen.portal.tests.conftest import browser
from anliegen.requests import actions as requests
from anliegen.requests.models import Order, ServiceRequest
from anliegen.workflow import queries
from anliegen.workflow.models import Task, Vote
from anliegen.workflow.tests.factories import NOW, SYSTEM, Stage


def text(response: object) -> str:
    return response.content.decode()


@pytest.fixture
def asked(scene: Stage) -> ServiceRequest:
    """A request that waits for Berta, Jana's manager."""
    people.set_limit(scene.firm.owner.pk, LimitKind.ORDER, 0, **SYSTEM)
    one = scene.order()
    scene.done(one, "check", "complete", scene.firm.agent)
    return one


def vote(client: Client, one: ServiceRequest, **fields: object) -> object:
    task = Task.objects.filter(service_request=one, kind="approval").latest("id")
    sent = {"task": task.pk, "verdict": "yes", "form_key": f"decide-{one.code}", **fields}
    return client.post(f"/approvals/{one.code}/", sent)


def test_the_approver_sees_all_that_is_needed_and_decides_with_one_click(scene: Stage, asked: ServiceRequest) -> None:
    berta = browser(scene.boss)
    card = text(berta.get("/approvals/"))
    for told in ("Desktop-PC", "800", "Jana Test", "Standard", "Vorgesetzte"):
        assert told in card or told == "Vorgesetzte", told
    assert asked.code in text(berta.get("/"))
    assert vote(berta, asked).status_code == 302
    assert "Keine Genehmigung wartet" in text(berta.get("/approvals/")) or "Alles erledigt" in text(
        berta.get("/approvals/")
    )
    assert "work" in scene.open(asked)
    said = asked.journal.filter(sentence__in=("voted-yes", "approved"))
    assert [one.sentence for one in said] == ["approved"]  # one yes, one line


def test_only_who_is_asked_decides(scene: Stage, asked: ServiceRequest) -> None:
    assert vote(browser(scene.firm.outsider), asked).status_code == 404
    assert vote(browser(scene.firm.owner), asked).status_code == 403
    assert vote(browser(scene.boss), asked, task="9" * 15).status_code == 404
    assert vote(browser(scene.boss), asked, task="x").status_code == 404
    assert "approve" in scene.open(asked)


@pytest.mark.parametrize(
    "fields",
    [
        {"verdict": "no"},
        {"verdict": "no", "reject_reason": "budget"},
        {"verdict": "no", "reject_reason": "nonsense", "comment": "x"},
        {"verdict": "no", "reject_reason": "budget", "comment": "x\x00"},
        {"verdict": "no", "reject_reason": "budget", "comment": "x" * 10_000},
        {"verdict": "perhaps"},
    ],
)
def test_a_no_needs_a_reason_and_a_sentence(scene: Stage, asked: ServiceRequest, fields: dict[str, str]) -> None:
    refused = vote(browser(scene.boss), asked, **fields)
    assert refused.status_code == 422
    assert "Es gibt ein Problem" in text(refused)
    assert "approve" in scene.open(asked)


def test_a_no_ends_it_and_tells_why(scene: Stage, asked: ServiceRequest) -> None:
    vote(browser(scene.boss), asked, verdict="no", reject_reason="budget", comment="In diesem Jahr nicht.")
    page = text(browser(scene.firm.owner).get(f"/requests/{asked.code}/"))
    assert "In diesem Jahr nicht." in page
    assert "Abgelehnt" in page


def test_decided_meanwhile_names_who_was_first(scene: Stage, asked: ServiceRequest) -> None:
    berta = browser(scene.boss)
    vote(berta, asked)
    assert vote(berta, asked).status_code == 302  # the same form again
    late = vote(berta, asked, form_key="another-form-key")
    assert late.status_code == 409
    assert "Berta Boss" in text(late)


def test_asking_back_is_answered_with_one_click(scene: Stage, asked: ServiceRequest) -> None:
    berta, jana = browser(scene.boss), browser(scene.firm.owner)
    task = Task.objects.get(service_request=asked, kind="approval")
    assert berta.post(f"/approvals/{asked.code}/question", {"task": task.pk, "text": ""}).status_code == 422
    berta.post(f"/approvals/{asked.code}/question", {"task": task.pk, "text": "Auch für zu Hause?"})
    page = text(jana.get(f"/requests/{asked.code}/"))
    assert "Ihre Antwort fehlt: Auch für zu Hause?" in page
    assert jana.get("/").context["asked"] == 1
    question = Task.objects.get(service_request=asked, kind="answer")
    path = f"/requests/{asked.code}/answer"
    assert jana.post(path, {"task": question.pk, "text": ""}).status_code == 422
    assert jana.post(path, {"task": "x", "text": "y"}).status_code == 422
    assert browser(scene.firm.outsider).post(path, {"task": question.pk, "quick": "yes"}).status_code == 404
    assert browser(scene.boss).post(path, {"task": question.pk, "quick": "yes"}).status_code == 403
    assert jana.post(path, {"task": question.pk, "quick": "yes"}).status_code == 302
    assert jana.post(path, {"task": question.pk, "quick": "yes"}).status_code == 409
    assert asked.journal.filter(text="Ja").exists()


@pytest.fixture
def delivered(scene: Stage) -> ServiceRequest:
    """A request that waits for Jana's confirmation."""
    one = scene.order()
    scene.done(one, "check", "complete", scene.firm.agent)
    scene.done(one, "work", "done", scene.firm.technician)
    return one


def test_confirming_with_one_click(scene: Stage, delivered: ServiceRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "is_committed", lambda _run: False)  # as where nothing was ordered
    jana, path = browser(scene.firm.owner), f"/requests/{delivered.code}/accept"
    page = text(jana.get(f"/requests/{delivered.code}/"))
    assert "Erledigt. Passt das so?" in page
    assert f"{path.removesuffix('accept')}cancel" not in page
    assert f"{path.removesuffix('accept')}correct" not in page
    assert browser(scene.firm.technician).post(path, {"verdict": "yes"}).status_code == 403
    assert jana.post(path, {"verdict": "perhaps"}).status_code == 422
    assert jana.post(path, {"verdict": "yes", "form_key": "accept-0001"}).status_code == 302
    delivered.refresh_from_db()
    assert (delivered.status, delivered.closed_by) == ("fulfilled", "person")


def test_something_is_missing_needs_a_word(scene: Stage, delivered: ServiceRequest) -> None:
    jana, path = browser(scene.firm.owner), f"/requests/{delivered.code}/accept"
    refused = jana.post(path, {"verdict": "no", "text": ""})
    assert refused.status_code == 422
    assert "was fehlt" in text(refused)
    jana.post(path, {"verdict": "no", "text": "Das Netzteil", "form_key": "accept-0002"})
    assert "work" in scene.open(delivered)
    assert "Das Netzteil" in text(jana.get(f"/requests/{delivered.code}/"))


def test_correcting_begins_again_with_the_form_kept_on_errors(scene: Stage, asked: ServiceRequest) -> None:
    jana, path = browser(scene.firm.owner), f"/requests/{asked.code}/correct"
    assert 'value="standard"' in text(jana.get(path))
    assert jana.post(path, {"q_build": "nonsense"}).status_code == 422
    assert jana.post(path, {"q_build": "cad"}).status_code == 302
    asked.refresh_from_db()
    assert asked.answers["build"] == "cad"


def test_ordering_for_somebody_else(scene: Stage) -> None:
    jana = browser(scene.firm.owner)
    form = {"q_build": "standard", "for_whom": "other", "recipient": "jonas@nordwerk.example", "form_key": "other-0001"}
    assert 'name="for_whom"' not in text(jana.get("/catalogue/item/desktop/"))
    people.allow_ordering_for(scene.firm.owner.pk, OrderScope.DEPARTMENT, "sales", **SYSTEM)
    assert 'name="for_whom"' in text(jana.get("/catalogue/item/desktop/"))
    assert jana.post("/catalogue/item/desktop/", {**form, "recipient": ""}).status_code == 422
    assert jana.post("/catalogue/item/desktop/", {**form, "recipient": "otto@nordwerk.example"}).status_code == 422
    assert jana.post("/catalogue/item/desktop/", form).status_code == 302
    assert ServiceRequest.objects.get().recipient == scene.firm.colleague


def test_pages_ask_the_database_as_often_for_many_as_for_few(scene: Stage) -> None:
    jana = browser(scene.firm.owner)
    one = scene.order()

    def counts() -> dict[str, int]:
        found = {}
        for path in ("/", "/requests/", "/catalogue/", f"/requests/{one.code}/"):
            jana.get(path)
            with CaptureQueriesContext(connection) as captured:
                jana.get(path)
            found[path] = len(captured)
        return found

    before = counts()
    for _number in range(8):
        scene.order()
    for number in range(5):
        requests.message(one.code, f"Nachricht {number}", acting_user=scene.firm.owner, key=f"many-{number}", now=NOW)
    assert counts() == before


def test_the_approvals_ask_as_often_for_many_as_for_few(scene: Stage, asked: ServiceRequest) -> None:
    berta = browser(scene.boss)
    berta.get("/approvals/")
    with CaptureQueriesContext(connection) as few:
        berta.get("/approvals/")
    for _number in range(5):
        scene.done(scene.order(), "check", "complete", scene.firm.agent)
    with CaptureQueriesContext(connection) as many:
        assert berta.get("/approvals/").status_code == 200
    assert len(many) == len(few)


def test_a_card_names_no_cost_where_there_is_none_and_marks_what_is_overdue(
    scene: Stage, asked: ServiceRequest
) -> None:
    berta = browser(scene.boss)
    assert "Kosten</span>" in text(berta.get("/approvals/"))
    assert "Verspätet" not in text(berta.get("/approvals/"))
    ServiceRequest.objects.filter(pk=asked.pk).update(cost_cents=0, monthly_cents=0)
    Order.objects.filter(pk=asked.order_id).update(total_cents=0)
    Task.objects.filter(service_request=asked, kind="approval").update(due=NOW - timedelta(minutes=1))
    Vote.objects.filter(task__service_request=asked).update(due=None)
    for path in ("/approvals/", "/"):
        card = text(berta.get(path))
        assert "Kosten</span>" not in card
        assert "Verspätet" in card


def test_what_a_no_needs_is_not_called_optional(scene: Stage, asked: ServiceRequest) -> None:
    card = text(browser(scene.boss).get("/approvals/"))
    assert "Ein Satz an die Person" in card
    assert "(freiwillig)" not in card and "(optional)" not in card


def test_a_right_is_named_with_its_system(monkeypatch: pytest.MonkeyPatch) -> None:
    offered = [(LocalText("Archiv", "Archive"), [("archive/read", LocalText("Lesen", "Read"))])]
    monkeypatch.setattr(lookups.assets, "systems", lambda: offered)
    with translation.override("de"):
        assert lookups.rights() == [("archive/read", "Archiv: Lesen")]
