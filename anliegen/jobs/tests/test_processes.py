"""Workers that are killed, stopped, and started twice (X02, X05, X25), each test with a database of its own."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from anliegen.jobs.tests.databases import BOTH, Database, own_database

pytestmark = pytest.mark.crash
MODULE = "anliegen.jobs.tests.process"


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with own_database(request.param, tmp_path, module=MODULE, apps="jobs") as database:
        yield database


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Database]:
    with own_database("postgres", tmp_path, module=MODULE, apps="jobs") as database:
        yield database


def until(true: Callable[[], bool], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def left(database: Database, kind: str) -> int:
    return int(database.rows(f"SELECT count(*) FROM jobs_job WHERE kind = '{kind}'")[0][0])


def effects(database: Database) -> dict[int, int]:
    return dict(database.rows("SELECT priority, count(*) FROM jobs_job WHERE kind = 'effect' GROUP BY priority"))


def end(worker: subprocess.Popen[str]) -> int:
    worker.terminate()
    return worker.wait(timeout=20)


def test_two_workers_of_which_one_is_killed_do_each_job_once(database: Database, *, long_run: bool) -> None:
    database.run("fill", "300")
    chance = random.Random(7)
    steady, victim = database.start("work"), database.start("work")
    until(lambda: left(database, "count") < 300)
    for _ in range(20 if long_run else 3):
        time.sleep(chance.uniform(0.05, 0.4))
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        victim = database.start("work")
    until(lambda: left(database, "count") == 0)
    assert end(steady) == 0
    assert end(victim) == 0
    assert effects(database) == dict.fromkeys(range(1, 301), 1)
    ticks = database.rows(
        "SELECT due, count(*) FROM jobs_job WHERE kind = 'tick effect' GROUP BY due HAVING count(*) > 1"
    )
    assert ticks == []
    assert left(database, "tick") == 1
    assert left(database, "tick effect") > 1


@pytest.mark.postgres
def test_a_worker_stopped_in_the_middle_notices_that_it_lost_the_job(postgres: Database, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    postgres.run("fill", "1", "slow")
    sleeper = postgres.start("work", str(marker))
    until(marker.exists)
    os.kill(sleeper.pid, signal.SIGSTOP)
    fresh = postgres.start("work")
    until(lambda: effects(postgres) == {1: 1})
    os.kill(sleeper.pid, signal.SIGCONT)
    time.sleep(1.5)
    assert end(sleeper) == 0
    assert end(fresh) == 0
    assert effects(postgres) == {1: 1}
    assert left(postgres, "slow") == 0


def test_a_worker_told_to_stop_finishes_what_it_does_and_gives_back_the_rest(
    database: Database, tmp_path: Path
) -> None:
    marker = tmp_path / "marker"
    database.run("fill", "5", "slow")
    worker = database.start("work", str(marker))
    until(marker.exists)
    assert end(worker) == 0
    done = effects(database)
    assert 1 <= len(done) < 5
    assert left(database, "slow") == 5 - len(done)
    assert database.rows("SELECT count(*) FROM jobs_job WHERE kind = 'slow' AND leased_until IS NOT NULL") == [(0,)]
    assert database.rows("SELECT count(*) FROM jobs_worker") == [(0,)]


@pytest.mark.postgres
def test_a_worker_outlives_connections_that_are_cut(postgres: Database) -> None:
    postgres.run("fill", "200")
    worker = postgres.start("work")
    for _ in range(5):
        time.sleep(0.3)
        postgres.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    until(lambda: left(postgres, "count") == 0)
    assert worker.poll() is None
    assert end(worker) == 0
    assert effects(postgres) == dict.fromkeys(range(1, 201), 1)


def test_planning_one_key_from_eight_threads_leaves_one_job(database: Database) -> None:
    assert database.run("race") == []
    assert left(database, "effect") == 1
