"""What a text's words are: the same for texts and for what people type."""

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

import Stemmer

LANGUAGES = ("de", "en")
MAX_QUERY = 200  # characters of a query that are looked at
MAX_WORDS = 8  # words of a query
MAX_WORD = 60  # letters of a word
_STEMMERS = {"de": "german", "en": "english"}
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "æ": "a", "ø": "o", "œ": "o", "ł": "l", "đ": "d"})
_SPELT_OUT = re.compile(r"(?<![aeiouyq])(ae|oe|ue)")
_JOINED = re.compile(r"[^\W_]+(?:[-‐‑/&'’.][^\W_]+)*")
_WORD = re.compile(r"[^\W_]+")
_local = threading.local()

type Pieces = tuple[str, ...]


def folded(text: str) -> str:
    """In small letters, without accents; a, o, u, ss for ä, ö, ü, ß, and for ae, oe, ue where they stand for it."""
    plain = unicodedata.normalize("NFC", text).casefold().translate(_UMLAUTS)
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c)).casefold()
    return _SPELT_OUT.sub(lambda found: found[0][0], plain)


def _compounds(text: str) -> Iterator[Pieces]:
    """The words of a folded text; one with hyphens comes with its pieces."""
    for found in _JOINED.finditer(text):
        yield tuple(piece[:MAX_WORD] for piece in _WORD.findall(found[0]))


def text_words(text: str) -> list[str]:
    """The words of a text as they are kept: hyphenated ones joined and split, stop words off unless nothing is left."""
    words: list[str] = []
    for pieces in _compounds(folded(text)):
        if len(pieces) > 1:
            words.append("".join(pieces)[:MAX_WORD])
        words += pieces
    return [word for word in words if word not in _STOP] or words


def query_words(text: str) -> list[str]:
    """The words of a query, at most eight: a hyphenated one split, or joined if a piece is very short ("E-Mail")."""
    words: list[str] = []
    for pieces in _compounds(folded(text[:MAX_QUERY])):
        if len(pieces) > 1 and min(map(len, pieces)) < 3:
            words.append("".join(pieces)[:MAX_WORD])
        else:
            words += pieces
    words = list(dict.fromkeys(words))
    return ([word for word in words if word not in _STOP] or words)[:MAX_WORDS]


def is_stop_word(word: str) -> bool:
    """Whether a folded word says nothing about what is looked for."""
    return word in _STOP


def is_weak_word(word: str) -> bool:
    """Whether a folded word stands in many questions and tells little: "order", "new", "problem"."""
    return word in _WEAK


@lru_cache(maxsize=200_000)
def stem(word: str, lang: str) -> str:
    """The stem of a folded word in a language."""
    stemmers: dict[str, Stemmer.Stemmer] | None = getattr(_local, "stemmers", None)
    if stemmers is None:  # one for each thread: they keep a state
        stemmers = _local.stemmers = {key: Stemmer.Stemmer(name) for key, name in _STEMMERS.items()}
    return str(stemmers.get(lang, stemmers["en"]).stemWord(word))


def stems(word: str) -> frozenset[str]:
    """The stems of a word whose language is not known."""
    return frozenset(stem(word, lang) for lang in LANGUAGES)


def terms(texts: Iterable[str], lang: str) -> list[str]:
    """The stems of texts, each once, in the order of their first word."""
    return list(dict.fromkeys(stem(word, lang) for text in texts for word in text_words(text)))


_STOP_TEXT = """
aber alle allem allen aller alles als also am an auch auf aus bei beim bin bis bist bitte bräuchte brauche brauchen
braucht da damit dann das dass dein deine dem den der des dich die dies diese diesem diesen dieser dieses dir doch dort
du durch ein eine einem einen einer eines er es etwas euch für gegen geht gerne gibt hab habe haben hat hätte ich ihm
ihn ihnen ihr ihre ihrem ihren ihrer im in ins ist ja jede jeden jeder jetzt kann kannst kein keine keinen können könnte
man mein meine meinem meinen meiner meines mich mir mit möchte möchten muss müssen nach nicht noch nun nur ob oder ohne
schon sehr sein seine sich sie sind so soll sollte über um und uns unser unsere unseren unter viel vom von vor wann war
warum was weil welche welchem welchen welcher welches wem wen wenn wer werde werden wie wieder will wir wird wo woher
wohin wollen wurde würde zu zum zur bekomme bekommen bekommt kriege mache machen macht lasse lassen tun
a about am an and any are as at be because been but by can cannot could did do does doing dont for from get getting
give go had has have he her here hers him his how i if in into is it its just let like me my need needs no nor not of
off on or our ours out please shall she should so some than that the their them then there these they this those to too
us want was we were what when where which who whom why will with would you your yours
"""
_STOP = frozenset(folded(_STOP_TEXT).split())
_WEAK_TEXT = """
bestellen bestelle bestellung anfordern beantragen brauche neu neue neuen neuer neues funktioniert funktionieren problem
probleme hilfe helfen thema wichtig schnell einfach richtig gibt finden finde suche suchen ändern anfrage arbeit heute
order request new problem problems help find search change work works working urgent quickly today
"""
_WEAK = frozenset(folded(_WEAK_TEXT).split())
