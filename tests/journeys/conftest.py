"""One running product for all journeys of a process: web, worker, mail server, SQLite."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.crash.plant import Plant, plant
from tests.journeys.persons import Person


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    with plant("sqlite", tmp_path_factory.mktemp("journeys")) as found:
        for name in ("web", "worker"):
            found.start(name)
        found.ready_within()
        yield found
        found.stop()


@pytest.fixture
def enter(browser: Any, product: Plant) -> Iterator[Callable[..., Person]]:
    """Somebody comes to their browser; whatever the pages complained about there fails the test."""
    inside: list[Person] = []

    def come(name: str, **context: Any) -> Person:
        inside.append(Person.steps_in(browser, product.base_url, name, **context))
        return inside[-1]

    yield come
    for person in inside:
        person.leaves()
    assert [error for person in inside for error in person.errors] == []
