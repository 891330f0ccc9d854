"""What every test gets: its surroundings, both databases, a browser, and a plain word about what was left out.

Marks: `postgres` needs a PostgreSQL server (ANLIEGEN_TEST_POSTGRES_URL, else 127.0.0.1:5432), `browser` needs Chromium
(ANLIEGEN_CHROMIUM, else on PATH), `crash` kills processes, `long` runs in `make test-long` only. With CI=true a missing
server or browser is a failure, elsewhere the tests are skipped and named at the end. `pytest --pg` runs on PostgreSQL.
"""

import os
import shutil
import socket
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django
import pytest

CI = os.environ.get("CI", "").lower() == "true"
POSTGRES_URL = os.environ.get("ANLIEGEN_TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/anliegen")
for _name in [n for n in os.environ if n.startswith("ANLIEGEN_")]:
    # A developer's own settings must not change what a test sees.
    if _name not in {"ANLIEGEN_DATABASE_URL", "ANLIEGEN_CHROMIUM"} and not _name.startswith("ANLIEGEN_TEST_"):
        del os.environ[_name]
os.environ["ANLIEGEN_ENV"] = "test"
if "--pg" in sys.argv:
    # In the surroundings, so that the processes of pytest-xdist know it too; a name of its own for each run.
    os.environ.setdefault("ANLIEGEN_TEST_PG", f"{POSTGRES_URL}_{os.getpid()}")
if "ANLIEGEN_TEST_PG" in os.environ:
    os.environ["ANLIEGEN_DATABASE_URL"] = os.environ["ANLIEGEN_TEST_PG"]

# Named here and not in pyproject.toml: pytest-django would read the settings before the lines above.
os.environ["DJANGO_SETTINGS_MODULE"] = "anliegen.project.settings"
django.setup()

_left_out: Counter[str] = Counter()
_tables: list[str] = []  # lines that tests recorded as "table": shown at the end


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pg", action="store_true", help="run the tests on PostgreSQL instead of SQLite")
    parser.addoption("--long", action="store_true", help="run the tests marked long too, with more rounds")


def pytest_configure(config: pytest.Config) -> None:
    _profiles(long=config.getoption("--long"))


def _profiles(*, long: bool) -> None:
    """Fixed seeds and budgets, so that a red run can be repeated."""
    from hypothesis import HealthCheck, settings

    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    settings.register_profile("short", derandomize=True, max_examples=60, deadline=None, suppress_health_check=slow)
    settings.register_profile("long", max_examples=2000, deadline=None, suppress_health_check=slow, print_blob=True)
    settings.load_profile("long" if long else "short")


def postgres_answers() -> bool:
    """Whether a server listens at the address for tests."""
    parts = urlsplit(POSTGRES_URL)
    try:
        socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 5432), timeout=2).close()
    except OSError:
        return False
    return True


def chromium() -> str | None:
    """The browser's program, if there is one."""
    named = os.environ.get("ANLIEGEN_CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def _touches_database(item: pytest.Item) -> bool:
    names = getattr(item, "fixturenames", ())
    own = any(item.get_closest_marker(mark) for mark in ("browser", "crash", "postgres"))
    return not own and bool(item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(names))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--pg"):
        # What does not touch the database, or chooses its own, tells nothing new there.
        others = [item for item in items if not _touches_database(item)]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if _touches_database(item)]
    missing = {}
    if any(item.get_closest_marker("postgres") for item in items) and not postgres_answers():
        missing["postgres"] = f"no PostgreSQL server at {POSTGRES_URL.rpartition('@')[2]}"
    if any(item.get_closest_marker("browser") for item in items) and not chromium():
        missing["browser"] = "no Chromium (apt-get install chromium, or ANLIEGEN_CHROMIUM=/path)"
    if not config.getoption("--long"):
        missing["long"] = "runs in make test-long"
    for item in items:
        for mark in [mark for mark in missing if item.get_closest_marker(mark)]:
            if CI and mark != "long":
                item.add_marker(pytest.mark.usefixtures("missing_in_ci"))
            else:
                item.add_marker(pytest.mark.skip(reason=missing[mark]))


@pytest.fixture
def missing_in_ci() -> None:
    pytest.fail("CI must have PostgreSQL and Chromium; see .ci/run")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and isinstance(report.longrepr, tuple):
        _left_out[report.longrepr[2].removeprefix("Skipped: ")] += 1
    if report.when == "teardown":
        _tables.extend(str(line) for name, line in report.user_properties if name == "table")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for reason, count in _left_out.items():
        terminalreporter.write_line(f"left out: {count} tests: {reason}")
    for line in _tables:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def long_run(request: pytest.FixtureRequest) -> bool:
    """Whether this is `make test-long`: then take more rounds."""
    return bool(request.config.getoption("--long"))


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """A server that tests may make databases on (mark the test `postgres`)."""
    return POSTGRES_URL


@pytest.fixture(autouse=True)
def _data_dir(tmp_path: Path, settings: Any) -> None:
    """Files go to a folder of the test's own; texts are German unless the test says otherwise."""
    from dataclasses import replace

    settings.ANLIEGEN = replace(settings.ANLIEGEN, data_dir=tmp_path)
    settings.ANLIEGEN_DATA_DIR = tmp_path


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """What the process keeps of published releases belongs to rows that the last test took back."""
    from anliegen.portal import cards
    from anliegen.sla import queries as sla
    from anliegen.tracking.queries import ranking
    from anliegen.workflow.queries import releases

    cards.forget()
    ranking.forget()
    releases.forget()
    sla.forget()


@pytest.fixture(autouse=True)
def _german() -> Iterator[None]:
    from django.utils import translation

    with translation.override("de"):
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, started once (mark the test `browser`); make a context per test: `browser.new_context()`."""
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in this thread, which Django would take for a view that blocks it
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    flags = ["--disable-background-networking", "--disable-dev-shm-usage", "--force-color-profile=srgb"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        flags.append("--no-sandbox")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=flags)
        yield running
        running.close()


@pytest.fixture(scope="session")
def bind_wiring() -> Callable[[], None]:
    """Bind events and jobs as the product does; for tests of stages, which may not import `project` themselves."""
    from anliegen.project import wiring

    return wiring.bind
