"""Rows as the database's own text, read and written in bulk: COPY on PostgreSQL, executemany on SQLite."""

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import psycopg
from django.core.management.color import no_style
from django.db import connection, models

type Row = Sequence[Any]
type Table = type[models.Model]


def fields(model: Table) -> list[models.Field]:
    """The stored columns of a table, in one order for reading and writing."""
    return [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]


def read(model: Table, where: str = "", params: Sequence[object] = ()) -> list[list[Any]]:
    """Rows by id. Ids are numbers, everything else is text as both databases take it back; JSON is plain ASCII."""
    columns = fields(model)
    names = ", ".join(_read_as(field) for field in columns)
    sql = f"SELECT {names} FROM {_name(model)} {where} ORDER BY {connection.ops.quote_name(model._meta.pk.column)}"
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = [list(row) for row in cursor.fetchall()]
    for number, field in enumerate(columns):
        if isinstance(field, models.JSONField):
            for row in found:
                row[number] = row[number] and json.dumps(json.loads(row[number]))
    return found


def _read_as(field: models.Field) -> str:
    name = connection.ops.quote_name(field.column)
    return name if field.primary_key or isinstance(field, models.ForeignKey) else f"CAST({name} AS text)"


def write(model: Table, rows: Iterable[Row]) -> None:
    """Add these rows, whose columns are those of `fields`."""
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields(model))
    with connection.cursor() as cursor:
        inner: Any = cursor.cursor
        if isinstance(inner, sqlite3.Cursor):
            marks = ", ".join("?" * len(fields(model)))
            sqlite3.Cursor.executemany(inner, f"INSERT INTO {_name(model)} ({names}) VALUES ({marks})", rows)
            return
        assert isinstance(inner, psycopg.Cursor)
        with inner.copy(f"COPY {_name(model)} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def _name(model: Table) -> str:
    return connection.ops.quote_name(model._meta.db_table)


@contextlib.contextmanager
def in_bulk(tables: Sequence[Table]) -> Iterator[None]:
    """For a while without secondary indexes, without checks of foreign keys and without waiting for the disk.

    Afterwards indexes are as before, sequences go on behind the new rows, and the planner has looked at them.
    """
    indexes = _indexes(tables)
    with connection.cursor() as cursor:
        _careless(cursor)
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
    yield
    with connection.cursor() as cursor:
        for _index, definition in indexes:
            cursor.execute(definition)
        # A sequence does not come back when a test is rolled back: there it stays where it is, far below the new rows.
        for sql in [] if connection.in_atomic_block else connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(sql)
        cursor.execute("ANALYZE")
        _careful(cursor)


def _careless(cursor: Any) -> None:
    if connection.vendor == "postgresql":
        if connection.in_atomic_block:  # indexes wait for checks that are due at the end of the transaction
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SET maintenance_work_mem = '256MB'")
    elif not connection.in_atomic_block:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -400000"):
            cursor.execute(f"PRAGMA {pragma}")


def _careful(cursor: Any) -> None:
    if connection.vendor == "postgresql":
        cursor.execute("RESET session_replication_role")
        cursor.execute("RESET synchronous_commit")
        cursor.execute("RESET maintenance_work_mem")
    elif not connection.in_atomic_block:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "cache_size = -16000"):
            cursor.execute(f"PRAGMA {pragma}")


def _indexes(tables: Sequence[Table]) -> list[tuple[str, str]]:
    """Name and definition of those that are no constraints."""
    sql = (
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND schemaname = current_schema()"
        " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        if connection.vendor == "postgresql"
        else "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        " AND tbl_name IN (SELECT value FROM json_each(%s))"
    )
    names = [model._meta.db_table for model in tables]
    with connection.cursor() as cursor:
        cursor.execute(sql, [names if connection.vendor == "postgresql" else json.dumps(names)])
        return cursor.fetchall()
