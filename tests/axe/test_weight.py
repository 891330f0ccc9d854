"""What pages weigh and where they reach to (ux/spec section 2 and tests 11, 12): budgets, no other host, a strict policy.

Weights are compressed as a server sends them; the figures are printed at the end of the run.
"""

import gzip
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import expect

from tests.crash.plant import Plant
from tests.journeys.persons import Person
from tests.screens import SCREENS, addresses
from tests.words.test_words import MAC, OF_THE_TRADE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("axe")]
MOST_OF_A_PAGE, MOST_CSS, MOST_JS, MOST_FONTS = 60_000, 25_000, 30_000, 54_000
LOADED = {
    "link": "href",
    "script": "src",
    "img": "src",
    "source": "srcset",
    "iframe": "src",
    "video": "src",
    "audio": "src",
}
DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{1,2}\s(?:Jan|Feb|Mar|Apr|May|June|July|Aug|Sept|Oct|Nov|Dec)\b"
TAG = r"(?:Mo|Di|Mi|Do|Fr|Sa|So)\., \d{1,2}\.\s(?:Jan|Feb|März|Apr|Mai|Juni|Juli|Aug|Sept|Okt|Nov|Dez)"
WRITTEN = {"de": (r"\d\s€", TAG), "en": (r"€\d", DAY)}  # amounts and dates as each language writes them
UNSAFE = re.compile(r"unsafe-|data:(?!;)\S*script|\*")


class Page(HTMLParser):
    """What a page loads, what of it a strict policy would stop, and the words that people see."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: set[str] = set()
        self.stopped: list[str] = []
        self.words: list[str] = []
        self.inside = self.lang = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        given = dict(attrs)
        if tag == "html":
            self.lang = given.get("lang") or ""
        if address := given.get(LOADED.get(tag, "")):
            self.loads.add(address)
        runs = tag == "script" and not given.get("src") and given.get("type") != "application/json"
        if tag == "style" or runs:
            self.stopped.append(tag)
        self.stopped += [f"{tag} {name}" for name in given if re.match(r"on|hx-on|style$", name)]

    def handle_data(self, data: str) -> None:
        if self.inside not in {"script", "style"}:
            self.words.append(data)


def _weight(content: bytes) -> int:
    return len(gzip.compress(content, compresslevel=6, mtime=0))


@pytest.mark.parametrize("lang", ["de", "en"])
def test_pages_are_light_and_stay_at_home(
    come: Callable[..., Person], product: Plant, lang: str, record_property: Callable[[str, object], None]
) -> None:
    weights: dict[str, int] = {}
    problems, files, missing = [], set(), set(WRITTEN[lang])
    for who in sorted({screen.who for screen in SCREENS}):
        person = come(who, locale=lang)
        with _reading(person, lang):
            for screen in (screen for screen in SCREENS if screen.who == who):
                [address] = addresses(person, screen)
                answer = person.context.request.get(address, headers={"Accept-Language": lang})
                page = Page(answer.text())
                weights[screen.name] = _weight(answer.body())
                files |= {urljoin(answer.url, one) for one in page.loads}
                problems += [f"{screen.name}: {one}" for one in (*page.stopped, *_policy(answer.headers))]
                problems += [f"{screen.name}: {one}" for one in _wrong_words(screen.name, page, lang)]
                missing -= {one for one in missing if re.search(one, " ".join(page.words))}
    heavy = sorted(weights.items(), key=lambda one: -one[1])
    record_property("table", f"pages ({lang}): " + ", ".join(f"{name} {size}" for name, size in heavy))
    problems += [f"{name} weighs {size}" for name, size in heavy if size > MOST_OF_A_PAGE]
    home = urlsplit(product.base_url).netloc
    problems += [f"loads {one}" for one in files if urlsplit(one).scheme != "data" and urlsplit(one).netloc != home]
    assert problems == []
    assert missing == set(), "no page shows an amount or a date as this language writes it"


@contextmanager
def _reading(person: Person, lang: str) -> Iterator[None]:
    """These pages in that language; afterwards in German again, for whoever comes next."""
    if person.name and lang != "de":
        person.page.locator(f'button[name="language"][value="{lang}"]').first.click()
        expect(person.page.locator(f'html[lang="{lang}"]')).to_have_count(1)
    yield
    if person.name and lang != "de":
        person.page.locator('button[name="language"][value="de"]').first.click()
        expect(person.page.locator('html[lang="de"]')).to_have_count(1)


def _policy(headers: dict[str, str]) -> list[str]:
    policy = headers.get("content-security-policy", "")
    if "default-src 'self'" not in policy:
        return ["has no policy"]
    return [f"its policy allows {hit}" for hit in UNSAFE.findall(policy)]


def _wrong_words(name: str, page: Page, lang: str) -> list[str]:
    found = [] if page.lang == lang else [f"is in {page.lang}"]
    if name.startswith("desk"):
        return found
    words = MAC.sub("", " ".join(page.words))
    others = WRITTEN["en" if lang == "de" else "de"]
    found += [f"writes {hit[0]!r} in {lang}" for pattern in others if (hit := re.search(pattern, words))]
    return found + [f"says {hit!r}" for hit in {one[0] for one in OF_THE_TRADE.finditer(words)}]


def test_styles_scripts_and_fonts_are_light(
    come: Callable[..., Person], record_property: Callable[[str, object], None]
) -> None:
    """As a browser loads them for the start page, whatever they load in turn."""
    fresh = come("Jana Sommer").context.new_page()
    answers: list[Any] = []
    fresh.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - it wants a function
    fresh.goto("/", wait_until="networkidle")
    sums = Counter[str]()
    for answer in answers:
        kind, content = answer.request.resource_type, answer.body()
        sums[kind] += len(content) if kind == "font" else _weight(content)
    record_property("table", f"start page: {dict(sums)}")
    assert 0 < sums["stylesheet"] <= MOST_CSS
    assert 0 < sums["script"] <= MOST_JS
    assert sums["font"] <= MOST_FONTS
