"""Answers: what is taken, what is refused, and that nothing else can happen."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anliegen.catalogue import rules
from anliegen.catalogue.rules import answers as answers_module
from anliegen.catalogue.tests.factories import DESKTOP_FORM, form, option, question
from anliegen.lib.text import LocalText

DESKTOP = rules.parse(DESKTOP_FORM)
KNOWN: dict[str, str] = {"K-2.14": "Raum 14", "jana": "Jana", "file1": "plan.txt"}
LOOKUP: rules.Lookup = dict.fromkeys(("person", "place", "file"), KNOWN.get)


def check(**answers: Any) -> rules.CheckedAnswers:
    return rules.check(DESKTOP, {"build": "standard", **answers}, LOOKUP)


def codes(**answers: Any) -> set[tuple[str, str]]:
    return {(problem.element, problem.code) for problem in check(**answers).problems}


def test_good_answers_are_read() -> None:
    checked = check(
        place="K-2.14", extras=["dock"], notes=" Zeile\r\nzwei ", count="2", budget="12,5", start="2026-12-24",
        for_whom="jana", urgent="yes", sketch=["file1"],
    )  # fmt: skip
    assert checked.problems == []
    assert checked.values == {
        "build": "standard", "place": "K-2.14", "extras": ["dock"], "notes": "Zeile\nzwei", "count": 2, "budget": 1250,
        "start": "2026-12-24", "for_whom": "jana", "urgent": True, "sketch": ["file1"],
    }  # fmt: skip
    assert checked.labels["place"] == LocalText("Raum 14", "Raum 14")
    assert checked.labels["budget"] == LocalText("12,50 €", "€ 12.50")


def test_what_was_not_answered_is_absent_but_for_lists_and_yes_or_no() -> None:
    assert check().values == {"build": "standard", "extras": [], "urgent": False, "sketch": []}


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ({"build": "tower"}, ("build", "not-offered")),
        ({"build": "gold"}, ("build", "not-offered")),
        ({"build": ["standard"]}, ("build", "wrong-type")),
        ({"build": ""}, ("build", "required")),
        ({"build": "special"}, ("special", "required")),
        ({"build": "special", "special": "x" * 201}, ("special", "too-long")),
        ({"build": "special", "special": "a\x00b"}, ("special", "bad-character")),
        ({"build": "special", "special": "a\ud800"}, ("special", "bad-character")),
        ({"build": "special", "special": 7}, ("special", "wrong-type")),
        ({"notes": "x" * 10_000}, ("notes", "too-long")),
        ({"place": "K-9"}, ("place", "unknown-place")),
        ({"place": "x" * 100}, ("place", "too-long")),
        ({"for_whom": "nobody"}, ("for_whom", "unknown-person")),
        ({"extras": ["dock", "yacht"]}, ("extras", "not-offered")),
        ({"extras": {"dock": 1}}, ("extras", "wrong-type")),
        ({"extras": ["dock"] * 500}, ("extras", "too-many")),
        ({"count": "0"}, ("count", "too-small")),
        ({"count": 11}, ("count", "too-large")),
        ({"count": "2.5"}, ("count", "not-a-number")),
        ({"count": True}, ("count", "wrong-type")),
        ({"count": 1.5}, ("count", "wrong-type")),
        ({"budget": "-3"}, ("budget", "too-small")),
        ({"budget": "9" * 30}, ("budget", "not-a-number")),
        ({"budget": "١٢"}, ("budget", "not-a-number")),
        ({"start": "24.12.2026"}, ("start", "not-a-date")),
        ({"start": "2025-12-24"}, ("start", "too-small")),
        ({"start": 20261224}, ("start", "wrong-type")),
        ({"urgent": "perhaps"}, ("urgent", "wrong-type")),
        ({"sketch": ["file2"]}, ("sketch", "unknown-file")),
        ({"price_cents": 1}, ("price_cents", "unknown-question")),
        ({"hint": "x", "status": "done"}, ("status", "unknown-question")),
    ],
)
def test_bad_answers_are_named(answers: dict[str, Any], problem: tuple[str, str]) -> None:
    assert problem in codes(**answers)


def test_hidden_answers_are_dropped() -> None:
    assert "special" not in check(special="hidden").values
    assert check(build="special", special="gold").values["special"] == "gold"
    assert {q.key for q in rules.visible(DESKTOP, {"build": "special"})} >= {"special"}
    assert "special" not in {q.key for q in rules.visible(DESKTOP, {})}


def test_the_price_follows_options_and_quantity() -> None:
    base = rules.Price(1_000, 10)
    values = check(build="cad", extras=["dock", "screen"], count=3).values
    assert rules.price(DESKTOP, values, base) == rules.Price(3 * 61_000, 3 * 510)
    assert rules.Price(100, 5).total(12) == 160


def test_defaults_come_from_the_directory() -> None:
    asked = rules.parse(
        form(question("where", "place", default="recipient.place"), question("text", "text", default="x"))
    )
    assert rules.defaults(asked, {"recipient": {"place": "K-1"}}) == {"where": "K-1", "text": "x"}
    assert rules.defaults(asked, {"recipient": {"place": ""}}) == {"text": "x"}


def test_a_draft_keeps_wrong_answers_but_nothing_dangerous() -> None:
    kept, problems = rules.tidy(DESKTOP, {"build": "gold", "nothing": 1, "notes": "x" * 9_000, "special": "\x00"})
    assert kept == {"build": "gold"}
    assert {(p.element, p.code) for p in problems} == {("notes", "too-long"), ("special", "bad-character")}


CHAIN = rules.parse(form(
    question("a", "choice", options=[option("x"), option("y")]),
    question("b", "yesno", visible_if='answers.a == "x"'),
    question("c", "multiple", visible_if="answers.b", options=[option("p"), option("q", visible_if='answers.a == "x"')]),
    question("d", "text", required=True, visible_if='"p" in answers.c'),
    question("e", "amount", visible_if="has(answers.d) && answers.b", min=0, max=5),
))  # fmt: skip
KEYS = ("a", "b", "c", "d", "e")
ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.sampled_from(["x", "y", "p", "q", "yes"]),
    st.lists(st.sampled_from(["p", "q", "z", ""]), max_size=4), st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)  # fmt: skip
ANSWERS = st.dictionaries(st.sampled_from([*KEYS, "zz"]), ANYTHING)


def oracle_shown(values: dict[str, Any]) -> set[str]:
    """Which questions of CHAIN are shown, in plain Python."""
    shown = {"a"}
    if values.get("a") == "x":
        shown.add("b")
    if values.get("b") is True:
        shown.add("c")
    if "p" in values.get("c", []):
        shown.add("d")
    if "d" in values and values.get("b") is True:
        shown.add("e")
    return shown


def holds_together(answers: dict[str, Any]) -> None:
    """Whatever comes in: no crash; only shown questions are kept, typed as their kind, and reading again is the same."""
    checked = rules.check(CHAIN, answers, {})
    shown = oracle_shown(checked.values)
    assert set(checked.values) <= shown
    wrong = {problem.element for problem in checked.problems}
    assert not wrong & set(checked.values)
    assert ("zz" in wrong) == ("zz" in answers)
    if "d" in shown and "d" not in checked.values:
        assert "d" in wrong
    assert checked.values.get("a") in (None, "x", "y")
    assert set(checked.values.get("c", [])) <= {"p", "q"}
    assert 0 <= checked.values.get("e", 0) <= 5
    if not checked.problems:
        assert rules.check(CHAIN, checked.values, {}).values == checked.values


@settings(max_examples=300, derandomize=True, deadline=None)
@given(ANSWERS)
def test_any_answers_are_read_or_named(answers: dict[str, Any]) -> None:
    holds_together(answers)


def test_the_property_notices_conditions_that_are_not_enforced(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted bug: hidden questions are read as if they were shown."""
    monkeypatch.setattr(rules.Form, "holds", lambda _form, _condition, _answers: True)
    with pytest.raises(AssertionError):
        test_any_answers_are_read_or_named()


def test_the_property_notices_options_that_are_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted bug: whatever was sent for a choice is taken."""
    monkeypatch.setattr(answers_module, "_choice", lambda _form, _question, raw, _values: (raw, LocalText()))
    with pytest.raises(AssertionError):
        test_any_answers_are_read_or_named()


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.recursive(ANYTHING, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
    st.sampled_from(["format", "questions", "key", "type", "label", "options", "visible_if", "min"]), inner, max_size=5,
), max_leaves=20))  # fmt: skip
def test_any_definition_is_a_form_or_a_form_error(data: object) -> None:
    for candidate in (data, {"format": 1, "questions": data}, {"format": 1, "questions": [data]}):
        try:
            rules.parse(candidate)
        except rules.FormError as error:
            assert error.problems
