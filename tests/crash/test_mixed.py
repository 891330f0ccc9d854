"""Fifteen minutes of work by people outside the product, while all that can be done to a running product is done to it."""

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing

import psycopg
import pytest

from tests.crash.conftest import Try
from tests.crash.plant import Plant, admin
from tests.crash.trial import Trial

pytestmark = [pytest.mark.crash, pytest.mark.xdist_group("crash"), pytest.mark.long]
SECONDS = float(os.environ.get("CRASH_MIXED_S", "900"))
CALM_S = 10.0  # between two faults, so that work goes on
type Fault = Callable[[Trial], None]


def kill_web(one: Trial) -> None:
    one.product.kill("web")
    one.product.start("web")


def kill_worker(one: Trial) -> None:
    one.product.kill("worker-1")
    one.product.start("worker-1")
    one.may_double += 1


def replace_web(one: Trial) -> None:
    one.product.stop("web")
    one.product.start("web")


def replace_worker(one: Trial) -> None:
    one.product.stop("worker-2")
    one.product.start("worker-2")


def freeze_worker(one: Trial) -> None:
    one.product.pause("worker-2")
    time.sleep(40)
    one.product.resume("worker-2")
    one.may_double += 1


def lose_answers_of_mail(one: Trial) -> None:
    box = one.product.postbox
    before, box.mute = box.unclear, 0.3
    time.sleep(10)
    box.mute = 0.0
    one.may_double += box.unclear - before


def lose_database(one: Trial) -> None:
    """PostgreSQL is gone for five seconds; a file of SQLite is locked for as long."""
    if one.product.wire:
        one.product.wire.cut()
        time.sleep(5)
        one.product.wire.mend()
        one.may_double += 2
        return
    assert one.product.sqlite is not None
    with closing(sqlite3.connect(one.product.sqlite, isolation_level=None, timeout=20)) as other:
        other.execute("BEGIN EXCLUSIVE")
        time.sleep(5)
        other.execute("ROLLBACK")


def end_connections(one: Trial) -> None:
    if one.product.sqlite:
        return
    with psycopg.connect(admin(), autocommit=True) as connection:
        query = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s"
        connection.execute(query, (one.product.database,))
    one.may_double += 2


FAULTS: tuple[Fault, ...] = (
    kill_web, kill_worker, replace_web, replace_worker, freeze_worker, lose_answers_of_mail, lose_database,
    end_connections,
)  # fmt: skip


def disturb(one: Trial) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        one.moment(0.3, CALM_S)
        FAULTS[one.rounds % len(FAULTS)](one)
        one.product.ready_within(60)
        one.rounds += 1


def test_a_quarter_of_an_hour_of_everything(product: Plant, trial: Try) -> None:
    trial(product, f"all, {SECONDS / 60:.0f} min").run(disturb).expect(least=100)
