"""FTS5 without positions, with words and access words in one index."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from anliegen.search.store import Alternatives, Kept

TABLE = "search_requestwords"


class SQLite:
    """The virtual table has the request's id as its rowid. The newest are found first, without sorting."""

    def create(self) -> Iterable[str]:
        # The tokenizer "ascii" takes every letter beyond ASCII as part of a word: no word is split.
        yield (
            f"CREATE VIRTUAL TABLE {TABLE} USING fts5(words, access, detail=none, tokenize=\"ascii tokenchars '_'\")"
        )

    def put(self, requests: Iterable[Kept]) -> None:
        sql = f"REPLACE INTO {TABLE} (rowid, words, access) VALUES (%s, %s, %s)"  # noqa: S608 (a constant)
        self._run(sql, [(one.id, " ".join(one.words), " ".join(one.access)) for one in requests])

    def put_access(self, requests: Iterable[tuple[int, Sequence[str]]]) -> None:
        sql = f"UPDATE {TABLE} SET access = %s WHERE rowid = %s"  # noqa: S608 (a constant)
        self._run(sql, [(" ".join(access), request_id) for request_id, access in requests])

    def drop(self, request_ids: Sequence[int]) -> None:
        self._run(f"DELETE FROM {TABLE} WHERE rowid = %s", [(request_id,) for request_id in request_ids])  # noqa: S608

    def find(self, groups: Sequence[Alternatives], access: Sequence[str], limit: int) -> list[int]:
        match = " AND ".join([*map(_any, groups), _any(Alternatives(access))])
        sql = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s ORDER BY rowid DESC LIMIT %s"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(sql, [match, limit])
            return [row[0] for row in cursor.fetchall()]

    def words(self, request_id: int) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT words, access FROM {TABLE} WHERE rowid = %s", [request_id])  # noqa: S608
            return sorted(" ".join(cursor.fetchone() or ()).split())

    def clear(self) -> None:
        self._run(f"DELETE FROM {TABLE}", [()])  # noqa: S608

    def _run(self, sql: str, many: list[Any]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(sql, many)


def _any(group: Alternatives) -> str:
    """Quoted words and beginnings; a quote cannot be in a word, but is doubled all the same."""
    found = [_quoted(word) for word in group.stems] + [f"{_quoted(word)}*" for word in group.beginnings]
    return f"({' OR '.join(found)})"


def _quoted(word: str) -> str:
    return '"{}"'.format(word.replace('"', '""'))
