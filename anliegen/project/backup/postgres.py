"""PostgreSQL: a snapshot is exported; `pg_dump` and our own reads see exactly the same moment; writers go on."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

import psycopg
from psycopg import sql

from anliegen.project.backup import BackupError
from anliegen.project.backup.engines import LEFT_OUT, Snapshot, facts

ASIDE = "before_restore"
_DUMP = ("pg_dump", "--format=custom", "--compress=1", "--no-owner", "--no-privileges", f"--exclude-schema={ASIDE}*")
_RESTORE = ("pg_restore", "--exit-on-error", "--no-owner", "--no-privileges")
_OPTIONS = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "service": "PGSERVICE",
    "passfile": "PGPASSFILE",
}


@dataclass(frozen=True, slots=True)
class PostgreSQL:
    """The engine for one database, as Django's settings name it."""

    settings: Mapping[str, Any]
    kind: str = "postgresql"
    part: str = "database.dump"
    packed: bool = True

    @contextmanager
    def snapshot(self, near: Path) -> Iterator[Snapshot]:
        with self._connected() as server:
            server.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            exported = server.execute("SELECT pg_export_snapshot()").fetchone()
            assert exported
            without = [f"--exclude-table-data={table}" for table in LEFT_OUT]
            with self._running([*_DUMP, *without, f"--snapshot={exported[0]}"]) as stream:
                yield Snapshot(facts(_Reader(server)), stream)

    def check(self, copy: Path) -> str:
        try:
            self._run(["pg_restore", "--list", str(copy)])
        except BackupError as error:
            return f"The database in the archive is damaged. {error}"
        return ""

    def install(self, copy: Path, *, moment: datetime, origin: str, keep: bool) -> str:
        aside = f"{ASIDE}_{moment:%Y%m%dt%H%M%S}"
        with self._connected() as server:
            _put_aside(server, aside)
            try:
                self._load(server, copy, moment, origin)
            except BaseException:
                _bring_back(server, aside)
                raise
            server.execute("ANALYZE")
            if not keep:
                server.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(aside)))
        return (
            f'The old data is kept in the schema {aside}; DROP SCHEMA "{aside}" CASCADE frees its room.' if keep else ""
        )

    def _load(self, server: psycopg.Connection[Any], copy: Path, moment: datetime, origin: str) -> None:
        """Tables first, then muteness, then rows: at no moment could a worker find a job that it may do."""
        self._run([*_RESTORE, "--section=pre-data", *self._into(), str(copy)])
        server.execute("INSERT INTO jobs_mute (id, since, origin) VALUES (1, %s, %s)", (moment, origin))
        self._run([*_RESTORE, "--section=data", "--jobs=2", *self._into(), str(copy)])
        self._run([*_RESTORE, "--section=post-data", "--jobs=2", *self._into(), str(copy)])

    def _into(self) -> tuple[str, str]:
        return ("--dbname", str(self.settings["NAME"]))

    def _connected(self) -> psycopg.Connection[Any]:
        given = self.settings
        address = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "password": given["PASSWORD"]}
        address |= {name: given["OPTIONS"][name] for name in _OPTIONS if name in given["OPTIONS"]}
        try:
            return psycopg.connect(
                dbname=given["NAME"], autocommit=True, connect_timeout=10, **{k: v for k, v in address.items() if v}
            )
        except psycopg.OperationalError as error:
            raise BackupError(f"The database cannot be reached: {str(error).strip().splitlines()[0]}") from error

    def _environment(self) -> dict[str, str]:
        """The address in the surroundings, so that no password stands in the list of processes."""
        given = self.settings
        found = {"PGHOST": given["HOST"], "PGPORT": given["PORT"], "PGUSER": given["USER"]}
        found |= {"PGPASSWORD": given["PASSWORD"], "PGDATABASE": given["NAME"]}
        found |= {variable: given["OPTIONS"].get(name, "") for name, variable in _OPTIONS.items()}
        found["PGOPTIONS"] = "-c statement_timeout=0 -c synchronous_commit=off -c maintenance_work_mem=256MB"
        return {**os.environ, **{name: str(value) for name, value in found.items() if value}}

    @contextmanager
    def _running(self, command: list[str]) -> Iterator[IO[bytes]]:
        """What a program writes, as a stream; it must have ended well when the stream was read."""
        _must_have(command[0])
        with (
            tempfile.TemporaryFile() as told,
            subprocess.Popen(command, env=self._environment(), stdout=subprocess.PIPE, stderr=told) as process,
        ):
            try:
                yield cast("IO[bytes]", process.stdout)
            except BaseException:
                process.kill()
                raise
            if process.wait():
                told.seek(0)
                raise BackupError(_failed(command[0], told.read().decode(errors="replace")))

    def _run(self, command: list[str]) -> None:
        _must_have(command[0])
        done = subprocess.run(
            command, env=self._environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
        )
        if done.returncode:
            raise BackupError(_failed(command[0], done.stderr.decode(errors="replace")))


def _must_have(program: str) -> None:
    if not shutil.which(program):
        raise BackupError(f"The program {program} is missing. Install PostgreSQL's client programs.")


def _failed(program: str, told: str) -> str:
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    return f"{program} failed: {lines[0] if lines else 'it said nothing'}."


def _put_aside(server: psycopg.Connection[Any], aside: str) -> None:
    """An empty schema in the old one's place. Raises BackupError without the right to do so."""
    try:
        with server.transaction():
            server.execute(sql.SQL("ALTER SCHEMA public RENAME TO {}").format(sql.Identifier(aside)))
            server.execute("CREATE SCHEMA public")
    except psycopg.errors.InsufficientPrivilege as error:
        raise BackupError("The schema public must belong to Anliegen's database user: make it the owner.") from error


def _bring_back(server: psycopg.Connection[Any], aside: str) -> None:
    with server.transaction():
        server.execute("DROP SCHEMA public CASCADE")
        server.execute(sql.SQL("ALTER SCHEMA {} RENAME TO public").format(sql.Identifier(aside)))


@dataclass(frozen=True, slots=True)
class _Reader:
    connection: psycopg.Connection[Any]

    def rows(self, query: str) -> Iterable[tuple[Any, ...]]:
        return self.connection.execute(query.encode())

    def columns(self) -> Iterator[tuple[str, str]]:
        query = (
            "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables "
            "USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        yield from self.connection.execute(query)

    def server(self) -> str:
        return ".".join(map(str, divmod(self.connection.info.server_version, 10_000)))
