"""X10, X28: a database that is locked or gone gives 503 that says so, never 500, and everything recovers alone."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import httpx
import psycopg
import pytest

from tests.crash import load
from tests.crash.ledger import Ledger
from tests.crash.plant import Plant, admin

pytestmark = [pytest.mark.crash, pytest.mark.xdist_group("crash")]
LOCKED_S = 25.0
BACK_WITHIN_S = 15.0
ADDRESSES = ("/", load.ITEM)


@contextmanager
def requester(product: Plant) -> Iterator[load.Requester]:
    found = load.Requester(product.base_url, load.REQUESTERS[0], Ledger(), 7)
    try:
        yield found
    finally:
        found.person.http.close()


def order(jana: load.Requester, nonce: str) -> Callable[[], httpx.Response]:
    """A filled-in form, ready to be sent, more than once if need be."""
    form, page = jana.person.form(load.ITEM, having="justification")
    return lambda: jana.person.send(form, page, q_build="cad", justification=nonce)


def back(act: Callable[[], httpx.Response], status: int) -> float:
    """How long it takes until this works again. Nothing but 503 is answered before."""
    began = time.monotonic()
    while time.monotonic() - began < BACK_WITHIN_S:
        answer = act()
        if answer.status_code == status:
            return time.monotonic() - began
        assert answer.status_code == 503, f"{answer.status_code}: {answer.text[:500]}"
        time.sleep(0.2)
    raise AssertionError(f"still {answer.status_code} after {BACK_WITHIN_S} s")


def told(answer: httpx.Response) -> bool:
    """Whether it is the page that says what is the matter, and when to come again."""
    return answer.status_code == 503 and "Gerade nicht erreichbar" in answer.text and "retry-after" in answer.headers


def mailed(product: Plant, code: str) -> bool:
    until = time.monotonic() + 40
    while time.monotonic() < until:
        if any(f":{code}:" in mail.event_id for mail in product.postbox.mails):
            return True
        time.sleep(0.2)
    return False


def test_a_locked_sqlite_file_gives_503_for_writes_and_pages_for_reads(on_sqlite: Plant) -> None:
    with requester(on_sqlite) as jana:
        _locked(on_sqlite, jana)


def _locked(product: Plant, jana: load.Requester) -> None:
    act, answers = order(jana, "nonce-locked"), []
    path = product.environment["ANLIEGEN_DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None, timeout=20)) as other:
        other.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        writing = threading.Thread(target=lambda: answers.append(act()))
        writing.start()
        pages = [jana.person.http.get(address) for address in ADDRESSES]
        writing.join()
        held = time.monotonic() - began
        time.sleep(max(0.0, LOCKED_S - held))
        other.execute("ROLLBACK")
    assert {page.status_code for page in pages} == {200}
    assert told(answers[0]), f"{answers[0].status_code}: {answers[0].text[:500]}"
    print(f"back after {back(act, 302):.1f} s")
    assert mailed(product, _code(act())), "the worker did not recover"


@pytest.mark.postgres
def test_ended_connections_are_replaced(on_postgres: Plant) -> None:
    with requester(on_postgres) as jana:
        _ended(on_postgres, jana)


def _ended(product: Plant, jana: load.Requester) -> None:
    act = order(jana, "nonce-ended")
    with psycopg.connect(admin(), autocommit=True) as server:
        ended = server.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s",
            (product.environment["ANLIEGEN_DATABASE_URL"].rpartition("/")[2],),
        ).fetchone()
    assert ended and ended[0] > 0
    print(f"back after {back(act, 302):.1f} s")
    assert mailed(product, _code(act())), "the worker did not recover"


@pytest.mark.postgres
def test_a_server_that_is_gone_gives_503_until_it_is_back(on_postgres: Plant) -> None:
    with requester(on_postgres) as jana:
        _gone(on_postgres, jana)


def _gone(product: Plant, jana: load.Requester) -> None:
    act = order(jana, "nonce-gone")
    assert product.wire is not None
    product.wire.cut()
    try:
        pages = {address: jana.person.http.get(address) for address in ADDRESSES}
        answer = act()
        ready, live = (
            httpx.get(f"{product.base_url}/health/{what}", timeout=30).status_code for what in ("ready", "live")
        )
    finally:
        product.wire.mend()
    assert all(told(page) for page in pages.values()), {where: page.status_code for where, page in pages.items()}
    assert told(answer), f"{answer.status_code}: {answer.text[:500]}"
    assert (ready, live) == (503, 200)
    print(f"back after {back(act, 302):.1f} s")
    assert mailed(product, _code(act())), "the worker did not recover"


def _code(answer: httpx.Response) -> str:
    """Of the same form sent once more: the same order."""
    assert answer.status_code == 302
    return answer.headers["location"].rstrip("/").rpartition("/")[2]
