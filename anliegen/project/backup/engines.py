"""What both databases must be able to do for a backup."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol

LEFT_OUT = ("people_session", "anliegen_cache", "jobs_worker", "jobs_mute")
"""Tables whose rows are not kept: a stolen archive opens no session, and a copy begins mute and rested."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the snapshot says about itself."""

    server: str
    migrations: Sequence[str]
    columns: Mapping[str, Sequence[str]]
    counts: Mapping[str, int]
    audit_head: str
    contents: Sequence[str]  # the hashes that its rows name


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The database as of one moment: facts, and its bytes as a stream."""

    facts: Facts
    stream: IO[bytes]


class Engine(Protocol):
    """One kind of database."""

    @property
    def kind(self) -> str:
        """Django's name of it."""

    @property
    def part(self) -> str:
        """Its name inside the archive."""

    @property
    def packed(self) -> bool:
        """Whether its stream is compressed already."""

    def snapshot(self, near: Path) -> AbstractContextManager[Snapshot]:
        """The database as of now, without stopping anybody; temporary files lie in `near`."""

    def check(self, copy: Path) -> str:
        """What is wrong with an extracted copy, as a sentence; empty when nothing."""

    def install(self, copy: Path, *, moment: datetime, origin: str, keep: bool) -> str:
        """Make the extracted copy this installation's database, mute from its first moment.

        `keep`: there is one already, which is put aside; the answer says where. All or nothing. Raises BackupError.
        """


def facts(read: "Reader") -> Facts:
    """Ask an open snapshot. Constant number of statements beside one count per table."""
    columns: dict[str, list[str]] = {}
    for table, column in read.columns():
        columns.setdefault(table, []).append(column)
    return Facts(
        server=read.server(),
        migrations=sorted(f"{app}.{name}" for app, name in read.rows("SELECT app, name FROM django_migrations")),
        columns={table: sorted(found) for table, found in sorted(columns.items())},
        counts={table: _count(read, table) for table in sorted(columns) if table not in LEFT_OUT},
        audit_head=next((f"{count}:{head}" for count, head in read.rows("SELECT count, hash FROM audit_head")), ""),
        contents=[sha for (sha,) in read.rows("SELECT DISTINCT sha256 FROM files_storedfile ORDER BY sha256")],
    )


def _count(read: "Reader", table: str) -> int:
    return int(next(iter(read.rows(f'SELECT count(*) FROM "{table}"')))[0])  # noqa: S608 - the database's own name


class Reader(Protocol):
    """Plain reads in one snapshot."""

    def rows(self, query: str) -> Iterable[tuple]: ...  # type: ignore[type-arg]

    def columns(self) -> Iterator[tuple[str, str]]:
        """(table, column) of every table."""

    def server(self) -> str:
        """The database's version."""
