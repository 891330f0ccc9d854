"""A session that ends while somebody types: nothing is lost, and nothing is shown to anybody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from anliegen.lib import clock
from anliegen.people.models import Session
from anliegen.portal.tests.conftest import browser
from anliegen.requests.models import JournalEntry
from anliegen.workflow.tests.factories import Stage

TEXT = "Der Monitor flackert seit heute früh."
HTMX = {"HTTP_HX_REQUEST": "true"}


def run_out(client: Client, ago: timedelta = timedelta(minutes=5)) -> None:
    Session.objects.filter(session_key=client.session.session_key).update(expire_date=clock.now() - ago)


def step_in(client: Client, person: Any) -> None:
    """As the same or another person, in the browser as it is."""
    client.post("/demo/persons", {"person": person.public_id})


@pytest.fixture
def written(scene: Stage) -> tuple[Client, str]:
    """Jana, whose session ended while she wrote a message; and where she sent it."""
    jana = browser(scene.firm.owner)
    address = f"/requests/{scene.order().code}/message"
    run_out(jana)
    return jana, address


def test_a_form_that_came_too_late_is_there_again_after_signing_in(scene: Stage, written: tuple[Client, str]) -> None:
    jana, address = written
    response = jana.post(address, {"text": TEXT, "form_key": "key-late-0001"})
    assert response["Location"] == "/account/sign-in?next=%2Faccount%2Fkept"
    assert not JournalEntry.objects.filter(text=TEXT).exists()
    step_in(jana, scene.firm.owner)
    page = jana.get("/account/kept")
    assert TEXT in page.content.decode()
    assert f'action="{address}"' in page.content.decode()
    jana.post(address, dict(page.context["kept"]["fields"]))
    assert JournalEntry.objects.filter(text=TEXT).count() == 1


def test_nobody_else_sees_what_was_kept(scene: Stage, written: tuple[Client, str]) -> None:
    jana, address = written
    jana.post(address, {"text": TEXT})
    step_in(jana, scene.boss)
    assert jana.get("/account/kept").status_code == 302
    assert TEXT not in jana.get("/account/kept", follow=True).content.decode()


@pytest.mark.parametrize("kind", ["stranger", "ended", "long ago", "too much"])
def test_only_who_was_signed_in_a_moment_ago_has_something_kept(scene: Stage, kind: str) -> None:
    client = browser(scene.firm.owner)
    if kind == "stranger":
        client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    elif kind == "ended":
        Session.objects.all().delete()
    else:
        run_out(client, timedelta(days=2 if kind == "long ago" else 0, minutes=1))
    response = client.post("/profile/absence", {"deputy": TEXT * (5000 if kind == "too much" else 1)})
    assert "kept" not in response["Location"]
    assert not Session.objects.filter(user=None).exists()


def test_a_piece_of_a_page_is_answered_401_and_swaps_nothing(scene: Stage, written: tuple[Client, str]) -> None:
    jana, address = written
    for answer in (jana.post(address, {"text": TEXT}, **HTMX), jana.get("/suggest/persons?q=be", **HTMX)):
        assert answer.status_code == 401
        assert answer["HX-Reswap"] == "none"
        assert answer.content == b""


def test_a_session_can_be_asked_about_and_prolonged(scene: Stage) -> None:
    jana = browser(scene.firm.owner)
    run_out(jana, -timedelta(seconds=90))
    assert jana.get("/account/session").json()["left"] == 90
    assert 'data-left="90"' in jana.get("/profile/").content.decode()
    assert jana.post("/account/session").status_code == 200
    assert jana.get("/account/session").json()["left"] > 86_400
    assert "data-left" not in jana.get("/profile/").content.decode()
    assert Client().get("/account/session").status_code == 401


def test_the_page_after_a_form_was_taken_says_which(scene: Stage) -> None:
    jana = browser(scene.firm.owner)
    address = f"/requests/{scene.order().code}/"
    jana.post(f"{address}message", {"text": TEXT, "form_key": "key-taken-01"})
    assert 'data-sent="key-taken-01"' in jana.get(address).content.decode()
