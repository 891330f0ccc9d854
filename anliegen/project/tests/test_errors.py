"""What people and programs get when something goes wrong: a sentence that says what to do, never a bare 500."""

import errno
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from anliegen.lib import errors

JSON = {"HTTP_ACCEPT": "application/json"}
HTMX = {"HTTP_HX_REQUEST": "true"}
RAISED: dict[str, Callable[[], BaseException]] = {
    "refused": lambda: errors.Refused("name", "Bitte einen Namen."),
    "missing": lambda: errors.NotFound("canary"),
    "http404": lambda: Http404("canary"),
    "forbidden": lambda: errors.Forbidden("Das darf nur das Team."),
    "denied": PermissionDenied,
    "conflict": lambda: errors.Conflict("Tom Brandt war schneller."),
    "large": lambda: errors.TooLarge("Höchstens 20 MB."),
    "full": lambda: errors.OutOfSpace("Kein Platz."),
    "locked": lambda: OperationalError("database is locked"),
    "gone": lambda: InterfaceError("connection already closed"),
    "diskfull": lambda: OperationalError("database or disk is full"),
    "enospc": lambda: OSError(errno.ENOSPC, "No space left on device"),
    "bug": lambda: ValueError("jana.sommer@example.org broke it"),
}


def raising(request: HttpRequest, what: str) -> HttpResponse:
    raise RAISED[what]()


def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.POST.get("text", ""))


urlpatterns = [path("raise/<what>", raising), path("form", form)]
for number, name in ((400, "bad_request"), (403, "forbidden"), (404, "not_found"), (500, "server_error")):
    globals()[f"handler{number}"] = f"anliegen.project.errors.{name}"

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def browser_client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("what", "status", "words"),
    [
        ("refused", 422, "Bitte einen Namen."),
        ("missing", 404, ""),
        ("forbidden", 403, "Das darf nur das Team."),
        ("denied", 403, ""),
        ("conflict", 409, "Tom Brandt war schneller."),
        ("large", 413, "Höchstens 20 MB."),
        ("full", 507, "Kein Platz."),
        ("locked", 503, ""),
        ("gone", 503, ""),
        ("diskfull", 507, ""),
        ("enospc", 507, ""),
        ("bug", 500, ""),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX, JSON], ids=["page", "fragment", "json"])
def test_each_problem_has_its_status_and_words(
    browser_client: Client, headers: dict[str, str], what: str, status: int, words: str
) -> None:
    response = browser_client.get(f"/raise/{what}", **headers)
    assert response.status_code == status
    # A page of 5xx is static: it says its own words.
    if status < 500 or headers:
        assert words in response.content.decode()
    assert "canary" not in response.content.decode()
    assert "example.org" not in response.content.decode()


def test_programs_get_a_problem_document(browser_client: Client) -> None:
    response = browser_client.get("/raise/conflict", **JSON)
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["detail"] == "Tom Brandt war schneller."


def test_htmx_gets_a_piece_and_not_a_page(browser_client: Client) -> None:
    text = browser_client.get("/raise/conflict", **HTMX).content.decode()
    assert 'role="alert"' in text
    assert "<html" not in text


def test_a_database_that_is_busy_says_when_to_come_back(browser_client: Client) -> None:
    assert int(browser_client.get("/raise/locked")["Retry-After"]) > 0


@pytest.mark.parametrize("headers", [{}, HTMX, JSON], ids=["page", "fragment", "json"])
def test_what_is_not_yours_and_what_is_not_there_are_the_same_bytes(
    browser_client: Client, headers: dict[str, str]
) -> None:
    bodies = {browser_client.get(url, **headers).content for url in ("/raise/missing", "/raise/http404", "/nowhere")}
    assert len(bodies) == 1


def test_a_fault_is_logged_under_the_number_that_the_person_sees(
    browser_client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, Any]] = []
    monkeypatch.setattr("anliegen.project.errors.log.error", lambda event, **values: seen.append(values), raising=False)
    text = browser_client.get("/raise/bug").content.decode()
    assert seen[0]["error_id"] in text


def test_a_form_that_is_too_long_is_refused_with_the_limit(browser_client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
    response = browser_client.generic(
        "POST", "/form", "text=" + "x" * 2_600_000, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 413
    assert "2,5 MB" in response.content.decode()


def test_too_many_fields_are_refused_with_the_limit(browser_client: Client) -> None:
    body = "&".join(f"f{n}=1" for n in range(1200))
    response = browser_client.generic("POST", "/form", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert "1000" in response.content.decode()


def test_too_many_files_are_refused_with_the_limit(browser_client: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    files = {f"file{n}": SimpleUploadedFile(f"{n}.txt", b"x") for n in range(11)}
    response = browser_client.post("/form", files)
    assert response.status_code == 413
    assert "10" in response.content.decode()


def test_a_body_larger_than_any_form_is_not_even_read(browser_client: Client) -> None:
    response = browser_client.generic("POST", "/form", b"x", CONTENT_LENGTH="9000000000")
    assert response.status_code == 413
    assert "20 MB" in response.content.decode()


@pytest.mark.parametrize("url", ["/form?a=%00", "/nowhere/%00", "/form?%00=a"])
def test_a_nul_byte_in_an_address_is_refused(browser_client: Client, url: str) -> None:
    assert browser_client.get(url).status_code == 400


@pytest.mark.parametrize(("body", "status"), [("text=a%00b", 200), ("te%00xt=a", 400)])
def test_a_nul_byte_is_refused_in_a_name_and_left_to_the_form_in_a_value(
    browser_client: Client, body: str, status: int
) -> None:
    response = browser_client.generic("POST", "/form", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == status


def test_a_broken_multipart_body_is_refused(browser_client: Client) -> None:
    response = browser_client.generic("POST", "/form", b"nonsense", content_type="multipart/form-data; boundary=")
    assert response.status_code == 400


def test_a_form_without_its_key_is_refused_in_plain_words() -> None:
    response = Client(enforce_csrf_checks=True).post("/form", {"text": "x"})
    assert response.status_code == 403
    assert "laden" in response.content.decode()


def test_english_readers_get_english_words(browser_client: Client) -> None:
    response = browser_client.generic("POST", "/form", b"x", CONTENT_LENGTH="9000000000", HTTP_ACCEPT_LANGUAGE="en")
    assert "This is too large" in response.content.decode()


def test_a_database_that_fails_inside_a_middleware_is_a_503_too(
    browser_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(self: object, request: HttpRequest) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("anliegen.project.middleware.limits.Limits.problem", locked)
    response = browser_client.get("/form")
    assert response.status_code == 503
    assert response["Retry-After"]


def test_even_without_an_error_page_there_is_a_plain_answer(
    browser_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object, **values: object) -> str:
        raise RuntimeError("template is broken")

    monkeypatch.setattr("anliegen.project.errors.render_to_string", broken)
    response = browser_client.get("/raise/bug")
    assert response.status_code == 500
    assert "Bitte versuchen Sie es noch einmal" in response.content.decode()
