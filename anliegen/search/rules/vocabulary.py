"""What a typed word may mean: the words of the documents that it fits, each with a weight."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import takewhile

from rapidfuzz import process
from rapidfuzz.distance import OSA

from anliegen.search.rules.analysis import is_stop_word, stem, stems
from anliegen.search.rules.synonyms import Synonyms

MOST = 40  # stems of one group
EXACT, SYNONYM, TYPED, PREFIX, HEAD, INSIDE, TYPO = 1.0, 0.85, 0.75, 0.6, 0.7, 0.45, 0.75
AFAR = 0.7  # a compound of a synonym
LOOKED_AT = 200  # words of one prefix
MIN_PREFIX, MIN_HEAD, MIN_INSIDE, MIN_TYPO, MIN_SPLIT = 2, 4, 5, 4, 4
LINKS = ("", "s", "n", "es", "en")  # between the parts of a compound


@dataclass(slots=True)
class Group:
    """One typed word: stems that it may stand for, with weights; `word` as typed, folded."""

    word: str
    weights: dict[str, float] = field(default_factory=dict)
    known: bool = True  # whether any document has such a word
    prefix: bool = False  # whether it may go on

    def add(self, found: Iterable[str], weight: float) -> None:
        for one in found:
            if weight > self.weights.get(one, 0):
                self.weights[one] = weight

    def cut(self) -> "Group":
        """With the heaviest stems only."""
        if len(self.weights) > MOST:
            self.weights = dict(sorted(self.weights.items(), key=lambda one: -one[1])[:MOST])
        return self


class Vocabulary:
    """The words of the documents: `words` maps a folded word to its stems, `named` are those of titles and keywords."""

    def __init__(self, words: Mapping[str, frozenset[str]], named: frozenset[str], synonyms: Synonyms) -> None:
        self._words, self._synonyms = words, synonyms
        self._stems = frozenset(one for found in words.values() for one in found)
        self._named_stems = frozenset(one for word in named if not is_stop_word(word) for one in words[word])
        self._sorted = sorted(words)
        self._backwards = sorted(word[::-1] for word in words)
        self._all = "\n" + "\n".join(self._sorted) + "\n"
        self._guesses = sorted(word for word in {*words, *synonyms.words} if len(word) >= MIN_TYPO)

    def expand(self, typed: list[str], *, typing: bool = False) -> list[Group]:
        """A group for each word; `typing`: the last one may not be finished. A compound may become two groups."""
        groups: list[Group] = []
        for number, word in enumerate(typed):
            last = number == len(typed) - 1
            groups += self._groups(word, last=last and typing)
        self._join(typed, groups)
        return [group.cut() for group in groups]

    def _groups(self, word: str, *, last: bool) -> list[Group]:
        group = Group(word, prefix=last)
        if is_stop_word(word):  # nothing else was typed
            group.known = self._has(word)
            group.add(stems(word), EXACT)
            return [group]
        self._plain(group, word, EXACT, TYPED if last else PREFIX)
        for other in self._synonyms.of_word(word):
            if self._has(other):
                group.add(stems(other), SYNONYM)
            self._plain(group, other, SYNONYM * AFAR, SYNONYM * AFAR * PREFIX, parts_only=True)
        if group.weights:
            group.add(stems(word), EXACT)
            return [group]
        if self._guess(group, word, 1, last=last):
            return [group]
        if parts := self._split(word):
            return [self._groups(part, last=False)[0] for part in parts]
        if len(word) > 7 and self._guess(group, word, 2, last=last):
            return [group]
        group.known = False
        group.add(stems(word), EXACT)
        return [group]

    def _has(self, word: str) -> bool:
        return word in self._words or not self._stems.isdisjoint(stems(word))

    def _plain(self, group: Group, word: str, exact: float, prefix: float, *, parts_only: bool = False) -> None:
        """The word itself, longer ones that begin with it, compounds that end with it or have it inside."""
        if not parts_only and self._has(word):
            group.add(stems(word), exact)
        base = min((stem(word, "de"), word), key=len)
        base = base if len(base) >= MIN_HEAD else word
        if len(word) >= MIN_PREFIX:
            for found in self._beginning(base if len(base) < len(word) else word):
                weight = prefix if found.startswith(word) else prefix * 0.9
                group.add(self._words[found], weight * _ratio(word, found))
        if len(base) >= MIN_HEAD:
            for found in self._ending(word):
                group.add(self._words[found], HEAD * exact * _ratio(word, found))
        if len(base) >= MIN_INSIDE:
            for found in self._with(base):
                group.add(self._words[found], INSIDE * exact)

    def _beginning(self, base: str) -> list[str]:
        begin = bisect_left(self._sorted, base)
        found = list(takewhile(lambda word: word.startswith(base), self._sorted[begin : begin + LOOKED_AT]))
        return [word for word in found if word != base]

    def _ending(self, word: str) -> list[str]:
        back = word[::-1]
        begin = bisect_left(self._backwards, back)
        found = takewhile(lambda one: one.startswith(back), self._backwards[begin : begin + LOOKED_AT])
        return [one[::-1] for one in found if one != back]

    def _with(self, base: str) -> list[str]:
        found: list[str] = []
        at = self._all.find(base)
        while at >= 0 and len(found) < LOOKED_AT:
            end = self._all.index("\n", at)
            word = self._all[self._all.rindex("\n", 0, at) + 1 : end]
            if word != base:
                found.append(word)
            at = self._all.find(base, end)
        return found

    def _guess(self, group: Group, word: str, distance: int, *, last: bool) -> bool:
        """Words that differ by a slip; whether there is one."""
        if len(word) < MIN_TYPO or not word.isalpha():
            return False
        best = process.extract(word, self._guesses, scorer=OSA.distance, score_cutoff=distance, limit=20)
        if not best and last:
            best = self._begun(word, distance)
        for found, apart, _place in best:
            weight = TYPO - 0.1 * apart
            for one in self._groups_of_guess(found):
                group.add([one[0]], weight * one[1])
        return bool(group.weights)

    def _groups_of_guess(self, found: str) -> list[tuple[str, float]]:
        meant = Group(found)
        self._plain(meant, found, EXACT, PREFIX)
        for other in self._synonyms.of_word(found):
            if self._has(other):
                meant.add(stems(other), SYNONYM)
        return list(meant.weights.items())

    def _begun(self, word: str, distance: int) -> list[tuple[str, int, int]]:
        """Words whose beginning differs by a slip from what was typed so far."""
        begin = bisect_left(self._guesses, word[0])
        near = list(takewhile(lambda one: one[0] == word[0], self._guesses[begin:]))
        cut = [one[: len(word)] for one in near]
        best = process.extract(word, cut, scorer=OSA.distance, score_cutoff=distance, limit=20)
        return [(near[place], apart, place) for _text, apart, place in best]

    def _split(self, word: str) -> tuple[str, ...]:
        """The two known parts of an unknown compound."""
        best: tuple[str, ...] = ()
        for at in range(MIN_SPLIT, len(word) - MIN_SPLIT + 1):
            first, second = word[:at], word[at:]
            if is_stop_word(second) or not self._means(second):
                continue
            for link in LINKS:
                bare = first.removesuffix(link) if link else first
                if len(bare) >= MIN_SPLIT and self._means(bare):
                    best = max(best, (bare, second), key=lambda parts: min(map(len, parts), default=0))
                    break
        return best

    def _means(self, word: str) -> bool:
        return self._has(word) or word in self._synonyms.words

    def _join(self, typed: list[str], groups: list[Group]) -> None:
        """Two words that are one in the documents or among the synonyms: "home office", "Blind Kopie"."""
        if len(groups) != len(typed):
            return
        for number in range(len(typed) - 1):
            joined = typed[number] + typed[number + 1]
            if self._means(joined):
                for group in groups[number : number + 2]:
                    group.add(stems(joined), EXACT)
                    group.add((one for other in self._synonyms.of_word(joined) for one in stems(other)), SYNONYM)

    def parts(self, word: str) -> set[str]:
        """The stems of known words with which a compound begins or ends, for texts that only the database searches."""
        cuts = range(MIN_HEAD, len(word) - MIN_HEAD + 1)
        found = {stem(part, "de") for at in cuts for part in (word[:at], word[at:])}
        return {one for one in found & self._named_stems if len(one) >= MIN_HEAD}


def _ratio(word: str, found: str) -> float:
    return 0.8 + 0.2 * len(word) / max(len(word), len(found))
