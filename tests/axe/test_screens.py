"""Every screen of portal, desk and sign-in: axe without a finding, no sideways scroll, nothing from outside.

The look of a screen is checked wide and light, and narrow and dark; 320 pixels are WCAG's 400 % zoom.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from tests.crash.plant import Plant, plant
from tests.journeys.persons import Person
from tests.screens import SCREENS, Screen, addresses

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("axe")]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "EN-301-549"]
LOOKS = {"light": {"width": 1440, "height": 900}, "dark": {"width": 390, "height": 844}}
TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  return [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > room + 1)
    .slice(-3).map((one) => one.outerHTML.slice(0, 160));
}"""
FOUND = """async (rules) => (await axe.run(document, {runOnly: rules})).violations
  .map((one) => `${one.id}: ${one.nodes.slice(0, 2).map((node) => node.html.slice(0, 200)).join(" | ")}`)"""


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    with plant("sqlite", tmp_path_factory.mktemp("axe"), load=()) as found:
        found.start("web")
        found.ready_within()
        yield found
        found.stop()


@pytest.fixture(scope="module")
def axe() -> str:
    return (Path(settings.NODE_MODULES) / "axe-core" / "axe.min.js").read_text()


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("who", sorted({screen.who for screen in SCREENS}))
def test_screens_pass_axe_and_fit(browser: Any, product: Plant, axe: str, who: str, look: str) -> None:
    """All screens of one person, so that they sign in once."""
    person = _person(browser, product, who, look)
    outside: set[str] = set()
    home = urlsplit(product.base_url).netloc
    person.page.on(
        "request", lambda sent: outside.add(sent.url) if urlsplit(sent.url).netloc not in {home, ""} else None
    )
    found = {}
    for screen in (screen for screen in SCREENS if screen.who == who):
        for address in addresses(person, screen):
            if problems := _problems(person, screen, address, axe, look):
                found[f"{screen.name} {address}"] = problems
    person.leaves()
    assert not found, "\n".join(f"{where}: {what}" for where, problems in found.items() for what in problems)
    assert outside == set()


def _person(browser: Any, product: Plant, who: str, look: str) -> Person:
    context = {"color_scheme": look, "viewport": LOOKS[look]}
    if who:
        return Person.steps_in(browser, product.base_url, who, **context)
    inside = browser.new_context(base_url=product.base_url, locale="de-DE", **context)
    person = Person("", inside, inside.new_page())
    person.page.on("console", lambda said: person.errors.append(said.text) if said.type == "error" else None)
    return person


def _problems(person: Person, screen: Screen, address: str, axe: str, look: str) -> list[str]:
    page = person.page
    person.errors.clear()
    answer = page.goto(address)
    if answer.status != screen.status:
        return [f"status {answer.status}"]
    page.evaluate(axe)
    found = page.evaluate(FOUND, RULES)
    found += [f"too wide: {one}" for one in page.evaluate(TOO_WIDE)]
    if look == "dark":
        page.set_viewport_size({"width": 320, "height": 640})
        found += [f"too wide at 320: {one}" for one in page.evaluate(TOO_WIDE)]
        page.set_viewport_size(LOOKS[look])
    # what the policy stopped, and scripts that failed; the browser also complains about every status of 400 and more
    found += [said for said in person.errors if "Failed to load resource" not in said]
    return found
