"""Looking through the catalogue: filters and order of the address, stars, what is away, what others ask for."""

import re
from datetime import timedelta
from typing import Any

import pytest

from anliegen.catalogue import actions
from anliegen.catalogue.models import Draft, Favourite
from anliegen.catalogue.rules import BundleContent, BundlePart
from anliegen.jobs import runner
from anliegen.lib import clock
from anliegen.lib.text import LocalText
from anliegen.notifications.models import Message
from anliegen.people.access import day
from anliegen.portal.shown.hours import desk_hours
from anliegen.portal.tests.conftest import browser
from anliegen.requests.models import ServiceRequest
from anliegen.tracking.queries import popular, ranking
from anliegen.workflow.tests.factories import Stage

ITEM = "/catalogue/item/desktop/"
FORM = {"q_build": "standard", "form_key": "key-0001-abcdefgh"}


def _titles(page: Any) -> list[str]:
    return [card["title"] for card in page.context["items"]]


def _withhold(scene: Stage, days: int | None = 5) -> None:
    until = day(scene.now) + timedelta(days=days) if days else None
    why = LocalText("Ausverkauft.", "Out of stock.")
    actions.withhold("desktop", until=until, reason=why, acting_user=scene.firm.process_owner, now=scene.now)


@pytest.mark.parametrize("query", ["", "?sort=az", "?sort=fastest", "?mine=1", "?kind=add", "?page=1"])
def test_what_fits_is_there(scene: Stage, query: str) -> None:
    page = browser(scene.firm.owner).get(f"/catalogue/{query}")
    assert _titles(page) == ["Desktop-PC"]


@pytest.mark.parametrize("query", ["?free=1", "?direct=1", "?starred=1", "?kind=access", "?direct=1&sort=az"])
def test_what_does_not_fit_says_so_and_how_to_see_everything(scene: Stage, query: str) -> None:
    page = browser(scene.firm.owner).get(f"/catalogue/{query}")
    assert _titles(page) == []
    assert "Filter aufheben" in page.content.decode()


@pytest.mark.parametrize("query", ["?kind=nonsense&sort=x&free=7&page=-3", "?page=99999999999999", "?sort=%20&mine=x"])
def test_what_an_address_cannot_mean_is_left_out(scene: Stage, query: str) -> None:
    assert _titles(browser(scene.firm.owner).get(f"/catalogue/{query}")) == ["Desktop-PC"]


def test_a_star_puts_a_service_first_and_leads_back_to_where_it_was_given(scene: Stage) -> None:
    jana = browser(scene.firm.owner)
    sent = jana.post(f"{ITEM}star", {"on": "1", "next": "/catalogue/devices/?sort=az"})
    assert sent["Location"] == "/catalogue/devices/?sort=az"
    assert _titles(jana.get("/catalogue/?starred=1")) == ["Desktop-PC"]
    assert not browser(scene.firm.colleague).get("/catalogue/").context["items"][0]["marked"]
    for elsewhere in ("https://example.org/", "//example.org", "javascript:alert(1)", ""):
        assert jana.post(f"{ITEM}star", {"on": "0", "next": elsewhere})["Location"] == "/catalogue/"
    assert not Favourite.objects.exists()


def test_what_is_away_says_until_when_and_cannot_be_sent(scene: Stage) -> None:
    _withhold(scene)
    jana = browser(scene.firm.owner)
    shown = jana.get("/catalogue/").content.decode()
    assert "wieder ab Mo., 30." in shown
    assert "Ausverkauft." in shown
    assert "Benachrichtigen" in shown
    assert jana.post(ITEM, FORM).status_code == 403
    assert not ServiceRequest.objects.exists()


def test_who_waits_gets_one_mail_when_it_is_back(scene: Stage, mailoutbox: list[Any]) -> None:
    _withhold(scene)
    jana = browser(scene.firm.owner)
    for _twice in range(2):
        jana.post(f"{ITEM}await", {"on": "1"})
    _withhold(scene, None)
    owed = Message.objects.get(template="returned")
    assert owed.recipient == scene.firm.owner
    runner.drain(now=scene.now)
    [mail] = [one for one in mailoutbox if "wieder anfordern" in one.subject]
    assert "Desktop-PC" in mail.subject
    assert f"{ITEM}" in mail.body


def test_popular_is_what_several_colleagues_asked_for(scene: Stage) -> None:
    assert popular(scene.firm.owner, scene.now).all == ()
    browser(scene.firm.owner).post(ITEM, FORM)
    ranking.forget()
    assert popular(scene.firm.owner, scene.now).own == ()  # one alone is nobody's example
    browser(scene.firm.colleague).post(ITEM, {**FORM, "form_key": "key-0002-abcdefgh"})
    assert popular(scene.firm.owner, scene.now).own == ()  # kept for minutes
    ranking.forget()
    found = popular(scene.firm.owner, scene.now)
    assert (found.own, found.all, found.lately) == (("desktop",), ("desktop",), ("desktop",))
    assert popular(scene.firm.outsider, scene.now).own == ()
    ranking.forget()
    assert popular(scene.firm.owner, scene.now + timedelta(days=31)).lately == ()


def test_the_start_page_offers_what_is_popular_and_says_when_the_desk_answers(scene: Stage) -> None:
    for number, who in enumerate((scene.firm.owner, scene.firm.colleague)):
        browser(who).post(ITEM, {**FORM, "form_key": f"key-000{number}-abcdefgh"})
    ranking.forget()
    page = browser(scene.firm.owner).get("/").content.decode()
    assert "Beliebt bei uns" in page
    assert "jetzt erreichbar bis 18:00" in page
    evening = desk_hours(scene.now + timedelta(hours=10))
    assert evening is not None
    assert (evening.open, evening.text) == (False, "geschlossen, wieder ab morgen, 07:00")


def _bundle(**fields: Any) -> None:
    both = {"de": "Neuer Platz", "en": "New place"}
    parts = [BundlePart(item_key="desktop", answers={"build": "standard"})] * 2
    content = BundleContent(**{"key": "place", "title": both, "summary": both, "parts": parts, **fields})
    actions.save_bundle(content, acting_user=None, now=clock.now())


def test_a_bundle_goes_into_the_cart_once(scene: Stage) -> None:
    _bundle()
    jana = browser(scene.firm.owner)
    page = jana.get("/catalogue/")
    assert _titles(page) == ["Neuer Platz", "Desktop-PC"]
    shown = page.content.decode()
    assert "2 Teile" in shown and "In den Warenkorb: Neuer Platz" in shown
    key = re.search(r'action="/cart/bundles/place".*?name="form_key" value="([^"]+)"', shown, re.DOTALL)
    assert key
    for _time in range(2):
        assert jana.post("/cart/bundles/place", {"form_key": key[1]})["Location"] == "/cart/"
    assert Draft.objects.filter(owner=scene.firm.owner, in_cart=True).count() == 2


def test_favourites_stand_before_bundles_and_filters_leave_them_out(scene: Stage) -> None:
    _bundle()
    jana = browser(scene.firm.owner)
    jana.post(f"{ITEM}star", {"on": "1"})
    assert _titles(jana.get("/catalogue/")) == ["Desktop-PC", "Neuer Platz"]
    assert _titles(jana.get("/catalogue/?mine=1")) == ["Desktop-PC"]


def test_a_bundle_with_a_part_that_is_away_says_so(scene: Stage) -> None:
    _bundle()
    _withhold(scene)
    shown = browser(scene.firm.owner).get("/catalogue/").content.decode()
    assert "Gerade nicht zu haben: Desktop-PC" in shown and "/cart/bundles/place" not in shown
