"""The full text of requests: one kind of storage for each database, behind one `Protocol`."""

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from django.db import connection

from anliegen.search.models import RequestText

MOST = 1000  # hits of one query that are looked at


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Of these stems, or words beginning with one of `beginnings`, a request must have one."""

    stems: Sequence[str]
    beginnings: Sequence[str] = ()


class Kept(NamedTuple):
    """A request as it is kept: stems, and access words as `safe` makes them."""

    id: int
    words: Sequence[str]
    access: Sequence[str]


class Storage(Protocol):
    """What a database must do. Words are stems without spaces; access words are as `safe` makes them."""

    def create(self) -> Iterable[str]:
        """The statements that make the tables."""
        ...

    def put(self, requests: Iterable[Kept]) -> None: ...

    def put_access(self, requests: Iterable[tuple[int, Sequence[str]]]) -> None:
        """Replace the access words only, of requests that are there."""
        ...

    def drop(self, request_ids: Sequence[int]) -> None: ...

    def find(self, groups: Sequence[Alternatives], access: Sequence[str], limit: int) -> list[int]:
        """Ids of requests that have all groups and one of the access words, the newest first."""
        ...

    def words(self, request_id: int) -> list[str]:
        """What is kept of a request, words and access words, sorted; for `verify`."""
        ...

    def clear(self) -> None: ...


def storage(vendor: str = "") -> Storage:
    """The storage of this database."""
    if (vendor or connection.vendor) == "postgresql":
        from anliegen.search.store.postgresql import PostgreSQL

        return PostgreSQL()
    from anliegen.search.store.sqlite import SQLite

    return SQLite()


_PLAIN = re.compile(r"[a-z][0-9]+")


def safe(word: str) -> str:
    """An access word as it is kept: no text can have such a word, because "_" is no letter."""
    if _PLAIN.fullmatch(word):
        return f"z_{word}"
    return f"z_{hashlib.sha256(word.encode()).hexdigest()[:12]}"


NAME = "n_"  # what begins so is part of a person's name


def digest(words: Collection[str]) -> str:
    """Changes with the words."""
    return hashlib.sha256(" ".join(sorted(words)).encode("utf-8", "replace")).hexdigest()[:32]


def forget_leftovers() -> None:
    """Empty the full text when no request is in the index any more."""
    names = connection.introspection.table_names()
    if RequestText._meta.db_table in names and connection.vendor == "sqlite" and not RequestText.objects.exists():
        storage().clear()
