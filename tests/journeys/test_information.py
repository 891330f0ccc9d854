"""Questions, how-to and reports: routed by area and words, answered, confirmed; and each way out of them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.crash.plant import Plant
from tests.journeys.mails import waits_for_mail
from tests.journeys.persons import Person, said

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]
type Enter = Callable[..., Person]
REPORT = {"name": "auswertung.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n% Zahlen\n%%EOF\n"}


def asks(person: Person, text: str, area: str = "unknown") -> str:
    def fill_in(asking: Person) -> None:
        asking.fill("q_question", text)
        asking.choose("q_area", area)

    return person.orders("question", fill_in)


def wants_to_know(person: Person, text: str, kind: str, program: str = "") -> str:
    def fill_in(asking: Person) -> None:
        asking.fill("q_goal", text)
        asking.fill("q_program", program)
        asking.choose("q_help", kind)

    return person.orders("how-to", fill_in)


def chooses(person: Person, name: str, value: str) -> None:
    """A choice of a step, as tiles or as a list."""
    found = person.page.locator(f'form[action$="/complete/"] [name="f_{name}"]').first
    if found.evaluate("(element) => element.tagName") == "SELECT":
        found.select_option(value)
    else:
        person.choose(f"f_{name}", value)


def leaves_by(person: Person, outcome: str, **entries: str) -> None:
    """A result that opens on demand."""
    fold = person.page.locator("details", has=person.page.locator(f'button[name="outcome"][value="{outcome}"]'))
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
    for name, value in entries.items():
        person.fill(f"f_{name}", value, fold)
    person.click(fold.locator(f'button[name="outcome"][value="{outcome}"]'))


def refused(person: Person, send: Callable[[], None]) -> None:
    """Sent, and shown again with what is missing."""
    with person.page.expect_response(lambda answer: answer.request.method == "POST") as posted:
        send()
    assert posted.value.status == 422
    expect(person.page.locator("#error-summary")).to_be_visible()
    person.errors.clear()  # the browser's word about the 422


def test_words_choose_the_team_and_the_answer_stands_large(enter: Enter, product: Plant) -> None:
    jana, aylin = enter("Jana Sommer"), enter("Aylin Noack")
    code = asks(jana, "Wie bekomme ich einen Parkplatz?")
    jana.request(code)
    jana.sees("Zugewiesen an Büroservice: Ein Wort zu Gebäude und Räumen kommt vor.")

    aylin.finds_task(code, "answer")
    chooses(aylin, "way", "portal")
    aylin.sends(
        aylin.page.locator("#desk-pane"), "done", answer="Am Empfang liegt das Formular. Ab 1. Januar ist einer frei."
    )
    jana.request(code)
    expect(jana.page.locator("#answer")).to_contain_text("Am Empfang liegt das Formular.")
    jana.sees("Aylin Noack")
    waits_for_mail(product, "jana.sommer@nordwerk.example", "Die Antwort auf")
    jana.clicks = 0
    jana.accepts(code)
    assert jana.clicks == 1
    expect(jana.page.locator("#answer")).to_contain_text("Ab 1. Januar ist einer frei.")


def test_answered_by_phone_and_confirmed_by_phone(enter: Enter) -> None:
    jana, eva, nele = enter("Jana Sommer"), enter("Eva Clausen"), enter("Nele Krüger")
    code = asks(jana, "Wie viele Tage bleiben mir?", "staff")
    eva.finds_task(code, "answer")
    chooses(eva, "way", "phone")
    eva.sends(eva.page.locator("#desk-pane"), "done", answer="Es sind noch 7 Tage, das haben wir besprochen.")
    nele.opens(f"/desk/requests/{code}/")
    fold = nele.page.locator("details", has=nele.page.locator('form[action$="/accept/"]'))
    fold.locator("summary").click()
    nele.choose("verdict", "yes", fold)
    fold.locator('button[type="submit"]').click()
    jana.request(code)
    jana.sees(said("Confirmed by phone."))


def test_not_answered_goes_back_to_the_same_team(enter: Enter) -> None:
    jana, aylin = enter("Jana Sommer"), enter("Aylin Noack")
    code = asks(jana, "Wann wird die Heizung repariert?", "building")
    aylin.finds_task(code, "answer")
    chooses(aylin, "way", "portal")
    aylin.sends(aylin.page.locator("#desk-pane"), "done", answer="Bald.")
    jana.request(code)
    turn = jana.page.locator(".srm-turn")
    turn.locator("summary").first.click()
    jana.fill("text", "Ich brauche einen Tag.", turn)
    turn.locator('button[name="verdict"][value="no"]').click()
    pane = aylin.finds_task(code, "answer")
    chooses(aylin, "way", "portal")
    aylin.sends(pane, "done", answer="Am 3. Dezember.")
    jana.accepts(code)


def test_a_disruption_is_handed_over_with_its_number(enter: Enter, product: Plant) -> None:
    jana, nele = enter("Jana Sommer"), enter("Nele Krüger")
    code = asks(jana, "Mein Bildschirm bleibt schwarz, was nun?", "it")
    nele.finds_task(code, "answer")
    refused(nele, lambda: leaves_by(nele, "disruption"))  # the number is missing
    leaves_by(nele, "disruption", reference="INC-4711")
    nele.page.wait_for_load_state()
    jana.request(code)
    jana.sees("Das ist eine Störung. Sie wird unter INC-4711 bearbeitet.")
    jana.sees("Übergeben")
    waits_for_mail(product, "jana.sommer@nordwerk.example", "Übergeben")


def test_an_order_is_moved_with_the_same_number(enter: Enter) -> None:
    jana, nele = enter("Jana Sommer"), enter("Nele Krüger")
    code = asks(jana, "Kann ich einen neuen PC haben?", "it")
    pane = nele.finds_task(code, "answer")
    nele.click(pane.get_by_role("link", name=said("This is an order: move it to the right service")))
    nele.page.locator('[name="item"]').select_option("desktop")
    nele.click(nele.page.locator('button[name="go"][value="on"]'))
    nele.fill("reason", "Sie möchten einen PC.")
    expect(nele.page.locator('[name="justification"]')).to_have_value("Kann ich einen neuen PC haben?")
    nele.click(nele.page.locator('button[name="go"][value="move"]'))
    nele.sees(
        said("Moved. The requester has been told, and the steps of the other service begin."), nele.page.locator("body")
    )
    jana.request(code)
    jana.sees("Desktop-PC")
    jana.sees("Sie möchten einen PC.")
    enter("Henrik Thomsen").finds_task(code, "check")


def test_what_is_missing_is_completed_by_the_requester(enter: Enter) -> None:
    jana, aylin = enter("Jana Sommer"), enter("Aylin Noack")
    code = asks(jana, "Ich möchte in einen anderen Raum ziehen.", "building")
    aylin.opens(f"/desk/requests/{code}/reclassify/?item=move")
    aylin.fill("reason", "Das ist ein Umzug.")
    aylin.click(aylin.page.locator('button[name="go"][value="ask"]'))
    aylin.page.wait_for_url("**/desk/**")
    jana.request(code)
    jana.click(jana.page.locator(".srm-turn a.btn"))
    jana.fill("q_new_place", "C 1.03")
    jana.choose("q_things", "pc")
    jana.click(jana.page.locator('main form button[type="submit"]').last)
    jana.page.wait_for_url(f"**/requests/{code}/")
    aylin.finds_task(code, "check")


def test_a_short_explanation_asks_for_the_cause(enter: Enter) -> None:
    jana, sina = enter("Jana Sommer"), enter("Sina Wolf")
    code = wants_to_know(jana, "Zwei Listen vergleichen", "short", "Excel")
    sina.finds_task(code, "answer")
    chooses(sina, "way", "portal")
    form = sina.page.locator('form[action$="/complete/"]')
    sina.fill("f_answer", "Mit SVERWEIS.", form)
    refused(sina, lambda: sina.click(form.locator('button[name="outcome"][value="done"]')))  # the cause is missing
    chooses(sina, "cause", "guide-missing")
    sina.click(form.locator('button[name="outcome"][value="done"]'))
    sina.sees(said("Done. The request goes on."), sina.page.locator("body"))
    jana.request(code)
    expect(jana.page.locator("#answer")).to_contain_text("Mit SVERWEIS.")
    assert "Anleitung fehlt" not in jana.page.locator("main").inner_text()
    jana.accepts(code)


def test_advice_is_planned_then_given(enter: Enter) -> None:
    jana, sven = enter("Jana Sommer"), enter("Sven Jacobs")
    code = wants_to_know(jana, "Beidseitig drucken", "advice", "Drucker im 3. Stock")
    sven.completes(code, "agree")
    sven.finds_task(code, "advise")
    chooses(sven, "cause", "training")
    sven.sends(sven.page.locator("#desk-pane"), "done", answer="Gezeigt: Datei, Drucken, Duplex.")
    jana.accepts(code)


def test_a_report_comes_as_a_file_and_data_protection_is_asked(enter: Enter) -> None:
    jana, mo, maike = enter("Jana Sommer"), enter("Mo Haddad"), enter("Maike Stöver")
    code = jana.orders("report", lambda person: person.fill("q_content", "Bestellungen je Person"))
    jana.request(code)
    assert "Genehmigung" not in jana.page.locator("#request-head").inner_text()
    mo.finds_task(code, "make")
    leaves_by(mo, "personal-data", personal="Namen und Bestellungen einzelner Personen")
    mo.page.wait_for_load_state()
    jana.request(code)
    jana.sees("Offen")  # data protection is asked: the report is not done
    maike.completes(code, "review", "clear")
    pane = mo.finds_task(code, "make")
    pane.locator('[name="f_report"]').set_input_files([REPORT])  # type: ignore[list-item]
    mo.sends(pane, "done", summary="Aus den Bestellungen des letzten Monats.")
    jana.request(code)
    jana.sees("auswertung.pdf", jana.page.locator("#report"))  # on top, as an answer
    jana.accepts(code)
