"""How tokens move, one rule per test."""

import pytest

from anliegen.workflow import engine
from anliegen.workflow.engine import AtGate, Entered, Failed, Finished, Forked, Merged, Passed, Stopped, Withdrawn
from anliegen.workflow.tests.engine.build import Play, Script, model

CHOICE = "start > a > xor1; xor1 > stop if steps.a.outcome == 'no'; xor1 > end else"


def test_a_run_waits_in_its_first_step():
    assert Play(model("start > a > end")).open == ["a"]


def test_the_last_step_ends_the_run():
    assert Play(model("start > a > end")).do("a").ended == "fulfilled"


def test_an_outcome_chooses_the_way():
    assert Play(model(CHOICE)).do("a", "no").ended == "rejected"


def test_the_default_way_is_taken_where_no_condition_holds():
    assert Play(model(CHOICE)).do("a", "yes").ended == "fulfilled"


def test_the_default_way_is_the_last_one_tried_wherever_it_was_drawn():
    graph = model("start > a > xor1; xor1 > end else; xor1 > b > end if steps.a.outcome == 'yes'")
    assert Play(graph).do("a").open == ["b"]


def test_parallel_branches_are_open_at_the_same_time():
    assert Play(model("start > and1 > a > and2 > end; and1 > b > and2")).open == ["a", "b"]


def test_a_join_waits_for_every_branch():
    play = Play(model("start > and1 > a > and2 > c > end; and1 > b > and2"))
    assert play.do("a").open == ["b"]
    assert play.do("b").open == ["c"]
    assert [token.id for token in play.state.tokens] == [1]


def test_fork_and_join_are_told():
    play = Play(model("start > and1 > a > and2 > end; and1 > b > and2")).do("a").do("b")
    assert Forked("and1", (1, 2)) in play.effects
    assert Merged(1, "and2", (1, 2)) in play.effects
    assert Finished(1, "end") in play.effects


INCLUSIVE = "start > a > or1; or1 > b > or2 if answers.b; or1 > c > or2 if answers.c; or1 > or2 else; or2 > d > end"


@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        ({"b": True, "c": True}, ["b", "c"]),
        ({"b": True, "c": False}, ["b"]),
        ({"b": False, "c": False}, ["d"]),
    ],
)
def test_an_inclusive_gateway_opens_what_holds(answers, wanted):
    assert Play(model(INCLUSIVE), answers=answers).do("a").open == wanted


def test_an_inclusive_join_waits_for_what_was_opened():
    play = Play(model(INCLUSIVE), answers={"b": True, "c": True}).do("a")
    assert play.do("b").open == ["c"]
    assert play.do("c").open == ["d"]


def test_an_inclusive_join_goes_on_when_the_other_branch_ends_elsewhere():
    graph = model(
        "start > or1; or1 > a > or2 if true; or1 > b > xor1 if true; or1 > or2 else;"
        "xor1 > end2 if steps.b.outcome == 'no'; xor1 > or2 else; or2 > c > end"
    )
    play = Play(graph).do("a")
    assert play.open == ["b"]
    assert play.do("b", "no").open == ["c"]


def test_a_finished_step_leaves_its_outputs():
    graph = model("start > a > end", a={"form": (engine.FieldSpec("serial"),)})
    play = Play(graph).do("a", "yes", serial="X1", other="kept with the step")
    assert play.data["serial"] == "X1"
    assert play.data["steps"]["a"] == {"serial": "X1", "other": "kept with the step", "outcome": "yes"}
    assert "other" not in play.data


def test_the_data_handed_in_stay_as_they_were():
    graph, data = model("start > rule1 > end"), {"steps": {}}
    engine.start(graph, data, Script({"rule1": {"team": "it"}}))
    assert data == {"steps": {}}


def test_what_a_table_gives_is_read_by_name_but_never_in_place_of_the_case():
    play = Play(model("start > rule1 > a > end"), Script({"rule1": {"team": "it", "answers": "x"}}))
    assert (play.data["team"], play.data["answers"]) == ("it", {})


def test_a_step_that_is_not_needed_is_passed_with_its_positive_outcome():
    play = Play(model("start > a > end", a={"condition": "answers.cents > 100"}), answers={"cents": 5})
    assert play.ended == "fulfilled"
    assert play.data["steps"]["a"] == {"outcome": "yes", "skipped": True}


def test_a_rule_is_passed_at_once():
    play = Play(model("start > rule1 > a > end"), Script({"rule1": {"outcome": "it"}}))
    assert Passed(1, "rule1", "it", {}, "rule") in play.effects
    assert play.open == ["a"]


def test_an_interrupting_timer_takes_the_token_away():
    play = Play(model("start > a > end; a@late(P2D) > b > end")).fire("a", "late")
    assert play.open == ["b"]
    assert play.last == (Withdrawn(1, "a"), Entered(1, "b"))


def test_another_timer_adds_a_branch():
    play = Play(model("start > a > end; a@soon(~P1D) > b > end2")).fire("a", "soon")
    assert play.open == ["a", "b"]
    assert play.do("a").ended == ""
    assert play.do("b").ended == "fulfilled"


def test_a_timer_step_waits_until_it_is_fired():
    play = Play(model("start > timer1 > a > end"))
    assert play.open == ["timer1"]
    assert play.fire("timer1").open == ["a"]


def test_a_terminating_end_withdraws_everything_else():
    play = Play(model("start > and1 > a > stop; and1 > b > end")).do("a")
    assert play.ended == "rejected"
    assert play.state.tokens == ()
    assert Withdrawn(2, "b") in play.effects


def test_a_run_with_branches_ends_with_the_last_one():
    play = Play(model("start > and1 > a > end; and1 > b > end2")).do("a")
    assert play.ended == ""
    assert play.do("b").ended == "fulfilled"


def test_before_a_closed_gate_the_token_waits():
    play = Play(model("start > a > b > end", gate="b"), Script(gate=False)).do("a")
    assert play.open == []
    assert play.last[-1] == AtGate(1, "b")


def test_an_open_gate_lets_it_in_when_somebody_knocks():
    play = Play(model("start > a > b > end", gate="b"), Script(gate=False)).do("a")
    assert play.knock().open == []
    play.script.gate = True
    assert play.knock().open == ["b"]


def test_knocking_does_not_touch_a_step_that_is_open_at_the_gate():
    play = Play(model("start > a > end", gate="a"))
    assert play.knock().last == ()
    assert play.open == ["a"]


def test_the_end_itself_may_be_the_gate():
    play = Play(model("start > a > end", gate="end"), Script(gate=False)).do("a")
    assert play.ended == ""
    play.script.gate = True
    assert play.knock().ended == "fulfilled"


def test_a_step_that_fails_stops_the_token_until_it_is_tried_again():
    script = Script({"auto1": {}})
    script.fails = {"auto1"}
    play = Play(model("start > auto1 > a > end"), script)
    assert play.last[-1] == Stopped(1, "auto1", "broken", {"node": "auto1"})
    script.fails = set()
    assert play.knock("auto1").open == ["a"]


def test_a_condition_without_a_value_stops_the_token():
    play = Play(model("start > xor1; xor1 > a > end if answers.cents > 5; xor1 > end else"))
    assert isinstance(play.last[-1], Stopped)
    assert play.last[-1].code == "absent"
    play.data = {**play.data, "answers": {"cents": 9}}
    assert play.knock("xor1").open == ["a"]


def test_a_fault_after_an_inclusive_join_does_not_join_again():
    graph = model(
        "start > and1 > a > or1; and1 > b > or1; or1 > c > end if answers.go; or1 > d > end2 else",
    )
    play = Play(graph).do("a").do("b")
    assert isinstance(play.last[-1], Stopped)
    play.data = {**play.data, "answers": {"go": True}}
    assert play.knock("or1").open == ["c"]


def test_a_fault_in_one_branch_does_not_stop_the_other():
    script = Script()
    script.fails = {"a"}
    play = Play(model("start > and1 > a > and2 > end; and1 > b > and2"), script)
    assert play.open == ["b"]
    assert len(play.state.tokens) == 2


def test_a_ring_of_rules_stops_after_a_thousand_moves():
    play = Play(model("start > rule1 > xor1; xor1 > end if false; xor1 > rule1 else"), Script({"rule1": {}}))
    assert isinstance(play.last[-1], Stopped)
    assert play.last[-1].code == "loop"
    assert len(play.state.tokens) == 1


def test_a_reopened_run_begins_at_its_node():
    graph = model("start > a > b > end", reopen_at="b")
    result = engine.place(graph, "b", {}, Script())
    assert [token.node for token in result.state.tokens] == ["b"]


@pytest.mark.parametrize("outside", ["gone", "join", "timer", "edge"])
def test_what_does_not_wait_cannot_be_finished(outside):
    graph = model("start > and1 > a > and2 > end; and1 > b > and2; a@late(P2D) > c > end")
    play = Play(graph).do("b")
    args = (play.data, play.script)
    with pytest.raises(Failed):
        match outside:
            case "gone":
                engine.resume(graph, play.state, 9, "yes", {}, *args)
            case "join":
                engine.resume(graph, play.state, 2, "yes", {}, *args)
            case "timer":
                engine.fire(graph, play.state, 1, "", *args)
            case "edge":
                engine.fire(graph, play.state, 2, "late", *args)


def test_a_token_that_waits_in_its_step_is_not_entered_again():
    play = Play(model("start > a > end"))
    with pytest.raises(Failed, match="not-stopped"):
        play.knock("a")


def test_a_graph_is_the_same_after_it_was_stored():
    graph = model(
        "start > a > xor1; xor1 > stop if steps.a.outcome == 'no'; xor1 > end else; a@late(P2D) > b > end",
        gate="end",
        a={"form": (engine.FieldSpec("x", "choice", options=(engine.Choice("1"), engine.Choice("2"))),)},
    )
    stored = graph.to_json()
    assert engine.Graph.from_json(stored) == graph
    assert engine.Graph.from_json(stored).to_json() == stored


def test_a_graph_of_another_format_is_refused():
    with pytest.raises(ValueError, match="format 2"):
        engine.Graph.from_json({**model("start > end").to_json(), "format": 2})
