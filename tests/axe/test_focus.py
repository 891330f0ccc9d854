"""After a part of a page is renewed, the focus is where it was and readers are told what is new (ux/spec tests 5, 6);
printed pages have no navigation and are whole (test 13)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.axe import look
from tests.journeys.persons import Person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("axe")]
FOCUS = "document.activeElement.id || document.activeElement.name || document.activeElement.tagName"
A4 = {"width": 718, "height": 1000}  # between its margins, at 96 dots an inch


def _said(page: Any) -> str:
    """What a screen reader says next."""
    expect(page.locator("#srm-live")).not_to_be_empty()
    return str(page.locator("#srm-live").inner_text())


def test_an_answer_renews_the_summary_and_the_focus_stays(come: Callable[..., Person]) -> None:
    page = come("Arne Ketelsen").page
    page.goto("/catalogue/item/desktop/")
    chosen = page.locator('#f input[name="q_build"][value="cad"]')
    with page.expect_response("**/form"):
        chosen.check(force=True)
        chosen.focus()
    assert _said(page)
    assert page.evaluate("document.activeElement.value") == "cad"


def test_suggestions_are_counted_and_the_focus_stays(come: Callable[..., Person]) -> None:
    page = come("Arne Ketelsen").page
    page.goto("/catalogue/item/question/")
    asked = page.locator("#f textarea, #f input[type=text]").first
    with page.expect_response("**/fits"):
        asked.press_sequentially("VPN einrichten", delay=20)
    assert re.match(r"\d+ Vorschl", _said(page))
    assert page.evaluate(FOCUS) == asked.get_attribute("id")
    fit = page.locator("details.srm-fit").first
    fit.locator("summary").click()
    fit.locator('button[name="unhelpful"]').click()
    expect(asked).to_be_focused()


def test_my_requests_are_found_while_typing_and_the_focus_stays(come: Callable[..., Person]) -> None:
    page = come("Jana Sommer").page
    page.goto("/requests/")
    with page.expect_response("**/requests/?**q=zzqx**"):
        page.locator("#q").press_sequentially("zzqx", delay=20)
    expect(page.locator('#mine [role="status"]')).to_contain_text("0")
    assert page.evaluate(FOCUS) == "q"


@pytest.mark.parametrize("button", ["helped-yes", "helped-no"])
def test_a_vote_on_an_article_moves_the_focus_to_the_thanks(come: Callable[..., Person], button: str) -> None:
    page = come("Arne Ketelsen").page
    page.goto("/knowledge/battery/" if button == "helped-yes" else "/knowledge/badge/")
    page.locator(f"#{button}").press("Enter")
    expect(page.locator("#h-helpful")).to_be_focused()


@pytest.mark.parametrize(
    ("who", "where"), [("Jana Sommer", "/requests/?q=umziehen"), ("Malte Harms", "/requests/")], ids=["runs", "done"]
)
def test_a_request_is_printed_without_navigation_and_whole(come: Callable[..., Person], who: str, where: str) -> None:
    page = come(who, viewport=A4).page
    page.goto(where)
    code = re.search(r"/requests/(SR-\d+)/", page.locator("#mine").inner_html())[1]
    for address in (f"/requests/{code}/", f"/requests/confirmation/{code}/"):
        page.goto(address)
        page.emulate_media(media="print", color_scheme="light")
        _printed(page, code)
        assert page.pdf(format="A4").startswith(b"%PDF")
        page.emulate_media(media="screen")


def _printed(page: Any, code: str) -> None:
    for hidden in ("header.srm-top", ".srm-tabbar", ".srm-buybar", ".srm-skip", "main .btn"):
        for one in page.locator(hidden).all():
            assert not one.is_visible(), f"{hidden} is printed"
    assert page.locator("h1").is_visible()
    assert code in page.locator("main").inner_text()
    assert look.too_wide(page) == []
    assert look.clipped(page) == []
