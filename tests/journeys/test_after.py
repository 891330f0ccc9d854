"""What a requester does on the page of a request: see, answer, accept, rate, reopen, cancel; with and without a script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.persons import Person, said
from tests.journeys.test_information import asks, chooses

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]
type Enter = Callable[..., Person]
PHOTO = {"name": "loch.txt", "mimeType": "text/plain", "buffer": b"Hier fehlt etwas."}


def _answered(enter: Enter, asking: Person, text: str) -> str:
    """A question that a colleague of facilities has answered."""
    code = asks(asking, text)
    _answers(enter("Aylin Noack"), code)
    return code


def _answers(aylin: Person, code: str) -> None:
    pane = aylin.finds_task(code, "answer")
    chooses(aylin, "way", "portal")
    aylin.sends(pane, "done", answer="Am Empfang liegt das Formular.")


def _reopens(person: Person, code: str, why: str) -> None:
    fold = person.page.locator("#reopen")
    person.click(fold.locator("summary"))
    person.fill("reason", why, fold)
    fold.locator('input[type="file"]').set_input_files(PHOTO)
    person.click(fold.locator('button[type="submit"]'))
    person.page.wait_for_url(f"**/requests/{code}/**")


@pytest.mark.parametrize("script", [True, False])
def test_accept_rate_and_reopen(enter: Enter, script: bool) -> None:
    arne = enter("Arne Ketelsen", java_script_enabled=script)
    code = _answered(enter, arne, f"Wie bekomme ich einen Parkplatz? ({script})")
    arne.clicks = 0
    arne.opens("/")
    arne.sees("Wartet auf Sie")  # B4: no click
    assert arne.clicks == 0

    arne.accepts(code)
    assert arne.clicks == 1  # B6
    arne.click(arne.page.locator('#rating button[name="score"][value="5"]'))
    expect(arne.page.locator("#h-rating")).to_have_text("Ihre Bewertung: sehr gut")
    assert arne.clicks == 2  # as B20: one click is saved

    arne.clicks = 0
    _reopens(arne, code, "Dort steht keiner.")
    assert arne.clicks == 2  # B6: 2 + reason
    arne.sees("Dort steht keiner.")
    arne.sees("loch.txt")


def test_cancel_without_a_script(enter: Enter) -> None:
    arne = enter("Arne Ketelsen", java_script_enabled=False)
    code = asks(arne, "Wo ist der Erste-Hilfe-Kasten?")
    arne.request(code)
    arne.click(arne.page.locator(f'a[href$="/requests/{code}/cancel"]'))
    arne.fill("reason", "Schon gefunden.")
    arne.click(arne.page.locator("main .btn-danger"))
    arne.sees(said("Cancelled"))


def test_the_page_follows_by_itself_and_moves_nothing(enter: Enter) -> None:
    """State, counters and words for those who hear; the focus and what was typed stay."""
    wiebke = enter("Wiebke Nissen")
    code = asks(wiebke, "Wie bekomme ich einen zweiten Parkplatz?")
    wiebke.page.clock.install()
    wiebke.request(code)
    wiebke.page.fill("#message_text", "Ich schreibe gerade")
    wiebke.page.evaluate("scrollTo(0, 400)")  # what is typed in is looked at
    before = wiebke.page.locator("#message_text").bounding_box()
    _answers(enter("Aylin Noack"), code)
    with wiebke.page.expect_response(lambda answer: "/live?" in answer.url and answer.status == 200):
        wiebke.page.clock.run_for(21_000)
    wiebke.page.clock.run_for(4_000)
    expect(wiebke.page.locator("#srm-live")).to_contain_text("Stand: ")
    expect(wiebke.page.locator('.srm-nav [data-count="requests"]')).to_be_visible()
    assert wiebke.page.evaluate("document.activeElement.id") == "message_text"
    after = wiebke.page.locator("#message_text").bounding_box()
    assert before and after and abs(after["y"] - before["y"]) < 2
    expect(wiebke.page.locator("#request-news a")).to_be_visible()


def test_my_requests_are_found_while_typing(enter: Enter) -> None:
    jana = enter("Jana Sommer")
    jana.opens("/requests/")
    jana.page.locator("#q").press_sequentially("umzieh")
    jana.page.wait_for_url("**/requests/?*q=umzieh*")
    expect(jana.page.locator("#mine [role=status]")).to_have_text("1 Anfrage")
    assert jana.page.evaluate("document.activeElement.id") == "q"
    assert jana.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("address", ["/requests/?state=all", "first"])
def test_nothing_is_wider_than_a_small_phone(enter: Enter, address: str) -> None:
    jana = enter("Jana Sommer", viewport={"width": 320, "height": 640})
    jana.opens("/requests/?state=all")
    if address == "first":
        jana.page.locator("a.srm-cover").first.click()
        jana.page.wait_for_load_state()
    assert jana.page.evaluate("document.documentElement.scrollWidth") == 320
