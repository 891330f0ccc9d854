"""The way ahead, as the walk tells it."""

from anliegen.workflow import engine
from anliegen.workflow.engine import State, Token
from anliegen.workflow.tests.engine.build import Play, Script, model
from anliegen.workflow.tests.engine.random_models import sound

ROUND = "start > a > xor1; xor1 > stop if steps.a.outcome == 'no'; xor1 > b > end else"


def names(graph, script=None, state=None, **data):
    return [step.node.id for step in engine.walk(graph, {"answers": {}, **data}, script or Script(), state)]


def test_it_follows_the_positive_outcome():
    assert names(model(ROUND)) == ["a", "b"]


def test_parallel_steps_stand_side_by_side():
    graph = model("start > a > and1 > b > and2 > d > end; and1 > c > e > and2")
    steps = engine.walk(graph, {}, Script())
    assert [(s.node.id, s.order, s.parallel_group) for s in steps] == [
        ("a", 0, 0),
        ("b", 1, 1),
        ("c", 1, 1),
        ("e", 2, 1),
        ("d", 3, 0),
    ]


def test_what_a_rule_does_is_automatic():
    steps = engine.walk(model("start > a > b > end"), {}, Script({"a": {"outcome": "yes"}}))
    assert [(s.node.id, s.automatic, s.outcome) for s in steps] == [("a", True, "yes"), ("b", False, "yes")]


def test_a_step_that_is_not_needed_is_left_out():
    assert names(model("start > a > b > end", a={"condition": "answers.cents > 5"}), answers={"cents": 1}) == ["b"]


def test_where_nobody_knows_it_takes_the_default_way_and_says_so():
    graph = model("start > a > xor1; xor1 > b > end if price > 5; xor1 > c > end else")
    assert [(s.node.id, s.certain) for s in engine.walk(graph, {}, Script())] == [("a", True), ("c", False)]


def test_a_step_of_which_nobody_knows_whether_it_is_needed_is_shown():
    (first, second) = engine.walk(model("start > a > b > end", b={"condition": "price > 5"}), {}, Script())
    assert (first.certain, second.node.id, second.certain) == (True, "b", False)


def test_a_loop_is_walked_once():
    graph = model("start > xor1 > a > xor2; xor2 > xor1 if steps.a.outcome == 'yes'; xor2 > b > end else")
    assert names(graph) == ["a"]


def test_from_where_a_run_stands_it_tells_what_follows():
    play = Play(model("start > a > and1 > b > and2 > d > end; and1 > c > and2")).do("a").do("b")
    assert names(play.graph, state=play.state) == ["d"]


def test_a_token_before_the_gate_goes_in():
    assert names(model("start > a > b > end", gate="b"), state=State((Token(1, "b", "a-b"),))) == ["b"]


def test_a_step_that_cannot_be_looked_up_is_shown_as_uncertain():
    script = Script()
    script.fails = {"a"}
    assert [(s.node.id, s.certain) for s in engine.walk(model("start > a > end"), {}, script)] == [("a", False)]


def test_the_walk_changes_nothing():
    play = Play(model(ROUND))
    before = dict(play.data)
    names(play.graph, state=play.state)
    assert play.data == before


def test_it_comes_to_an_end_on_every_model():
    for seed in range(60):
        steps = engine.walk(sound(seed), {"pick": {}}, Script())
        assert len({step.node.id for step in steps}) == len(steps)
