"""Story 1 of the issue: a desktop PC, noted at the telephone, through every hand to the accepted closing."""

from collections.abc import Callable

import pytest

from tests.crash.plant import Plant
from tests.journeys.mails import waits_for_mail
from tests.journeys.persons import Person, said

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]
type Enter = Callable[..., Person]
WISH = "Zwei Bildschirme, sehr leise, eine Messkarte."


def _calls(nele: Person, caller: str) -> str:
    """Nele notes what the caller needs; the number that she reads out."""
    nele.opens("/desk/call/")
    nele.fill("caller", caller)
    nele.page.locator('[name="item"]').select_option("desktop")
    nele.choose("q_build", "special")
    nele.fill("q_description", WISH)
    nele.fill("justification", "Ich werte Messungen aus.")
    nele.settled()
    nele.page.locator('button[name="go"][value="make"]').click()
    nele.page.wait_for_url("**/desk/call/SR-*/done/")
    code = nele.page.url.rstrip("/").split("/")[-2]
    nele.sees(code)
    return code


def test_a_pc_that_is_not_in_stock_goes_through_every_hand(enter: Enter, product: Plant) -> None:
    code = _calls(enter("Nele Krüger"), "Jana Sommer")

    analyst = enter("Henrik Thomsen")
    pane = analyst.finds_task(code, "check")
    analyst.sees(WISH, pane)
    analyst.sees("B 3.14", pane)
    analyst.sends(pane, "complete", cost="1.890,00")

    holder = enter("Silke Marten")
    holder.opens("/approvals/")
    holder.sees("1.890", holder.vote(code))
    holder.approves(code)

    buyer = enter("Martin Berger")
    pane = buyer.finds_task(code, "buy")
    buyer.sees(WISH, pane)
    buyer.sends(pane, "ordered", supplier="Nordsee Systemhaus", order_number="B-26077", delivery_date="30.11.2026")
    enter("Finn Jensen").completes(code, "goods-in", delivery_note="L-88077")

    technician = enter("Mats Koch")
    pane = technician.finds_task(code, "assemble")
    technician.sees(WISH, pane)
    technician.sees("B 3.14", pane)
    technician.sends(pane, "done", serial="5CD7077", inventory_number="NW-4177")

    supporter = enter("Sven Jacobs")
    pane = supporter.finds_task(code, "install")
    supporter.sees("B 3.14", pane)
    supporter.sends(pane, "done", works="on")

    jana = enter("Jana Sommer")
    waits_for_mail(product, "jana.sommer@nordwerk.example", code)
    jana.accepts(code)
    jana.request(code)
    whys = jana.page.locator("#whys")
    whys.locator("summary").click()
    jana.sees(said("rule"), whys)
    jana.sees("Desktop-PC", jana.page.locator("h1"))


def test_a_pc_in_stock_within_the_limit_needs_nobody_to_approve_or_buy(enter: Enter) -> None:
    lena = enter("Lena Hahn")
    code = lena.orders("desktop", lambda person: person.fill("justification", "Für die neue Kollegin."))

    enter("Henrik Thomsen").completes(code, "check", "complete")
    technician = enter("Priya Raman")
    technician.opens("/desk/?view=team")
    assert technician.row(code, "assemble").count() == 1

    lena.request(code)
    whys = lena.page.locator("#whys")
    whys.locator("summary").click()
    assert whys.locator("li").count() >= 2  # within the limit, and reserved from stock
    lena.sees("1.000", whys)


def test_a_no_of_the_budget_comes_with_reason_and_sentence(enter: Enter, product: Plant) -> None:
    jana = enter("Jana Sommer")
    code = jana.orders("desktop", lambda person: person.fill("justification", "Ein schnelleres Gerät wäre schön."))
    enter("Ines Albrecht").completes(code, "check", "complete")
    enter("Silke Marten").rejects(code, "budget", "Das alte Gerät ist erst zwei Jahre alt.")

    jana.request(code)
    jana.sees("Das alte Gerät ist erst zwei Jahre alt.")
    waits_for_mail(product, "jana.sommer@nordwerk.example", code)
    lists = jana.page
    jana.opens("/requests/?state=closed")
    assert lists.get_by_text(code).count() == 1
