"""A passkey in a real browser, with an authenticator that the browser plays."""

from typing import Any

import pytest
from django.core.cache import cache

from anliegen.lib import clock
from anliegen.people import actions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "ein langer Satz 42"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def address() -> str:
    """An administrator who has a password and no second factor yet."""
    cache.clear()
    now = clock.now()
    actions.put_company("nordwerk", name="Nordwerk", is_default=True, acting_user=None, now=now)
    return actions.create_administrator("ada@nordwerk.example", ("Ada", "Min"), PASSWORD, now=now).email


def test_a_passkey_is_added_and_is_enough_to_sign_in(live_server: Any, browser: Any, address: str) -> None:
    home = live_server.url.replace("127.0.0.1", "localhost")  # passkeys are bound to a name
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(15000)
    broken: list[str] = []
    page.on("console", lambda message: broken.append(message.text) if "Security Policy" in message.text else None)
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    page.goto(f"{home}/account/sign-in")
    page.fill("#id_login", address)
    page.fill("#id_password", PASSWORD)
    page.click("main form.card [type=submit]")
    page.wait_for_url("**/account/factors")
    page.goto(f"{home}/account/factors/keys/add")
    page.fill("#id_password", PASSWORD)
    page.click("main form.card [type=submit]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/account/factors/codes")
    page.goto(f"{home}/account/sign-out")
    page.click("main [type=submit]")
    page.wait_for_url("**/account/sign-in")
    page.click("#passkey_login")
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto(f"{home}/account/factors")
    assert "/account/factors" in page.url
    assert not broken
    context.close()
