"""How entries are hashed and chained, and what a check of the chain finds. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

START = "0" * 64
PERSON_KINDS = frozenset({"person", "user"})  # subjects whose database id is replaced by the random id


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An entry as the chain sees it, with its detail if that was not erased."""

    id: int
    number: int | None
    hash: str
    format: int
    event: str
    subject_kind: str
    subject: str
    actor: UUID | None
    rule: str
    happened_at: datetime
    detail_hash: str
    salt: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Seal:
    """An entry's place in the chain; `number` is None until it is sealed. "number:hash" is a head to check against."""

    number: int | None
    hash: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Broken:
    """The first row that does not fit: `code` is changed, missing, detail_changed, tail_missing or head_differs."""

    number: int
    code: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found: how many sealed rows fit, whose details were erased, what is not sealed yet, and the head."""

    sealed: int
    erased: int
    unsealed: int
    head: str
    broken: Broken | None

    @property
    def ok(self) -> bool:
        return self.broken is None


def canonical(changes: Mapping[str, Any]) -> str:
    """The one way to write a detail down, so that its hash can be made again."""
    return json.dumps(changes, sort_keys=True, separators=(",", ":"), default=str)


def detail_hash(salt: str, text: str) -> str:
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()


def chained(previous: str, number: int, row: Row) -> str:
    """The hash of a row behind `previous`. Each field is written as JSON, so none can run into the next."""
    fields = [
        previous,
        number,
        row.format,
        row.event,
        row.subject_kind,
        row.subject,
        str(row.actor or ""),
        row.rule,
        row.happened_at.astimezone(UTC).isoformat(timespec="microseconds"),
        row.detail_hash,
    ]
    return hashlib.sha256(json.dumps(fields, separators=(",", ":")).encode()).hexdigest()


def chain(previous: str, count: int, rows: Iterable[Row]) -> list[tuple[int, int, str]]:
    """Number and hash of each row in the given order, behind a chain of `count` rows: (row id, number, hash)."""
    sealed = []
    for number, row in enumerate(rows, start=count + 1):
        previous = chained(previous, number, row)
        sealed.append((row.id, number, previous))
    return sealed


class Check:
    """Walks the sealed rows by number and remembers the first one that does not fit."""

    def __init__(self) -> None:
        self.count = 0
        self.hash = START
        self.erased = 0
        self.broken: Broken | None = None

    def walk(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self.broken = self._fault(row)
            if self.broken:
                return
            self.count += 1
            self.hash = row.hash
            self.erased += row.text is None

    def _fault(self, row: Row) -> Broken | None:
        number = self.count + 1
        if row.number != number:
            return Broken(number, "missing")
        if chained(self.hash, number, row) != row.hash:
            return Broken(number, "changed")
        if row.text is not None and detail_hash(row.salt or "", row.text) != row.detail_hash:
            return Broken(number, "detail_changed")
        return None

    def compare(self, count: int, head_hash: str) -> None:
        """Hold what was walked, the rows up to the head, against the head."""
        if self.broken:
            return
        if self.count < count:
            self.broken = Broken(self.count + 1, "tail_missing")
        elif self.hash != head_hash:
            self.broken = Broken(self.count, "head_differs")
