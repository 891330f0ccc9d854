"""Products for crash tests: one per database that is shared, and fresh copies for those that change or break it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.crash.plant import Mould, Plant, bare, plant
from tests.crash.trial import BUG, Trial

BOTH = [pytest.param("sqlite"), pytest.param("postgres", marks=pytest.mark.postgres)]
type Fresh = Callable[..., Plant]
type Try = Callable[..., Trial]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`kind` is the database: the same test on either."""
    if "kind" in metafunc.fixturenames:
        metafunc.parametrize("kind", BOTH)


@pytest.fixture(scope="session")
def moulds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Mould]]:
    """Of each database one loaded product to be copied: migrating and loading takes longest."""
    with ExitStack() as open_ones:
        made: dict[str, Mould] = {}

        def of(kind: str) -> Mould:
            if kind not in made:
                found = open_ones.enter_context(plant(kind, tmp_path_factory.mktemp(f"{kind}-mould")))
                made[kind] = Mould(Path(found.environment["ANLIEGEN_DATA_DIR"]), found.database)
            return made[kind]

        yield of


def _running(
    kind: str, moulds: Callable[[str], Mould], folder: pytest.TempPathFactory, long_run: bool
) -> Iterator[Plant]:
    """Web and two workers, running and ready. In `make test` leases are short: nobody waits 30 s for a dead worker."""
    more = {} if long_run else {BUG: "short-lease"}
    with bare(kind, folder.mktemp(kind), mould=moulds(kind), **more) as found:
        found.run("web", "worker-1", "worker-2")
        yield found
        found.stop()


@pytest.fixture(scope="session")
def on_sqlite(
    moulds: Callable[[str], Mould], tmp_path_factory: pytest.TempPathFactory, long_run: bool
) -> Iterator[Plant]:
    yield from _running("sqlite", moulds, tmp_path_factory, long_run)


@pytest.fixture(scope="session")
def on_postgres(
    moulds: Callable[[str], Mould], tmp_path_factory: pytest.TempPathFactory, long_run: bool
) -> Iterator[Plant]:
    yield from _running("postgres", moulds, tmp_path_factory, long_run)


@pytest.fixture
def product(request: pytest.FixtureRequest, kind: str) -> Plant:
    """The shared one: leave it running as it was."""
    found: Plant = request.getfixturevalue(f"on_{kind}")
    return found


@pytest.fixture
def fresh(moulds: Callable[[str], Mould], tmp_path: Path) -> Iterator[Fresh]:
    """`fresh(kind, "bug,bug")`: a product of one's own with these planted bugs, running."""
    with ExitStack() as open_ones:

        def make(kind: str, bug: str = "", folder: Path | None = None, **more: str) -> Plant:
            where = folder or tmp_path / f"plant-{len(list(tmp_path.iterdir()))}"
            more |= {BUG: bug} if bug else {}
            found = open_ones.enter_context(bare(kind, where, mould=moulds(kind), **more))
            found.run("web", "worker-1", "worker-2")
            return found

        yield make


@pytest.fixture
def trial(record_property: Callable[[str, object], None]) -> Iterator[Try]:
    """`trial(product, fault)`: what comes of it is a line of the crash table, told at the end of the session."""
    made: list[Trial] = []

    def make(product: Plant, fault: str, **more: object) -> Trial:
        made.append(Trial(product, fault, **more))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        record_property("table", one.line)
