"""One running product per database for all crash tests: made once, because migrating and loading takes longest."""

from collections.abc import Iterator

import pytest

from tests.crash.plant import Plant, plant


def _running(kind: str, folder: pytest.TempPathFactory) -> Iterator[Plant]:
    """Web and two workers, running and ready."""
    with plant(kind, folder.mktemp(kind)) as found:
        for name in ("web", "worker-1", "worker-2"):
            found.start(name)
        found.ready_within()
        yield found
        found.stop()


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    yield from _running("sqlite", tmp_path_factory)


@pytest.fixture(scope="session")
def on_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    yield from _running("postgres", tmp_path_factory)


@pytest.fixture(params=[pytest.param("sqlite"), pytest.param("postgres", marks=pytest.mark.postgres)])
def product(request: pytest.FixtureRequest) -> Plant:
    """The same test on either database."""
    found: Plant = request.getfixturevalue(f"on_{request.param}")
    return found
