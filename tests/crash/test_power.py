"""X07: the power fails. The database lies on one disk, the files on another; both lose what was not forced to disk."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.crash import disk
from tests.crash.conftest import Fresh, Try
from tests.crash.disk import Disk
from tests.crash.plant import Plant
from tests.crash.trial import Trial

pytestmark = [
    pytest.mark.crash,
    pytest.mark.xdist_group("crash"),
    pytest.mark.long,
    pytest.mark.skipif(bool(disk.possible()), reason=disk.possible() or "-"),
]
CUTS, CUTS_BUG = 6, 8
FILE_WITHIN_S = 40.0
NAMES = ("web", "worker-1", "worker-2")


@pytest.fixture
def disks(tmp_path: Path) -> Iterator[list[Disk]]:
    """One for the data folder, and in it one for the files."""
    with ExitStack() as open_ones:
        data = open_ones.enter_context(disk.disk(tmp_path, "machine", 128))
        (data.folder / "data").mkdir()
        files = open_ones.enter_context(disk.disk(tmp_path, "files", 64))
        (data.folder / "data" / "files").mkdir()
        files.unmount()
        files.folder = data.folder / "data" / "files"
        files.mount()
        yield [data, files]


def cutting(disks: list[Disk], cuts: int) -> Callable[[Trial], None]:
    """Power off in the middle of work; what ran is gone; both disks come back as they were on the platter."""

    def disturb(one: Trial) -> None:
        for number in range(cuts):
            if number % 2:
                _after_a_file(one)
            else:
                one.moment(0.2, 1.5)
            for name in NAMES:  # a machine without power answers nothing any more
                one.product.pause(name)
            for each in disks:
                each.cut_power()
            for name in NAMES:
                one.product.kill(name)
            for each in reversed(disks):
                each.unmount()
            for each in disks:
                each.mount()
            assert one.product.sqlite is not None
            with closing(sqlite3.connect(one.product.sqlite)) as database:
                found = database.execute("PRAGMA integrity_check").fetchone()[0]
            if found != "ok":
                one.ledger.note(f"X07: integrity_check says {found}")
            one.product.run(*NAMES)
            one.rounds += 1
            one.may_double += 2

    return disturb


def _after_a_file(one: Trial) -> None:
    """At once after a file was acknowledged: nobody else has forced anything to its disk yet."""
    files, until = len(one.ledger.files), time.monotonic() + FILE_WITHIN_S
    while len(one.ledger.files) <= files and time.monotonic() < until:
        time.sleep(0.005)


def _made(fresh: Fresh, disks: list[Disk], bug: str) -> Plant:
    product = fresh("sqlite", bug, disks[0].folder)
    product.log = disks[0].image.with_suffix(".log")
    return product


def test_what_was_answered_outlives_a_power_cut(disks: list[Disk], fresh: Fresh, trial: Try) -> None:
    one = trial(_made(fresh, disks, ""), "X07 power cut").run(cutting(disks, CUTS))
    one.expect(least=CUTS * 2)
    assert one.ledger.files


@pytest.mark.parametrize(
    ("bug", "invariants"),
    [
        pytest.param("normal", ("I1", "I8"), id="normal"),
        pytest.param("no-fsync", ("I14",), id="no-fsync"),
        pytest.param("no-folder-fsync", ("I14",), id="no-folder-fsync"),
    ],
)
def test_it_catches(bug: str, invariants: tuple[str, ...], disks: list[Disk], fresh: Fresh, trial: Try) -> None:
    trial(_made(fresh, disks, bug), "X07 power cut").run(cutting(disks, CUTS_BUG)).caught(*invariants)
