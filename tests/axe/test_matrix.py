"""Every screen in every look: as it comes, with its layers open, refused; light and dark; 1440, 390 and 320 pixels wide.

Beside axe: nothing scrolls sideways, and nothing is cut when readers space their texts (WCAG 1.4.10, 1.4.12).
"""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import product as pairs
from typing import Any

import pytest

from tests.axe import look
from tests.journeys.persons import Person
from tests.screens import REFUSED, SCREENS, addresses

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.xdist_group("axe")]
WIDTHS = {1440: 900, 390: 844, 320: 640}
SCHEMES = ("light", "dark")
SEND = """(button, typed) => {
  for (const [name, value] of Object.entries(typed)) button.form.elements[name].value = value;
  button.form.noValidate = true;
  button.form.requestSubmit(button);
}"""


class Looks:
    """Looks at the page as it is now, in every width and colour scheme; keeps what was wrong."""

    def __init__(self, page: Any, axe: str) -> None:
        self.page, self.axe = page, axe
        self.problems: dict[str, list[str]] = {}
        self.unsure: Counter[str] = Counter()
        self.seen = self.layers = 0

    def take(self, name: str) -> None:
        self.page.evaluate(self.axe)
        for width, scheme in pairs(WIDTHS, SCHEMES):
            self.page.set_viewport_size({"width": width, "height": WIDTHS[width]})
            self.page.emulate_media(color_scheme=scheme)
            answer = self.page.evaluate(look.FOUND, look.RULES)
            found = [*answer["violations"], *(f"too wide: {one}" for one in look.too_wide(self.page))]
            if scheme == "light":
                found += self._spaced()
            self.unsure.update(answer["incomplete"])
            self.seen += 1
            if found:
                self.problems[f"{name} {width} {scheme}"] = found
        self.page.set_viewport_size({"width": 1440, "height": 900})

    def _spaced(self) -> Iterator[str]:
        self.page.evaluate(look.SPACED)
        yield from (f"spaced, too wide: {one}" for one in look.too_wide(self.page))
        yield from (f"spaced, cut: {one}" for one in look.clipped(self.page))
        self.page.evaluate(look.UNSPACED)


def _told(looks: Looks, record_property: Callable[[str, object], None], what: str) -> None:
    unsure = ", ".join(f"{rule} {count}" for rule, count in sorted(looks.unsure.items())) or "nothing"
    record_property("table", f"{what}: {looks.seen} looks, axe leaves to people: {unsure}")
    assert not looks.problems, "\n".join(f"{where}: {one}" for where, found in looks.problems.items() for one in found)


@pytest.mark.parametrize("who", sorted({screen.who for screen in SCREENS}))
def test_every_screen_in_every_look(come: Callable[..., Person], axe: str, who: str, record_property: Any) -> None:
    person = come(who, reduced_motion="reduce")  # colours that are still changing are no colours
    looks = Looks(person.page, axe)
    for screen in (screen for screen in SCREENS if screen.who == who):
        for address in addresses(person, screen):
            person.page.goto(address)
            looks.take(screen.name)
            if person.page.evaluate(look.OPEN_ALL):
                looks.take(f"{screen.name} with its parts open")
            for name in _layers(person.page, menus=not looks.layers):
                looks.layers += 1
                looks.take(f"{screen.name} with {name}")
    _told(looks, record_property, f"screens of {who or 'nobody'}")


def _layers(page: Any, *, menus: bool) -> Iterator[str]:
    """Open the dialogs of the page one after the other, and the menus too: they are the same on every page."""
    for number in range(page.locator("details[data-menu]").count() if menus else 0):
        menu = page.locator("details[data-menu]").nth(number)
        if menu.locator("summary").is_visible():
            menu.evaluate("one => { one.open = true; }")
            yield f"menu {number + 1}"
            menu.evaluate("one => { one.open = false; }")
    for number in range(page.locator("[data-dialog]").count()):
        opener = page.locator("[data-dialog]").nth(number)
        if opener.is_visible():
            opener.click()
            yield f"dialog {opener.get_attribute('data-dialog')}"
            page.keyboard.press("Escape")


@pytest.mark.parametrize("who", sorted({one.screen.who for one in REFUSED}))
def test_every_refused_form_in_every_look(
    come: Callable[..., Person], axe: str, who: str, record_property: Any
) -> None:
    person = come(who, reduced_motion="reduce")
    looks, page = Looks(person.page, axe), person.page
    for one in (one for one in REFUSED if one.screen.who == who):
        [address] = addresses(person, one.screen)
        page.goto(address)
        with page.expect_navigation() as sent:
            page.locator(one.button).first.evaluate(SEND, one.typed)
        assert sent.value.status == 422, f"{one.screen.name}: {sent.value.status}"
        assert page.title().startswith("Fehler: "), one.screen.name
        assert page.evaluate("document.activeElement.id") == "error-summary", one.screen.name
        looks.take(f"{one.screen.name} refused")
    _told(looks, record_property, f"refused forms of {who or 'nobody'}")
