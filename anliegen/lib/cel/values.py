"""What values do at run time: reading them from data, equality, arithmetic. Everything odd is an EvaluationError."""

import math
import operator
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from anliegen.lib.cel.errors import EvaluationError
from anliegen.lib.cel.parser import INT_MAX, INT_MIN
from anliegen.lib.cel.types import DYN, Kind, Type

MAX_LIST = 1_000
MAX_STRING = 100_000
MAX_NESTING = 10

_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)")
_DURATION = re.compile(r"([+-]?)((?:\d{1,12}(?:\.\d{1,9})?(?:h|ms|us|m|s))+)")
_DURATION_PART = re.compile(r"(\d+(?:\.\d+)?)(h|ms|us|m|s)")
_UNITS = {"h": 3_600_000_000, "m": 60_000_000, "s": 1_000_000, "ms": 1_000, "us": 1}


def kind_of(value: object) -> Kind:
    """The CEL kind of a Python value that was converted before."""
    return _KINDS.get(type(value), Kind.DYN)


_KINDS: dict[type, Kind] = {
    bool: Kind.BOOL,
    int: Kind.INT,
    float: Kind.DOUBLE,
    str: Kind.STRING,
    datetime: Kind.TIMESTAMP,
    timedelta: Kind.DURATION,
    list: Kind.LIST,
    dict: Kind.MAP,
    type(None): Kind.NULL,
}


def _wrong(value: object, path: str, expected: object) -> EvaluationError:
    found = "null" if value is None else type(value).__name__
    return EvaluationError("wrong-type", {"path": path, "expected": str(expected), "found": found})


def _int(value: object, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong(value, path, Kind.INT)
    if not INT_MIN <= value <= INT_MAX:
        raise EvaluationError("overflow", {"path": path})
    return int(value)


def _double(value: object, path: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _wrong(value, path, Kind.DOUBLE)
    try:
        return float(value)
    except OverflowError:
        raise EvaluationError("overflow", {"path": path}) from None


def _string(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise _wrong(value, path, Kind.STRING)
    return str(value)


def _bool(value: object, path: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong(value, path, Kind.BOOL)
    return value


def _timestamp(value: object, path: str) -> datetime:
    """A day counts as its first instant in UTC, so that days compare with days."""
    if isinstance(value, str):
        return _stamp(value)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise _wrong(value, path, Kind.TIMESTAMP)
        try:
            return value.astimezone(UTC)
        except OverflowError:
            raise EvaluationError("overflow", {"path": path}) from None
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    raise _wrong(value, path, Kind.TIMESTAMP)


def _stamp(text: str) -> datetime:
    try:
        day = date.fromisoformat(text) if len(text) == len("2026-11-25") else None
        return to_timestamp(text) if day is None else _timestamp(day, "")
    except ValueError:
        raise EvaluationError("bad-value", {"value": text, "type": "timestamp"}) from None


def _duration(value: object, path: str) -> timedelta:
    if not isinstance(value, timedelta):
        raise _wrong(value, path, Kind.DURATION)
    return value


def _list(kind: Type) -> Callable[[object, str], list[Any]]:
    convert = converter(kind.item or DYN)

    def run(value: object, path: str) -> list[Any]:
        if not isinstance(value, (list, tuple)):
            raise _wrong(value, path, kind)
        if len(value) > MAX_LIST:
            raise EvaluationError("list-too-long", {"limit": MAX_LIST, "path": path})
        return [convert(item, path) for item in value]

    return run


def _map(kind: Type) -> Callable[[object, str], dict[str, Any]]:
    convert = converter(kind.item or DYN)

    def run(value: object, path: str) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise _wrong(value, path, kind)
        if len(value) > MAX_LIST:
            raise EvaluationError("list-too-long", {"limit": MAX_LIST, "path": path})
        return {_string(key, path): convert(item, path) for key, item in value.items() if item is not None}

    return run


def _object(value: object, path: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _wrong(value, path, Kind.OBJECT)
    return value


def _dynamic(value: object, path: str, level: int = 0) -> object:
    if level > MAX_NESTING:
        raise _wrong(value, path, "less nesting")
    if isinstance(value, (list, tuple)):
        if len(value) > MAX_LIST:
            raise EvaluationError("list-too-long", {"limit": MAX_LIST, "path": path})
        return [_dynamic(item, path, level + 1) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _dynamic(item, path, level + 1) for key, item in value.items() if item is not None}
    for python, convert in _PLAIN:
        if isinstance(value, python):
            return convert(value, path)
    raise _wrong(value, path, "a plain value")


_PLAIN: tuple[tuple[type, Callable[[object, str], object]], ...] = (
    (bool, _bool),
    (int, _int),
    (float, _double),
    (str, _string),
    (date, _timestamp),
    (timedelta, _duration),
)
_SCALARS: dict[Kind, Callable[[object, str], Any]] = {
    Kind.INT: _int,
    Kind.DOUBLE: _double,
    Kind.STRING: _string,
    Kind.BOOL: _bool,
    Kind.TIMESTAMP: _timestamp,
    Kind.DURATION: _duration,
    Kind.OBJECT: _object,
    Kind.DYN: _dynamic,
}


def converter(kind: Type) -> Callable[[object, str], Any]:
    """What makes a Python value one of that type, or raises EvaluationError naming the path."""
    if kind.kind is Kind.LIST:
        return _list(kind)
    if kind.kind is Kind.MAP:
        return _map(kind)
    return _SCALARS[kind.kind]


def to_timestamp(text: str) -> datetime:
    """An instant in UTC from RFC 3339 ("2026-11-25T10:00:00Z"). Raises ValueError."""
    if not _STAMP.fullmatch(text):
        raise ValueError(text)
    whole, fraction = text[:19], re.match(r"\.(\d+)", text[19:])
    offset = text[19 + (fraction.end() if fraction else 0) :].replace("Z", "+00:00")
    micro = int(fraction[1].ljust(6, "0")[:6]) if fraction else 0
    try:
        return datetime.fromisoformat(whole + offset).astimezone(UTC) + timedelta(microseconds=micro)
    except OverflowError:
        raise ValueError(text) from None


def to_duration(text: str) -> timedelta:
    """A length of time from "1h30m" or "-1.5s", to the microsecond. Raises ValueError."""
    hit = _DURATION.fullmatch(text)
    if hit is None:
        raise ValueError(text)
    micro = sum(round(float(number) * _UNITS[unit]) for number, unit in _DURATION_PART.findall(hit[2]))
    try:
        return timedelta(microseconds=-micro if hit[1] == "-" else micro)
    except OverflowError:
        raise ValueError(text) from None


def equal(left: Any, right: Any) -> bool:
    """Equality of values of any kind: numbers by value, other kinds are unequal to each other."""
    first, second = kind_of(left), kind_of(right)
    if first is not second:
        return {first, second} == {Kind.INT, Kind.DOUBLE} and bool(left == right)
    if first is Kind.LIST:
        return len(left) == len(right) and all(map(equal, left, right))
    if first is Kind.MAP:
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
    return bool(left == right)


def unequal(left: Any, right: Any) -> bool:
    return not equal(left, right)


def among(item: Any, items: Any) -> bool:
    """Whether an element of the list (or a key of the map) equals the item."""
    if isinstance(items, dict):
        return item in items
    return any(equal(item, other) for other in items)


def _ranged(value: int) -> int:
    if INT_MIN <= value <= INT_MAX:
        return value
    raise EvaluationError("overflow")


def add_int(left: int, right: int) -> int:
    return _ranged(left + right)


def subtract_int(left: int, right: int) -> int:
    return _ranged(left - right)


def multiply_int(left: int, right: int) -> int:
    return _ranged(left * right)


def divide_int(left: int, right: int) -> int:
    """Rounded towards zero."""
    if not right:
        raise EvaluationError("divide-by-zero")
    quotient = abs(left) // abs(right)
    return _ranged(quotient if (left < 0) == (right < 0) else -quotient)


def remainder(left: int, right: int) -> int:
    """Has the sign of the left side."""
    if not right:
        raise EvaluationError("divide-by-zero")
    return left - right * divide_int(left, right)


def negate_int(value: int) -> int:
    return _ranged(-value)


def divide_double(left: float, right: float) -> float:
    """By IEEE 754: a division by zero is infinite or not a number, never an error."""
    if right:
        return left / right
    if not left or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def add_string(left: str, right: str) -> str:
    if len(left) + len(right) > MAX_STRING:
        raise EvaluationError("string-too-long", {"limit": MAX_STRING})
    return left + right


def add_list(left: list[Any], right: list[Any]) -> list[Any]:
    if len(left) + len(right) > MAX_LIST:
        raise EvaluationError("list-too-long", {"limit": MAX_LIST})
    return left + right


def timed(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """The same sum or difference of times, with an error where the calendar ends."""

    def run(left: Any, right: Any) -> Any:
        try:
            return function(left, right)
        except OverflowError:
            raise EvaluationError("overflow") from None

    return run


add_time = timed(operator.add)
subtract_time = timed(operator.sub)


def int_of(value: float | str) -> int:
    """Towards zero from a double; decimal digits from a string."""
    if isinstance(value, float):
        if not math.isfinite(value):
            raise EvaluationError("overflow")
        return _ranged(int(value))
    if not re.fullmatch(r"-?[0-9]{1,20}", value):
        raise EvaluationError("bad-value", {"value": value, "type": "int"})
    return _ranged(int(value))


def double_of(value: int | str) -> float:
    if isinstance(value, str) and not re.fullmatch(r"[+-]?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?", value):
        raise EvaluationError("bad-value", {"value": value, "type": "double"})
    return float(value)


def string_of(value: object) -> str:
    return ("false", "true")[value] if isinstance(value, bool) else str(value)


def timestamp_of(value: str) -> datetime:
    try:
        return to_timestamp(value)
    except ValueError:
        raise EvaluationError("bad-value", {"value": value, "type": "timestamp"}) from None


def duration_of(value: str) -> timedelta:
    try:
        return to_duration(value)
    except ValueError:
        raise EvaluationError("bad-value", {"value": value, "type": "duration"}) from None


def lower_ascii(value: str) -> str:
    """Only A to Z become small: other letters stay as they are."""
    return value.translate(_LOWER)


_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
