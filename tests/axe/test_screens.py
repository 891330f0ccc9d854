"""Every screen of portal, desk and sign-in: axe without a finding, no sideways scroll, nothing from outside.

The look of a screen is checked wide and light, and narrow and dark; 320 pixels are WCAG's 400 % zoom. Every other look,
every layer and every refused form is in `test_matrix.py`.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from tests.axe import look
from tests.crash.plant import Plant
from tests.journeys.persons import Person
from tests.screens import SCREENS, Screen, addresses

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("axe")]
LOOKS = {"light": {"width": 1440, "height": 900}, "dark": {"width": 390, "height": 844}}


@pytest.mark.parametrize("scheme", LOOKS)
@pytest.mark.parametrize("who", sorted({screen.who for screen in SCREENS}))
def test_screens_pass_axe_and_fit(come: Callable[..., Person], product: Plant, axe: str, who: str, scheme: str) -> None:
    """All screens of one person, so that they sign in once."""
    person = come(who, color_scheme=scheme, viewport=LOOKS[scheme])
    outside: set[str] = set()
    home = urlsplit(product.base_url).netloc
    person.page.on(
        "request", lambda sent: outside.add(sent.url) if urlsplit(sent.url).netloc not in {home, ""} else None
    )
    found = {}
    for screen in (screen for screen in SCREENS if screen.who == who):
        for address in addresses(person, screen):
            if problems := _problems(person, screen, address, axe, scheme):
                found[f"{screen.name} {address}"] = problems
    assert not found, "\n".join(f"{where}: {what}" for where, problems in found.items() for what in problems)
    assert outside == set()


def _problems(person: Person, screen: Screen, address: str, axe: str, scheme: str) -> list[str]:
    page = person.page
    person.errors.clear()
    answer = page.goto(address)
    if answer.status != screen.status:
        return [f"status {answer.status}"]
    page.evaluate(axe)
    found = look.violations(page) + [f"too wide: {one}" for one in look.too_wide(page)]
    if scheme == "dark":
        page.set_viewport_size({"width": 320, "height": 640})
        found += [f"too wide at 320: {one}" for one in look.too_wide(page)]
        page.set_viewport_size(LOOKS[scheme])
    # what the policy stopped, and scripts that failed; the browser also complains about every status of 400 and more
    found += [said for said in person.errors if "Failed to load resource" not in said]
    return found
