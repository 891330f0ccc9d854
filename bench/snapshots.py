"""Filled databases that are kept: a later run copies one in seconds. Thrown away when tables or generator change.

SQLite: files in `var/bench/`. PostgreSQL: databases named `anl_bench_...`, copied as templates.
`python -m bench forget` removes them all.
"""

import hashlib
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "bench"
POSTGRES_URL = os.environ.get("ANLIEGEN_TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/anliegen")
MADE_BY = ("anliegen/*/migrations/*.py", "anliegen/library/**/*.*", "anliegen/demo/*.py", "bench/*.*")
NOT_BY = {"__main__.py", "run.py", "visits.py", "meter.py", "load.py", "service.py", "search_quality.py"}


@cache
def key() -> str:
    """Differs when what is filled would differ: tables, shipped services, the demo company, this generator."""
    found = hashlib.sha256()
    for pattern in MADE_BY:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and path.name not in NOT_BY:
                found.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return found.hexdigest()[:8]


def environment(url: str, folder: Path) -> dict[str, str]:
    """Of processes that work on this database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANLIEGEN_")}
    return kept | {
        "ANLIEGEN_ENV": "demo",
        "ANLIEGEN_DATABASE_URL": url,
        "ANLIEGEN_DATABASE_TIMEOUT_S": "0",
        "ANLIEGEN_DATA_DIR": str(folder),
        "ANLIEGEN_LOG_LEVEL": "error",
        "DJANGO_SETTINGS_MODULE": "anliegen.project.settings",
    }


def fill(size: int, url: str, folder: Path) -> None:
    """Put that many requests into an empty database (SQLite: a file that does not exist yet), from a snapshot.

    Makes the snapshot first if there is none of this size. `folder` is the data directory.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kind: type[Sqlite | Postgres] = Sqlite if url.startswith("sqlite") else Postgres
    kind.copy(_snapshot(kind, size), url)


def _snapshot(kind: "type[Sqlite | Postgres]", size: int) -> str:
    """The address of a kept database of that size; size 0 has the people and the requests that are copied."""
    address = kind.kept(size)
    if kind.exists(address):
        return address
    if size == 0:
        kind.forget(all_of_them=False)
        building = kind.building()
    else:
        base, building = _snapshot(kind, 0), kind.building()
        kind.copy(base, building)
    command = [sys.executable, "-m", "bench.fill", str(size)]
    try:
        subprocess.run(command, cwd=ROOT, env=environment(building, KEPT), check=True)
        kind.keep(building, address)
    finally:
        kind.remove(building)
    return address


class Sqlite:
    """Snapshots are files."""

    @staticmethod
    def kept(size: int) -> str:
        return f"sqlite:///{KEPT / f'{key()}-{size}.sqlite3'}"

    @staticmethod
    def building() -> str:
        KEPT.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{KEPT / f'new-{secrets.token_hex(4)}.sqlite3'}"

    @staticmethod
    def path(url: str) -> Path:
        return Path(url.removeprefix("sqlite:///"))

    @classmethod
    def exists(cls, url: str) -> bool:
        return cls.path(url).exists()

    @classmethod
    def copy(cls, source: str, target: str) -> None:
        if cls.exists(target):
            raise SystemExit(f"{cls.path(target)} exists already; nothing was filled.")
        shutil.copyfile(cls.path(source), cls.path(target))

    @classmethod
    def keep(cls, building: str, url: str) -> None:
        """Everything is in the one file first; then it gets its name at once."""
        import sqlite3

        with closing(sqlite3.connect(cls.path(building))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cls.path(building).rename(cls.path(url))

    @classmethod
    def remove(cls, url: str) -> None:
        for end in ("", "-wal", "-shm", "-journal"):
            Path(f"{cls.path(url)}{end}").unlink(missing_ok=True)

    @staticmethod
    def forget(*, all_of_them: bool) -> None:
        """Remove the snapshots of other generators, or all."""
        for path in KEPT.glob("????????-*.sqlite3"):
            if all_of_them or not path.name.startswith(key()):
                path.unlink()


class Postgres:
    """Snapshots are databases of the server that the tests use, named after this folder, so that others are spared."""

    FAMILY = f"anl_bench_{hashlib.sha256(str(ROOT).encode()).hexdigest()[:4]}"

    @classmethod
    def kept(cls, size: int) -> str:
        return cls._url(f"{cls.FAMILY}_{key()}_{size}")

    @classmethod
    def building(cls) -> str:
        url = cls._url(f"anl_bench_run_{secrets.token_hex(4)}")
        cls._run(f'CREATE DATABASE "{cls.name(url)}"')
        return url

    @staticmethod
    def name(url: str) -> str:
        return url.rpartition("/")[2].partition("?")[0]

    @classmethod
    def exists(cls, url: str) -> bool:
        return bool(cls._run("SELECT 1 FROM pg_database WHERE datname = %s", cls.name(url)))

    @classmethod
    def copy(cls, source: str, target: str) -> None:
        """Over an empty database of that name, or none."""
        if cls.exists(target):
            cls._drop_empty(target)
        cls._run(f'CREATE DATABASE "{cls.name(target)}" TEMPLATE "{cls.name(source)}" STRATEGY FILE_COPY')

    @classmethod
    def keep(cls, building: str, url: str) -> None:
        cls._run(f'ALTER DATABASE "{cls.name(building)}" RENAME TO "{cls.name(url)}"')

    @classmethod
    def remove(cls, url: str) -> None:
        cls._run(f'DROP DATABASE IF EXISTS "{cls.name(url)}" WITH (FORCE)')

    @classmethod
    def forget(cls, *, all_of_them: bool) -> None:
        """Remove the snapshots of other generators, or all."""
        for (name,) in cls._run("SELECT datname FROM pg_database WHERE datname LIKE %s", f"{cls.FAMILY}%"):
            if all_of_them or f"_{key()}_" not in name:
                cls.remove(cls._url(name))

    @classmethod
    def _drop_empty(cls, url: str) -> None:
        with psycopg.connect(_address(url)) as connection:
            if connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").fetchone():
                raise SystemExit(f"The database {cls.name(url)} is not empty; nothing was filled.")
        cls.remove(url)

    @staticmethod
    def _url(name: str) -> str:
        return f"{POSTGRES_URL.rpartition('/')[0]}/{name}"

    @classmethod
    def _run(cls, sql: Any, *params: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(_address(cls._url("postgres")), autocommit=True) as connection:
            done = connection.execute(sql, params)
            return done.fetchall() if done.description else []


def _address(url: str) -> str:
    return url.replace("postgres:", "postgresql:", 1)


@contextmanager
def lent(kind: str, size: int, folder: Path) -> Iterator[str]:
    """The address of a filled database to work on, gone afterwards."""
    store: type[Sqlite | Postgres] = Sqlite if kind == "sqlite" else Postgres
    url = f"sqlite:///{folder / 'anliegen.sqlite3'}" if kind == "sqlite" else Postgres.building()
    try:
        fill(size, url, folder)
        yield url
    finally:
        store.remove(url)


def forget() -> None:
    """Remove every snapshot."""
    Sqlite.forget(all_of_them=True)
    Postgres.forget(all_of_them=True)
