"""Which words of a text to mark, because they were looked for."""

import re
from collections.abc import Collection

from anliegen.search.rules.analysis import folded, stems

_PART = re.compile(r"[^\W_]+|[\W_]+")


def marked(text: str, typed: Collection[str], found_by: Collection[str]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is to be marked: it begins like a typed word, or has a found stem."""
    pieces: list[tuple[str, bool]] = []
    for found in _PART.finditer(text):
        piece = found[0]
        word = folded(piece)
        hit = piece[0].isalnum() and (
            any(word.startswith(one) for one in typed if len(one) > 1) or not stems(word).isdisjoint(found_by)
        )
        if pieces and pieces[-1][1] == hit:
            pieces[-1] = (pieces[-1][0] + piece, hit)
        else:
            pieces.append((piece, hit))
    return pieces
