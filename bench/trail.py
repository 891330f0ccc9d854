"""The audit trail of copied requests: entries and details of their own, numbered and chained like sealed ones."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from anliegen.audit import models, rules
from anliegen.audit.models import Detail, Entry
from bench import rows
from bench.stencil import Copy, Fill, Stencil

TABLES = (Entry, Detail)
type Line = tuple[Entry, str, str, Fill | None]


@dataclass(slots=True)
class Head:
    """How far the chain goes, while it grows."""

    row: models.Head

    def append(self, row: rules.Row) -> tuple[int, str]:
        self.row.count += 1
        self.row.hash = rules.chained(self.row.hash, self.row.count, row)
        return self.row.count, self.row.hash

    def save(self) -> None:
        self.row.save()


def source(service_request_id: int, stencil: Stencil) -> list[Line]:
    """The entries about a request with salt and text, and how the text is for a copy."""
    about = Entry.objects.filter(subject_kind="service_request", subject=str(service_request_id)).order_by("id")
    found = []
    for entry in about.select_related("detail"):
        text = entry.detail.text
        found.append((entry, entry.detail.salt, text, stencil(text, as_json=True)))
    return found


def write(copies: Iterable[tuple[Sequence[Line], Copy]], head: Head) -> None:
    """The entries of these copies and their details, sealed."""
    entries: list[list[Any]] = []
    details: list[list[Any]] = []
    order = [one.name for one in rows.fields(Entry)]
    assert [one.name for one in rows.fields(Detail)] == ["entry", "salt", "text"]
    for lines, copy in copies:
        for entry, salt, plain, fill in lines:
            text = fill(copy) if fill else plain
            row = _row(entry, copy, rules.detail_hash(salt, text))
            number, row_hash = head.append(row)
            values = {**_stored(row), "number": number, "hash": row_hash}
            entries.append([values[name] for name in order])
            details.append([row.id, salt, text])
    rows.write(Entry, entries)
    rows.write(Detail, details)


def _row(entry: Entry, copy: Copy, detail_hash: str) -> rules.Row:
    actor = str(entry.actor) if entry.actor else ""
    return rules.Row(
        id=entry.pk + copy.offset,
        number=None,
        hash="",
        format=entry.format,
        event=entry.event,
        subject_kind=entry.subject_kind,
        subject=str(int(entry.subject) + copy.offset),
        actor=UUID(copy.actors.get(actor, actor)) if actor else None,
        rule=entry.rule,
        happened_at=entry.happened_at - copy.back,
        detail_hash=detail_hash,
    )


_ENTRY: Callable[[str], Any] = Entry._meta.get_field


def _stored(row: rules.Row) -> dict[str, Any]:
    """As the database's own text has it."""
    moment: datetime = row.happened_at.astimezone(UTC).replace(tzinfo=None)
    return {
        "id": row.id,
        "format": row.format,
        "event": row.event,
        "subject_kind": row.subject_kind,
        "subject": row.subject,
        "actor": _ENTRY("actor").get_db_prep_value(row.actor, connection) if row.actor else None,
        "rule": row.rule,
        "happened_at": moment.isoformat(" ", "microseconds"),
        "detail_hash": row.detail_hash,
    }
