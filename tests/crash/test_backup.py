"""X24, H11: a backup made while people work is one consistent set; restored elsewhere it is mute until released."""

import hashlib
import json
import re
import sqlite3
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.crash import load
from tests.crash.ledger import Ledger
from tests.crash.person import Person
from tests.crash.plant import Plant, bare, plant

pytestmark = [pytest.mark.crash, pytest.mark.xdist_group("backup")]
QUIET_S = 3.0  # how long a worker may try to break the silence: six times as long as it sleeps
MAILS_WITHIN_S = 180.0


class Sender(load.Somebody):
    """Orders, and writes a message with a file to each request."""

    def __init__(self, base_url: str, email: str, seed: int) -> None:
        super().__init__(base_url, email, Ledger(), seed)
        self.acked: dict[str, tuple[str, str, datetime]] = {}  # code -> what for, hash of the file, when

    def turn(self) -> None:
        form, page = self.form(load.ITEM, "justification")
        nonce = f"backup-{self.chance.randrange(10**12)}"
        code = load._code(self.send(form, page, q_build="cad", justification=nonce))
        form, page = self.form(f"/requests/{code}/", "text")
        content = f"{nonce} ".encode() * 2000
        answer = self.person.http.post(
            form.action,
            data={**form.values, "text": nonce},
            files={"files": (f"{nonce}.txt", content, "text/plain")},
            headers={"Referer": str(page.request.url)},
        )
        assert answer.status_code == 302, answer.text[:500]
        self.acked[code] = nonce, hashlib.sha256(content).hexdigest(), datetime.now(UTC)


@dataclass(slots=True)
class Copy:
    """A backup restored into an installation of its own, beside the one that it comes from."""

    plant: Plant
    acked: dict[str, tuple[str, str]]  # what the other one had acknowledged when its backup began
    archive: Path


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def copy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """Made while three people order and send files, and no worker sends the mails that are due."""
    folder = tmp_path_factory.mktemp(f"backup-{request.param}")
    with plant(request.param, folder / "from") as source, bare(request.param, folder / "to") as target:
        source.start("web")
        source.ready_within()
        people = [Sender(source.base_url, email, seed) for seed, email in enumerate(load.REQUESTERS)]
        with load.at_work(list(people)):
            _until(lambda: all(len(one.acked) >= 2 for one in people))
            made = source.command("backup", "--to", str(folder / "archives"))
            made_at = _moment(folder)
            _until(lambda: all(any(told[2] > made_at for told in list(one.acked.values())) for one in people))
        assert made.returncode == 0, made.stdout + made.stderr
        assert [one.ledger.strange for one in people] == [[], [], []]
        source.stop()
        archive = next((folder / "archives").iterdir())
        done = target.command("restore", str(archive))
        assert done.returncode == 0, done.stdout + done.stderr
        target.start("web")
        target.ready_within()
        sent = {code: told for one in people for code, told in one.acked.items()}
        acked = {code: told[:2] for code, told in sent.items() if told[2] < _moment(folder)}
        yield Copy(target, acked, archive)


def _moment(folder: Path) -> datetime:
    """When the snapshot was about to be taken."""
    with zipfile.ZipFile(next((folder / "archives").iterdir())) as inside:
        return datetime.fromisoformat(json.loads(inside.read("manifest.json"))["made_at"])


def _until(fits: object, seconds: float = 120.0) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if fits():  # type: ignore[operator]
            return
        time.sleep(0.1)
    raise AssertionError("it never came")


def _rows(product: Plant, query: str) -> list[tuple[object, ...]]:
    url = product.environment["ANLIEGEN_DATABASE_URL"]
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=20)) as file:
            return file.execute(query).fetchall()
    with psycopg.connect(url.replace("postgres:", "postgresql:", 1)) as server:
        return list(server.execute(query.encode()).fetchall())


def test_the_archive_is_whole(copy: Copy) -> None:
    verified = copy.plant.command("backup", "verify", str(copy.archive))
    assert verified.returncode == 0, verified.stderr
    assert copy.archive.stat().st_mode & 0o077 == 0


def test_what_was_acknowledged_before_it_is_there_with_its_file(copy: Copy) -> None:
    """I1; I14: no row without its file."""
    with Person(copy.plant.base_url) as agent:
        agent.step_into(load.AGENT)
        for code, (nonce, sha256) in copy.acked.items():
            answer = agent.http.get(f"/requests/{code}/export.json")
            assert answer.status_code == 200, f"I1: {code} was acknowledged and is not there"
            export = answer.json()
            assert export["justification"] == nonce
            page = agent.http.get(f"/requests/{code}/").text
            links = set(re.findall(rf"/requests/{code}/files/[\w-]+", page))
            found = {hashlib.sha256(agent.http.get(link).content).hexdigest() for link in links}
            assert found == {sha256}
    contents = Path(copy.plant.environment["ANLIEGEN_DATA_DIR"]) / "files"
    named = [str(sha) for (sha,) in _rows(copy.plant, "SELECT DISTINCT sha256 FROM files_storedfile")]
    assert len(named) >= len(copy.acked)
    assert [sha for sha in named if _hash(contents / sha[:2] / sha) != sha] == []


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "missing"


def test_nobody_is_signed_in_by_what_is_in_it(copy: Copy) -> None:
    """The rows of sessions are not in an archive: who steals it enters nowhere."""
    before = min(str(at) for (at,) in _rows(copy.plant, "SELECT since FROM jobs_mute"))
    sessions = _rows(copy.plant, "SELECT expire_date FROM people_session")
    assert before
    assert len(sessions) <= 2  # those of this test's own sign-ins


def test_it_is_mute_until_it_is_released_and_then_sends_each_mail_once(copy: Copy) -> None:
    """H11; I4, I5, I6; I13 of the chain that the copy's own worker seals."""
    due = "SELECT count(*), coalesce(sum(attempts), 0), count(leased_until) FROM jobs_job WHERE due < CURRENT_TIMESTAMP"
    waiting = _rows(copy.plant, due)
    owed = {
        str(one) for (one,) in _rows(copy.plant, "SELECT message_id FROM notifications_message WHERE sent_at IS NULL")
    }
    assert len(owed) >= len(copy.acked)
    copy.plant.start("worker")
    _until(lambda: _rows(copy.plant, "SELECT count(*) FROM jobs_worker") == [(1,)])
    time.sleep(QUIET_S)
    assert copy.plant.postbox.mails == []
    assert _rows(copy.plant, due)[0][1:] == (0, 0)
    assert int(str(_rows(copy.plant, due)[0][0])) >= int(str(waiting[0][0]))
    health = httpx.get(f"{copy.plant.base_url}/health/ready").json()
    assert (health["status"], "mute" in health["checks"]["jobs"]) == ("degraded", True)
    _release(copy, owed)


def _release(copy: Copy, owed: set[str]) -> None:
    unsure = copy.plant.command("release")
    assert (unsure.returncode, "It stays mute" in unsure.stderr) == (1, True)
    assert f"{len(owed)} mails" in unsure.stdout
    assert copy.plant.postbox.mails == []
    assert copy.plant.command("release", "--yes").returncode == 0
    _until(lambda: owed <= {mail.message_id for mail in copy.plant.postbox.mails}, MAILS_WITHIN_S)
    _until(lambda: _rows(copy.plant, "SELECT count(*) FROM audit_entry WHERE number IS NULL") == [(0,)], MAILS_WITHIN_S)
    doubled = [one for one, n in Counter(mail.message_id for mail in copy.plant.postbox.mails).items() if n > 1]
    assert doubled == []
    verified = copy.plant.command("audit", "verify")
    assert verified.returncode == 0, verified.stdout
    again = copy.plant.command("restore", str(copy.archive))
    assert (again.returncode, "not empty" in again.stderr) == (1, True)
    again = copy.plant.command("restore", "--replace", "--yes", str(copy.archive))
    assert (again.returncode, "Stop Anliegen" in again.stderr) == (1, True)
    copy.plant.stop()
    _rows(copy.plant, "SELECT 1 FROM jobs_worker")
    again = copy.plant.command("restore", "--replace", "--yes", "--release", str(copy.archive))
    assert again.returncode == 0, again.stderr
    assert "is kept" in again.stdout
    assert "Released." in again.stdout
