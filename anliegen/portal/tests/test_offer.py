"""Around the form of an item: the same thing again, a wish too early, drafts, what an address fills in."""

from datetime import timedelta

import pytest

from anliegen.catalogue import actions
from anliegen.catalogue.models import Draft
from anliegen.lib.text import LocalText
from anliegen.people.access import day
from anliegen.portal.forms.questions import YesNoField
from anliegen.portal.shown.summary import changes
from anliegen.portal.tests.conftest import browser
from anliegen.requests.models import ServiceRequest
from anliegen.workflow.tests.factories import Stage

ITEM = "/catalogue/item/desktop/"
FORM = {"q_build": "standard", "form_key": "key-0001-abcdefgh"}


def _page(scene: Stage, query: str = "", who: object = None) -> str:
    return browser(who or scene.firm.owner).get(f"{ITEM}{query}").content.decode()  # type: ignore[arg-type]


def test_who_has_it_already_is_told_before_sending_and_may_send_again(scene: Stage) -> None:
    assert "Das haben Sie schon angefordert" not in _page(scene)
    jana = browser(scene.firm.owner)
    jana.post(ITEM, FORM)
    first = ServiceRequest.objects.get()
    shown = _page(scene)
    assert "Das haben Sie schon angefordert" in shown
    assert f"/requests/{first.code}/" in shown
    assert first.code not in _page(scene, who=scene.firm.colleague)
    jana.post(ITEM, {**FORM, "form_key": "key-0002-abcdefgh"})
    assert ServiceRequest.objects.count() == 2


def test_what_has_ended_is_not_told_again(scene: Stage) -> None:
    browser(scene.firm.owner).post(ITEM, FORM)
    ServiceRequest.objects.update(ended_at=scene.now, status="cancelled", end_kind="cancelled", closed_by="person")
    assert "Das haben Sie schon angefordert" not in _page(scene)


def test_a_wish_before_the_promise_is_told_and_does_not_hinder(scene: Stage) -> None:
    wish = {**FORM, "wish_date": "26.11."}
    live = browser(scene.firm.owner).post(f"{ITEM}form", {**wish, "seen": "a|b|c|1|"})
    assert "Sie wünschen es morgen, zusagen können wir" in live.content.decode()
    late = browser(scene.firm.owner).post(f"{ITEM}form", {**FORM, "wish_date": "2027-03-01"})
    assert "zusagen können wir" not in late.content.decode()
    assert browser(scene.firm.owner).post(ITEM, wish).status_code == 302


def test_what_changed_is_told_and_nothing_else() -> None:
    before = "Montag|1 €|Tom|3|"
    assert changes(before, before) == ""
    assert changes(before, "Dienstag|1 €|Tom|3|") == "Neuer Termin: Dienstag."
    assert changes(before, "Montag|2 €|Tom, Ina|4|") == "Neue Kosten: 2 €. Genehmigung: Tom, Ina. 1 weitere Frage."
    assert changes(before, "Montag|1 €||2|Zu früh.") == "Es ist keine Genehmigung nötig. Weniger Fragen. Zu früh."
    for nonsense in ("", "x", "a|b|c|" + "9" * 50, "a|b|c|٣|"):
        changes(nonsense, before)


def test_a_draft_is_offered_again_to_its_owner_for_thirty_days(scene: Stage) -> None:
    jana = browser(scene.firm.owner)
    jana.post(f"{ITEM}form", {**FORM, "q_notes": "Bitte leise"})
    draft = Draft.objects.get()
    shown = _page(scene)
    assert "Ihr Entwurf von" in shown
    assert f"?draft={draft.public_id}" in shown
    assert "Bitte leise" in _page(scene, f"?draft={draft.public_id}")
    assert "Ihr Entwurf von" not in _page(scene, f"?draft={draft.public_id}")
    assert "Ihr Entwurf von" not in _page(scene, who=scene.firm.colleague)
    Draft.objects.update(changed_at=scene.now - timedelta(days=31))
    assert "Ihr Entwurf von" not in _page(scene)
    assert draft.public_id not in jana.get("/").content.decode()


@pytest.mark.parametrize(
    ("given", "led"),
    [
        ("?ort=K-2.14&geraet=NB-1", "/catalogue/item/desktop/?place=K-2.14&device=NB-1"),
        ("", "/catalogue/item/desktop/"),
        ("?ort=%20%0A&x=1", "/catalogue/item/desktop/"),
    ],
)
def test_a_short_address_leads_to_the_item(scene: Stage, given: str, led: str) -> None:
    assert browser(scene.firm.owner).get(f"/o/desktop{given}")["Location"] == led


def test_an_address_fills_in_a_place_and_a_text_and_says_what_it_could_not(scene: Stage) -> None:
    assert "Haus 3, Raum 01" in _page(scene, "?place=K-3.01")
    assert "Bitte &lt;leise&gt;" in _page(scene, "?text=Bitte+%3Cleise%3E")
    shown = _page(scene, "?place=Mond&device=NB-404")
    assert "Den Ort „Mond“ aus dem Link" in shown
    assert "Das Gerät „NB-404“ aus dem Link" in shown
    assert browser(scene.firm.owner).get(f"{ITEM}?place={'x' * 500}").status_code == 200


def test_what_is_away_is_not_asked_for(scene: Stage) -> None:
    until = day(scene.now) + timedelta(days=5)
    why = LocalText("Ausverkauft.", "Out of stock.")
    actions.withhold("desktop", until=until, reason=why, acting_user=scene.firm.process_owner, now=scene.now)
    shown = _page(scene)
    assert "können Sie es wieder anfordern" in shown
    assert "Jetzt anfordern" not in shown


def test_a_yes_or_no_that_may_stay_open_begins_with_nothing() -> None:
    open_one = YesNoField(required=False, preset=False)
    assert open_one.initial is None
    assert open_one.clean("") == ""
    assert open_one.clean("no") == "no"
    assert YesNoField(required=False).clean("") == "no"
