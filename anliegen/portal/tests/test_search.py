"""The search box: suggestions, the page with everything, what was not found, the question with its words."""

import pytest

from anliegen.catalogue.models import Item
from anliegen.portal.tests.conftest import browser
from anliegen.search.models import Gap

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


def test_what_was_not_found_is_counted_by_posting_only(indexed, client_of):
    client = client_of("owner")
    client.get("/search", {"q": "Mikroskop"})
    client.get("/search/panel", {"q": "Mikroskop"})
    assert not Gap.objects.exists()
    assert client.post("/search/gap", {"q": "Mikroskop"}, headers={"HX-Request": "true"}).status_code == 204
    assert Gap.objects.get().text == "mikroskop"
    title = Item.objects.filter(current__isnull=False).latest("pk").current.title["de"]
    client.post("/search/gap", {"q": title})
    assert Gap.objects.count() == 1
