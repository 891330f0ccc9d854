"""A laptop on the shared model: within and above the limit, in stock and bought, in parts, dearer, sent by post."""

from collections.abc import Callable

import pytest

from tests.crash.plant import Plant
from tests.journeys.mails import waits_for_mail
from tests.journeys.persons import Person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]
type Enter = Callable[..., Person]


def test_within_the_limit_it_is_sent_to_an_address_that_only_the_store_sees(enter: Enter) -> None:
    def fill_in(person: Person) -> None:
        person.choose("q_model", "laptop-13")
        person.choose("q_handover", "post")
        person.fill("q_address", "Deichweg 4, 25813 Husum")
        person.fill("justification", "Für die Messe.")

    lena = enter("Lena Hahn")
    code = lena.orders("laptop", fill_in)

    mats = enter("Mats Koch")
    pane = mats.finds_task(code, "assemble")
    assert "Deichweg" not in pane.inner_text()
    mats.sends(pane, "done", serial="5CD90", inventory_number="NW-9090", tick_disk_encrypted="on", tick_updated="on")

    finn = enter("Finn Jensen")
    pane = finn.finds_task(code, "ship")
    finn.sees("Deichweg 4", pane)
    finn.sends(pane, "done", parcel_number="JJD 77")

    lena.clicks = 0
    lena.accepts(code)
    assert lena.clicks == 1
    lena.request(code)
    lena.click(lena.page.locator(f'a[href="/requests/{code}/receipt"]'))
    for text in ("Lena Hahn", "Finn Jensen", "NW-9090", "JJD 77"):
        lena.sees(text)


def test_a_dear_one_is_asked_about_again_bought_in_parts_and_checked(enter: Enter, product: Plant) -> None:
    def fill_in(person: Person) -> None:
        person.choose("q_model", "laptop-16-cad")
        person.fill("q_quantity", "2")
        person.fill("justification", "Zwei Arbeitsplätze zum Zeichnen.")

    jana = enter("Jana Sommer")
    code = jana.orders("laptop", fill_in)
    tom, silke = enter("Tom Brandt"), enter("Silke Marten")
    tom.approves(code)
    silke.approves(code)

    martin = enter("Martin Berger")
    martin.completes(code, "buy", "dearer", supplier="Nordsee Systemhaus", cost="4.980,00")
    tom.opens("/approvals/")
    tom.sees("4.780", tom.vote(code))
    tom.sees("4.980", tom.vote(code))
    tom.approves(code)
    silke.approves(code)
    entries = {"cost": "4.980,00", "order_number": "B-91", "delivery_date": "30.11.2026"}
    martin.completes(code, "buy", "ordered", supplier="Nordsee Systemhaus", **entries)
    waits_for_mail(product, "jana.sommer@nordwerk.example", code)

    finn = enter("Finn Jensen")
    finn.completes(code, "goods-in", received="1", delivery_note="L-91")
    pane = finn.finds_task(code, "goods-in")
    assert pane.locator('[name="f_received"]').input_value() == "1"  # the rest
    finn.sends(pane, "done", delivery_note="L-92")

    ticks = dict.fromkeys(("tick_disk_encrypted", "tick_updated", "tick_cad_tested"), "on")
    enter("Mats Koch").completes(code, "assemble", serial="S1, S2", inventory_number="NW-91, NW-92", **ticks)
    enter("Sven Jacobs").completes(code, "hand-over")
    enter("Henrik Thomsen").completes(code, "quality", "yes")
    jana.accepts(code)


def test_a_broken_device_is_no_dead_end(enter: Enter) -> None:
    def fill_in(person: Person) -> None:
        person.choose("q_reason", "broken")
        person.settled()
        person.sees("Service Desk")
        person.choose("q_disruption", "yes")
        person.fill("justification", "Es startet nicht mehr.")

    jana = enter("Jana Sommer")
    code = jana.orders("laptop", fill_in)
    enter("Ines Albrecht").completes(code, "check", "complete")
    enter("Tom Brandt").rejects(code, "budget", "Es wird repariert.")
    jana.request(code)
    jana.sees("Es wird repariert.")
