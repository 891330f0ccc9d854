"""What a request's page does by itself: it asks for news, shows them, and leaves the focus where it is."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from anliegen.lib import bus
from anliegen.portal.tests.conftest import browser as client_of
from anliegen.workflow.tests import factories
from anliegen.workflow.tests.factories import Stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def firm(transactional_db: None, bind_wiring: Callable[[], None]) -> Iterator[Stage]:
    before = bus.bound()
    bind_wiring()
    found = factories.stage(wired=True)
    factories.publish()
    yield found
    bus.bind(before)


def test_a_poll_changes_state_and_promise_and_leaves_the_focus(firm: Stage, browser: Any, live_server: Any) -> None:
    one = firm.order()
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="de-DE")
    for name, cookie in client_of(firm.firm.owner).cookies.items():
        context.add_cookies([{"name": name, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.clock.install()
    page.goto(f"{live_server.url}/requests/{one.code}/")
    assert "In Prüfung" in page.inner_text("#request-head")
    page.fill("#message_text", "Ich schreibe gerade")

    with page.expect_response("**/live?**") as quiet:
        page.clock.run_for(21_000)
    assert quiet.value.status == 204
    assert "In Prüfung" in page.inner_text("#request-head")

    firm.done(one, "check", "complete", firm.firm.agent)
    with page.expect_response("**/live?**") as news:
        page.clock.run_for(21_000)
    assert news.value.status == 200
    page.wait_for_function("document.querySelector('#request-head').innerText.includes('In Umsetzung')")
    assert "neue Einträge zeigen" in page.inner_text("#request-news")
    page.wait_for_function("document.querySelector('#srm-live').innerText.startsWith('Stand: In Umsetzung.')")
    assert "Werkstatt" in page.inner_text("#request-live")
    assert page.evaluate("document.activeElement.id") == "message_text"
    assert page.input_value("#message_text") == "Ich schreibe gerade"

    with page.expect_response("**/live?**") as again:
        page.clock.run_for(21_000)
    assert again.value.status == 204
    assert "neue Einträge zeigen" in page.inner_text("#request-news")
    context.close()
