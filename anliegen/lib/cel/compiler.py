"""From a tree to closures, checking every type on the way: what compiles can only fail on what the data lacks."""

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from anliegen.lib.cel import closures, functions, values
from anliegen.lib.cel.closures import Code, Run
from anliegen.lib.cel.errors import CelError, EvaluationError
from anliegen.lib.cel.parser import (
    Binary,
    Call,
    Ident,
    Index,
    ListOf,
    Literal,
    Logic,
    Node,
    Select,
    Ternary,
    Unary,
)
from anliegen.lib.cel.types import BOOL, DYN, NULL, STRING, Kind, List, Schema, Type, fits, join, nearest

_PLAIN = frozenset((Kind.INT, Kind.DOUBLE, Kind.STRING, Kind.BOOL, Kind.TIMESTAMP, Kind.DURATION))


class Compiler:
    """Compiles one expression against one schema; `reads` collects the paths that it touches."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.reads: set[str] = set()
        self.loop: dict[str, Type] = {}

    def code(self, node: Node) -> Code:
        """The code of any part. Raises CelError."""
        return _METHODS[type(node)](self, node)

    def literal(self, node: Literal) -> Code:
        value = node.value
        return Code(node.type, lambda _: value, constant=True)

    # Reading

    def ident(self, node: Ident) -> Code:
        return self.path(node, node.name, [])

    def select(self, node: Select) -> Code:
        names = [node.name]
        below = node.operand
        while isinstance(below, Select):
            names.append(below.name)
            below = below.operand
        if isinstance(below, Ident):
            return self.path(node, below.name, names[::-1])
        return self.member(node)

    def member(self, node: Select) -> Code:
        """A field of something that was computed, such as an element of a list."""
        operand = self.code(node.operand)
        kind = self.field(operand.type, node.name, node)
        return Code(kind, closures.member(operand.run, node.name, kind))

    def field(self, owner: Type, name: str, node: Node) -> Type:
        if owner.kind is Kind.OBJECT:
            found = owner.fields.get(name)
            if found is None:
                raise CelError("unknown-field", {"name": name, "hint": nearest(name, owner.fields)}, node.position)
            return found
        if owner.kind is Kind.MAP:
            return owner.item or DYN
        if owner.kind is Kind.DYN:
            return DYN
        raise CelError("no-overload", {"operator": f".{name}", "operands": str(owner)}, node.position)

    def path(self, node: Node, root: str, names: list[str]) -> Code:
        kind = self.loop.get(root) or self.schema.fields.get(root)
        if kind is None:
            raise CelError("unknown-field", {"name": root, "hint": self.schema.hint(root)}, node.position)
        way = [root]
        for name in names:
            way.append(name)
            kind = self.field_at(kind, way, node)
        if root not in self.loop:
            self.reads.add(".".join(way))
        return Code(kind, closures.read(tuple(way), kind))

    def field_at(self, owner: Type, way: list[str], node: Node) -> Type:
        try:
            return self.field(owner, way[-1], node)
        except CelError as error:
            before = ".".join(way[:-1])
            hint = error.params.get("hint")
            more = {"name": f"{before}.{way[-1]}", "hint": f"{before}.{hint}" if hint else ""}
            params = {**error.params, **more} if error.code == "unknown-field" else error.params
            raise CelError(error.code, params, error.position) from None

    def index(self, node: Index) -> Code:
        operand, index = self.code(node.operand), self.code(node.index)
        kinds = (operand.type.kind, index.type.kind)
        fine = {(Kind.LIST, Kind.INT), (Kind.MAP, Kind.STRING)}
        if kinds in fine or any(_may_be(kinds, pair) for pair in fine):
            kind = operand.type.item or DYN
            return Code(kind, closures.index(operand.run, index.run, kind))
        return _refuse("[]", node.position, operand.type, index.type)

    # Operators

    def unary(self, node: Unary) -> Code:
        operand = self.code(node.operand)
        return self.apply(functions.UNARY, node.operator, node.position, [operand])

    def binary(self, node: Binary) -> Code:
        left, right = self.code(node.left), self.code(node.right)
        if node.operator in ("==", "!="):
            return self.equality(node, left, right)
        if node.operator == "in":
            return self.membership(node, left, right)
        return self.apply(functions.BINARY, node.operator, node.position, [left, right])

    def equality(self, node: Binary, left: Code, right: Code) -> Code:
        if NULL in (left.type, right.type):
            raise CelError("null", {}, node.position)
        if not fits(left.type, right.type) or Kind.OBJECT in (left.type.kind, right.type.kind):
            _refuse(node.operator, node.position, left.type, right.type)
        _known_value(left.type, node.right)
        _known_value(right.type, node.left)
        same = left.type.kind in _PLAIN and right.type.kind in _PLAIN
        yes = node.operator == "=="
        if same:
            return Code(BOOL, (closures.same if yes else closures.different)(left, right))
        return Code(BOOL, closures.binary(values.equal if yes else values.unequal, left, right))

    def membership(self, node: Binary, left: Code, right: Code) -> Code:
        owner = right.type
        inside = owner.item if owner.kind is Kind.LIST else STRING
        if owner.kind not in (Kind.LIST, Kind.MAP, Kind.DYN) or not fits(inside or DYN, left.type):
            _refuse("in", node.position, left.type, right.type)
        if NULL in (left.type, inside):
            raise CelError("null", {}, node.position)
        _known_value(left.type, node.right)
        if owner.kind is Kind.LIST:
            _known_value(inside or DYN, node.left)
        if owner.kind is Kind.DYN:
            return Code(BOOL, closures.binary(closures.among_dynamic, left, right))
        if right.constant and left.type.kind is Kind.STRING:
            return Code(BOOL, closures.one_of(left.run, frozenset(right.run({}))))
        return Code(BOOL, closures.binary(values.among, left, right))

    def logic(self, node: Logic) -> Code:
        runs = []
        for term in node.terms:
            code = self.code(term)
            if code.type.kind not in (Kind.BOOL, Kind.DYN):
                _refuse(node.operator, term.position, code.type)
            runs.append(
                code.run if code.type.kind is Kind.BOOL else closures.checked(code.run, Kind.BOOL, node.operator)
            )
        decides = node.operator == "||"
        if len(runs) == 2:
            return Code(BOOL, (closures.either if decides else closures.both)(runs[0], runs[1]))
        return Code(BOOL, closures.chain(tuple(runs), decides=decides))

    def ternary(self, node: Ternary) -> Code:
        condition, yes, no = self.code(node.condition), self.code(node.yes), self.code(node.no)
        if not fits(BOOL, condition.type):
            _refuse("?:", node.position, condition.type)
        kind = join(yes.type, no.type)
        if kind is None:
            _refuse("?:", node.position, yes.type, no.type)
        test = closures.checked(condition.run, Kind.BOOL, "?:") if condition.type.kind is Kind.DYN else condition.run
        return Code(kind, closures.ternary(test, yes.run, no.run))

    def listing(self, node: ListOf) -> Code:
        items = [self.code(item) for item in node.items]
        kind = items[0].type if items else DYN
        for item, part in zip(items, node.items, strict=True):
            joined = join(kind, item.type)
            if joined is None:
                _refuse("[]", part.position, kind, item.type)
            kind = joined
        runs = tuple(item.run for item in items)
        if all(item.constant for item in items):
            ready = [run({}) for run in runs]
            return Code(List(kind), lambda _: ready, constant=True)
        return Code(List(kind), lambda data: [run(data) for run in runs])

    # Functions

    def call(self, node: Call) -> Code:
        if node.name in ("all", "exists") and node.target is not None:
            return self.quantifier(node)
        if node.name == "has" and node.target is None:
            return self.has(node)
        table = functions.GLOBAL if node.target is None else functions.METHODS
        if not any(name == node.name for name, _ in table):
            if node.name in functions.LEFT_OUT:
                raise CelError("not-supported", {"what": node.name}, node.position)
            hint = nearest(node.name, functions.NAMES)
            raise CelError("unknown-function", {"name": node.name, "hint": hint}, node.position)
        inside = [*([node.target] if node.target is not None else []), *node.arguments]
        return self.apply(table, node.name, node.position, [self.code(part) for part in inside])

    def apply(self, table: functions.Table, name: str, position: int, codes: list[Code]) -> Code:
        """An operator or function on compiled operands; what is constant is computed now."""
        kinds = tuple(code.type.kind for code in codes)
        overload = functions.find(table, name, kinds)
        if overload is None:
            return self.late(table, name, position, codes)
        result = overload.result or join(codes[0].type, codes[-1].type)
        if result is None:
            _refuse(name, position, *(code.type for code in codes))
        if len(codes) == 1:
            run = closures.single(overload.run, codes[0].run)
        else:
            run = closures.binary(overload.run, codes[0], codes[1])
        if all(code.constant for code in codes):
            return _folded(result, run, position)
        return Code(result, run)

    def late(self, table: functions.Table, name: str, position: int, codes: list[Code]) -> Code:
        """As `apply`, where the kind of an operand shows only at run time."""
        kinds = tuple(code.type.kind for code in codes)
        found = functions.possible(table, name, kinds) if Kind.DYN in kinds else []
        if not found:
            _refuse(name, position, *(code.type for code in codes))
        results = {overload.result for overload in found}
        result = next(iter(results)) if len(results) == 1 else DYN
        runs = tuple(code.run for code in codes)

        def run(data: Mapping[str, Any]) -> Any:
            operands = [part(data) for part in runs]
            overload = functions.find(table, name, tuple(map(values.kind_of, operands)))
            if overload is None:
                raise closures.no_overload(name, operands)
            return overload.run(*operands)

        return Code(result or DYN, run)

    def has(self, node: Call) -> Code:
        field = node.arguments[0] if len(node.arguments) == 1 else None
        if not isinstance(field, Select):
            raise CelError("needs-field", {}, node.position)
        self.select(field)  # the field must be known
        before = set(self.reads)
        operand = self.code(field.operand)
        self.reads = before  # `answers.place` is read, not `answers` as a whole
        return Code(BOOL, closures.presence(operand.run, field.name))

    def quantifier(self, node: Call) -> Code:
        if self.loop:
            raise CelError("nested-loop", {}, node.position)
        if len(node.arguments) != 2 or not isinstance(node.arguments[0], Ident) or node.target is None:
            raise CelError("syntax", {"found": node.name, "expected": f"list.{node.name}(x, condition)"}, node.position)
        name = node.arguments[0].name
        if name in self.schema.fields:
            raise CelError("shadow", {"name": name}, node.arguments[0].position)
        over = self.code(node.target)
        if over.type.kind not in (Kind.LIST, Kind.MAP, Kind.DYN):
            _refuse(node.name, node.position, over.type)
        self.loop = {name: STRING if over.type.kind is Kind.MAP else over.type.item or DYN}
        body = self.code(node.arguments[1])
        self.loop = {}
        if not fits(BOOL, body.type):
            _refuse(node.name, node.position, body.type)
        return Code(
            BOOL,
            closures.quantifier(
                over.run, name, closures.checked(body.run, Kind.BOOL, node.name), decides=node.name == "exists"
            ),
        )


def _refuse(operator: str, position: int, *types: Type) -> NoReturn:
    raise CelError("no-overload", {"operator": operator, "operands": ", ".join(map(str, types))}, position)


def _may_be(kinds: tuple[Kind, ...], wanted: tuple[Kind, ...]) -> bool:
    return all(kind in (want, Kind.DYN) for kind, want in zip(kinds, wanted, strict=True))


def _known_value(kind: Type, node: Node) -> None:
    """Refuse a literal that the enum beside it can never have."""
    if not kind.values:
        return
    if isinstance(node, Literal) and isinstance(node.value, str) and node.value not in kind.values:
        hint = nearest(node.value, kind.values)
        raise CelError("unknown-value", {"value": node.value, "hint": hint}, node.position)
    if isinstance(node, ListOf):
        for item in node.items:
            _known_value(kind, item)
    if isinstance(node, Ternary):
        _known_value(kind, node.yes)
        _known_value(kind, node.no)


def _folded(kind: Type, run: Run, position: int) -> Code:
    """The value of constant operands, computed once. What fails stays a failure at run time, as the language wants,

    but a date or length that cannot be read is a slip of the pen and refused.
    """
    try:
        value = run({})
    except EvaluationError as error:
        if error.code == "bad-value":
            raise CelError("bad-value", error.params, position) from None
        return Code(kind, run)
    return Code(kind, lambda _: value, constant=True)


_METHODS: dict[type[Node], Callable[[Compiler, Any], Code]] = {
    Literal: Compiler.literal,
    Ident: Compiler.ident,
    Select: Compiler.select,
    Index: Compiler.index,
    Unary: Compiler.unary,
    Binary: Compiler.binary,
    Logic: Compiler.logic,
    Ternary: Compiler.ternary,
    ListOf: Compiler.listing,
    Call: Compiler.call,
}
