"""Words that mean the same: groups of single words, in any language."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from anliegen.search.rules.analysis import folded, query_words, stems


@dataclass(frozen=True, slots=True)
class Synonyms:
    """The groups, found by each of their words in any form."""

    words: frozenset[str] = frozenset()
    _by_stem: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, groups: Iterable[Iterable[str]]) -> "Synonyms":
        """From groups as people write them; "home office" counts as one word."""
        found: dict[str, set[str]] = defaultdict(set)
        known: set[str] = set()
        for group in groups:
            words = {joined for word in group if (joined := "".join(query_words(word)) or folded(word).strip())}
            known |= words
            for word in words:
                for one in stems(word):
                    found[one] |= words - {word}
        return cls(frozenset(known), dict(found))

    def of_word(self, word: str) -> set[str]:
        """The other words of its groups."""
        found: set[str] = set()
        for one in stems(word):
            found |= self._by_stem.get(one, set())
        return found - {word}
