"""A `tsvector` of our own stems with a GIN index; the server analyses nothing."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from anliegen.search.store import Alternatives, Kept

TABLE = "search_requesttext"
WALKED = 6000  # newest requests in which a common word is looked for


class PostgreSQL:
    """Words and access words lie in one column, so that the index answers both at once."""

    def create(self) -> Iterable[str]:
        yield f"ALTER TABLE {TABLE} ADD COLUMN words tsvector NOT NULL DEFAULT ''"
        yield f"CREATE INDEX search_requesttext_words ON {TABLE} USING gin (words)"

    def put(self, requests: Iterable[Kept]) -> None:
        sql = f"UPDATE {TABLE} SET words = array_to_tsvector(%s::text[]) WHERE id = %s"  # noqa: S608 (a constant)
        self._run(sql, [(list({*one.words, *one.access}), one.id) for one in requests])

    def put_access(self, requests: Iterable[tuple[int, Sequence[str]]]) -> None:
        kept = r"ARRAY(SELECT one FROM unnest(tsvector_to_array(words)) AS one WHERE one NOT LIKE 'z\_%%')"
        sql = f"UPDATE {TABLE} SET words = array_to_tsvector({kept} || %s::text[]) WHERE id = %s"  # noqa: S608
        self._run(sql, [(list(access), request_id) for request_id, access in requests])

    def drop(self, request_ids: Sequence[int]) -> None:
        """Nothing to do: the words go with their row."""

    def find(self, groups: Sequence[Alternatives], access: Sequence[str], limit: int) -> list[int]:
        query = " & ".join([*map(_any, groups), _any(Alternatives(access))])
        # The newest first: a word that many have is found there at once, without collecting all who have it.
        newest = f"SELECT id, words FROM {TABLE} ORDER BY id DESC LIMIT {WALKED}"  # noqa: S608
        walked = self._ids(
            f"SELECT id FROM ({newest}) AS newest WHERE words @@ %s::tsquery LIMIT %s",  # noqa: S608
            [query, limit],
        )
        if len(walked) >= limit:
            return walked
        # "+ 0" keeps the planner from walking along the ids.
        return self._ids(
            f"SELECT id FROM {TABLE} WHERE words @@ %s::tsquery ORDER BY id + 0 DESC LIMIT %s",  # noqa: S608
            [query, limit],
        )

    def words(self, request_id: int) -> list[str]:
        found = self._all(f"SELECT unnest(tsvector_to_array(words)) FROM {TABLE} WHERE id = %s", [request_id])  # noqa: S608
        return sorted(row[0] for row in found)

    def clear(self) -> None:
        self._run(f"UPDATE {TABLE} SET words = ''", [()])  # noqa: S608

    def _ids(self, sql: str, params: list[Any]) -> list[int]:
        return [row[0] for row in self._all(sql, params)]

    def _all(self, sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return list(cursor.fetchall())

    def _run(self, sql: str, many: list[Any]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(sql, many)


def _any(group: Alternatives) -> str:
    found = [_quoted(word) for word in group.stems] + [f"{_quoted(word)}:*" for word in group.beginnings]
    return f"({' | '.join(found)})"


def _quoted(word: str) -> str:
    return "'{}'".format(word.replace("\\", "\\\\").replace("'", "''"))
