"""X08, X09: PostgreSQL crashes under load, or ends everybody's connections again and again."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.crash.conftest import Fresh, Try
from tests.crash.plant import Plant, admin, plant
from tests.crash.server import Server, programs, server
from tests.crash.trial import BUG, Trial

pytestmark = [
    pytest.mark.crash,
    pytest.mark.xdist_group("crash"),
    pytest.mark.postgres,
    pytest.mark.long,
]
CRASHES, ENDINGS, EVERY_S = 8, 10, 2.0
BACK_WITHIN_S = 15.0
own_server = pytest.mark.skipif(programs() is None, reason="no programs of a PostgreSQL server")


@pytest.fixture
def cluster() -> Iterator[Server]:
    with server() as found:
        yield found


def crashing(cluster: Server, crashes: int) -> Callable[[Trial], None]:
    """`pg_ctl stop -m immediate`: nothing is written any more; then a start, which recovers."""

    def disturb(one: Trial) -> None:
        for _number in range(crashes):
            one.moment()
            cluster.stop("immediate")
            time.sleep(one.chance.uniform(0.5, 2.0))
            cluster.start()
            took = one.product.ready_within(60)
            one.rounds += 1
            one.may_double += 2  # each worker may have been between the mail server's yes and its commit
            if took > BACK_WITHIN_S:
                one.ledger.note(f"X08: back only after {took:.1f} s")

    return disturb


def _crashed(cluster: Server, folder: Path, trial: Try, bug: str, crashes: int) -> Trial:
    with plant("postgres", folder, server=cluster.url, **({BUG: bug} if bug else {})) as product:
        product.run("web", "worker-1", "worker-2")
        return trial(product, "X08 PostgreSQL stops at once").run(crashing(cluster, crashes))


@own_server
def test_what_was_answered_outlives_a_crash_of_the_server(cluster: Server, tmp_path: Path, trial: Try) -> None:
    _crashed(cluster, tmp_path, trial, "", CRASHES).expect(least=CRASHES * 2)


@own_server
def test_it_catches_commits_that_are_not_on_disk(cluster: Server, tmp_path: Path, trial: Try) -> None:
    _crashed(cluster, tmp_path, trial, "asynchronous", CRASHES).caught("I1", "I8")


def ending(endings: int) -> Callable[[Trial], None]:
    """All connections of the product are ended by the server, every two seconds."""

    def disturb(one: Trial) -> None:
        ended = 0
        with psycopg.connect(admin(), autocommit=True) as connection:
            for _number in range(endings):
                one.moment(0.0, EVERY_S)
                found = connection.execute(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s",
                    (one.product.database,),
                ).fetchone()
                ended += found[0] if found else 0
                one.rounds += 1
        one.may_double = ended
        if one.ledger.busy > ended:
            one.ledger.note(f"X09: {one.ledger.busy} questions failed, {ended} connections were ended")

    return disturb


def test_ended_connections_break_nothing(on_postgres: Plant, trial: Try) -> None:
    trial(on_postgres, "X09 connections ended").run(ending(ENDINGS)).expect()


@pytest.mark.parametrize(
    ("bug", "words"), [("database-errors-unknown", ": 500"), ("worker-ends-on-error", "I4")]
)  # fmt: skip
def test_it_catches_a_product_that_cannot_bear_it(bug: str, words: str, fresh: Fresh, trial: Try) -> None:
    one = trial(fresh("postgres", bug), "X09 connections ended").run(ending(ENDINGS))
    assert any(words in text for text in one.broken), one.broken
