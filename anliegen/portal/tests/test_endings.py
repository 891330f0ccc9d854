"""Steps of one's own, taking a finished request up again, asking once more, and the statements."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anliegen.catalogue.models import Draft
from anliegen.people import actions as people
from anliegen.people.rules import LimitKind
from anliegen.portal.shown.turns import is_quick
from anliegen.portal.tests.conftest import browser
from anliegen.requests.models import ServiceRequest
from anliegen.workflow import actions
from anliegen.workflow.models import Run, Task
from anliegen.workflow.tests import factories
from anliegen.workflow.tests.factories import NOW, SYSTEM, Stage

FIELDS = """<extensionElements>
<anl:field name="supplement" type="paragraph" de="Ihre Ergänzung" en="What you add" required="true"/>
<anl:field name="count" type="number" de="Anzahl" en="Number"/>
<anl:field name="day" type="date" de="Tag" en="Day"/>
<anl:field name="where" type="place" de="Ort" en="Place"/>
<anl:field name="urgent" type="yesno" de="Eilig" en="Urgent"/></extensionElements>"""


def text(response: Any) -> str:
    return response.content.decode()


@pytest.fixture
def own_step(scene: Stage) -> ServiceRequest:
    """A request that waits for what Jana adds."""
    step = factories.user(
        "approve", "answer", "requester", "yes,no", "approve", inside=FIELDS, hintDe="Was fehlt?", hintEn="What?"
    )
    factories.publish(factories.usual(approval=step))
    one = scene.order()
    scene.done(one, "check", "complete", scene.firm.agent)
    return one


def answer(client: Client, one: ServiceRequest, **fields: Any) -> Any:
    task = Task.objects.get(service_request=one, node="approve")
    sent = {"task": task.pk, "outcome": "yes", "form_key": f"own-step-{one.code}", **fields}
    return client.post(f"/requests/{one.code}/answer", sent)


def test_a_step_of_ones_own_shows_its_fields_and_results(scene: Stage, own_step: ServiceRequest) -> None:
    jana = browser(scene.firm.owner)
    page = text(jana.get(f"/requests/{own_step.code}/"))
    for told in ("Ihre Ergänzung", "Anzahl", "Was fehlt?", 'name="outcome" value="yes"', 'name="outcome" value="no"'):
        assert told in page, told
    task = Task.objects.get(service_request=own_step, node="approve")
    assert f"/requests/{own_step.code}/#turn-{task.pk}" in text(jana.get("/"))


def test_what_is_missing_comes_back_with_the_form_kept(scene: Stage, own_step: ServiceRequest) -> None:
    jana = browser(scene.firm.owner)
    for wrong in (
        {"f_supplement": ""},
        {"f_supplement": "x\x00"},
        {"f_supplement": "x" * 10_000},
        {"f_supplement": "gut", "f_count": "viele"},
        {"f_supplement": "gut", "f_day": "32.13."},
        {"f_supplement": "gut", "f_where": "nirgends"},
        {"f_supplement": "gut", "f_urgent": "vielleicht"},
        {"f_supplement": "gut", "outcome": "maybe"},
    ):
        refused = answer(jana, own_step, f_day="3.12.", **wrong) if "f_day" not in wrong else answer(
            jana, own_step, **wrong
        )  # fmt: skip
        assert refused.status_code == 422, wrong
        assert "Es gibt ein Problem" in text(refused)
        assert "f_day" in wrong or 'value="3.12."' in text(refused)
    assert "approve" in scene.open(own_step)


def test_the_answer_goes_to_the_team_with_files(scene: Stage, own_step: ServiceRequest) -> None:
    jana = browser(scene.firm.owner)
    pdf = SimpleUploadedFile("skizze.pdf", b"%PDF-1.4\n%%EOF", "application/pdf")
    done = answer(jana, own_step, f_supplement="Bitte mit Kabel", f_count="2", f_day="3.12.", files=pdf)
    assert done.status_code == 302
    task = Task.objects.get(service_request=own_step, node="approve")
    assert task.outputs == {"supplement": "Bitte mit Kabel", "count": 2, "day": "2026-12-03"}
    assert "Bitte mit Kabel" in text(browser(scene.firm.technician).get(f"/requests/{own_step.code}/"))
    assert "skizze.pdf" in text(jana.get(f"/requests/{own_step.code}/"))
    assert answer(jana, own_step, form_key="other-key-0001", f_supplement="x").status_code == 409


def test_only_who_is_asked_answers_and_only_under_its_own_address(scene: Stage, own_step: ServiceRequest) -> None:
    assert answer(browser(scene.firm.outsider), own_step, f_supplement="x").status_code == 404
    assert answer(browser(scene.firm.agent), own_step, f_supplement="x").status_code == 403
    other = scene.order()
    task = Task.objects.get(service_request=own_step, node="approve")
    sent = {"task": task.pk, "outcome": "yes", "f_supplement": "x"}
    assert browser(scene.firm.owner).post(f"/requests/{other.code}/answer", sent).status_code == 404


def test_who_declines_need_not_fill_it_in(scene: Stage, own_step: ServiceRequest) -> None:
    assert answer(browser(scene.firm.owner), own_step, outcome="no", f_supplement="").status_code == 302


def test_yes_and_no_only_where_they_could_be_the_answer(scene: Stage) -> None:
    assert is_quick("Ist Ihr Platz morgen frei? ")
    assert not is_quick("Bitte nennen Sie den Raum.")
    assert not is_quick("x" * 200 + "?")
    one = scene.order()
    task = scene.task(one, "check")
    actions.ask(task.pk, "Bitte nennen Sie den Raum.", acting_user=scene.firm.agent, now=NOW)
    page = text(browser(scene.firm.owner).get(f"/requests/{one.code}/"))
    assert 'name="quick"' not in page
    assert "Antwort senden" in page
    assert f"Frage von {scene.firm.agent.full_name}" in page


@pytest.fixture
def fulfilled(scene: Stage) -> ServiceRequest:
    one = scene.order()
    scene.done(one, "check", "complete", scene.firm.agent)
    scene.done(one, "work", "done", scene.firm.technician)
    actions.accept(one.code, acting_user=scene.firm.owner, verdict="yes", now=scene.now)
    one.refresh_from_db()
    assert one.status == "fulfilled"
    return one


def test_something_is_missing_after_all(scene: Stage, fulfilled: ServiceRequest, at_nine: Any) -> None:
    jana, path = browser(scene.firm.owner), f"/requests/{fulfilled.code}/reopen"
    page = text(jana.get(f"/requests/{fulfilled.code}/"))
    assert "Es fehlt etwas" in page
    assert "Mittwoch, 9.\N{NO-BREAK SPACE}Dezember" in page
    assert jana.post(path, {"reason": ""}).status_code == 422
    assert browser(scene.firm.outsider).post(path, {"reason": "x"}).status_code == 404
    assert jana.post(path, {"reason": "Das Netzteil"}).status_code == 302
    assert jana.post(path, {"reason": "Das Netzteil"}).status_code == 409
    assert "work" in scene.open(fulfilled)


def test_after_ten_working_days_it_is_over(scene: Stage, fulfilled: ServiceRequest, at_nine: Any) -> None:
    at_nine.move_to(NOW + timedelta(days=20))
    jana = browser(scene.firm.owner)
    assert f"/requests/{fulfilled.code}/reopen" not in text(jana.get(f"/requests/{fulfilled.code}/"))
    assert jana.post(f"/requests/{fulfilled.code}/reopen", {"reason": "Zu spät"}).status_code == 409


def test_a_rejection_says_why_by_whom_and_what_else(scene: Stage) -> None:
    people.set_limit(scene.firm.owner.pk, LimitKind.ORDER, 0, **SYSTEM)
    one = scene.order(answers={"build": "cad"})
    scene.done(one, "check", "complete", scene.firm.agent)
    scene.vote(one, "no", scene.boss)
    jana = browser(scene.firm.owner)
    page = text(jana.get(f"/requests/{one.code}/"))
    for told in ("Abgelehnt: kein Budget", "Kein Geld", "Entschieden von Berta Boss", "Was Sie stattdessen tun können"):
        assert told in page, told
    again = jana.post(f"/requests/{one.code}/again")
    draft = Draft.objects.get()
    assert again["Location"] == f"/catalogue/item/desktop/?draft={draft.public_id}"
    assert draft.answers["build"] == "cad"
    assert browser(scene.boss).post(f"/requests/{one.code}/again").status_code == 403
    assert browser(scene.firm.outsider).post(f"/requests/{one.code}/again").status_code == 404


def test_the_card_says_what_is_in_stock_and_who_else_decides(scene: Stage) -> None:
    people.set_limit(scene.firm.owner.pk, LimitKind.ORDER, 0, **SYSTEM)
    people.set_limit(scene.boss.pk, LimitKind.APPROVE, 500_000, **SYSTEM)
    one = scene.order()
    scene.done(one, "check", "complete", scene.firm.agent)
    berta = browser(scene.boss)
    page = text(berta.get("/approvals/"))
    assert "Innerhalb Ihrer Grenze von 5.000" in page
    assert "auf Lager" not in page.lower()
    run = Run.objects.get(service_request=one)
    run.data = {**run.data, "product": "nothing-known"}
    run.save(update_fields=["data"])
    assert "Nicht auf Lager, muss gekauft werden" in text(berta.get("/approvals/"))


@pytest.mark.parametrize(("path", "title"), [("/accessibility", "Barrierefreiheit"), ("/privacy", "Datenschutz")])
def test_the_statements_are_there_for_everybody(scene: Stage, path: str, title: str) -> None:
    for client in (Client(), browser(scene.firm.owner)):
        page = client.get(path)
        assert page.status_code == 200
        assert title in text(page)
        assert "mailto:" in text(page)
        assert "tel:" in text(page)
    assert Client(headers={"accept-language": "en"}).get(path).status_code == 200
    assert "evil" not in text(Client(headers={"referer": "https://evil.example/"}).get(path))


def test_every_link_of_the_footer_leads_somewhere(scene: Stage) -> None:
    page = browser(scene.firm.owner).get("/")
    for _label, url in page.context["ui"]["links"]:
        assert Client().get(url).status_code == 200


def test_the_phone_reaches_everything_behind_more(scene: Stage) -> None:
    agent = browser(scene.firm.agent)
    tabs = agent.get("/").context["shell"].tabs
    assert len(tabs) <= 5
    assert tabs[-1].url == "/more/"
    page = text(agent.get("/more/"))
    for url in ("/desk/", "/profile/", "/requests/"):
        assert f'href="{url}"' in page
    assert 'href="/desk/"' not in text(browser(scene.firm.owner).get("/more/"))
