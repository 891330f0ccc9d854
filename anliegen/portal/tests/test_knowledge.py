"""Articles in the portal: read, rated, announced; by owner, desk and stranger."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anliegen.catalogue.models import Draft
from anliegen.catalogue.tests.factories import form, offer, question
from anliegen.knowledge.models import Dismissal, Helpful
from anliegen.knowledge.tests.factories import announced, draft, published
from anliegen.people.models import User
from anliegen.portal.tests.conftest import browser
from anliegen.workflow.tests.factories import NOW, Stage


def page(user: User, address: str) -> str:
    return browser(user).get(address).content.decode()  # type: ignore[no-any-return]


def test_the_answer_comes_first(scene: Stage) -> None:
    made = published(scene.firm.agent)
    shown = page(scene.firm.owner, f"/knowledge/{made.key}/")
    assert shown.index("<h1>VPN einrichten") < shown.index("wählen Sie Verbinden") < shown.index("<ol>")
    assert "Hat das geholfen?" in shown


def test_another_language_keeps_the_article(scene: Stage) -> None:
    made = published(scene.firm.agent)
    client = browser(scene.firm.owner)
    client.post("/prefs", {"language": "en", "next": f"/knowledge/{made.key}/"})
    assert "<h1>Set up the VPN" in client.get(f"/knowledge/{made.key}/").content.decode()


def test_what_is_internal_or_a_draft_is_not_there(scene: Stage) -> None:
    hidden, written = (
        published(scene.firm.agent, audience="internal"),
        draft(scene.firm.agent, title={"de": "Neu", "en": "New"}),
    )
    client = browser(scene.firm.owner)
    nothing = client.get("/knowledge/nothing/").content
    for made in (hidden, written):
        response = client.get(f"/knowledge/{made.key}/")
        assert (response.status_code, response.content) == (404, nothing)
        assert client.post(f"/knowledge/{made.key}/vote", {"helped": "yes"}).status_code == 404
    assert "VPN einrichten" not in page(scene.firm.owner, "/knowledge/")
    assert browser(scene.firm.agent).get(f"/knowledge/{hidden.key}/").status_code == 200


def test_one_click_says_that_it_helped(scene: Stage) -> None:
    made = published(scene.firm.agent)
    client = browser(scene.firm.owner)
    response = client.post(f"/knowledge/{made.key}/vote", {"helped": "yes"})
    assert response["Location"] == f"/knowledge/{made.key}/#helpful"
    assert Helpful.objects.get().helped
    assert "Schön, dass es geholfen hat" in client.get(f"/knowledge/{made.key}/").content.decode()


def test_a_no_asks_what_was_missing(scene: Stage) -> None:
    made = published(scene.firm.agent)
    client = browser(scene.firm.owner)
    fragment = client.post(f"/knowledge/{made.key}/vote", {"helped": "no"}, headers={"HX-Request": "true"})
    assert "Was hat gefehlt?" in fragment.content.decode()
    empty = client.post(f"/knowledge/{made.key}/missing", {"missing": " "})
    assert empty.status_code == 422
    client.post(f"/knowledge/{made.key}/missing", {"missing": "Ein Bild"})
    assert Helpful.objects.get().missing == "Ein Bild"


def test_what_was_missing_becomes_a_question(scene: Stage) -> None:
    offer("question", kind="information", price_cents=0, form=form(question("question", "paragraph", required=True)))
    made = published(scene.firm.agent)
    client = browser(scene.firm.owner)
    response = client.post(f"/knowledge/{made.key}/missing", {"missing": "Geht das am Handy?", "ask": "1"})
    kept = Draft.objects.get(owner=scene.firm.owner)
    assert response["Location"] == f"/catalogue/item/question/?draft={kept.public_id}"
    assert kept.answers == {"question": "Geht das am Handy?"}


def test_search_finds_it_by_another_word_and_a_slip(scene: Stage) -> None:
    published(scene.firm.agent)
    for text in ("Fernzugriff", "einrichen", "vpn"):
        assert "VPN einrichten" in page(scene.firm.owner, f"/knowledge/?q={text}"), text
    assert "keinen Artikel gefunden" in page(scene.firm.owner, "/knowledge/?q=xyzzy")


@pytest.mark.parametrize("query", ['"', "*", "NEAR(", "%25", "x" * 3000, "🙂", "der+die+das", "%0a%0d"])
def test_strange_searches_are_no_error(scene: Stage, query: str) -> None:
    published(scene.firm.agent)
    assert browser(scene.firm.owner).get(f"/knowledge/?q={query}").status_code == 200


def test_a_page_costs_the_same_for_many(scene: Stage) -> None:
    def cost() -> int:
        client = browser(scene.firm.owner)
        client.get("/knowledge/")
        with CaptureQueriesContext(connection) as caught:
            client.get("/knowledge/")
        return len(caught)

    published(scene.firm.agent)
    before = cost()
    for number in range(12):
        published(scene.firm.agent, title={"de": f"Artikel {number}", "en": f"Article {number}"})
    assert cost() == before < 25


def test_an_old_article_says_so(scene: Stage) -> None:
    made = published(scene.firm.agent)
    assert "vielleicht veraltet" not in page(scene.firm.owner, f"/knowledge/{made.key}/")
    with time_machine.travel(NOW + timedelta(days=366), tick=False):
        assert "vielleicht veraltet" in page(scene.firm.owner, f"/knowledge/{made.key}/")


def test_an_announcement_is_put_away(scene: Stage) -> None:
    made = announced("Wartung am Abend")
    client = browser(scene.firm.owner)
    assert "Wartung am Abend" in client.get("/knowledge/").content.decode()
    for _time in range(2):
        assert client.post(f"/announcements/{made.public_id}/dismiss").status_code == 302
    assert Dismissal.objects.count() == 1
    assert client.post("/announcements/nothing/dismiss").status_code == 404


def strip(client: Any, address: str) -> str:
    """The announcement under the bar; "" if there is none."""
    shown: str = client.get(address).content.decode()
    return shown.partition('<aside class="srm-notice')[2].partition("</aside>")[0]


def test_the_most_urgent_announcement_stands_under_the_bar_until_it_is_put_away(scene: Stage) -> None:
    news, outage = announced("Neue Drucker", kind="news"), announced("Netz gestört", kind="outage")
    jana, jonas = browser(scene.firm.owner), browser(scene.firm.colleague)
    for address in ("/", "/catalogue/", "/requests/"):
        told = strip(jana, address)
        assert "Netz gestört" in told and "Neue Drucker" not in told
        assert f'href="/knowledge/#a-{outage.public_id}"' in told
    assert f'id="a-{outage.public_id}"' in page(scene.firm.owner, "/knowledge/")
    sent = jana.post(f"/announcements/{outage.public_id}/dismiss", {"next": "/requests/?state=all"})
    assert sent["Location"] == "/requests/?state=all"
    assert "Neue Drucker" in strip(jana, "/") and "Netz gestört" in strip(jonas, "/")
    last = jana.post(f"/announcements/{news.public_id}/dismiss", HTTP_HX_REQUEST="true").content.decode()
    assert "Ausgeblendet." in last and "srm-notice" not in last
    assert strip(jana, "/") == ""


def test_the_strip_leads_nowhere_else_and_holds_no_mark(scene: Stage) -> None:
    made = announced("<b>Fett</b>", text={"de": "**Wort** weiter" + " lang" * 99, "en": "Word"})
    told = strip(browser(scene.firm.owner), "/")
    assert "&lt;b&gt;Fett" in told and "Wort weiter" in told and "**" not in told and "…" in told
    sent = browser(scene.firm.owner).post(f"/announcements/{made.public_id}/dismiss", {"next": "//example.org/"})
    assert sent["Location"] == "/"


def test_what_is_internal_over_or_yet_to_come_is_not_told(scene: Stage) -> None:
    announced("Nur intern", audience="internal")
    announced("Später", starts_at=NOW + timedelta(minutes=5), ends_at=NOW + timedelta(minutes=90))
    assert strip(browser(scene.firm.owner), "/") == ""
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        assert strip(browser(scene.firm.agent), "/") == ""


def test_strangers_are_led_to_the_way_in(client: Any) -> None:
    for address in ("/knowledge/", "/knowledge/vpn/"):
        assert client.get(address).status_code == 302
