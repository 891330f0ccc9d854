"""One running product per database for all crash tests: made once, because migrating and loading takes longest."""

from collections.abc import Iterator

import pytest

from tests.crash.plant import Plant, plant

BOTH = (
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgres", id="postgres", marks=pytest.mark.postgres),
)


@pytest.fixture(scope="session", params=BOTH)
def product(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    """Web and two workers, running and ready."""
    with plant(request.param, tmp_path_factory.mktemp(request.param)) as found:
        for name in ("web", "worker-1", "worker-2"):
            found.start(name)
        found.ready_within()
        yield found
        found.stop()
