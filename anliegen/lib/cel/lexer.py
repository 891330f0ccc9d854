"""From text to tokens."""

import re
from typing import NamedTuple

from anliegen.lib.cel.errors import CelError

KEYWORDS = frozenset(("false", "in", "null", "true"))
RESERVED = frozenset((
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
    "package", "namespace", "return", "var", "void", "while",
))  # fmt: skip

_TOKENS = re.compile(
    r"""[ \t\n\f\r]+ | //[^\n]*
    |(?P<raw>[rR](?:\'\'\'.*?\'\'\'|\"\"\".*?\"\"\"|'[^'\r\n]*'|"[^"\r\n]*"))
    |(?P<string>\'\'\'(?:[^\\]|\\.)*?\'\'\'|\"\"\"(?:[^\\]|\\.)*?\"\"\"|'(?:[^'\\\r\n]|\\.)*'|"(?:[^"\\\r\n]|\\.)*")
    |(?P<double>[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+)
    |(?P<int>0x[0-9a-fA-F]+|[0-9]+)
    |(?P<name>[_a-zA-Z][_a-zA-Z0-9]*)
    |(?P<mark>&&|\|\||[<>=!]=|[-+*/%!<>?:.,()\[\]{}])
    |(?P<bad>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.))", re.DOTALL)
_SIMPLE = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
    "\\": "\\", "'": "'", '"': '"', "?": "?", "`": "`",
}  # fmt: skip
_SURROGATES = range(0xD800, 0xE000)
_MAX_CHARACTER = 0x10FFFF


class Token(NamedTuple):
    """One word of an expression: `kind` is string, raw, double, int, name or end; a mark is its own kind."""

    kind: str
    text: str
    position: int


def tokens(source: str) -> list[Token]:
    """The tokens of an expression, the last one of kind "end". Raises CelError."""
    found: list[Token] = []
    position, end, match = 0, len(source), _TOKENS.match
    while position < end:
        hit = match(source, position)
        if hit is None:  # pragma: no cover - the last alternative takes any character
            raise CelError("syntax", {"found": source[position], "expected": "a value"}, position)
        kind = hit.lastgroup
        after = hit.end()
        if kind == "bad":
            raise CelError("syntax", {"found": source[position], "expected": "a value or an operator"}, position)
        if kind is not None:
            text = source[position:after]
            found.append(Token(text if kind == "mark" or text == "in" else kind, text, position))
        position = after
    found.append(Token("end", "", end))
    return found


def string(token: Token) -> str:
    """What a string literal stands for. Raises CelError at an unknown escape."""
    raw, text = token.kind == "raw", token.text[token.kind == "raw" :]
    width = 3 if text[:3] in ("'''", '"""') and len(text) >= 6 else 1
    inside = text[width:-width]
    if raw or "\\" not in inside:
        return inside

    def replace(hit: re.Match[str]) -> str:
        hexadecimal = hit[1] or hit[2] or hit[3]
        if hexadecimal or hit[4]:
            code = int(hexadecimal, 16) if hexadecimal else int(hit[4], 8)
            if code in _SURROGATES or code > _MAX_CHARACTER:
                raise CelError("literal", {"found": hit[0]}, token.position)
            return chr(code)
        if hit[5] not in _SIMPLE:
            raise CelError("literal", {"found": hit[0]}, token.position)
        return _SIMPLE[hit[5]]

    return _ESCAPE.sub(replace, inside)
