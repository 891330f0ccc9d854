"""A session that ends while somebody types, and a line that breaks: what the page's script does about it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from anliegen.lib import bus, clock
from anliegen.people.models import Session
from anliegen.portal.tests.conftest import browser as client_of
from anliegen.requests.models import JournalEntry
from anliegen.workflow.tests import factories
from anliegen.workflow.tests.factories import Stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = "Der Monitor flackert seit heute früh."


@pytest.fixture
def firm(transactional_db: None, bind_wiring: Callable[[], None]) -> Iterator[Stage]:
    before = bus.bound()
    bind_wiring()
    found = factories.stage(wired=True)
    factories.publish()
    yield found
    bus.bind(before)


@pytest.fixture
def page(firm: Stage, browser: Any, live_server: Any) -> Iterator[Any]:
    """Jana's browser."""
    context = browser.new_context(base_url=live_server.url, locale="de-DE")
    enter(context, firm, live_server)
    yield context.new_page()
    context.close()


def enter(context: Any, firm: Stage, live_server: Any) -> None:
    for name, cookie in client_of(firm.firm.owner).cookies.items():
        context.add_cookies([{"name": name, "value": cookie.value, "url": live_server.url}])


def run_out(left: timedelta = -timedelta(minutes=1)) -> None:
    Session.objects.update(expire_date=clock.now() + left)


def test_a_poll_of_an_ended_session_asks_to_sign_in_and_goes_on_then(firm: Stage, page: Any, live_server: Any) -> None:
    one = firm.order()
    page.clock.install()
    page.goto(f"/requests/{one.code}/")
    page.fill("#message_text", TEXT)
    run_out()
    page.clock.run_for(21_000)
    page.wait_for_selector("#srm-expired[open]")
    assert page.input_value("#message_text") == TEXT
    page.click("[data-go-on]")
    page.wait_for_selector("[data-still]:not([hidden])")
    enter(page.context, firm, live_server)
    page.click("[data-go-on]")
    page.wait_for_selector("#srm-expired:not([open])", state="attached")
    page.click('form[action$="/message"] button[type=submit]')
    page.wait_for_selector("text=" + TEXT)
    assert JournalEntry.objects.filter(text=TEXT).count() == 1


def test_what_was_typed_survives_the_window_until_it_is_sent(firm: Stage, page: Any) -> None:
    address = f"/requests/{firm.order().code}/"
    page.goto(address)
    page.fill("#message_text", TEXT)
    page.goto("/")
    page.goto(address)
    assert page.input_value("#message_text") == TEXT
    assert "Wir haben behalten" in page.inner_text("main")
    page.click('form[action$="/message"] button[type=submit]')
    page.wait_for_selector("text=" + TEXT)
    page.goto(address)
    assert page.input_value("#message_text") == ""


def test_nothing_stays_in_the_browser_after_signing_out(firm: Stage, page: Any) -> None:
    page.goto(f"/requests/{firm.order().code}/")
    page.fill("#message_text", TEXT)
    assert page.evaluate("Object.keys(localStorage).length") == 1
    page.goto("/account/sign-out")
    page.click("main form button")
    page.wait_for_url("**/account/sign-in")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_two_minutes_before_the_end_the_session_can_be_prolonged(firm: Stage, page: Any) -> None:
    page.goto("/profile/")
    run_out(timedelta(seconds=100))
    page.goto("/profile/")
    page.wait_for_selector("#srm-ending[open]")
    with page.expect_response("**/account/session"):
        page.click("[data-stay]")
    page.wait_for_selector("#srm-ending:not([open])", state="attached")
    assert Session.objects.get().expire_date > clock.now() + timedelta(days=1)


def test_a_broken_line_is_told_and_goes_away(firm: Stage, page: Any) -> None:
    page.goto("/requests/")
    page.context.set_offline(True)
    page.wait_for_selector("text=Keine Verbindung. Wir versuchen es weiter.")
    page.context.set_offline(False)
    page.wait_for_selector(".srm-offline", state="detached")
