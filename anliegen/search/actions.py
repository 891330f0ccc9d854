"""Putting texts into the index, in the transaction that changes them; synonyms and gaps."""

import re
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from anliegen.audit import actions as audit
from anliegen.reads.prepared import Ids, Prepared
from anliegen.search import queries, rules, store
from anliegen.search.models import Document, Gap, RequestText, State, Synonym

KEEP_GAPS = timedelta(days=183)
MAX_GAP = 60
NOBODY, GAP = 0, "search.gap"  # a gap is counted for nobody
_PERSONAL = re.compile(r"@|\d{4}")  # addresses and numbers of people have no place among what many look for


@dataclass(frozen=True, slots=True, kw_only=True)
class Doc:
    """A text in one language. `keywords` are other names; `access` are words of which a viewer must hold one."""

    kind: str
    object_id: str
    lang: str
    title: str
    keywords: Sequence[str] = ()
    text: str = ""
    access: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDoc:
    """What a request is found by: its texts in its language, names of people, and the access words."""

    id: int
    lang: str
    texts: Sequence[str]
    names: Sequence[str] = ()
    access: Collection[str]


@transaction.atomic
def put(*docs: Doc) -> None:
    """Put these texts in, each instead of what was there for its kind, id and language. Unchanged ones cost a read."""
    changed = False
    for doc in docs:
        key: dict[str, Any] = {"kind": doc.kind, "object_id": doc.object_id, "lang": doc.lang}
        if not Document.objects.filter(**key, **(fields := kept(doc))).exists():
            Document.objects.update_or_create(**key, defaults=fields)
            changed = True
    if changed:
        _look_again()


def kept(doc: Doc) -> dict[str, str]:
    """A text as it is kept."""
    return {
        "title": " ".join(rules.text_words(doc.title)),
        "keywords": " ".join(rules.text_words("\n".join(doc.keywords))),
        "text": " ".join(dict.fromkeys(rules.text_words(doc.text))),
        "access": " ".join(sorted(doc.access)),
    }


@transaction.atomic
def drop(kind: str, object_id: str) -> None:
    """Take a text out, in every language."""
    deleted, _details = Document.objects.filter(kind=kind, object_id=object_id).delete()
    if deleted:
        _look_again()


@transaction.atomic
def add_synonyms(words: Iterable[str]) -> None:
    """From now on these words mean the same."""
    Synonym.objects.get_or_create(words=_joined(words))
    _look_again()


@transaction.atomic
def remove_synonyms(words: Iterable[str]) -> None:
    """These words do not mean the same any more; shipped ones stay."""
    Synonym.objects.filter(words=_joined(words)).delete()
    _look_again()


def _joined(words: Iterable[str]) -> str:
    return ", ".join(sorted({word.strip().lower() for word in words if word.strip()}))


def _look_again() -> None:
    """Tell every process that documents or synonyms have changed; a token that is rolled back is never seen again."""
    State.objects.update_or_create(pk=1, defaults={"token": secrets.token_urlsafe(16)})


def put_requests(docs: Iterable[RequestDoc]) -> None:
    """Put the words of requests in, instead of those that were there. Call inside a transaction."""
    found = [kept_request(doc) for doc in docs]
    _note([RequestText(id=one.id, access_digest=store.digest(one.access)) for one in found])
    store.storage().put(found)


def put_access(access: Mapping[int, Collection[str]]) -> list[int]:
    """Replace who may find these requests. Call inside a transaction. Gives the ids of those that are not in yet."""
    known = {row.pk: row for row in _ROWS(ids=list(access))}
    changed = []
    for request_id, words in access.items():
        row, safe = known.get(request_id), sorted(map(store.safe, words))
        if row is not None and row.access_digest != store.digest(safe):
            row.access_digest = store.digest(safe)
            changed.append((request_id, safe))
    if changed:
        _note([known[request_id] for request_id, _safe in changed])
        store.storage().put_access(changed)
    return [request_id for request_id in access if request_id not in known]


_ROWS = Prepared(lambda: RequestText.objects.filter(pk__in=Ids("ids")))


def _note(rows: Sequence[RequestText]) -> None:
    RequestText.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=["access_digest"])


def kept_request(doc: RequestDoc) -> store.Kept:
    """A request as it is kept."""
    words = queries.request_terms(doc.texts, doc.lang)
    names = sorted({store.NAME + word for name in doc.names for word in rules.text_words(name)})
    return store.Kept(doc.id, [*words, *names], sorted(map(store.safe, doc.access)))


@transaction.atomic
def drop_requests(ids: Sequence[int]) -> None:
    """Take these requests out."""
    RequestText.objects.filter(pk__in=ids).delete()
    store.storage().drop(ids)


@audit.command
def note_gap(text: str, *, lang: str, now: datetime, key: str = "") -> bool:
    """Count that a search found nothing, once for each key. Whether it was kept: nothing that may name somebody."""
    if audit.once(NOBODY, key, GAP):
        return False
    said = " ".join(text.lower().split())
    words = rules.query_words(said)
    tells = any(len(word) > 2 and not rules.is_stop_word(word) for word in words)
    if not tells or len(said) > MAX_GAP or not said.isprintable() or _PERSONAL.search(said):
        return False
    if lang not in rules.LANGUAGES:
        lang = "en"
    Gap.objects.bulk_create([Gap(text=said, lang=lang, first=now, last=now)], ignore_conflicts=True)
    Gap.objects.filter(text=said, lang=lang).update(count=F("count") + 1, last=now)
    audit.remember(NOBODY, key, GAP, "", 0)
    return True


def forget_gaps(payload: dict[str, Any], now: datetime) -> None:
    """Delete gaps that nobody has met for half a year. The work of a job."""
    Gap.objects.filter(last__lt=now - KEEP_GAPS).delete()
