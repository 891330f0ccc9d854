"""What a query finds."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from anliegen.search import rules, store
from anliegen.search.models import Document, Gap
from anliegen.search.queries.lexicon import index
from anliegen.search.rules import Viewer
from anliegen.search.store import Alternatives

STRONG = 0.4  # stems that weigh less are not looked for among requests
MOST_STEMS = 12


@dataclass(frozen=True, slots=True)
class Hit:
    """An object that fits; `stems` are those by which it was found."""

    kind: str
    object_id: str
    lang: str
    score: float
    stems: frozenset[str] = frozenset()


def suggest(
    text: str, *, lang: str, kinds: Collection[str], access: Collection[str], limit: int = 10, typing: bool = False
) -> list[Hit]:
    """The texts of these kinds that fit best, each object once. `typing`: the last word may not be finished.

    `access` are the words that the viewer holds; the caller asks its own rights again on what is found. One statement.
    """
    viewer = Viewer(frozenset(access), frozenset(kinds), lang[:2])
    return [
        Hit(found.entry.kind, found.entry.object_id, found.entry.lang, found.score, found.stems)
        for found in index().find(text, viewer, typing=typing, limit=limit)
    ]


def held(kind: str) -> set[str]:
    """The ids of every object of a kind that is in."""
    return set(Document.objects.filter(kind=kind).values_list("object_id", flat=True))


def search_requests(
    text: str, *, access: Collection[str], limit: int = store.MOST, typing: bool = False, named: bool = False
) -> list[int]:
    """Ids of the requests that hold every word, the newest first, at most 1,000. Two or three statements.

    `named`: a word may also be the name of who asked or gets it.
    """
    groups = request_groups(text, typing=typing, named=named)
    if not groups or not access:
        return []
    return store.storage().find(groups, sorted(map(store.safe, access)), min(limit, store.MOST))


def request_groups(text: str, *, typing: bool = False, named: bool = False) -> list[Alternatives]:
    """What each word of a query may be in a request."""
    words = rules.query_words(text)
    found = []
    for group in index().vocabulary.expand(words, typing=typing):
        best = sorted(group.weights.items(), key=lambda one: -one[1])
        stems = [one for one, weight in best if weight >= STRONG][:MOST_STEMS]
        beginnings = [group.word] if len(group.word) > 2 or group.prefix else []
        found.append(Alternatives(stems, [*beginnings, store.NAME + group.word] if named else beginnings))
    return found


def request_terms(texts: Sequence[str], lang: str) -> list[str]:
    """What a request is found by: the stems of its words, the numbers, and the known parts of its compounds."""
    vocabulary = index().vocabulary
    words = list(dict.fromkeys(word for text in texts for word in rules.text_words(text)))
    terms = [rules.stem(word, lang) for word in words]
    for word in words:
        terms += sorted(vocabulary.parts(word))
    return list(dict.fromkeys([*terms, *(word for word in words if not word.isalpha())]))


def marked(title: str, text: str, stems: Collection[str]) -> list[tuple[str, bool]]:
    """A title in pieces, each with whether to mark it: it begins like a typed word, or has a found stem."""
    return rules.marked(title, rules.query_words(text), stems)


def gaps(*, least: int = 5, limit: int = 100) -> list[Gap]:
    """What was looked for at least so often and not found, the most frequent first."""
    return list(Gap.objects.filter(count__gte=least).order_by("-count", "text")[:limit])
