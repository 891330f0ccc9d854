"""The documents and synonyms of this process, read again when another process has changed them."""

import csv
import threading
from functools import cache
from pathlib import Path

from anliegen.reads.prepared import Prepared
from anliegen.search.models import Document, State, Synonym
from anliegen.search.rules import Entry, Index, Synonyms

SHIPPED = Path(__file__).parent.parent / "data" / "synonyms.csv"

_TOKEN = Prepared(lambda: State.objects.values_list("token", flat=True)[:1])
_lock = threading.Lock()
_known: dict[str, Index] = {}  # at most one: token -> index


def index() -> Index:
    """All documents as of now. One statement, and two more after a change."""
    token = _TOKEN.first() or ""
    found = _known.get(token)
    if found is None:
        with _lock:
            found = _known.get(token)
            if found is None:
                found = _read()
                _known.clear()
                _known[token] = found
    return found


def _read() -> Index:
    rows = Document.objects.order_by("pk").values_list(
        "kind", "object_id", "lang", "title", "keywords", "text", "access"
    )
    entries = [
        Entry(kind, object_id, lang, title.split(), keywords.split(), text.split(), frozenset(access.split()))
        for kind, object_id, lang, title, keywords, text, access in rows
    ]
    own = [words.split(",") for words in Synonym.objects.order_by("pk").values_list("words", flat=True)]
    return Index(entries, Synonyms.of([*shipped(), *own]))


@cache
def shipped() -> tuple[tuple[str, ...], ...]:
    """The groups of words that mean the same in every office, in German and English."""
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        rows = [tuple(word for word in row if word.strip()) for row in csv.reader(file)]
    return tuple(row for row in rows if row and not row[0].startswith("#"))
