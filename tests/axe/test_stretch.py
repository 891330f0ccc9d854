"""Longer texts fit: every screen of the portal in a language four tenths longer than German (ux/spec 3.8, test 10)."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.axe import look
from tests.axe.stretch import KEPT, catalogue, stretched
from tests.crash.plant import Plant, plant
from tests.journeys.persons import Person
from tests.screens import SCREENS, addresses

WIDTHS = {1440: 900, 390: 844}
REQUESTERS = sorted({screen.who for screen in SCREENS if not screen.name.startswith("desk")})


@pytest.mark.parametrize(
    "text", ["Anfragen", "Noch %(n)s Tage", "Informationen", "Bitte wählen Sie <b>eine</b> Zeile aus."]
)
def test_a_text_grows_and_keeps_its_places(text: str) -> None:
    longer = stretched(text)
    assert len(longer) >= 1.35 * len(KEPT.sub("", text))
    assert KEPT.findall(longer) == KEPT.findall(text)


@pytest.fixture(scope="module")
def abroad(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    folder = tmp_path_factory.mktemp("stretched")
    (folder / "stretched.mo").write_bytes(catalogue())
    more = {"STRETCHED": str(folder / "stretched.mo"), "PYTHONPATH": str(Path(__file__).with_name("stretched"))}
    with plant("sqlite", folder, load=(), **more) as found:
        found.start("web")
        found.ready_within()
        yield found
        found.stop()


@pytest.mark.browser
@pytest.mark.long
@pytest.mark.xdist_group("axe")
@pytest.mark.parametrize("who", REQUESTERS)
def test_longer_texts_fit(come: Callable[..., Person], abroad: Plant, who: str) -> None:
    person = come(who, at=abroad, reduced_motion="reduce")
    page, found = person.page, {}
    for screen in (one for one in SCREENS if one.who == who and not one.name.startswith("desk")):
        for address in addresses(person, screen):
            page.goto(address)
            assert "[!! " in page.content(), "the texts of the page are not the stretched ones"
            page.evaluate(look.OPEN_ALL)
            for width, height in WIDTHS.items():
                page.set_viewport_size({"width": width, "height": height})
                if problems := _problems(page):
                    found[f"{screen.name} {width}"] = problems
    assert not found, "\n".join(f"{where}: {one}" for where, problems in found.items() for one in problems)


def _problems(page: Any) -> list[str]:
    return [f"too wide: {one}" for one in look.too_wide(page)] + [f"cut: {one}" for one in look.clipped(page)]
