"""Writers, sealers and double clicks at the same time, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from anliegen.jobs.tests.databases import BOTH, Database, own_database

MODULE = "anliegen.audit.tests.process"


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with own_database(request.param, tmp_path, module=MODULE, apps="audit") as database:
        yield database


def test_writers_and_sealers_at_once_leave_one_whole_chain(database: Database) -> None:
    assert database.run("sealers") == {"errors": [], "sealed": 90, "unsealed": 0, "ok": True}


def test_a_double_click_has_one_effect_and_one_answer(database: Database) -> None:
    assert database.run("twins") == {"errors": [], "answers": 1, "effects": 1}


@pytest.mark.postgres
def test_an_entry_that_commits_late_gets_a_later_number(tmp_path: Path) -> None:
    with own_database("postgres", tmp_path, module=MODULE, apps="audit") as database:
        assert database.run("late") == {"errors": [], "rows": [["100", 2], ["101", 1]], "ok": True}
