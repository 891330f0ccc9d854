"""The types of expressions, and what an expression may read."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """The families of values; the words are those of CEL."""

    INT = "int"
    DOUBLE = "double"
    STRING = "string"
    BOOL = "bool"
    TIMESTAMP = "timestamp"
    DURATION = "duration"
    NULL = "null"
    LIST = "list"
    MAP = "map"
    OBJECT = "object"
    DYN = "dyn"


@dataclass(frozen=True, slots=True)
class Type:
    """What kind of value stands there. `item` belongs to lists and maps, `fields` to objects, `values` to enums."""

    kind: Kind
    item: "Type | None" = None
    fields: Mapping[str, "Type"] = field(default_factory=dict, hash=False)
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.item is None:
            return str(self.kind)
        inside = f"string, {self.item}" if self.kind is Kind.MAP else str(self.item)
        return f"{self.kind}({inside})"


INT = Type(Kind.INT)
DOUBLE = Type(Kind.DOUBLE)
STRING = Type(Kind.STRING)
BOOL = Type(Kind.BOOL)
TIMESTAMP = Type(Kind.TIMESTAMP)
DURATION = Type(Kind.DURATION)
NULL = Type(Kind.NULL)
DYN = Type(Kind.DYN)


def List(item: Type) -> Type:  # noqa: N802 - reads as a type where it is used
    """A list whose elements all have one type."""
    return Type(Kind.LIST, item=item)


def Map(item: Type) -> Type:  # noqa: N802
    """A map from string keys, not known beforehand, to values of one type."""
    return Type(Kind.MAP, item=item)


def Object(fields: Mapping[str, Type]) -> Type:  # noqa: N802
    """A group of known fields; any of them may have no value at run time."""
    return Type(Kind.OBJECT, fields=dict(fields))


def Enum(*values: str) -> Type:  # noqa: N802
    """A string that has one of some known values; comparing it with another literal is an error."""
    return Type(Kind.STRING, values=values)


def fits(wanted: Type, found: Type) -> bool:
    """Whether a value of type `found` may stand where `wanted` is expected."""
    if Kind.DYN in (wanted.kind, found.kind):
        return True
    if wanted.kind is not found.kind:
        return False
    if wanted.item is not None and found.item is not None:
        return fits(wanted.item, found.item)
    return wanted.kind is not Kind.OBJECT or dict(wanted.fields) == dict(found.fields)


def join(first: Type, second: Type) -> Type | None:
    """The one type of two alternatives, or None where they have none in common."""
    if Kind.DYN in (first.kind, second.kind):
        return DYN
    if not fits(first, second):
        return None
    if first.item is not None and second.item is not None:
        inside = join(first.item, second.item)
        return None if inside is None else Type(first.kind, item=inside)
    if first.kind is Kind.STRING:
        both = first.values and second.values
        return Enum(*dict.fromkeys((*first.values, *second.values))) if both else STRING
    return first


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, or ""."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)), "")


class Schema:
    """The fields an expression may read, by name. Expressions that were compiled against it are kept with it."""

    __slots__ = ("fields", "programs")

    def __init__(self, fields: Mapping[str, Type]) -> None:
        self.fields: dict[str, Type] = dict(fields)
        self.programs: dict[Any, Any] = {}

    def extended(self, more: Mapping[str, Type]) -> "Schema":
        """A new schema with further (or replaced) fields."""
        return Schema({**self.fields, **more})

    def hint(self, name: str) -> str:
        """The top-level field, or else the field one level down, that was probably meant by `name`; or ""."""
        below = {
            inner: f"{outer}.{inner}"
            for outer, kind in self.fields.items()
            if kind.kind is Kind.OBJECT
            for inner in kind.fields
        }
        return below.get(name) or nearest(name, self.fields) or below.get(nearest(name, below), "")
