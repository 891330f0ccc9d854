"""What the checker says of a model, in words that name the element."""

import string

import pytest

from anliegen.lib import cel, tables
from anliegen.lib.text import LocalText
from anliegen.workflow import engine
from anliegen.workflow.engine import Environment, FieldSpec, Graph, Problem
from anliegen.workflow.engine.messages import WORDS, say
from anliegen.workflow.tests.engine.build import model

GOOD = "start > a > end"
LABEL = LocalText("Feld", "Field")
SCHEMA = cel.Schema({"answers": cel.Object({"mgr_decision": cel.STRING, "day": cel.STRING, "cents": cel.INT})})
TEAM = tables.parse_csv('hit,FIRST\nin:answers.cents,out:team:string\n-,"""it"""\n')
PRICE = tables.parse_csv("hit,FIRST\nin:answers.cents,out:price:int\n-,5\n")
SURROUNDINGS = Environment(
    SCHEMA,
    teams=frozenset({"service-desk", "it"}),
    roles=frozenset({"auditor"}),
    tables={"who": TEAM, "price": PRICE},
    automations={"stock.reserve": {"reserved": cel.BOOL}},
    messages=frozenset({"reminder"}),
    vacant=frozenset({"team:it"}),
)


def found(graph: Graph, environment: Environment = SURROUNDINGS) -> set[tuple[str, str]]:
    return {(problem.element, problem.code) for problem in engine.check(graph, environment)}


def test_a_good_model_has_no_problems():
    assert found(model(GOOD)) == set()


def test_the_first_problem_is_an_error_even_if_a_warning_was_found_before():
    long = Environment(SCHEMA, target_minutes=60)
    problems = engine.check(model(GOOD, a={"due": "P2D", "who": ""}), long)
    assert [problem.severity for problem in problems] == ["error", "warning"]


OF_STEPS = [
    ({"who": ""}, "nobody"),
    ({"who": "team:servce-desk"}, "unknown-team"),
    ({"who": "team:it"}, "vacant"),
    ({"who": "role:audtor"}, "unknown-role"),
    ({"who": "table:whom"}, "unknown-table"),
    ({"who": "table:price"}, "table-names-nobody"),
    ({"who": "everybody"}, "unknown-who"),
    ({"who": "group:it"}, "unknown-who"),
    ({"task_kind": "aproval"}, "unknown-kind"),
    ({"phase": "wrok"}, "unknown-phase"),
    ({"due": "2 days"}, "not-a-duration"),
    ({"due": "R3/P1D"}, "not-a-duration"),
    ({"due": "P"}, "not-a-duration"),
    ({"quorum": "half"}, "quorum"),
    ({"name": LocalText("Prüfen", "")}, "no-name"),
    ({"outcomes": ("yes", "yes")}, "double-id"),
    ({"form": (FieldSpec("a b", label=LABEL),)}, "not-a-name"),
    ({"form": (FieldSpec("answers", label=LABEL),)}, "not-a-name"),
    ({"form": (FieldSpec("x", "texxt", LABEL),)}, "unknown-type"),
    ({"form": (FieldSpec("x", "text"),)}, "no-label"),
    ({"condition": "answers.mgr_descision == 'yes'"}, "cel-unknown-field"),
    ({"condition": "answers.cents"}, "cel-wrong-result"),
]


@pytest.mark.parametrize(("changes", "code"), OF_STEPS)
def test_a_step_with_something_wrong_is_named(changes, code):
    assert ("a", code) in found(model(GOOD, a=changes))


@pytest.mark.parametrize(
    "who", ["manager", "team:service-desk, cost-centre-holder", "table:who", "person:a@b.c", "role:auditor"]
)
def test_who_may_be_said_in_several_ways(who):
    assert found(model(GOOD, a={"who": who})) == set()


LOOP_OF_JOINS = """
    start > or1; or1 > a > or2 if true; or1 > b > or2 else; or2 > or3; or3 > c > or4 if true; or3 > d > or4 else;
    or4 > xor1; xor1 > or1 if true; xor1 > end else
"""
OF_DRAWINGS = [
    ("a > end", "model", "one-start"),
    ("start > a", "model", "no-end"),
    ("start > a > end; b > end", "b", "unreachable"),
    ("start > xor1 > a > end if true; xor1 > b else", "b", "dead-end"),
    ("start > a > end > b > end2", "end", "after-end"),
    ("start > a > xor1; xor1 > start if true; xor1 > end else", "start", "before-start"),
    ("start > a > end; a > b > end", "a", "many-arrows"),
    ("start > xor1; xor1 > end if true; xor1 > end2 if false", "xor1", "no-default"),
    ("start > xor1; xor1 > end; xor1 > end2 else", "xor1-end", "no-condition"),
    ("start > and1; and1 > a > and2 > end if true; and1 > b > and2", "and1-a", "condition-at"),
    ("start > xor1 > xor2; xor2 > xor1 if true; xor2 > end else", "xor1", "ring"),
    ("start > rule1 > end", "rule1", "unknown-table"),
    ("start > auto1 > end", "auto1", "unknown-automation"),
    ("start > send1 > end", "send1", "unknown-message"),
    ("start > a > end; a@late(R3/P1D) > b > end", "late", "repeats-once"),
    ("start > a > end; a@late(soon) > b > end", "late", "not-a-duration"),
    ("start > a > end; a@late(answers.dya) > b > end", "late", "cel-unknown-field"),
    ("start > xor1; xor1 > a > and1 if true; xor1 > b > and1 else; and1 > end", "and1", "stuck"),
    ("start > and1 > a > xor1 > c > end; and1 > b > xor1", "c", "started-twice"),
    ("start > xor1 > a > xor1", "model", "no-end"),
    (LOOP_OF_JOINS, "or2", "or-loop"),
]


@pytest.mark.parametrize(("text", "element", "code"), OF_DRAWINGS)
def test_a_drawing_with_something_wrong_is_named(text, element, code):
    assert (element, code) in found(model(text))


def test_a_date_may_come_from_an_answer():
    assert found(model("start > timer1 > a > end", timer1={"timer": "answers.day"})) == set()
    assert found(model("start > timer1 > a > end", timer1={"timer": "2027-01-31T08:00Z"})) == set()


def test_gate_and_reopening_name_nodes_that_are_there():
    assert ("model", "unknown-node") in found(model(GOOD, gate="nowhere"))


def test_reopening_is_explored_too():
    graph = model("start > and1 > a > and2 > end; and1 > b > and2", reopen_at="a")
    assert found(graph) == {("and2", "stuck")}


def test_an_end_says_how_it_ends():
    assert found(model(GOOD, end={"outcome": "done"})) == {("end", "end-outcome")}


def test_three_to_seven_phases():
    graph = model(GOOD)
    few = Graph.from_json({**graph.to_json(), "phases": graph.to_json()["phases"][:2]})
    assert ("model", "phases") in found(few)


def test_two_branches_may_not_write_one_name():
    fork = "start > and1 > a > and2 > end; and1 > b > and2"
    field = {"form": (FieldSpec("serial", label=LABEL),)}
    assert found(model(fork, a=field, b=field)) == {("b", "written-twice")}
    assert found(model("start > a > b > end", a=field, b=field)) == set()
    assert found(model("start > a > b > end", a=field, b={"form": (FieldSpec("serial", "int", LABEL),)})) == {
        ("b", "written-differently")
    }


def test_conditions_know_what_steps_give_and_how_they_may_end():
    text = "start > rule1 > auto1 > a > xor1; xor1 > end2 if {}; xor1 > end else"
    named = {"rule1": {"table": "who"}, "auto1": {"automation": "stock.reserve"}}
    good = ("team == 'it' && reserved", "steps.rule1.team == 'it'", "steps.a.outcome == 'no'", "steps.a.skipped")
    for condition in good:
        assert found(model(text.format(condition), **named)) == set()
    assert found(model(text.format("steps.a.outcome == 'nope'"), **named)) == {("xor1-end2", "cel-unknown-value")}


def test_a_service_level_shorter_than_its_steps_is_a_warning():
    graph = model("start > a > b > end", a={"due": "P1DT2H"}, b={"due": "PT30M"})
    problems = engine.check(graph, Environment(SCHEMA, target_minutes=600))
    assert [(p.code, p.severity, p.params["needed"]) for p in problems] == [("target-too-short", "warning", 630)]
    assert engine.check(graph, Environment(SCHEMA, target_minutes=630)) == []


SAID = [
    (
        model("start > a > xor1; xor1 > end2 if answers.mgr_descision == 'yes'; xor1 > end else"),
        "Unknown field 'answers.mgr_descision'. Did you mean 'answers.mgr_decision'?",
    ),
    (
        model("start > xor1; xor1 > end if true; xor1 > end2 if false", xor1={"name": LocalText("Manager?", "")}),
        "'Manager?' has no default arrow, so a request could get stuck",
    ),
    (
        model(
            "start > xor1; xor1 > a > and1 if true; xor1 > b > and1 else; and1 > end", and1={"name": LocalText("join")}
        ),
        "The process can get stuck: 'join' waits for a branch that may never arrive",
    ),
    (
        model("start > and1 > a > xor1 > c > end; and1 > b > xor1", c={"name": LocalText("Quality check", "x")}),
        "'Quality check' can be started twice at the same time: join the parallel branches first",
    ),
    (model(GOOD, a={"due": "2 days"}), "'2 days' is not an ISO 8601 duration such as P2D, PT8H or R3/P1D"),
    (model(GOOD, a={"who": "team:service-desc"}), "'a': unknown team 'service-desc'. Did you mean 'service-desk'?"),
]


@pytest.mark.parametrize(("graph", "sentence"), SAID)
def test_it_is_said_in_a_sentence(graph, sentence):
    assert sentence in [say(problem, "en") for problem in engine.check(graph, SURROUNDINGS)]


@pytest.mark.parametrize("code", sorted(WORDS))
def test_every_problem_has_words_in_both_languages_with_the_same_parameters(code):
    german, english = WORDS[code].de, WORDS[code].en
    assert german
    assert english
    names = [
        {name for _text, name, _spec, _conv in string.Formatter().parse(text) if name} for text in (german, english)
    ]
    assert names[0] == names[1]


def test_german_is_said_too():
    problem = Problem("xor1", "no-default", {"node": "Leitung?"})
    assert say(problem, "de") == "„Leitung?“ hat keinen Standardpfeil, ein Anliegen könnte stecken bleiben."
