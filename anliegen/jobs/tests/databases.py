"""A database of its own for tests that start processes: one SQLite file, or one database on the PostgreSQL server."""

import json
import os
import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

_GIVEN = os.environ.get("ANLIEGEN_TEST_POSTGRES_URL") or "postgres://postgres@127.0.0.1:5432/anliegen"
SERVER = _GIVEN.rpartition("/")[0]
BOTH = [pytest.param("sqlite", id="sqlite"), pytest.param("postgres", id="postgres", marks=pytest.mark.postgres)]


@dataclass(frozen=True, slots=True)
class Database:
    url: str
    module: str

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """A process of `module` with Django set up on this database."""
        environment = {**os.environ, "ANLIEGEN_ENV": "test", "ANLIEGEN_DATABASE_URL": self.url}
        environment.setdefault("DJANGO_SETTINGS_MODULE", "anliegen.project.settings")
        command = [sys.executable, "-m", self.module, *arguments]
        return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, start_new_session=True)

    def run(self, *arguments: str) -> Any:
        """What such a process prints, read as JSON."""
        process = self.start(*arguments)
        out, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        return json.loads(out or "null")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The answer of the database itself."""
        if self.url.startswith("sqlite"):
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=20)) as file:
                return file.execute(query).fetchall()
        with psycopg.connect(self.url.replace("postgres:", "postgresql:", 1)) as server:
            return list(server.execute(query.encode()).fetchall())


@contextmanager
def own_database(kind: str, folder: Path, *, module: str, apps: str) -> Iterator[Database]:
    """A fresh database with the tables of `apps` (with spaces); skips when there is no PostgreSQL server, but fails in CI."""
    if kind == "sqlite":
        database = Database(f"sqlite:///{folder / 'test.sqlite3'}", module)
        database.run("migrate", *apps.split())
        yield database
        return
    name = f"anl_test_{secrets.token_hex(6)}"
    _on_server(f"CREATE DATABASE {name}")
    try:
        database = Database(f"{SERVER}/{name}", module)
        database.run("migrate", *apps.split())
        yield database
    finally:
        _on_server(f"DROP DATABASE {name} WITH (FORCE)")


def _on_server(command: str) -> None:
    try:
        address = SERVER.replace("postgres:", "postgresql:", 1) + "/postgres"
        with psycopg.connect(address, autocommit=True, connect_timeout=3) as server:
            server.execute(command.encode())
    except psycopg.OperationalError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no PostgreSQL server: {error}")


def setup(arguments: list[str]) -> bool:
    """In the process: set Django up; True when the command was "migrate" and is done."""
    import django
    from django.core.management import call_command

    django.setup()
    if arguments[0] != "migrate":
        return False
    for app in arguments[1:]:
        call_command("migrate", app, verbosity=0)
    return True
