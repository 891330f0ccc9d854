"""From tokens to a tree, by the grammar of the CEL specification."""

from collections.abc import Sequence
from dataclasses import dataclass

from anliegen.lib.cel.errors import CelError
from anliegen.lib.cel.lexer import KEYWORDS, RESERVED, Token, string, tokens
from anliegen.lib.cel.types import BOOL, DOUBLE, INT, NULL, STRING, Type

MAX_LENGTH = 2_000
MAX_DEPTH = 50
INT_MIN, INT_MAX = -(2**63), 2**63 - 1


@dataclass(slots=True)
class Node:
    """A part of an expression: where it begins, and how many levels there are from here down."""

    position: int
    depth: int


@dataclass(slots=True)
class Literal(Node):
    value: object
    type: Type


@dataclass(slots=True)
class Ident(Node):
    name: str


@dataclass(slots=True)
class Select(Node):
    operand: Node
    name: str


@dataclass(slots=True)
class Index(Node):
    operand: Node
    index: Node


@dataclass(slots=True)
class ListOf(Node):
    items: list[Node]


@dataclass(slots=True)
class Call(Node):
    """A function with its arguments; `target` is what stands before the dot, or None."""

    name: str
    target: Node | None
    arguments: list[Node]


@dataclass(slots=True)
class Unary(Node):
    operator: str
    operand: Node


@dataclass(slots=True)
class Binary(Node):
    operator: str
    left: Node
    right: Node


@dataclass(slots=True)
class Logic(Node):
    """A whole chain of && or of ||: flat, so that a long one is not deep."""

    operator: str
    terms: list[Node]


@dataclass(slots=True)
class Ternary(Node):
    condition: Node
    yes: Node
    no: Node


_PRECEDENCE = {
    "||": 1, "&&": 2,
    "<": 3, "<=": 3, ">": 3, ">=": 3, "==": 3, "!=": 3, "in": 3,
    "+": 4, "-": 4, "*": 5, "/": 5, "%": 5,
}  # fmt: skip
_CONSTANTS = {"true": (True, BOOL), "false": (False, BOOL), "null": (None, NULL)}


def parse(source: str) -> Node:
    """The tree of an expression. Raises CelError: too long, too deep, or not an expression."""
    if len(source) > MAX_LENGTH:
        raise CelError("too-long", {"limit": MAX_LENGTH}, MAX_LENGTH)
    return _Parser(tokens(source)).whole()


def _deeper(position: int, nodes: Sequence[Node]) -> int:
    depth = 1
    for node in nodes:
        depth = max(depth, node.depth + 1)
    if depth > MAX_DEPTH:
        raise CelError("too-deep", {"limit": MAX_DEPTH}, position)
    return depth


class _Parser:
    """Reads one expression from its tokens; precedence climbing keeps the stack low."""

    def __init__(self, found: list[Token]) -> None:
        self.tokens = found
        self.at = 0
        self.level = 0

    def whole(self) -> Node:
        node = self.expression()
        if self.tokens[self.at].kind != "end":
            raise self.unexpected("an operator or the end")
        return node

    def unexpected(self, expected: str) -> CelError:
        token = self.tokens[self.at]
        return CelError("syntax", {"found": token.text or "the end", "expected": expected}, token.position)

    def take(self, kind: str) -> Token:
        token = self.tokens[self.at]
        if token.kind != kind:
            raise self.unexpected(f"'{kind}'" if kind != "name" else "a name")
        self.at += 1
        return token

    def expression(self) -> Node:
        self.level += 1
        if self.level > MAX_DEPTH:
            raise CelError("too-deep", {"limit": MAX_DEPTH}, self.tokens[self.at].position)
        node = self.binary(1)
        if self.tokens[self.at].kind == "?":
            self.at += 1
            yes = self.binary(1)
            self.take(":")
            no = self.expression()
            node = Ternary(node.position, _deeper(node.position, (node, yes, no)), node, yes, no)
        self.level -= 1
        return node

    def binary(self, lowest: int) -> Node:
        left = self.unary()
        while True:
            operator, _, position = self.tokens[self.at]
            precedence = _PRECEDENCE.get(operator, 0)
            if precedence < lowest or not precedence:
                return left
            self.at += 1
            right = self.binary(precedence + 1)
            left = self.joined(operator, position, left, right)

    def joined(self, operator: str, position: int, left: Node, right: Node) -> Node:
        if operator not in ("&&", "||"):
            return Binary(position, _deeper(position, (left, right)), operator, left, right)
        terms: list[Node] = []
        for side in (left, right):
            terms.extend(side.terms if isinstance(side, Logic) and side.operator == operator else (side,))
        return Logic(position, _deeper(position, terms), operator, terms)

    def unary(self) -> Node:
        kind, _, position = self.tokens[self.at]
        if kind not in ("!", "-"):
            return self.member()
        count = 0
        while self.tokens[self.at].kind == kind:
            self.at += 1
            count += 1
        if kind == "-" and self.tokens[self.at].kind in ("int", "double"):
            node, count = self.member(negative=True), count - 1
        else:
            node = self.member()
        for _ in range(count):
            node = Unary(position, _deeper(position, (node,)), kind, node)
        return node

    def member(self, *, negative: bool = False) -> Node:
        node = self.primary(negative=negative)
        while True:
            kind, _, position = self.tokens[self.at]
            if kind == ".":
                self.at += 1
                name = self.take("name")
                if name.text in KEYWORDS:
                    raise CelError("reserved", {"name": name.text}, name.position)
                if self.tokens[self.at].kind == "(":
                    node = self.call(name, node)
                else:
                    node = Select(node.position, _deeper(position, (node,)), node, name.text)
            elif kind == "[":
                self.at += 1
                index = self.expression()
                self.take("]")
                node = Index(position, _deeper(position, (node, index)), node, index)
            else:
                return node

    def call(self, name: Token, target: Node | None) -> Node:
        self.take("(")
        arguments = self.several(")", trailing=False)
        inside = arguments if target is None else [target, *arguments]
        return Call(name.position, _deeper(name.position, inside), name.text, target, arguments)

    def several(self, close: str, *, trailing: bool) -> list[Node]:
        items: list[Node] = []
        while self.tokens[self.at].kind != close:
            items.append(self.expression())
            if self.tokens[self.at].kind != ",":
                break
            self.at += 1
            if not trailing and self.tokens[self.at].kind == close:
                raise self.unexpected("a value")
        self.take(close)
        return items

    def primary(self, *, negative: bool) -> Node:
        token = self.tokens[self.at]
        self.at += 1
        if token.kind == "name":
            return self.name(token)
        if token.kind in ("int", "double"):
            return self.number(token, negative=negative)
        if token.kind in ("string", "raw"):
            return Literal(token.position, 1, string(token), STRING)
        if token.kind == "(":
            node = self.expression()
            self.take(")")
            return node
        if token.kind == "[":
            items = self.several("]", trailing=True)
            return ListOf(token.position, _deeper(token.position, items), items)
        if token.kind in ("{", "."):
            raise CelError("not-supported", {"what": token.text}, token.position)
        self.at -= 1
        raise self.unexpected("a value")

    def name(self, token: Token) -> Node:
        text = token.text
        if text in _CONSTANTS:
            value, kind = _CONSTANTS[text]
            return Literal(token.position, 1, value, kind)
        if text in RESERVED:
            raise CelError("reserved", {"name": text}, token.position)
        following = self.tokens[self.at]
        if following.kind == "(":
            return self.call(token, None)
        if following.kind in ("string", "raw") and text in ("b", "B", "rb", "rB", "Rb", "RB"):
            raise CelError("not-supported", {"what": text + following.text}, token.position)
        return Ident(token.position, 1, text)

    def number(self, token: Token, *, negative: bool) -> Node:
        text = f"-{token.text}" if negative else token.text
        following = self.tokens[self.at]
        if following.kind == "name" and following.position == token.position + len(token.text):
            raise CelError("not-supported", {"what": text + following.text}, token.position)
        if token.kind == "double":
            double = float(text)
            if double in (float("inf"), float("-inf")):
                raise CelError("literal", {"found": text}, token.position)
            return Literal(token.position, 1, double, DOUBLE)
        value = int(text, 16 if token.text.startswith("0x") else 10)
        if not INT_MIN <= value <= INT_MAX:
            raise CelError("literal", {"found": text}, token.position)
        return Literal(token.position, 1, value, INT)
