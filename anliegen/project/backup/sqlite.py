"""SQLite: `VACUUM INTO` copies the database in one read transaction; writers go on, and erased rows leave no trace."""

import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from anliegen.project.backup import BackupError
from anliegen.project.backup.archive import sync_folder
from anliegen.project.backup.engines import LEFT_OUT, Snapshot, facts


@dataclass(frozen=True, slots=True)
class SQLite:
    """The engine for one database file."""

    file: Path
    kind: str = "sqlite"
    part: str = "database.sqlite3"
    packed: bool = False

    @contextmanager
    def snapshot(self, near: Path) -> Iterator[Snapshot]:
        copy = near / f".{secrets.token_hex(8)}.sqlite3.part"
        copy.touch(mode=0o600)
        try:
            with closing(_open(self.file, readonly=True)) as source:
                source.execute("VACUUM INTO ?", (str(copy),))
            with closing(_open(copy)) as made:
                _leave_out(made)
                found = facts(_Reader(made))
            with copy.open("rb") as stream:
                yield Snapshot(found, stream)
        except sqlite3.Error as error:
            raise BackupError(f"The database {self.file} could not be copied: {error}.") from error
        finally:
            with suppress(FileNotFoundError):
                copy.unlink()

    def check(self, copy: Path) -> str:
        try:
            with closing(_open(copy, readonly=True)) as made:
                found = [row[0] for row in made.execute("PRAGMA integrity_check(3)")]
                dangling = made.execute("PRAGMA foreign_key_check").fetchone()
        except sqlite3.Error as error:
            found, dangling = [str(error)], None
        if found != ["ok"]:
            return f"The database in the archive is damaged: {found[0]}."
        return f"A row of {dangling[0]} in the archive points to nothing." if dangling else ""

    def install(self, copy: Path, *, moment: datetime, origin: str, keep: bool) -> str:
        with closing(_open(copy)) as made:
            made.execute("PRAGMA synchronous=FULL")
            made.execute("INSERT INTO jobs_mute (id, since, origin) VALUES (1, ?, ?)", (_stored(moment), origin))
        aside = self._put_aside(moment) if self.file.exists() else None
        copy.rename(self.file)
        sync_folder(self.file.parent)
        if aside and not keep:
            aside.unlink()
        return f"The old database is kept as {aside}." if aside and keep else ""

    def _put_aside(self, moment: datetime) -> Path:
        """Take the old file out of the way, whole in one file. Raises BackupError while somebody has it open."""
        try:
            with closing(_open(self.file)) as old:
                mode = old.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
        except sqlite3.OperationalError:
            mode = "in use"
        if mode != "delete":
            raise BackupError("The database is in use. Stop Anliegen (web and workers) first, then restore.")
        aside = self.file.with_name(f"{self.file.name}.before-{moment:%Y%m%dT%H%M%SZ}")
        self.file.rename(aside)
        return aside


def _stored(moment: datetime) -> str:
    """As Django writes times."""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def _open(file: Path, *, readonly: bool = False) -> sqlite3.Connection:
    mode = "ro" if readonly else "rw"
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode={mode}", uri=True, timeout=20, isolation_level=None)


def _leave_out(made: sqlite3.Connection) -> None:
    made.execute("PRAGMA secure_delete=ON")
    there = {name for (name,) in made.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in LEFT_OUT:
        if table in there:
            made.execute(f'DELETE FROM "{table}"')  # noqa: S608 - a constant


@dataclass(frozen=True, slots=True)
class _Reader:
    connection: sqlite3.Connection

    def rows(self, query: str) -> Iterable[tuple[Any, ...]]:
        return self.connection.execute(query)

    def columns(self) -> Iterator[tuple[str, str]]:
        query = (
            "SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c "
            "WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        )
        yield from self.connection.execute(query)

    def server(self) -> str:
        return sqlite3.sqlite_version


def environment_file(name: str) -> Path:
    """The database file of these settings. Raises BackupError for one in memory."""
    if name == ":memory:" or name.startswith("file:"):
        raise BackupError("A database in memory cannot be backed up.")
    return Path(os.fspath(name)).absolute()
