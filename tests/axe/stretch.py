"""A language that does not exist: the German texts, four tenths longer and with marks on their letters."""

import io
import re
from math import ceil
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
LONGER = 1.4
# what the code puts in, and what only machines read
KEPT = re.compile(r"%\(\w+\)[\d.]*[a-z]|%[\d.]*[sdf%]|\{[^{}]*\}|<[^>]*>|&#?\w+;|\bhttps?://\S+|\n")
MARKED = str.maketrans("aeiouAEIOUyncsz", "àéïõûÀÉÏÕÛýñçšž")
SHORT = 24  # brackets and blanks of a longer text count among what it grows by


def stretched(text: str) -> str:
    """ "Information" as "Ïñfõõrmààtïïõñ"; a sentence as "[!! … !!]". Placeholders stay."""
    if len(KEPT.sub("", text)) <= SHORT:
        return "".join(_word(part) for part in _parts(text))
    inside = "".join(_word(part, LONGER - 8 / len(text)) for part in _parts(text))
    return f"[!! {inside} !!]"


def _parts(text: str) -> list[str]:
    return re.split(rf"({KEPT.pattern}|\s+)", text)


def _word(word: str, longer: float = LONGER) -> str:
    if not word or KEPT.fullmatch(word) or word.isspace():
        return word
    more = ceil(len(word) * longer) - len(word) if any(letter.isalpha() for letter in word) else 0
    grown = ""
    for letter in word:
        double = more > 0 and letter.lower() in "aeiouäöü"
        more -= double
        grown += letter * 2 if double else letter
    vowel = "o" if word[-1:].isalpha() else ""
    return (grown + vowel * max(0, more)).translate(MARKED)


def catalogue() -> bytes:
    """All texts of the product in that language, as a compiled catalogue for German."""
    made = Catalog(locale="de")
    for path in sorted(ROOT.glob("anliegen/*/locale/de/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="de"):
                if message.id and message.string:
                    many = isinstance(message.string, tuple | list)
                    said = tuple(map(stretched, message.string)) if many else stretched(message.string)
                    made.add(message.id, said, context=message.context)
    written = io.BytesIO()
    write_mo(written, made)
    return written.getvalue()
