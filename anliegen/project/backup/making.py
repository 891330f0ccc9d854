"""Making an archive, looking whether it is whole, and keeping only the newest."""

import io
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from anliegen import __version__
from anliegen.files import store
from anliegen.project.backup import BackupError, archive, manifest
from anliegen.project.backup.archive import Writer
from anliegen.project.backup.engines import Engine, Facts
from anliegen.project.backup.manifest import Manifest
from anliegen.project.backup.postgres import PostgreSQL
from anliegen.project.backup.sqlite import SQLite, environment_file

NOTE = "last-backup.json"


@dataclass(frozen=True, slots=True)
class Made:
    """A finished archive; `damaged` are contents that the store could not give any more, `removed` older archives."""

    path: Path
    bytes: int
    manifest: Manifest
    removed: Sequence[Path] = ()

    @property
    def damaged(self) -> Sequence[str]:
        return self.manifest.damaged


@dataclass(frozen=True, slots=True)
class Last:
    """The newest backup of this data folder."""

    at: datetime
    path: str


def engine() -> Engine:
    """The engine of these settings' database."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return SQLite(environment_file(str(given["NAME"])))
    return PostgreSQL(given)


def make(folder: Path, *, keep: int, now: datetime) -> Made:
    """Write an archive of everything as of now into `folder`, then delete all there but the newest `keep`.

    People and workers go on. A file that is missing or damaged does not stop the backup, it is named in it. Raises
    BackupError, and leaves nothing behind.
    """
    target = archive.path_for(folder, now)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with store.unswept(), archive.writing(target) as writer:
            told = _fill(writer, folder, now)
    except OSError as error:
        raise BackupError(f"The backup could not be written to {folder}: {error.strerror or error}.") from error
    _note(Last(now, str(target.absolute())))
    removed = archive.in_folder(folder)[:-keep]
    for old in removed:
        old.unlink(missing_ok=True)
    return Made(target, target.stat().st_size, told, removed)


def _fill(writer: Writer, folder: Path, now: datetime) -> Manifest:
    """The database first, then the files that it names: contents never change, so they still fit."""
    source = engine()
    with source.snapshot(folder) as found:
        writer.add(source.part, found.stream, packed=source.packed)
        facts = found.facts
    damaged = [sha256 for sha256 in facts.contents if not _add_content(writer, sha256)]
    told = _manifest(source, facts, writer, damaged, now)
    writer.add(manifest.NAME, io.BytesIO(manifest.write(told)))
    return told


def _manifest(source: Engine, facts: Facts, writer: Writer, damaged: list[str], now: datetime) -> Manifest:
    return Manifest(
        made_at=now.isoformat(timespec="milliseconds"),
        version=__version__,
        database=source.kind,
        server=facts.server,
        database_part=source.part,
        migrations=facts.migrations,
        columns=facts.columns,
        counts=facts.counts,
        audit_head=facts.audit_head,
        parts=dict(writer.parts),
        damaged=damaged,
    )


def _add_content(writer: Writer, sha256: str) -> bool:
    """Whether the content was there and is what its hash says."""
    try:
        with store.path_of(sha256).open("rb") as content:
            return writer.add(f"files/{sha256}", content, packed=True).sha256 == sha256
    except FileNotFoundError:
        return False


def verify(path: Path) -> Manifest:
    """Read every byte of an archive and hold it against its manifest. Raises BackupError at the first fault."""
    with archive.reading(path) as (inside, told), tempfile.TemporaryDirectory(dir=path.parent) as folder:
        copy = Path(folder) / Path(told.database_part).name
        archive.extract(inside, told.database_part, told.parts[told.database_part], copy)
        for name in told.parts.keys() - {told.database_part}:
            archive.compare(inside, name, told.parts[name])
        here = engine()
        fault = here.check(copy) if told.database == here.kind else ""
    if fault:
        raise BackupError(fault)
    return told


def _note(last: Last) -> None:
    note = Path(settings.ANLIEGEN.data_dir) / NOTE
    fresh = note.with_suffix(".part")
    fresh.write_text(json.dumps({"at": last.at.isoformat(), "path": last.path}), encoding="utf-8")
    fresh.replace(note)


def last() -> Last | None:
    """When the newest backup of this installation was made, wherever it went; None when there never was one."""
    try:
        told = json.loads((Path(settings.ANLIEGEN.data_dir) / NOTE).read_text(encoding="utf-8"))
        return Last(datetime.fromisoformat(told["at"]), str(told["path"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
