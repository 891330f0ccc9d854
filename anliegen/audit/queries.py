"""Reading the audit trail and checking its chain."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet, Subquery
from django.db.models.functions import Coalesce

from anliegen.audit import rules
from anliegen.audit.models import Entry, Head, Pseudonym
from anliegen.audit.rules import Broken, Check, Report, Row, Seal

_COLUMNS = (
    "id",
    "number",
    "hash",
    "format",
    "event",
    "subject_kind",
    "subject",
    "actor",
    "rule",
    "happened_at",
    "detail_hash",
)


def unsealed(limit: int) -> list[Row]:
    """The committed entries that have no number yet, oldest id first."""
    return list(_rows(Entry.objects.filter(number=None).order_by("id")[:limit]))


def sealed(upto: int) -> Iterator[Row]:
    """The sealed rows up to a number, with their details, in the order of the chain."""
    return _rows(Entry.objects.filter(number__lte=upto).order_by("number"))


def _rows(entries: QuerySet[Entry]) -> Iterator[Row]:
    rows = entries.values(*_COLUMNS, salt=F("detail__salt"), text=F("detail__text"))
    return (Row(**row) for row in rows.iterator(chunk_size=2000))


def head() -> str:
    """The head as operators note it outside: "count:hash"."""
    return str(Head.objects.filter(id=1).first() or Head())


def verify(noted: str = "") -> Report:
    """Walk the whole chain; the report names the first row that does not fit. Takes no lock, so work goes on meanwhile.

    `noted` is a head that was written down outside ("count:hash"): the chain must contain it, which finds one who
    made chain and head anew. Raises ValueError if it is not of that form.
    """
    noted_count, noted_hash = _parse(noted) if noted else (0, rules.START)
    current = Head.objects.filter(id=1).first() or Head()
    check = Check()
    check.walk(_watched(sealed(upto=current.count), check, noted_count, noted_hash))
    check.compare(current.count, current.hash)
    if check.broken is None and check.count < noted_count:
        check.broken = Broken(check.count + 1, "tail_missing")
    if check.broken is None and _goes_on_behind_its_head():
        check.broken = Broken(check.count + 1, "head_differs")
    waiting = Entry.objects.filter(number=None).count()
    return Report(check.count, check.erased, waiting, str(current), check.broken)


def _goes_on_behind_its_head() -> bool:
    """One statement, so that the seal job cannot come in between."""
    end = Coalesce(Subquery(Head.objects.filter(id=1).values("count")), 0)
    return Entry.objects.filter(number__gt=end).exists()


def _watched(rows: Iterable[Row], check: Check, count: int, noted_hash: str) -> Iterator[Row]:
    """The same rows; stops with a fault where the chain differs from the head noted outside."""
    for row in rows:
        if row.number == count and row.hash != noted_hash:
            check.broken = Broken(count, "head_differs")
            return
        yield row


def _parse(noted: str) -> tuple[int, str]:
    count, _, noted_hash = noted.strip().partition(":")
    if not count.isdigit() or len(noted_hash) != len(rules.START):
        raise ValueError('A head is written as "count:hash", as this command prints it.')
    return int(count), noted_hash


def subject_of(subject_kind: str, subject_id: int) -> str | None:
    """How entries name that object; None for a person who never occurred or was forgotten."""
    if subject_kind not in rules.PERSON_KINDS:
        return str(subject_id)
    found = Pseudonym.objects.filter(person_id=subject_id).values_list("pseudonym", flat=True).first()
    return str(found) if found else None


def entries_about(subject_kind: str, subject_id: int, *, limit: int = 200) -> list[dict[str, Any]]:
    """The entries about one object in the order of their writing; `detail` is None where it was erased. Two queries."""
    subject = subject_of(subject_kind, subject_id)
    if subject is None:
        return []
    entries = Entry.objects.filter(subject_kind=subject_kind, subject=subject).order_by("id")
    return [
        {
            "id": row.id,
            "number": row.number,
            "event": row.event,
            "actor": row.actor,
            "rule": row.rule,
            "happened_at": row.happened_at,
            "detail": row.text,
        }
        for row in _rows(entries[:limit])
    ]


def seals_of(subject_kind: str, subject_id: int, *, limit: int = 5000) -> list[Seal]:
    """The places in the chain of the entries about one object (no person), in the order of their writing. One query."""
    entries = Entry.objects.filter(subject_kind=subject_kind, subject=str(subject_id)).order_by("id")
    return [Seal(*row) for row in entries.values_list("number", "hash", "happened_at")[:limit]]


def last_event_at() -> datetime | None:
    """When the newest entry happened, for the operators' page."""
    return Entry.objects.order_by("-id").values_list("happened_at", flat=True).first()
