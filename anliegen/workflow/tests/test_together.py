"""Two at the same instant, on both databases: one wins, the other is told (I7, G01, G02)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from anliegen.jobs.tests.databases import BOTH, own_database

MODULE = "anliegen.workflow.tests.process"
APPS = "audit jobs files search people calendars catalogue knowledge assets requests workflow sla notifications"


@pytest.fixture(params=BOTH, scope="module")
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder: Path = tmp_path_factory.mktemp("together")
    with own_database(request.param, folder, module=MODULE, apps=APPS) as found:
        yield found.run("all")


def test_two_approvers_at_the_same_instant(told: Any) -> None:
    for one in told["votes"]:
        assert one == {"answers": ["Conflict", "ok"], "yes": 1, "next": 1, "decided": 2}


def test_one_step_completed_many_times_at_once(told: Any) -> None:
    assert told["completions"] == {"ok": True, "others": ["Conflict"], "next": 1}


def test_two_teams_finish_at_the_same_instant(told: Any) -> None:
    assert told["two_teams"] == [["ok", "ok", 1]] * 6
