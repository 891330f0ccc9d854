"""Headers on every route, for strangers, on refusals and on files."""

from typing import Any

import pytest
from django.test import Client

from anliegen.project.tests import routes

pytestmark = pytest.mark.django_db


def _check(response: Any) -> None:
    policy = response["Content-Security-Policy"]
    assert "unsafe-" not in policy
    assert "frame-ancestors 'none'" in policy or "sandbox" in policy
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in response["Permissions-Policy"]
    assert (
        "no-store" in response["Cache-Control"]
        or response.status_code == 405
        or "no-cache" in response["Cache-Control"]
    )
    assert response["X-Request-ID"]
    assert response.status_code < 500


def test_every_route_carries_the_headers_and_never_fails() -> None:
    client = Client()
    found = list(routes.every())
    assert found
    for _, url in found:
        for method in (client.get, client.post):
            _check(method(url))


def test_a_page_that_is_not_there_carries_the_headers() -> None:
    _check(Client().get("/nowhere"))


def test_cookies_are_bound_to_the_host_when_people_come_by_https(settings: Any) -> None:
    from anliegen.project import settings as ours

    assert not ours.ANLIEGEN.secure
    assert ours.SESSION_COOKIE_NAME == "anliegen_session"
    assert ours.SESSION_COOKIE_HTTPONLY
    assert ours.CSRF_COOKIE_HTTPONLY


PRODUCTION = """
import json
import django
from django.conf import settings
django.setup()
from django.test import Client
response = Client(HTTP_HOST="anliegen.example.org").get("/health/live", secure=True)
insecure = Client(HTTP_HOST="anliegen.example.org").get("/nowhere")
foreign = Client(HTTP_HOST="evil.example.org").get("/health/live", secure=True)
print(json.dumps({
    "hsts": response.headers.get("Strict-Transport-Security", ""),
    "cookies": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME],
    "secure": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE],
    "insecure": [insecure.status_code, insecure.headers.get("Location", "")],
    "foreign": foreign.status_code,
}))
"""


def test_production_insists_on_https_and_its_own_names(tmp_path: Any) -> None:
    import json
    import os
    import subprocess
    import sys

    from anliegen.project.tests.test_config import LIVE

    environment = {k: v for k, v in os.environ.items() if not k.startswith("ANLIEGEN_")}
    environment |= {**LIVE, "ANLIEGEN_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "anliegen.project.settings"}
    done = subprocess.run(
        [sys.executable, "-c", PRODUCTION], env=environment, capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    assert "max-age=31536000" in found["hsts"]
    assert found["cookies"] == ["__Host-session", "__Host-csrf"]
    assert found["secure"] == [True, True]
    assert found["insecure"] == [301, "https://anliegen.example.org/nowhere"]
    assert found["foreign"] == 400


@pytest.mark.parametrize("address", ["203.0.113.9", "::ffff:203.0.113.9"])
def test_a_stranger_cannot_pretend_to_be_a_proxy(rf: Any, address: str) -> None:
    from django.http import HttpResponse

    from anliegen.project.middleware.trust import TrustedProxies

    request = rf.get("/", REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR="10.0.0.1", HTTP_X_FORWARDED_HOST="evil.example")
    TrustedProxies(lambda request: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == address
    assert request.get_host() == "testserver"


def test_behind_our_proxy_the_persons_address_is_the_last_untrusted_one(rf: Any, settings: Any) -> None:
    from dataclasses import replace
    from ipaddress import ip_network

    from django.http import HttpResponse

    from anliegen.project.middleware.trust import TrustedProxies

    settings.ANLIEGEN = replace(settings.ANLIEGEN, trusted_proxies=(ip_network("10.0.0.0/8"),))
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 203.0.113.9, 10.0.0.2")
    TrustedProxies(lambda request: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == "203.0.113.9"
