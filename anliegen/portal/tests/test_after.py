"""The page of a request: what can be done when it is done, and what cannot be done any more."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anliegen.notifications.models import Message
from anliegen.people.models import Team, User
from anliegen.portal.tests.conftest import browser
from anliegen.requests import actions as requests
from anliegen.requests.models import Rating, ServiceRequest
from anliegen.workflow import actions
from anliegen.workflow.models import Task
from anliegen.workflow.tests.factories import NOW, Stage


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


@pytest.fixture
def delivered(scene: Stage) -> ServiceRequest:
    """It waits for the confirmation."""
    one = scene.order()
    scene.done(one, "check", "complete", scene.firm.agent)
    scene.done(one, "work", "done", scene.firm.technician)
    return one


@pytest.fixture
def fulfilled(scene: Stage, delivered: ServiceRequest) -> ServiceRequest:
    actions.accept(delivered.code, acting_user=scene.firm.owner, verdict="yes", now=scene.now)
    delivered.refresh_from_db()
    return delivered


def test_who_only_has_to_confirm_cannot_cancel_or_change(scene: Stage, delivered: ServiceRequest) -> None:
    jana, path = browser(scene.firm.owner), f"/requests/{delivered.code}/"
    for verb, sent in (("cancel", {"reason": "Falsch"}), ("correct", {"q_build": "cad"})):
        assert "nur Ihre Bestätigung fehlt noch" in text(jana.get(path + verb))
        refused = jana.post(path + verb, {**sent, "form_key": f"late-{verb}-01"})
        assert refused.status_code == 409
        assert "nur Ihre Bestätigung fehlt noch" in text(refused)
    delivered.refresh_from_db()
    assert delivered.status == "done"


def test_rating_with_one_click_then_a_sentence(scene: Stage, fulfilled: ServiceRequest) -> None:
    jana, path = browser(scene.firm.owner), f"/requests/{fulfilled.code}/"
    page = text(jana.get(path))
    assert "Wie zufrieden sind Sie damit?" in page
    assert page.count('name="score" value=') == 5
    assert jana.post(path + "rate", {"score": "5"}).status_code == 302
    assert Rating.objects.get().score == 5
    page = text(jana.get(path))
    assert "Ihre Bewertung: sehr gut" in page
    assert jana.post(path + "rate", {"score": "4", "sentence": "Gut."}).status_code == 302
    assert (Rating.objects.get().score, Rating.objects.get().sentence) == (4, "Gut.")
    for wrong in ({"score": "9"}, {"score": ""}, {"score": "4", "sentence": "x" * 1_001}):
        assert jana.post(path + "rate", wrong).status_code == 422, wrong
    assert "Wie zufrieden" not in text(browser(scene.firm.agent).get(path))
    desk = f"/desk/requests/{fulfilled.code}/"
    Team.objects.filter(key="workshop").update(lead=scene.firm.technician)
    assert "Wie zufrieden die Person war" in text(browser(scene.firm.technician).get(desk))
    assert "Wie zufrieden die Person war" not in text(browser(scene.firm.agent).get(desk))
    assert browser(scene.firm.outsider).post(path + "rate", {"score": "1"}).status_code == 404


def test_reopening_with_a_picture(scene: Stage, fulfilled: ServiceRequest) -> None:
    jana, path = browser(scene.firm.owner), f"/requests/{fulfilled.code}/"
    picture = SimpleUploadedFile("loch.txt", b"Hier fehlt etwas", "text/plain")
    assert jana.post(path + "reopen", {"reason": "Das Netzteil", "files": picture}).status_code == 302
    page = text(jana.get(path))
    assert "Das Netzteil" in page and "loch.txt" in page
    assert scene.open(fulfilled)


def test_long_journals_show_the_newest_twenty_first(scene: Stage) -> None:
    one, jana = scene.order(), browser(scene.firm.owner)
    for number in range(30):
        requests.message(one.code, f"Nachricht {number:02}", acting_user=scene.firm.owner, key=f"n-{number}", now=NOW)
    page = text(jana.get(f"/requests/{one.code}/?show=messages"))
    assert "Nachricht 29" in page and "Nachricht 10" in page and "Nachricht 09" not in page
    assert "10 ältere Einträge" in page
    assert "Nachricht 00" in text(jana.get(f"/requests/{one.code}/?show=messages&entries=70"))


def test_before_correcting_it_is_said_what_is_asked_again(scene: Stage) -> None:
    one = scene.order()
    scene.done(one, "check", "complete", scene.firm.agent)
    page = text(browser(scene.firm.owner).get(f"/requests/{one.code}/correct"))
    assert f"({scene.firm.agent.full_name}): wird nach jeder Änderung neu gefragt" in page


def test_a_representative_is_named_and_told(scene: Stage) -> None:
    one, jana = scene.order(), browser(scene.firm.owner)
    form = {"person": "jonas@nordwerk.example", "role": "council"}
    assert jana.post(f"/requests/{one.code}/people", form).status_code == 302
    page = text(jana.get(f"/requests/{one.code}/"))
    assert "Betriebs- oder Personalrat" in page
    assert Message.objects.filter(recipient=scene.firm.colleague, template="named").count() == 1
    assert jana.post(f"/requests/{one.code}/people", {**form, "role": "approver"}).status_code == 422


def test_on_hold_says_why_since_when_and_until_when(scene: Stage) -> None:
    one = scene.order()
    until = scene.now + timedelta(days=2)
    actions.hold(one.code, "Wartet auf den Lieferanten", acting_user=scene.firm.agent, now=scene.now, until=until)
    page = text(browser(scene.firm.owner).get(f"/requests/{one.code}/"))
    assert "Pausiert: Wartet auf den Lieferanten" in page
    assert "Seit heute, 10:00" in page
    assert "Es geht von selbst weiter" in page
    assert "/cancel" in page and "/correct" not in page


def test_late_says_now_instead_of_before(scene: Stage) -> None:
    one = scene.order()
    later = scene.now + timedelta(days=20)
    ServiceRequest.objects.filter(pk=one.pk).update(forecast=later, promise=scene.now + timedelta(days=6))
    page = text(browser(scene.firm.owner).get(f"/requests/{one.code}/")).replace("\N{NO-BREAK SPACE}", " ")
    assert "Voraussichtlich fertig" in page and "Verzögert" in page
    assert "jetzt Di., 15. Dez. statt Di., 1. Dez." in page


def test_what_a_team_usually_needs_is_said_once_it_is_known(scene: Stage) -> None:
    jana = browser(scene.firm.owner)
    for _number in range(5):
        scene.done(scene.order(), "check", "complete", scene.firm.agent)
    Task.objects.filter(node="check", state="done").update(done_at=NOW + timedelta(hours=2))
    page = text(jana.get(f"/requests/{scene.order().code}/"))
    assert "dauert meist 2 Stunden" in page


def test_a_page_that_shall_not_renew_itself_asks_for_nothing(scene: Stage) -> None:
    one, jana = scene.order(), browser(scene.firm.owner)
    assert 'hx-trigger="every 20s"' in text(jana.get(f"/requests/{one.code}/"))
    User.objects.filter(pk=scene.firm.owner.pk).update(live_updates=False)
    page = text(browser(scene.firm.owner).get(f"/requests/{one.code}/"))
    assert "every" not in page
    assert "erneuert sich nicht selbst" in page
