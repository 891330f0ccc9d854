"""Random expressions against a slow evaluator that shares no code, each property with the bug that it finds."""

import random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from anliegen.lib import cel
from anliegen.lib.cel import closures, functions, parser, values

QUICK = settings(
    max_examples=800,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
)
FIELDS = {"i": cel.INT, "j": cel.INT, "gone": cel.INT, "s": cel.STRING, "b": cel.BOOL, "unknown": cel.BOOL}
BIG = 2**63


class Fails(Exception):
    """The slow evaluator's error."""


# Expressions are nested tuples: (operator, *operands).
type Tree = tuple[Any, ...]

LEAVES: dict[str, list[Tree]] = {
    "int": [
        *[("int", number) for number in (0, 1, 2, 3, 7, 10, BIG - 1)],
        *[("field", "x.i"), ("field", "x.j")] * 4,
        ("field", "x.gone"),
    ],
    "string": [("string", ""), ("string", "a"), ("string", "ab"), ("string", "ä'\"\\\n"), ("field", "x.s")],
    "bool": [
        ("bool", True),
        ("bool", False),
        ("field", "x.b"),
        ("field", "x.unknown"),
        ("has", "x.gone"),
        ("has", "x.i"),
    ],
}
BRANCHES: dict[str, list[Tree]] = {
    "int": [(sign, "int", "int") for sign in "+-*/%"]
    + [("neg", "int"), ("?", "bool", "int", "int"), ("size", "string")],
    "string": [("concat", "string", "string"), ("?", "bool", "string", "string")],
    "bool": [(sign, "int", "int") for sign in ("<", "<=", ">", ">=", "==", "!=", "in")]
    + [(sign, "string", "string") for sign in ("<", "==", "startsWith", "contains")]
    + [("&&", "bool", "bool"), ("||", "bool", "bool")] * 4
    + [("!", "bool"), ("?", "bool", "bool", "bool")],
}


def grow(chance: random.Random, kind: str, depth: int) -> Tree:
    """A random expression of that kind."""
    if not depth or chance.random() < 0.15:
        return chance.choice(LEAVES[kind])
    name, *kinds = chance.choice(BRANCHES[kind])
    parts = [grow(chance, inner, depth - 1) for inner in kinds]
    return (name, parts[0], (parts[1], ("int", 1))) if name == "in" else (name, *parts)


seeds = st.integers(0, 2**32)
bools = seeds.map(lambda seed: grow(random.Random(seed), "bool", 5))
ints = seeds.map(lambda seed: grow(random.Random(seed), "int", 5))
data = st.fixed_dictionaries(
    {
        "i": st.integers(-20, 20) | st.sampled_from([BIG - 1, -BIG, BIG - 5]),
        "j": st.integers(-9, 9),
        "s": st.text("ab", max_size=3),
        "b": st.booleans(),
    }
)
_LEVEL = {"?": 0, "||": 1, "&&": 2, "+": 4, "-": 4, "concat": 4, "*": 5, "/": 5, "%": 5, "neg": 6, "!": 6}
_LEVEL |= dict.fromkeys(("<", "<=", ">", ">=", "==", "!=", "in"), 3)


def text(tree: Tree, level: int = 0) -> str:
    """The tree as CEL, with no more brackets than needed."""
    mine = _LEVEL.get(tree[0], 7)
    written = _written(tree, mine)
    return f"({written})" if mine < level else written


def _written(tree: Tree, level: int) -> str:
    name, *parts = tree
    if name in ("int", "bool", "field"):
        return str(parts[0]).lower() if name == "bool" else str(parts[0])
    if name == "string":
        return '"' + "".join(f"\\u{ord(character):04x}" for character in parts[0]) + '"'
    if name == "in":
        return f"{text(parts[0], 3)} in [{', '.join(text(one) for one in parts[1])}]"
    if name == "?":
        return f"{text(parts[0], 1)} ? {text(parts[1], 1)} : {text(parts[2])}"
    return _called(name, parts, level)


def _called(name: str, parts: list[Any], level: int) -> str:
    if name in ("has", "size"):
        return f"{name}({parts[0] if name == 'has' else text(parts[0])})"
    if name in ("startsWith", "contains"):
        return f"{text(parts[0], 7)}.{name}({text(parts[1])})"
    if name in ("neg", "!"):
        return ("-" if name == "neg" else "!") + text(parts[0], 7)
    return f"{text(parts[0], level)} {'+' if name == 'concat' else name} {text(parts[1], level + 1)}"


def _int(number: int) -> int:
    if not -BIG <= number < BIG:
        raise Fails
    return number


def _numbers(operator: str, a: int, b: int) -> int:
    if operator in "/%":
        if b == 0:
            raise Fails
        towards_zero = abs(a) // abs(b) * (1 if (a > 0) == (b > 0) else -1)
        _int(towards_zero)
        return towards_zero if operator == "/" else a - b * towards_zero
    return _int({"+": a + b, "-": a - b, "*": a * b}[operator])


def _logic(tree: Tree, fields: dict[str, Any]) -> bool:
    """Both sides are always looked at."""
    seen = []
    for part in tree[1:]:
        try:
            seen.append(slow(part, fields))
        except Fails:
            seen.append(None)
    decides = tree[0] == "||"
    if decides in seen:
        return decides
    if None in seen:
        raise Fails
    return not decides


def slow(tree: Tree, fields: dict[str, Any]) -> Any:
    name, *parts = tree
    if name in ("int", "bool", "string"):
        return parts[0]
    if name in ("field", "has"):
        there = fields.get(parts[0][2:])
        if name == "field" and there is None:
            raise Fails
        return there is not None if name == "has" else there
    if name in ("&&", "||"):
        return _logic(tree, fields)
    if name == "?":
        return slow(parts[1] if slow(parts[0], fields) else parts[2], fields)
    if name == "in":
        item, items = slow(parts[0], fields), [slow(part, fields) for part in parts[1]]
        return any(item == other for other in items)
    return _simple(name, [slow(part, fields) for part in parts])


def _simple(name: str, found: list[Any]) -> Any:
    if name in ("!", "neg", "size"):
        return {"!": lambda a: not a, "neg": lambda a: _int(-a), "size": len}[name](found[0])
    a, b = found
    if name in ("+", "-", "*", "/", "%"):
        return _numbers(name, a, b)
    return {
        "concat": lambda: a + b,
        "<": lambda: a < b,
        "<=": lambda: a <= b,
        ">": lambda: a > b,
        ">=": lambda: a >= b,
        "==": lambda: a == b,
        "!=": lambda: a != b,
        "startsWith": lambda: a[: len(b)] == b,
        "contains": lambda: a.find(b) >= 0,
    }[name]()


def evaluation_agrees() -> None:
    """The property: what compiles gives what the slow evaluator gives, or fails where that fails."""
    schema = cel.Schema({"x": cel.Object(FIELDS)})

    @settings(QUICK)
    @given(bools | ints, data)
    def check(tree: Tree, fields: dict[str, Any]) -> None:
        source = text(tree)
        try:
            expected = slow(tree, fields)
        except Fails:
            expected = Fails
        try:
            program = cel.compile(source, schema)
        except cel.CelError as error:
            assert error.code in ("too-deep", "too-long"), (source, error)
            return
        try:
            found = program({"x": fields})
        except cel.EvaluationError:
            found = Fails
        assert found == expected, source

    check()


def test_random_expressions_agree_with_the_slow_evaluator() -> None:
    evaluation_agrees()


def test_the_property_finds_a_division_that_rounds_down(monkeypatch: pytest.MonkeyPatch) -> None:
    bug = functions.Overload(cel.INT, lambda a, b: a // b if b else values.divide_int(a, b))
    monkeypatch.setitem(functions.BINARY, ("/", (cel.Kind.INT, cel.Kind.INT)), bug)
    with pytest.raises(AssertionError):
        evaluation_agrees()


def test_the_property_finds_an_and_that_does_not_absorb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closures, "both", lambda first, second: lambda data: first(data) and second(data))
    with pytest.raises(AssertionError):
        evaluation_agrees()


def test_the_property_finds_a_wrong_precedence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(parser._PRECEDENCE, "&&", 1)
    with pytest.raises(AssertionError):
        evaluation_agrees()


def test_the_property_finds_numbers_that_grow_beyond_64_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    bug = functions.Overload(cel.INT, lambda a, b: a + b)
    monkeypatch.setitem(functions.BINARY, ("+", (cel.Kind.INT, cel.Kind.INT)), bug)
    with pytest.raises(AssertionError):
        evaluation_agrees()


WORDS = st.sampled_from(
    [
        "x.",
        "x.i",
        "x.s",
        "x.b",
        "d",
        "d.a",
        "(",
        ")",
        "[",
        "]",
        ",",
        ".",
        "?",
        ":",
        "&&",
        "||",
        "!",
        "-",
        "+",
        "*",
        "/",
        "%",
        "<",
        "<=",
        "==",
        "!=",
        "in",
        "has(",
        "size(",
        ".size()",
        ".all(v,",
        ".exists(v,",
        "v",
        ".startsWith(",
        "'a'",
        '"b"',
        "'a\\",
        "'''t",
        "r'\\",
        "0",
        "1",
        "1.5",
        ".5",
        "1e3",
        "9223372036854775807",
        "0x",
        "null",
        "true",
        "false",
        "for",
        "int(",
        "timestamp(",
        "duration('1h')",
        "//",
        "{",
        "}",
        "\\",
        "\x00",
        "ä",
        "\ud7ff",
    ]
)
random_texts = (
    st.lists(WORDS, max_size=12).map("".join) | st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=40)
)
odd_values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3), st.lists(st.integers(0, 2), max_size=2),
    st.dictionaries(st.sampled_from("ab"), st.integers(), max_size=1), st.binary(max_size=1),
)  # fmt: skip


def nothing_else_is_raised(words: st.SearchStrategy[str]) -> None:
    """The property: no text and no data make anything but a value, a CelError or an EvaluationError."""
    schema = cel.Schema({"x": cel.Object(FIELDS), "d": cel.DYN})

    @settings(QUICK, max_examples=600)
    @given(words, odd_values, odd_values)
    def check(source: str, first: object, second: object) -> None:
        try:
            cel.compile(source, schema)({"x": {"i": first, "s": second, "b": first}, "d": second})
        except (cel.CelError, cel.EvaluationError) as error:
            assert str(error)
        except Exception as error:
            raise AssertionError((source, first, second)) from error

    check()


def test_no_text_makes_anything_but_the_two_errors() -> None:
    nothing_else_is_raised(random_texts)


def test_no_data_makes_anything_but_the_two_errors() -> None:
    nothing_else_is_raised(
        (bools | ints).map(text).map(lambda source: source.replace("x.j", "d").replace("x.s", "d.a"))
    )


def test_the_property_finds_an_error_of_python(monkeypatch: pytest.MonkeyPatch) -> None:
    bug = functions.Overload(cel.INT, lambda a, b: a // b)
    monkeypatch.setitem(functions.BINARY, ("/", (cel.Kind.INT, cel.Kind.INT)), bug)
    with pytest.raises(AssertionError):
        nothing_else_is_raised((bools | ints).map(text))
