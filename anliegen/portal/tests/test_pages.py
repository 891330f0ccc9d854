"""Each page once, for the three people, and with bad input."""

import pytest
from django.test import Client

from anliegen.portal.tests.conftest import browser
from anliegen.requests.models import ServiceRequest
from anliegen.workflow.tests.factories import Stage

FORM = {"q_build": "standard", "form_key": "key-0001-abcdefgh"}
ITEM = "/catalogue/item/desktop/"


def text(response: object) -> str:
    return response.content.decode()


@pytest.mark.parametrize(
    "path", ["/", "/catalogue/", "/catalogue/devices/", ITEM, "/requests/", "/approvals/", "/profile/", "/outbox/"]
)
def test_opens_for_whoever_is_signed_in_and_leads_others_to_the_way_in(scene: Stage, path: str) -> None:
    assert Client().get(path).status_code == 302
    response = browser(scene.firm.owner).get(path)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_an_order_without_javascript_from_start_to_confirmation(scene: Stage) -> None:
    jana = browser(scene.firm.owner)
    sent = jana.post(ITEM, FORM, follow=True)
    one = ServiceRequest.objects.get()
    assert sent.redirect_chain[0][0] == f"/requests/confirmation/{one.code}/"
    assert one.code in text(sent)
    assert one.code in text(jana.get("/"))
    again = jana.post(ITEM, FORM)
    assert again["Location"].endswith(f"{one.code}/")
    assert ServiceRequest.objects.count() == 1
