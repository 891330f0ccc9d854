"""Words in free text: found whatever their case, accents and umlauts, in German and English alike."""

import re
import unicodedata
from functools import lru_cache

MAX_WORDS = 2_000  # of a text that is searched; nobody asks longer questions

_WORD = re.compile(r"[^\W_]+")
_PART = re.compile(r"\*?[^\W_]+\*?")
_UMLAUT = re.compile(r"(?<=[aou])e")


@lru_cache(maxsize=512)
def fold(text: str) -> str:
    """The text as it is compared: lower case, without accents; "ä" and "ae" are both "a", "ß" is "ss"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return _UMLAUT.sub("", "".join(character for character in decomposed if not unicodedata.combining(character)))


def mentions(text: str, wanted: str) -> bool:
    """Whether one of the wanted phrases, separated by commas, stands in the text as whole words.

    A star stands for the rest of a word: `druck*` finds "Drucker", `*stuhl` "Bürostuhl". Words of a phrase follow each
    other. Nothing wanted is never found.
    """
    words = _words(text)
    return any(_follows(phrase, words) for phrase in _phrases(wanted))


@lru_cache(maxsize=64)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(text))[:MAX_WORDS])


@lru_cache(maxsize=4_096)
def _phrases(wanted: str) -> tuple[tuple[str, ...], ...]:
    phrases = (tuple(_PART.findall(fold(phrase))) for phrase in wanted.split(","))
    return tuple(phrase for phrase in phrases if phrase)


def _follows(phrase: tuple[str, ...], words: tuple[str, ...]) -> bool:
    places = range(len(words) - len(phrase) + 1)
    return any(all(map(_is, phrase, words[place : place + len(phrase)])) for place in places)


def _is(part: str, word: str) -> bool:
    stem = part.strip("*")
    match part.startswith("*"), part.endswith("*"):
        case True, True:
            return stem in word
        case True, False:
            return word.endswith(stem)
        case False, True:
            return word.startswith(stem)
    return word == stem
