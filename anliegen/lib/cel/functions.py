"""Which operator and which function exists for which kinds, what it gives, and what computes it."""

import operator
from collections.abc import Callable
from typing import Any, NamedTuple

from anliegen.lib.cel import values
from anliegen.lib.cel.mentions import mentions
from anliegen.lib.cel.types import BOOL, DOUBLE, DURATION, INT, STRING, TIMESTAMP, Kind, Type


class Overload(NamedTuple):
    """One meaning of an operator or function. `result` is None where it is the type of the left side."""

    result: Type | None
    run: Callable[..., Any]


_I, _D, _S, _B, _T, _U = Kind.INT, Kind.DOUBLE, Kind.STRING, Kind.BOOL, Kind.TIMESTAMP, Kind.DURATION
type Table = dict[tuple[str, tuple[Kind, ...]], Overload]


def _orders() -> Table:
    signs = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
    pairs = [(kind, kind) for kind in (_B, _I, _D, _S, _T, _U)] + [(_I, _D), (_D, _I)]
    return {(sign, pair): Overload(BOOL, run) for sign, run in signs.items() for pair in pairs}


BINARY: Table = {
    **_orders(),
    ("+", (_I, _I)): Overload(INT, values.add_int),
    ("-", (_I, _I)): Overload(INT, values.subtract_int),
    ("*", (_I, _I)): Overload(INT, values.multiply_int),
    ("/", (_I, _I)): Overload(INT, values.divide_int),
    ("%", (_I, _I)): Overload(INT, values.remainder),
    ("+", (_D, _D)): Overload(DOUBLE, operator.add),
    ("-", (_D, _D)): Overload(DOUBLE, operator.sub),
    ("*", (_D, _D)): Overload(DOUBLE, operator.mul),
    ("/", (_D, _D)): Overload(DOUBLE, values.divide_double),
    ("+", (_S, _S)): Overload(STRING, values.add_string),
    ("+", (Kind.LIST, Kind.LIST)): Overload(None, values.add_list),
    ("+", (_T, _U)): Overload(TIMESTAMP, values.add_time),
    ("+", (_U, _T)): Overload(TIMESTAMP, values.add_time),
    ("+", (_U, _U)): Overload(DURATION, values.add_time),
    ("-", (_T, _T)): Overload(DURATION, values.subtract_time),
    ("-", (_T, _U)): Overload(TIMESTAMP, values.subtract_time),
    ("-", (_U, _U)): Overload(DURATION, values.subtract_time),
}

UNARY: Table = {
    ("!", (_B,)): Overload(BOOL, operator.not_),
    ("-", (_I,)): Overload(INT, values.negate_int),
    ("-", (_D,)): Overload(DOUBLE, operator.neg),
}

_SIZES: Table = {("size", (kind,)): Overload(INT, len) for kind in (_S, Kind.LIST, Kind.MAP)}

# Called as name(argument).
GLOBAL: Table = {
    **_SIZES,
    ("int", (_I,)): Overload(INT, int),
    ("int", (_D,)): Overload(INT, values.int_of),
    ("int", (_S,)): Overload(INT, values.int_of),
    ("double", (_D,)): Overload(DOUBLE, float),
    ("double", (_I,)): Overload(DOUBLE, values.double_of),
    ("double", (_S,)): Overload(DOUBLE, values.double_of),
    ("string", (_S,)): Overload(STRING, str),
    ("string", (_I,)): Overload(STRING, values.string_of),
    ("string", (_B,)): Overload(STRING, values.string_of),
    ("timestamp", (_S,)): Overload(TIMESTAMP, values.timestamp_of),
    ("timestamp", (_T,)): Overload(TIMESTAMP, lambda value: value),
    ("duration", (_S,)): Overload(DURATION, values.duration_of),
    ("duration", (_U,)): Overload(DURATION, lambda value: value),
}

# Called as target.name(arguments); the target is the first of the kinds.
METHODS: Table = {
    **_SIZES,
    ("startsWith", (_S, _S)): Overload(BOOL, str.startswith),
    ("endsWith", (_S, _S)): Overload(BOOL, str.endswith),
    ("contains", (_S, _S)): Overload(BOOL, str.__contains__),
    ("mentions", (_S, _S)): Overload(BOOL, mentions),  # ours, beyond CEL
    ("lowerAscii", (_S,)): Overload(STRING, values.lower_ascii),
}

MACROS = ("has", "all", "exists")
# Known to CEL and left out on purpose: a pattern can take for ever, the others build new lists.
LEFT_OUT = frozenset(("matches", "map", "filter", "exists_one", "bytes", "uint", "dyn", "type", "getDate", "getHours"))
NAMES = frozenset(name for table in (GLOBAL, METHODS) for name, _ in table) | frozenset(MACROS)


def find(table: Table, name: str, kinds: tuple[Kind, ...]) -> Overload | None:
    return table.get((name, kinds))


def possible(table: Table, name: str, kinds: tuple[Kind, ...]) -> list[Overload]:
    """The overloads that may be meant while some kinds are only known at run time."""
    return [
        overload
        for (other, wanted), overload in table.items()
        if other == name
        and len(wanted) == len(kinds)
        and all(Kind.DYN in (kind, want) or kind is want for kind, want in zip(kinds, wanted, strict=True))
    ]
