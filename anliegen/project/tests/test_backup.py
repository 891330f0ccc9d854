"""Backups: what is refused and why, what a damaged archive says, what keeps the sweep away, who is told of muteness."""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from anliegen.files import actions as files
from anliegen.files import store
from anliegen.jobs import actions as jobs
from anliegen.jobs import queries, runner
from anliegen.jobs.models import Job, Mute
from anliegen.project import doctor, health
from anliegen.project.backup import BackupError, archive, making, manifest, restoring
from anliegen.project.backup.manifest import Here, Manifest, Part

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TOLD = Manifest(
    made_at="2026-11-24T22:00:00+00:00",
    version="0.3",
    database="sqlite",
    server="3.45",
    database_part="database.sqlite3",
    migrations=["jobs.0001_initial"],
    columns={"jobs_mute": ["id"]},
    counts={},
    audit_head="0:0",
    parts={"database.sqlite3": Part("ab", 3)},
    damaged=[],
)
HERE = Here("sqlite", "0.3", frozenset({"jobs.0001_initial"}), {"jobs_mute": ["id"]})


# Rules


@pytest.mark.parametrize(
    ("told", "here", "words"),
    [
        (TOLD, HERE, ""),
        (TOLD, replace(HERE, migrations=HERE.migrations | {"jobs.0002_more"}), ""),
        (TOLD, replace(HERE, database="postgresql"), "a backup of sqlite, but ANLIEGEN_DATABASE_URL names postgresql"),
        (replace(TOLD, migrations=[*TOLD.migrations, "jobs.0002_more"]), HERE, "newer schema (0.3, such as jobs.0002"),
        (TOLD, replace(HERE, columns={"jobs_mute": ["id", "since"]}), "lacks jobs_mute.since"),
        (replace(TOLD, columns={}), replace(HERE, columns={}), "cannot be kept mute"),
    ],
)
def test_an_archive_that_does_not_fit_is_refused_in_words(told: Manifest, here: Here, words: str) -> None:
    found = manifest.refusal(told, here)
    assert words in found
    assert bool(words) == bool(found)


def test_a_manifest_is_read_as_it_was_written_and_a_later_one_is_refused() -> None:
    assert manifest.read(manifest.write(TOLD)) == TOLD
    with pytest.raises(BackupError, match="later Anliegen"):
        manifest.read(manifest.write(replace(TOLD, format=2)))
    for text in (b"", b"[]", b'{"format": 1}', b"\xff"):
        with pytest.raises(BackupError, match="cannot be read"):
            manifest.read(text)


# A real archive, and what may happen to it


def _command(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ANLIEGEN_")}
    command = [sys.executable, "-m", "anliegen.project.cli", *arguments]
    environment = clean | {"ANLIEGEN_ENV": "demo", "ANLIEGEN_DATA_DIR": str(folder)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of an installation with one file."""
    folder = tmp_path_factory.mktemp("installation")
    assert _command(folder, "migrate").returncode == 0
    code = (
        "import io; from anliegen.files import actions; from anliegen.lib import clock;"
        "actions.stage(io.BytesIO(b'hello'), name='a.txt', media_type='', owner_id=1, now=clock.now())"
    )
    assert _command(folder, "shell", "-c", code).returncode == 0
    done = _command(folder, "backup")
    assert done.returncode == 0, done.stderr
    return next((folder / "backups").iterdir())


def _changed(made: Path, to: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The same archive with some members changed, or left out."""
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(to, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return to


@pytest.fixture
def on_files(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine of a database in a file, as an installation has it; tests have theirs in memory."""
    engine = making.SQLite(tmp_path / "target.sqlite3")
    monkeypatch.setattr(making, "engine", lambda: engine)


def test_a_whole_archive_is_whole(made: Path, on_files: None) -> None:
    told = making.verify(made)
    assert (told.database, len(told.files), told.damaged) == ("sqlite", 1, [])
    assert not {"people_session", "jobs_worker", "jobs_mute"} & set(told.counts)


@pytest.mark.parametrize(
    ("member", "content", "words"),
    [
        ("files/", None, "is missing in the archive"),
        ("files/", b"hullo", "is damaged"),
        ("database", b"no database", "is damaged"),
        ("database", None, "is missing in the archive"),
        ("manifest.json", None, "has no manifest"),
        ("manifest.json", b"{", "manifest cannot be read"),
    ],
)
def test_a_broken_part_is_named_by_verify_and_stops_a_restore(
    made: Path, tmp_path: Path, on_files: None, db: None, member: str, content: bytes | None, words: str
) -> None:
    broken = _changed(made, tmp_path / "b.zip", lambda name, old: content if name.startswith(member) else old)
    with pytest.raises(BackupError, match=words):
        making.verify(broken)
    refused = words if connection.vendor == "sqlite" else f"{words}|is a backup of sqlite"
    with pytest.raises(BackupError, match=refused):
        restoring.restore(broken, replace=True, now=NOW)
    assert not (tmp_path / "target.sqlite3").exists()


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cut.zip").write_bytes(b"PK\x03\x04 half of it")
    with pytest.raises(BackupError, match="is no backup"):
        making.verify(tmp_path / "cut.zip")
    with pytest.raises(BackupError, match="There is no"):
        making.verify(tmp_path / "nothing.zip")


def test_a_path_in_the_manifest_leads_nowhere(made: Path, tmp_path: Path, on_files: None) -> None:
    """C13: the name of a part is never a path on disk."""

    def evil(name: str, old: bytes) -> bytes:
        return old.replace(b'"database.sqlite3"', b'"../../evil.sqlite3"') if name == "manifest.json" else old

    with pytest.raises(BackupError, match="missing in the archive"):
        making.verify(_changed(made, tmp_path / "evil.zip", evil))
    assert not list(tmp_path.parent.glob("evil*"))


def test_a_content_that_is_gone_is_named_and_the_rest_is_kept(made: Path, tmp_path: Path) -> None:
    """I14: who backs up learns of it at once, and the archive still can be restored."""
    folder = made.parent.parent
    content = next(path for path in (folder / "files").rglob("*") if len(path.name) == 64)
    there = content.read_bytes()
    try:
        content.write_bytes(b"bit flip")
        done = _command(folder, "backup", "--to", str(tmp_path))
        assert (done.returncode, content.name in done.stderr) == (1, True)
        content.unlink()
        done = _command(folder, "backup", "--to", str(tmp_path / "more"))
        assert (done.returncode, content.name in done.stderr) == (1, True)
    finally:
        content.write_bytes(there)
    restored = _command(tmp_path / "target", "restore", str(archive.in_folder(tmp_path / "more")[0]))
    assert (restored.returncode, content.name in restored.stderr) == (0, True)


def test_only_the_newest_are_kept_and_nothing_else_is_touched(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    for day in range(1, 4):
        archive.path_for(folder, NOW - timedelta(days=day)).write_bytes(b"old")
    engine = making.SQLite(made.parent.parent / "anliegen.sqlite3")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making, "engine", lambda: engine)
        kept = making.make(folder, keep=2, now=NOW)
    assert archive.in_folder(folder) == [archive.path_for(folder, NOW - timedelta(days=1)), kept.path]
    assert sorted(path.name for path in folder.iterdir() if path.suffix != ".zip") == ["notes.txt"]


def test_a_backup_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def fall(writer: archive.Writer) -> None:
        writer.add("database", io.BytesIO(b"half"))
        raise BackupError("the disk")

    with pytest.raises(BackupError, match="the disk"), archive.writing(tmp_path / "a.zip") as writer:
        fall(writer)
    assert list(tmp_path.iterdir()) == []


# The sweep


def test_nothing_is_swept_while_a_backup_is_made(db: None) -> None:
    """Its snapshot names contents whose rows may go meanwhile (planted bug: a sweep that does not ask)."""
    stored = files.stage(io.BytesIO(b"old"), name="a.txt", media_type="", owner_id=1, now=NOW)
    os.utime(store.path_of(stored.sha256), (0, 0))
    stored.delete()
    with store.unswept():
        files.sweep({}, NOW)
        assert store.path_of(stored.sha256).is_file()
    files.sweep({}, NOW)
    assert not store.path_of(stored.sha256).exists()


# Muteness


@pytest.fixture
def mute(db: None) -> Mute:
    return Mute.objects.create(since=NOW, origin="anliegen-20261125.backup.zip")


def test_a_mute_copy_runs_no_job_until_it_is_released(mute: Mute, bind_wiring: Callable[[], None]) -> None:
    bind_wiring()
    jobs.schedule("audit.seal", key="one", due=NOW)
    assert runner.drain(NOW) == 0
    assert restoring.waiting(NOW) == {"housekeeping": 1}
    assert jobs.release()
    assert runner.drain(NOW) == 1
    assert not Job.objects.exists()
    assert not jobs.release()


def test_health_and_doctor_say_that_it_is_mute(mute: Mute) -> None:
    found = {check.name: check for check in health.checks()}
    assert (found["jobs"].ok, found["jobs"].fatal) == (False, False)
    assert "mute" in found["jobs"].detail
    assert "anliegen release" in next(doctor._mute()).advice
    jobs.release()
    assert list(doctor._mute()) == []
    assert queries.mute() is None


def test_doctor_wants_a_backup_every_day_in_production(settings: Any) -> None:
    live = replace(settings.ANLIEGEN, env="production")
    assert doctor._backup(live).advice
    assert not doctor._backup(settings.ANLIEGEN).advice
    making._note(making.Last(datetime.now(UTC) - timedelta(hours=23), "/b/a.zip"))
    assert not doctor._backup(live).advice
    making._note(making.Last(datetime.now(UTC) - timedelta(hours=25), "/b/a.zip"))
    assert doctor._backup(live).advice
    (Path(settings.ANLIEGEN.data_dir) / making.NOTE).write_text(json.dumps(["broken"]))
    assert doctor._backup(live).advice
