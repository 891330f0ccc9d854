"""The component page in a browser: axe, small screens, keys."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "EN-301-549"]


@pytest.mark.parametrize("address", ["/ui/components", "/ui/components/desk"])
@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark"), (320, "light")])
def test_components_pass_axe_and_fit(browser: Any, live_server: Any, address: str, width: int, scheme: str) -> None:
    page = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto(live_server.url + address)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.evaluate((Path(settings.NODE_MODULES) / "axe-core" / "axe.min.js").read_text())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []
    assert said == []  # nothing that the policy would have stopped
    page.context.close()


def test_a_dialog_takes_the_focus_and_gives_it_back(browser: Any, live_server: Any) -> None:
    page = browser.new_context(locale="de-DE").new_page()
    page.goto(f"{live_server.url}/ui/components")
    opener = page.get_by_role("button", name="Dialog öffnen")
    opener.click()
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.dialog") == "sample"
    page.context.close()


def test_the_look_changes_at_once_and_stays(browser: Any, live_server: Any) -> None:
    page = browser.new_context(color_scheme="light", viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"{live_server.url}/ui/components")
    with page.expect_response("**/prefs"):
        page.locator("header > div > div > form [data-theme-toggle]").click()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    page.context.close()


def test_the_error_summary_has_the_focus(browser: Any, live_server: Any) -> None:
    page = browser.new_context().new_page()
    page.goto(f"{live_server.url}/ui/components")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    page.context.close()
