"""Building the index anew from its owners, and looking whether it fits them.

Other packages bind where texts come from (`project/wiring.py`); this one knows no domain.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from django.db import transaction

from anliegen.search import actions, store
from anliegen.search.actions import Doc, RequestDoc
from anliegen.search.models import Document, RequestText

REQUEST = "request"
CHUNK = 500


class Requests(Protocol):
    """Where requests come from."""

    def after(self, request_id: int, limit: int) -> list[int]: ...

    def docs(self, ids: Sequence[int]) -> list[RequestDoc]: ...


class _Bound:
    documents: Mapping[str, Callable[[], Iterable[Doc]]] = {}
    requests: Requests | None = None


def bind(documents: Mapping[str, Callable[[], Iterable[Doc]]], requests: Requests | None) -> None:
    """Say where each kind of document comes from, and the requests."""
    _Bound.documents, _Bound.requests = documents, requests


def kinds() -> tuple[str, ...]:
    """The kinds that can be built anew."""
    return (*_Bound.documents, REQUEST)


def rebuild(kind: str) -> int:
    """Put everything of a kind in again, and take out what does not exist any more. How many there are."""
    return _rebuild_requests() if kind == REQUEST else _rebuild_documents(kind)


@transaction.atomic
def _rebuild_documents(kind: str) -> int:
    docs = list(_Bound.documents[kind]())
    there = {doc.object_id for doc in docs}
    for object_id in set(Document.objects.filter(kind=kind).values_list("object_id", flat=True)) - there:
        actions.drop(kind, object_id)
    actions.put(*docs)
    return len(docs)


def _rebuild_requests() -> int:
    number = last = 0
    for ids in _chunks():
        with transaction.atomic():
            known = RequestText.objects.filter(pk__gt=last, pk__lte=ids[-1]).values_list("pk", flat=True)
            actions.drop_requests(sorted(set(known) - set(ids)))
            actions.put_requests(_requests().docs(ids))
        number, last = number + len(ids), ids[-1]
    with transaction.atomic():
        actions.drop_requests(list(RequestText.objects.filter(pk__gt=last).values_list("pk", flat=True)))
    return number


def _chunks() -> Iterator[list[int]]:
    last = 0
    while ids := _requests().after(last, CHUNK):
        yield ids
        last = ids[-1]


def _requests() -> Requests:
    assert _Bound.requests is not None, "no requests are bound"
    return _Bound.requests


def verify(sample: int = 1000) -> list[str]:
    """What does not fit its owner, in words: every document, and as many requests, drawn at random."""
    return [*_wrong_documents(), *_wrong_requests(sample)]


def _wrong_documents() -> Iterator[str]:
    for kind, source in _Bound.documents.items():
        wanted = {(doc.object_id, doc.lang): actions.kept(doc) for doc in source()}
        fields = ("title", "keywords", "text", "access")
        rows = Document.objects.filter(kind=kind).values("object_id", "lang", *fields)
        there = {(row["object_id"], row["lang"]): {name: row[name] for name in fields} for row in rows}
        for key in sorted(wanted.keys() | there.keys()):
            if wanted.get(key) != there.get(key):
                yield f"{kind} {' '.join(key)}: {_what(key in there, key in wanted)}"


def _wrong_requests(sample: int) -> Iterator[str]:
    ids = [pk for chunk in _chunks() for pk in chunk]
    indexed = set(RequestText.objects.values_list("pk", flat=True))
    for pk in sorted(indexed ^ set(ids)):
        yield f"request {pk}: {_what(pk in indexed, pk not in indexed)}"
    drawn = sorted(random.sample(ids, min(sample, len(ids))))
    for begin in range(0, len(drawn), CHUNK):
        for doc in _requests().docs(drawn[begin : begin + CHUNK]):
            kept = actions.kept_request(doc)
            if doc.id in indexed and store.storage().words(doc.id) != sorted({*kept.words, *kept.access}):
                yield f"request {doc.id}: is not as the index has it"


def _what(there: bool, wanted: bool) -> str:
    return "is not as the index has it" if there and wanted else "does not exist" if there else "is not in the index"
