"""Several things at once, for oneself and for others: what it costs in clicks, and that approvers need one."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.persons import Person, said

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]
type Enter = Callable[..., Person]


def _reason(person: Person) -> None:
    person.fill("justification", "Mein Gerät ist zu langsam.")


def _card(person: Person, item: str) -> None:
    """The card of a service, or the hit that leads to it."""
    person.click(person.page.locator(f'main a[href*="/catalogue/item/{item}/"]').first)


def _into_cart(person: Person) -> None:
    person.settled()
    person.click(person.page.locator('.srm-sum button[name="cart"]'))
    person.page.wait_for_url("**/catalogue/")


def _to_cart(person: Person) -> None:
    person.click(person.page.locator('header a[href="/cart/"]'))


def _sends(person: Person) -> list[str]:
    person.click(person.page.locator('.srm-sum button[form="f"], .srm-sum #f button[type="submit"]').first)
    person.page.wait_for_url("**/orders/**")
    links = person.page.locator('main a[href^="/requests/SR-"]')
    return [str(path).split("/")[2] for path in links.evaluate_all("(found) => found.map((link) => link.pathname)")]


def test_a_known_thing_through_the_search_costs_three_clicks(enter: Enter) -> None:
    """B2: three letters, Enter, the card, send."""
    jana = enter("Jana Sommer")
    jana.opens("/")
    jana.page.locator('main [name="q"]').first.fill("lap")
    jana.page.keyboard.press("Enter")
    jana.clicks += 1
    _card(jana, "laptop")
    _reason(jana)
    jana.settled()
    jana.click(jana.send_button())
    jana.confirmed()
    assert jana.clicks <= 3


def test_for_somebody_else_costs_two_clicks_and_a_field_more(enter: Enter) -> None:
    """B11: who gets it is told, and sees it."""
    wiebke = enter("Wiebke Nissen")
    own = wiebke.orders("desktop", _reason)
    clicks, filled = wiebke.clicks, wiebke.filled

    def for_arne(person: Person) -> None:
        person.click(person.page.locator("label", has=person.page.locator('[name="for_whom"][value="other"]')))
        person.fill("recipient", "Arne Ketelsen")
        _reason(person)

    other = wiebke.orders("desktop", for_arne)
    assert (own, wiebke.clicks - 2 * clicks <= 2, wiebke.filled - 2 * filled) == (own, True, 1)
    arne = enter("Arne Ketelsen")
    arne.request(other)
    arne.sees("Desktop-PC")


def test_three_things_in_one_order_and_one_click_for_who_decides(enter: Enter) -> None:
    """B12, from the catalogue: each thing costs two clicks, the cart one, sending one."""
    jana = enter("Jana Sommer")
    jana.opens("/catalogue/")
    for item in ("laptop", "desktop", "software"):
        _card(jana, item)
        _reason(jana)
        if item == "software":
            jana.page.locator('[name="q_program"]').fill("Acrobat Pro")
            jana.page.locator("label", has=jana.page.locator('[name="q_data_class"][value="no"]')).click()
        _into_cart(jana)
    _to_cart(jana)
    jana.sees("Silke Marten")
    codes = _sends(jana)
    assert len(codes) == 3
    assert jana.clicks <= 8
    assert jana.page.evaluate("document.activeElement.tagName") == "H1"


def test_a_list_of_people_without_javascript_and_taken_back(enter: Enter) -> None:
    wiebke = enter("Wiebke Nissen", java_script_enabled=False)
    wiebke.opens("/catalogue/item/laptop/")
    _reason(wiebke)
    wiebke.click(wiebke.page.locator('.srm-sum button[name="cart"]'))
    wiebke.opens("/cart/")
    wiebke.click(wiebke.page.get_by_role("link", name=said("Choose for everything")))
    wiebke.choose("for_whom", "several")
    wiebke.fill("names", "Jana Sommer\nMax Muster\narne.ketelsen@nordwerk.example")
    wiebke.click(wiebke.page.locator('main button[type="submit"]'))
    wiebke.sees("Zeile 2: „Max Muster“ kennen wir nicht.")
    wiebke.errors.clear()  # the browser's word about the 422
    wiebke.page.locator('[name="skip"]').check()
    wiebke.click(wiebke.page.locator('main button[type="submit"]'))
    wiebke.sees("Für Arne Ketelsen, Jana Sommer")
    assert len(_sends(wiebke)) == 2
    wiebke.click(wiebke.page.get_by_role("button", name=said("Cancel everything")))
    wiebke.sees(said("Cancelled"))


def test_removing_a_line_leads_to_the_next_and_can_be_undone(enter: Enter) -> None:
    jana = enter("Jana Sommer")
    for item in ("laptop", "desktop"):
        jana.opens(f"/catalogue/item/{item}/")
        _reason(jana)
        _into_cart(jana)
    jana.opens("/cart/")
    lines = jana.page.locator(".srm-line")
    expect(lines).to_have_count(2)
    jana.click(lines.first.get_by_role("button", name="entfernen"))
    expect(lines).to_have_count(1)
    assert jana.page.evaluate("document.activeElement.tagName") == "H2"
    jana.click(jana.page.get_by_role("button", name=said("Undo")))
    expect(lines).to_have_count(2)
    for _line in range(2):
        jana.click(lines.first.get_by_role("button", name="entfernen"))
        jana.page.wait_for_load_state()
    jana.sees(said("There is nothing in your cart yet."))
