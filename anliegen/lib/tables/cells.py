"""From the cells of a table to CEL: unary tests of DMN, and outputs.

A *unary test* is what a cell asks of its column's value: "-" (anything), "null" (no value), `< 10000`, `[1..5]`,
`(1..5)`, `"a","b"` (one of), `not("a")`, `~ printer, toner*` (a text that has one of these words). Bounds are CEL
expressions and may read other fields.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from anliegen.lib import cel

VALUE = "_value"  # the name under which a test sees the value of its column
_OPEN, _CLOSE = "([{", ")]}"
_SIGNS = ("<=", ">=", "!=", "<", ">", "=")
_WORDS = "~"


class CellError(Exception):
    """A cell that is no unary test."""

    def __init__(self, code: str, found: str) -> None:
        super().__init__(code, found)
        self.code = code
        self.found = found


@dataclass(frozen=True, slots=True)
class Test:
    """A cell as a condition: `source` is CEL over VALUE, "" where any value will do; `absent` where none will do.

    `words`: it looks for words in a text, so what it takes cannot be told from samples.
    """

    source: str
    absent: bool
    bounds: tuple[str, ...] = ()
    words: bool = False


def test(cell: str, kind: cel.Type) -> Test:
    """The condition of a cell in a column of that type. Raises CellError."""
    cell = cell.strip()
    if cell in ("", "-"):
        return Test("", absent=True)
    negated = cell.startswith("not(") and _closes(cell, 3) == len(cell) - 1
    inside = cell[4:-1].strip() if negated else cell
    if inside == "null":
        return Test("" if negated else "false", absent=not negated)
    if inside.startswith(_WORDS):
        return Test(_searching(inside, negated=negated), absent=False, words=True)
    bounds: list[str] = []
    parts = [_single(part.strip(), kind, bounds) for part in _split(inside, ",")]
    source = " || ".join(parts)
    return Test(f"!({source})" if negated else source, absent=False, bounds=tuple(bounds))


def _searching(cell: str, *, negated: bool) -> str:
    """The condition of a cell that looks for words; everything behind the sign is words, none of it CEL."""
    wanted = cell.removeprefix(_WORDS).strip()
    if not wanted.strip("*, "):
        raise CellError("empty-test", cell)
    return f"{'!' if negated else ''}{VALUE}.mentions({quoted(wanted)})"


def output(cell: str, kind: cel.Type) -> str:
    """The CEL expression of an output cell: a text that does not begin with a quote stands for itself."""
    if kind.kind is cel.Kind.STRING and not cell.startswith(('"', "'")):
        return quoted(cell)
    return cell


def quoted(text: str) -> str:
    """The text as a CEL literal."""
    escaped = "".join(_ESCAPES.get(character, character) for character in text)
    return f'"{escaped}"'


_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _single(part: str, kind: cel.Type, bounds: list[str]) -> str:
    if not part:
        raise CellError("empty-test", part)
    ends = list(_split(part[1:-1], "..")) if part[0] in "[(" and part[-1] in "])" else []
    if len(ends) == 2:
        low, high = (end.strip() for end in ends)
        if not low or not high:
            raise CellError("interval", part)
        bounds += [low, high]
        above, below = ">=" if part[0] == "[" else ">", "<=" if part[-1] == "]" else "<"
        return f"({VALUE} {above} ({low}) && {VALUE} {below} ({high}))"
    sign = next((sign for sign in _SIGNS if part.startswith(sign)), "")
    bound = part.removeprefix(sign).strip()
    if not bound:
        raise CellError("empty-test", part)
    bounds.append(bound)
    if kind.kind is cel.Kind.LIST and not sign:
        return f"({bound}) in {VALUE}"
    return f"{VALUE} {'==' if sign in ('', '=') else sign} ({bound})"


def _characters(text: str) -> Iterator[tuple[str, bool]]:
    """Every character, and whether it is inside (or the border of) a string."""
    quote, escaped = "", False
    for character in text:
        if quote:
            yield character, True
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == quote:
                quote = ""
            continue
        quote = character if character in "\"'" else ""
        yield character, bool(quote)


def _split(text: str, mark: str) -> Iterator[str]:
    """The parts between marks that stand outside of strings and brackets."""
    depth, start, skip = 0, 0, 0
    for place, (character, quote) in enumerate(_characters(text)):
        if quote or place < skip:
            continue
        depth = max(0, depth + (character in _OPEN) - (character in _CLOSE))
        if depth == 0 and text.startswith(mark, place):
            yield text[start:place]
            start = skip = place + len(mark)
    yield text[start:]


def _closes(text: str, opening: int) -> int:
    """Where the bracket at `opening` is closed, or -1."""
    depth = 0
    for place, (character, quote) in enumerate(_characters(text)):
        if quote or place < opening:
            continue
        depth += (character in _OPEN) - (character in _CLOSE)
        if depth == 0:
            return place
    return -1
