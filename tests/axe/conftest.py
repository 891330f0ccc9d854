"""One running product with the whole demo company, for all looks at its screens."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.crash.plant import Plant, plant
from tests.journeys.persons import Person


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    with plant("sqlite", tmp_path_factory.mktemp("axe"), load=()) as found:
        found.start("web")
        found.ready_within()
        yield found
        found.stop()


@pytest.fixture(scope="session")
def axe() -> str:
    return (Path(settings.NODE_MODULES) / "axe-core" / "axe.min.js").read_text()


@pytest.fixture
def come(browser: Any, product: Plant) -> Iterator[Callable[..., Person]]:
    """Somebody at a browser of their own; "" is nobody in particular."""
    inside: list[Person] = []

    def enter(who: str, at: Plant = product, **context: Any) -> Person:
        if who:
            inside.append(Person.steps_in(browser, at.base_url, who, **context))
            return inside[-1]
        alone = browser.new_context(**{"base_url": at.base_url, "locale": "de-DE", **context})
        inside.append(Person("", alone, alone.new_page()))
        page, person = inside[-1].page, inside[-1]
        page.on("console", lambda said: person.errors.append(said.text) if said.type == "error" else None)
        return inside[-1]

    yield enter
    for person in inside:
        person.leaves()
