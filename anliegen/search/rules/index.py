"""The documents in memory: which fit a query, and how well."""

import math
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from anliegen.search.rules.analysis import is_weak_word, query_words, stem
from anliegen.search.rules.synonyms import Synonyms
from anliegen.search.rules.vocabulary import Group, Vocabulary

TITLE, KEYWORDS, TEXT = 1, 2, 4
_WEIGHTS = {TITLE: 3.0, KEYWORDS: 3.0, TEXT: 1.0}  # another name says as much as the title
ENOUGH = 20  # documents whose title or keywords hold everything: then texts are not looked at
OWN_LANGUAGE = 1.6
SHARE = 0.5  # of a query's meaning that a document must hold, if it does not hold all of it
WEAK, UNKNOWN = 0.3, 0.5  # how much such a word tells


def _value(mask: int) -> float:
    """The best field, and a little for each other one."""
    values = sorted((weight for bit, weight in _WEIGHTS.items() if mask & bit), reverse=True)
    return values[0] + 0.15 * sum(values[1:]) if values else 0.0


_VALUES = tuple(_value(mask) for mask in range(8))


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as it is kept: its words, folded, and who may find it."""

    kind: str
    object_id: str
    lang: str
    title: Sequence[str]
    keywords: Sequence[str]
    text: Sequence[str]
    access: frozenset[str]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, for what: the access words they hold, the kinds, and their language."""

    access: frozenset[str]
    kinds: frozenset[str]
    lang: str


@dataclass(frozen=True, slots=True)
class Found:
    """A document that fits, with the stems by which it was found."""

    entry: Entry
    score: float
    stems: frozenset[str]


class Match(NamedTuple):
    """What a group finds in a document: how much it counts, by which stem, in which fields."""

    value: float
    stem: str
    mask: int


NOTHING = Match(0.0, "", 0)


@dataclass(slots=True)
class _Postings:
    """The documents of a stem, each with the fields in which it stands."""

    docs: array[int] = field(default_factory=lambda: array("I"))
    masks: bytearray = field(default_factory=bytearray)


class Index:
    """All documents, as of one moment."""

    def __init__(self, entries: Iterable[Entry], synonyms: Synonyms) -> None:
        self.entries = list(entries)
        self._named: dict[str, _Postings] = defaultdict(_Postings)
        self._text: dict[str, _Postings] = defaultdict(_Postings)
        words: dict[str, set[str]] = defaultdict(set)
        named: set[str] = set()
        for number, entry in enumerate(self.entries):
            masks: dict[str, int] = defaultdict(int)
            for bit, found in ((TITLE, entry.title), (KEYWORDS, entry.keywords), (TEXT, entry.text)):
                for word in found:
                    one = stem(word, entry.lang)
                    masks[one] |= bit
                    words[word].add(one)
            named.update(entry.title, entry.keywords)
            for one, mask in masks.items():
                postings = (self._named if mask & (TITLE | KEYWORDS) else self._text)[one]
                postings.docs.append(number)
                postings.masks.append(mask)
        meant = {word: frozenset(found) for word, found in words.items()}
        self.vocabulary = Vocabulary(meant, frozenset(named), synonyms)

    def find(self, text: str, viewer: Viewer, *, typing: bool = False, limit: int = 10) -> list[Found]:
        """The documents that fit best, each object once, in the language in which it fits better."""
        words = query_words(text)
        if not words:
            return []
        groups = self.vocabulary.expand(words, typing=typing)
        hits = self._hits(groups, viewer)
        best: dict[tuple[str, str], Found] = {}
        weights = [self._idf(group) for group in groups]
        for number, matches in hits.items():
            one = self._scored(number, matches, weights, viewer)
            if one is not None:
                key = (one.entry.kind, one.entry.object_id)
                if key not in best or one.score > best[key].score:
                    best[key] = one
        ordered = sorted(best.values(), key=lambda one: (-one.score, one.entry.object_id))
        return ordered[:limit]

    def _hits(self, groups: Sequence[Group], viewer: Viewer) -> dict[int, list[Match]]:
        """For each document what each group finds in it."""
        hits: dict[int, list[Match]] = {}
        for postings in (self._named, self._text):
            for number, group in enumerate(groups):
                for one in group.weights.keys() & postings.keys():
                    self._collect(hits, postings[one], (number, len(groups)), (one, group.weights[one]), viewer)
            if sum(all(match.value for match in found) for found in hits.values()) >= ENOUGH:
                break
        return hits

    def _collect(
        self,
        hits: dict[int, list[Match]],
        postings: _Postings,
        place: tuple[int, int],
        meant: tuple[str, float],
        viewer: Viewer,
    ) -> None:
        (number, groups), (one, weight) = place, meant
        for doc, mask in zip(postings.docs, postings.masks, strict=True):
            entry = self.entries[doc]
            if entry.kind not in viewer.kinds or viewer.access.isdisjoint(entry.access):
                continue
            matches = hits.get(doc)
            if matches is None:
                matches = hits[doc] = [NOTHING] * groups
            value = weight * _VALUES[mask]
            if value > matches[number].value:
                matches[number] = Match(value, one, mask)

    def _scored(self, number: int, matches: list[Match], weights: Sequence[float], viewer: Viewer) -> Found | None:
        entry = self.entries[number]
        total = sum(weights)
        share = sum(weight for weight, match in zip(weights, matches, strict=True) if match.value) / total
        there = sum(bool(match.value) for match in matches)
        named = any(match.mask & (TITLE | KEYWORDS) for match in matches)
        if there < len(matches) and not (named and (there > 1 or share >= SHARE)):
            return None
        score = sum(weight * match.value for weight, match in zip(weights, matches, strict=True)) / total
        score *= there / len(matches) * (1 + 0.25 / (1 + 0.5 * len(entry.title)))
        if entry.lang == viewer.lang:
            score *= OWN_LANGUAGE
        return Found(entry, score, frozenset(match.stem for match in matches if match.value))

    def _idf(self, group: Group) -> float:
        """How much a word says: the fewer documents have it, the more."""
        count = sum(
            len(postings[one].docs)
            for one, weight in group.weights.items()
            if weight >= 0.8
            for postings in (self._named, self._text)
            if one in postings
        )
        tells = math.log(1 + (len(self.entries) + 1) / (1 + count))
        return tells * (WEAK if is_weak_word(group.word) else 1) * (1 if group.known else UNKNOWN)
