"""Sign-in at a provider of another library (Authlib, by oidc-provider-mock), in a process of its own, in a real browser."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.crash.plant import Plant, bare, free_port

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]
JANA = {"sub": "f3a1", "email": "jana.sommer@nordwerk.example", "email_verified": True}
STRANGER = {"sub": "9c2b", "email": "jana.sommer@nordwerk.example", "email_verified": False}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    port = free_port()
    users = [f"--user-claims={json.dumps(one)}" for one in (JANA, STRANGER)]
    options = ["--port", str(port), "--require-nonce", *users]
    provider = subprocess.Popen([sys.executable, "-m", "oidc_provider_mock", *options])
    address = f"http://127.0.0.1:{port}"
    for _attempt in range(200):
        with suppress(httpx.HTTPError):
            httpx.get(address, timeout=2)
            break
        time.sleep(0.1)
    yield address
    provider.terminate()
    provider.wait(timeout=20)


@pytest.fixture(scope="module")
def nordwerk(issuer: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    settings = {
        "ANLIEGEN_OIDC_ISSUER": issuer,
        "ANLIEGEN_OIDC_CLIENT_ID": "anliegen",
        "ANLIEGEN_OIDC_CLIENT_SECRET": "secret",
        "ANLIEGEN_OIDC_SCOPES": "openid,email",
        "ANLIEGEN_OIDC_LINK_BY": "email",
    }
    with bare("sqlite", tmp_path_factory.mktemp("sign-in"), **settings) as found:
        for arguments in (("migrate",), ("demo", "load", "--small")):
            done = found.command(*arguments)
            assert done.returncode == 0, done.stdout + done.stderr
        found.run("web")
        yield found


def test_in_with_one_click_out_and_no_stranger(browser: Any, nordwerk: Plant) -> None:
    context = browser.new_context(base_url=nordwerk.base_url, locale="de-DE")
    page = context.new_page()
    page.goto("/requests/")
    page.get_by_role("button", name="Mit Firmenkonto anmelden").click()
    page.get_by_role("button", name=JANA["sub"]).first.click()
    page.wait_for_url("**/requests/")
    page.goto("/profile/")
    expect(page.locator("h1")).to_have_text("Jana Sommer")
    page.locator("#devices").get_by_role("button", name="Abmelden", exact=True).click()
    page.goto("/requests/")
    page.get_by_role("button", name="Mit Firmenkonto anmelden").click()
    page.get_by_role("button", name=STRANGER["sub"]).first.click()
    expect(page.locator("h1")).to_have_text("Ihr Konto ist hier noch nicht bekannt")
    page.goto("/requests/")
    expect(page.locator("h1")).to_have_text("Anmelden")
    context.close()


def test_doctor_asks_the_issuer(nordwerk: Plant, issuer: str) -> None:
    assert f"ok   sign-in: {issuer} answers" in nordwerk.command("doctor").stdout
