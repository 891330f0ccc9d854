"""X11: the disk is full: database, files, uploads on their way and the log. Then somebody makes room."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.crash import disk, load
from tests.crash.conftest import Fresh, Try
from tests.crash.disk import Disk
from tests.crash.person import File, Person
from tests.crash.trial import Trial

pytestmark = [
    pytest.mark.crash,
    pytest.mark.xdist_group("crash"),
    pytest.mark.long,
    pytest.mark.skipif(bool(disk.possible()), reason=disk.possible() or "-"),
]
ROUNDS = 3
FULL_S = 5.0
READS = ("/", load.ITEM, "/requests/")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Disk]:
    with disk.disk(tmp_path, "small", 96) as found:
        yield found


def filling(small: Disk) -> Callable[[Trial], None]:
    """While it is full: reads give pages, writes 507 or 503, and everything works again without a restart."""

    def disturb(one: Trial) -> None:
        for _number in range(ROUNDS):
            one.moment()
            code = _code(one)
            filler = small.fill()
            _reads(one)
            _writes(one, code)
            time.sleep(FULL_S)
            filler.unlink()
            one.until_busy()
            one.rounds += 1
            one.may_double += 2  # a mail that went out while its row could not be written

    return disturb


def _code(one: Trial) -> str:
    """A request of the first requester, as soon as there is one."""
    while True:
        for order in list(one.ledger.orders):
            if order.code and order.person == load.REQUESTERS[0]:
                return order.code
        time.sleep(0.2)


def _reads(one: Trial) -> None:
    with Person(one.product.base_url) as person:
        answers = {address: person.http.get(address).status_code for address in READS}
    if set(answers.values()) - {200, 302}:
        one.ledger.note(f"X11: reads while the disk is full: {answers}")


def _writes(one: Trial, code: str) -> None:
    """A file finds no room: it says so, and nothing of it is kept."""
    with Person(one.product.base_url) as person:
        try:
            person.step_into(load.REQUESTERS[0])
        except (AssertionError, httpx.HTTPError):
            return  # no room for a session either
        form, page = person.form(f"/requests/{code}/", having="text")
        answer = person.send(form, page, File("full.txt", b"x" * 3_000_000), text="full")
        if answer.status_code not in load.AGAIN:
            one.ledger.note(f"X11: a file was sent to a full disk: {answer.status_code}")


def _tried(small: Disk, kind: str, fresh: Fresh, trial: Try, bug: str) -> Trial:
    """Everything of the product is on the small disk; of PostgreSQL the server's own data is not."""
    product = fresh(kind, bug, small.folder, TMPDIR=str(small.folder))
    return trial(product, "X11 disk full").run(filling(small))


def test_a_full_disk_is_told_and_got_over(small: Disk, kind: str, fresh: Fresh, trial: Try) -> None:
    _tried(small, kind, fresh, trial, "").expect()


def test_it_catches_a_row_without_its_file(small: Disk, fresh: Fresh, trial: Try) -> None:
    one = _tried(small, "postgres", fresh, trial, "row-before-file")
    assert any(text.startswith(("I14", "X11")) for text in one.broken), one.broken
