"""The guide says the same in both languages, its links and pictures are there, and it quotes what the product says."""

import json
import re
from pathlib import Path

import pytest

from tests.guide.words import ROOT, english_for, german_for

GUIDE = ROOT / "docs" / "guide"
ADMIN = ROOT / "docs" / "admin"
LARGEST_PICTURE = 150_000
PAGES = sorted(path.name for path in (GUIDE / "de").glob("*.md"))
QUOTES = {"de": re.compile("„([^“]+)“"), "en": re.compile("“([^”]+)”")}


def _text(lang: str, page: str) -> str:
    return (GUIDE / lang / page).read_text()


def _quotes(lang: str, text: str) -> set[str]:
    """What stands in quotation marks, on one line; the marks explain themselves on the first page."""
    return {" ".join(found.split()) for found in QUOTES[lang].findall(text)}


def _shape(text: str) -> list[str]:
    """The headings, steps, points, pictures and table rows in their order."""
    return [found.strip() for found in re.findall(r"^(#+|\d+\.|-|!|\|) ?", text, re.MULTILINE)]


def _links(path: Path) -> list[str]:
    return [link for link in re.findall(r"\]\(([^)\s]+)\)", path.read_text()) if "://" not in link]


def test_both_languages_have_the_same_pages() -> None:
    assert PAGES
    assert sorted(path.name for path in (GUIDE / "en").glob("*.md")) == PAGES


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_built_alike_in_both_languages(page: str) -> None:
    assert _shape(_text("de", page)) == _shape(_text("en", page))


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_quotes_stands_in_the_product(page: str) -> None:
    assert _quotes("en", _text("en", page)) - german_for().keys() == set()
    assert _quotes("de", _text("de", page)) - english_for().keys() == set()


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_quote_the_same(page: str) -> None:
    german, english = _quotes("de", _text("de", page)), _quotes("en", _text("en", page))
    assert {text for text in english if not german_for()[text] & german} == set()
    assert {text for text in german if not english_for()[text] & english} == set()


@pytest.mark.parametrize("path", [*sorted(GUIDE.rglob("*.md")), *sorted(ADMIN.glob("*.md"))], ids=str)
def test_links_and_pictures_are_there(path: Path) -> None:
    assert [link for link in _links(path) if not (path.parent / link.partition("#")[0]).exists()] == []


def test_every_page_is_in_the_contents() -> None:
    for lang in ("de", "en"):
        assert set(_links(GUIDE / lang / "README.md")) == set(PAGES) - {"README.md"}


def test_every_picture_is_small_and_shown_in_its_language() -> None:
    shown = {lang: {Path(link).name for page in PAGES for link in _links(GUIDE / lang / page)} for lang in ("de", "en")}
    pictures = sorted((ROOT / "docs" / "images" / "guide").iterdir())
    assert pictures
    for picture in pictures:
        assert picture.name in shown[picture.stem[-2:]]
        assert picture.stat().st_size <= LARGEST_PICTURE


def test_every_shipped_service_is_described() -> None:
    for lang in ("de", "en"):
        titles = {
            json.loads(path.read_text())["title"] for path in (ROOT / "anliegen/library").glob(f"*/texts/{lang}.json")
        }
        assert _quotes(lang, _text(lang, "services.md")) == titles
