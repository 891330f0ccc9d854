"""The closures that compiled expressions are made of; each is made once and called with the data."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from anliegen.lib.cel import values
from anliegen.lib.cel.errors import EvaluationError
from anliegen.lib.cel.parser import INT_MAX, INT_MIN
from anliegen.lib.cel.types import Kind, Type

type Run = Callable[[Mapping[str, Any]], Any]


class Code(NamedTuple):
    """A compiled part: its type, what computes it, and whether it is the same for all data."""

    type: Type
    run: Run
    constant: bool = False


_EXACT: dict[Kind, type] = {Kind.STRING: str, Kind.BOOL: bool, Kind.DOUBLE: float}


def _absent(way: tuple[str, ...]) -> EvaluationError:
    return EvaluationError("absent", {"path": ".".join(way)})


def read(way: tuple[str, ...], kind: Type) -> Run:
    """Reads the value at a path; a missing key and None are both "absent"."""
    convert, path = values.converter(kind), ".".join(way)
    exact = _EXACT.get(kind.kind)
    fetch = _fetch(way)
    if kind.kind is Kind.INT:

        def run_int(data: Mapping[str, Any]) -> Any:
            value = fetch(data)
            if type(value) is int and INT_MIN <= value <= INT_MAX:
                return value
            if value is None:
                raise _absent(way)
            return convert(value, path)

        return run_int

    def run(data: Mapping[str, Any]) -> Any:
        value = fetch(data)
        if type(value) is exact:
            return value
        if value is None:
            raise _absent(way)
        return convert(value, path)

    return run


def _fetch(way: tuple[str, ...]) -> Run:
    # A TypeError means that something on the way is no mapping: then there is no value there either.
    if len(way) == 2:
        first, second = way

        def two(data: Mapping[str, Any]) -> Any:
            try:
                return data[first][second]
            except (KeyError, TypeError, IndexError):
                raise _absent(way) from None

        return two

    def several(data: Mapping[str, Any]) -> Any:
        value: Any = data
        try:
            for name in way:
                value = value[name]
        except (KeyError, TypeError, IndexError):
            raise _absent(way) from None
        return value

    return several


def member(operand: Run, name: str, kind: Type) -> Run:
    """Reads a field of a computed object, map or dynamic value."""
    convert = values.converter(kind)

    def run(data: Mapping[str, Any]) -> Any:
        owner = operand(data)
        value = owner.get(name) if isinstance(owner, Mapping) else None
        if value is None:
            raise _absent((name,))
        return convert(value, name)

    return run


def presence(operand: Run, name: str) -> Run:
    """Whether the computed owner has a value of that name."""

    def run(data: Mapping[str, Any]) -> bool:
        owner = operand(data)
        if not isinstance(owner, Mapping):
            raise no_overload("has", [owner])
        return owner.get(name) is not None

    return run


def index(operand: Run, place: Run, kind: Type) -> Run:
    """An element of a list by number from 0, or of a map by key."""
    convert = values.converter(kind)

    def run(data: Mapping[str, Any]) -> Any:
        owner, key = operand(data), place(data)
        kinds = values.kind_of(owner), values.kind_of(key)
        if kinds == (Kind.LIST, Kind.INT):
            if not 0 <= key < len(owner):
                raise EvaluationError("index", {"index": key})
            return convert(owner[key], f"[{key}]")
        if kinds == (Kind.MAP, Kind.STRING):
            if key not in owner:
                raise _absent((key,))
            return convert(owner[key], key)
        raise no_overload("[]", [owner, key])

    return run


def no_overload(name: str, operands: list[Any]) -> EvaluationError:
    kinds = ", ".join(values.kind_of(operand) for operand in operands)
    return EvaluationError("no-overload", {"operator": name, "operands": kinds})


def single(function: Callable[[Any], Any], operand: Run) -> Run:
    return lambda data: function(operand(data))


def binary(function: Callable[[Any, Any], Any], left: Code, right: Code) -> Run:
    first, second = left.run, right.run
    if right.constant:
        value = second({})
        return lambda data: function(first(data), value)
    return lambda data: function(first(data), second(data))


def same(left: Code, right: Code) -> Run:
    """Equality of two scalars of one kind."""
    first, second = left.run, right.run
    if right.constant:
        value = second({})
        return lambda data: first(data) == value
    return lambda data: first(data) == second(data)


def different(left: Code, right: Code) -> Run:
    first, second = left.run, right.run
    return lambda data: first(data) != second(data)


def one_of(operand: Run, among: frozenset[str]) -> Run:
    return lambda data: operand(data) in among


def among_dynamic(item: Any, items: Any) -> bool:
    if values.kind_of(items) is Kind.LIST or (
        values.kind_of(items) is Kind.MAP and values.kind_of(item) is Kind.STRING
    ):
        return values.among(item, items)
    raise no_overload("in", [item, items])


def checked(run: Run, kind: Kind, what: str = "") -> Run:
    """The same, with an error where the value is of another kind."""

    def check(data: Mapping[str, Any]) -> Any:
        value = run(data)
        found = values.kind_of(value)
        if found is not kind:
            raise EvaluationError("wrong-type", {"path": what, "expected": str(kind), "found": str(found)})
        return value

    return check


def both(first: Run, second: Run) -> Run:
    """False where either is false, even if the other fails."""

    def run(data: Mapping[str, Any]) -> Any:
        try:
            if not first(data):
                return False
        except EvaluationError:
            if not second(data):
                return False
            raise
        return second(data)

    return run


def either(first: Run, second: Run) -> Run:
    """True where either is true, even if the other fails."""

    def run(data: Mapping[str, Any]) -> Any:
        try:
            if first(data):
                return True
        except EvaluationError:
            if second(data):
                return True
            raise
        return second(data)

    return run


def chain(runs: tuple[Run, ...], *, decides: bool) -> Run:
    """The same for a longer chain: the value that decides wins over any failure, else the first failure is told."""

    def run(data: Mapping[str, Any]) -> bool:
        failure: EvaluationError | None = None
        for term in runs:
            try:
                if bool(term(data)) is decides:
                    return decides
            except EvaluationError as error:
                failure = failure or error
        if failure:
            raise failure
        return not decides

    return run


def quantifier(over: Run, name: str, body: Run, *, decides: bool) -> Run:
    """`exists` (decides: true) and `all` (decides: false), with failures absorbed as by || and &&."""

    def run(data: Mapping[str, Any]) -> bool:
        items = over(data)
        if values.kind_of(items) not in (Kind.LIST, Kind.MAP):
            raise no_overload("exists" if decides else "all", [items])
        scope = dict(data)
        failure: EvaluationError | None = None
        for item in items:
            scope[name] = item
            try:
                if bool(body(scope)) is decides:
                    return decides
            except EvaluationError as error:
                failure = failure or error
        if failure:
            raise failure
        return not decides

    return run


def ternary(test: Run, yes: Run, no: Run) -> Run:
    return lambda data: yes(data) if test(data) else no(data)
