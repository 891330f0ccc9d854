"""The search box: suggestions, the page with everything, what was not found, the question with its words."""

import re
from datetime import timedelta

import pytest

from anliegen.audit.models import Command
from anliegen.catalogue.models import Item
from anliegen.knowledge.actions import forget, withdraw
from anliegen.knowledge.tests.factories import announced, published
from anliegen.lib import clock
from anliegen.portal.tests.conftest import browser
from anliegen.search import rebuilding
from anliegen.search.models import Document, Gap
from anliegen.tracking.queries.finding import is_sure
from anliegen.workflow.tests.factories import NOW, both, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def indexed(scene):
    return scene


@pytest.fixture
def client_of(scene):
    return lambda name: browser(getattr(scene.firm, name))


def test_a_service_is_suggested_while_it_is_typed(indexed, client_of):
    key = Item.objects.filter(current__isnull=False).latest("pk").key
    title = Item.objects.get(key=key).current.title["de"]
    answer = client_of("owner").get("/search/panel", {"q": title[:4]})
    assert f"/catalogue/item/{key}/" in answer.text
    assert "<mark>" in answer.text
    assert 'role="option"' in answer.text
    assert "data-none" not in answer.text


@pytest.mark.parametrize("typed", ["", "x", " ", "\x07"])
def test_too_little_suggests_nothing(indexed, client_of, typed):
    assert client_of("owner").get("/search/panel", {"q": typed}).text == ""


def test_what_nothing_fits_can_be_asked(indexed, client_of):
    answer = client_of("owner").get("/search/panel", {"q": "Mikroskop & Co"})
    assert "data-none" in answer.text
    assert "?text=Mikroskop+%26+Co" in answer.text
    page = client_of("owner").get("/search", {"q": "Mikroskop & Co"})
    assert "Mikroskop &amp; Co" in page.text
    assert "?text=Mikroskop+%26+Co" in page.text


@pytest.mark.parametrize(
    "typed", ['"', "*", "NEAR(", "%", "a" * 2000, "🦊", "und", "<script>alert(1)</script>", "\x07\x1b"]
)
def test_nothing_that_is_typed_is_an_error(indexed, client_of, typed):
    for address in ("/search", "/search/panel"):
        answer = client_of("owner").get(address, {"q": typed})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text


def token(answer):
    return re.search(r'data-none="([^"]+)"', answer.text)[1]


def test_what_was_not_found_is_counted_by_posting_only(indexed, client_of):
    client = client_of("owner")
    client.get("/search", {"q": "Mikroskop"})
    shown = token(client.get("/search/panel", {"q": "Mikroskop"}))
    assert not Gap.objects.exists()
    assert client.post("/search/gap", {"gap": shown}, headers={"HX-Request": "true"}).status_code == 204
    assert Gap.objects.get().text == "mikroskop"
    assert not Command.objects.exclude(actor_id=0).filter(action="search.gap").exists()  # nobody is named


def test_it_is_counted_once_for_each_page_that_said_so(indexed, client_of):
    client = client_of("owner")
    page = client.get("/search", {"q": "Mikroskop"})
    assert "<noscript>" in page.text
    for _again in range(3):
        answer = client.post("/search/gap", {"gap": token(page)}, follow=True)
        assert answer.redirect_chain == [("/search?q=Mikroskop", 302)]
        assert "Danke. Wir haben notiert, dass das fehlt." in answer.text
    assert Gap.objects.get().count == 1
    client.post("/search/gap", {"gap": token(client.get("/search", {"q": "Mikroskop"}))})
    assert Gap.objects.get().count == 2


@pytest.mark.parametrize("forged", ["", "mikroskop", "WyJhIiwiYiJd:1abc:xyz", "\x00", "🦊", "a" * 5000])
def test_only_what_a_page_said_is_counted(indexed, client_of, forged):
    assert client_of("owner").post("/search/gap", {"gap": forged, "q": "Mikroskop"}).status_code == 302
    assert not Gap.objects.exists()


def test_an_old_page_counts_nothing(indexed, client_of, at_nine):
    client = client_of("owner")
    shown = token(client.get("/search", {"q": "Mikroskop"}))
    at_nine.shift(timedelta(hours=13))
    client.post("/search/gap", {"gap": shown})
    assert not Gap.objects.exists()


def article(scene, word, **fields):
    return published(scene.firm.owner, title={"de": f"{word} einrichten", "en": f"Set up the {word}"}, **fields)


@pytest.mark.parametrize("address", ["/search", "/search/panel"])
def test_articles_are_found_by_whom_they_are_written_for(indexed, client_of, address):
    for_all, internal = article(indexed, "Zebrafon"), article(indexed, "Zebranetz", audience="internal")
    seen = client_of("owner").get(address, {"q": "zebra"}).text
    assert f"/knowledge/{for_all.key}/" in seen
    assert internal.key not in seen
    assert "netz einrichten" not in seen
    assert f"/knowledge/{internal.key}/" in client_of("agent").get(address, {"q": "zebra"}).text


def test_what_only_others_may_read_is_not_found_at_all(indexed, client_of):
    article(indexed, "Zebranetz", audience="internal")
    announced("Zebranetz gestört", audience="internal")
    answer = client_of("owner").get("/search", {"q": "Zebranetz"})
    assert "Nichts gefunden für „Zebranetz“" in answer.text
    assert "data-none" in answer.text


def test_an_article_that_is_read_no_more_is_not_found(indexed, client_of):
    found = article(indexed, "Zebrafon")
    withdraw(found.key, acting_user=None, now=NOW)
    assert "data-none" in client_of("owner").get("/search/panel", {"q": "zebra"}).text


def test_the_page_shows_the_answer(indexed, client_of):
    article(indexed, "Zebrafon", answer={"de": "Halten Sie die Taste.", "en": "Hold the key."})
    answer = client_of("owner").get("/search", {"q": "Zebrafon"})
    assert "Halten Sie die Taste." in answer.text
    assert "Gefunden für „Zebrafon“" in answer.text
    assert "data-none" not in answer.text


@pytest.mark.parametrize("address", ["/search", "/search/panel"])
def test_announcements_are_found_while_they_are_told(indexed, client_of, at_nine, address):
    told = announced("Zebranetz gestört")
    client = client_of("owner")
    assert f"/knowledge/#a-{told.public_id}" in client.get(address, {"q": "zebranetz"}).text
    at_nine.shift(timedelta(hours=2))
    assert "data-none" in client.get(address, {"q": "zebranetz"}).text


def test_the_index_knows_articles_and_announcements(indexed):
    article(indexed, "Zebrafon")
    announced("Zebranetz gestört")
    assert rebuilding.verify() == []
    Document.objects.exclude(kind="item").delete()
    assert len(rebuilding.verify()) == 4
    assert (rebuilding.rebuild("article"), rebuilding.rebuild("announcement")) == (2, 2)
    assert rebuilding.verify() == []


def test_an_announcement_that_is_over_waits_for_its_job(indexed, at_nine):
    announced("Zebranetz gestört")
    at_nine.shift(timedelta(hours=2))
    assert rebuilding.verify() == []
    forget({}, clock.now())
    assert rebuilding.verify() == []
    assert not Document.objects.filter(kind="announcement").exists()


def test_enter_opens_a_service_only_if_it_fits_well(indexed, client_of):
    title = Item.objects.filter(current__isnull=False).latest("pk").current.title["de"]
    client = client_of("owner")
    assert "data-sure" in client.get("/search/panel", {"q": title[:4]}).text
    publish(key="notebook", title=both("Laptop"), description=both("Ein Monitor gehört nicht dazu."))
    answer = client.get("/search/panel", {"q": "monitor"}).text
    assert "/catalogue/item/notebook/" in answer
    assert "data-sure" not in answer


@pytest.mark.parametrize(
    ("score", "best", "sure"), [(5.2, 5.2, True), (2.4, 2.4, True), (2.0, 2.0, False), (3.5, 5.2, False), (0, 0, False)]
)
def test_what_is_opened_unseen_fits_by_its_name_and_nothing_fits_better(score, best, sure):
    assert is_sure(score, best) is sure


def test_answers_come_first_where_services_hardly_fit(indexed, client_of):
    publish(key="notebook", title=both("Laptop"), description=both("Ein Zebrafon gehört nicht dazu."))
    article(indexed, "Zebrafon")
    text = client_of("owner").get("/search", {"q": "Zebrafon"}).text
    assert text.index('id="h-answers"') < text.index('id="h-items"')
    text = client_of("owner").get("/search", {"q": "Laptop"}).text
    assert 'id="h-answers"' not in text
