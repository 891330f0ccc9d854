"""The checker says of every model what trying everything says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anliegen.workflow.engine import Graph, soundness
from anliegen.workflow.engine.check import _DRAWING
from anliegen.workflow.engine.shape import shape
from anliegen.workflow.tests.engine import brute_force
from anliegen.workflow.tests.engine.build import model
from anliegen.workflow.tests.engine.random_models import broken, sound

SEEDS = st.integers(min_value=0, max_value=10**9)
TRIED = settings(max_examples=150, deadline=None, derandomize=True, database=None)
WORDS = {"started-twice": "twice", "stuck": "stuck", "never-ends": "never", "ends-too-early": "early"}


def agrees(graph: Graph) -> bool:
    """Whether both say the same; False for a model that is not compared. Raises AssertionError."""
    if any(problem.code in _DRAWING for problem in shape(graph)):
        return False
    try:
        tried = brute_force.explore(graph)
    except brute_force.TooMany:
        return False
    found = soundness.explore(graph, graph.start)
    said = {WORDS[problem.code] for problem in found.problems}
    assert bool(said) == bool(tried.bad), f"checker: {said}, tried: {tried.bad}"
    if not said:
        assert found.states == len(tried.states)
    elif "twice" not in tried.bad:
        assert said == tried.bad
    return True


@TRIED
@given(SEEDS)
def test_models_of_blocks_are_sound(seed):
    found = soundness.explore(sound(seed), "start1")
    assert found.problems == ()
    assert found.complete


@TRIED
@given(SEEDS)
def test_the_verdict_on_sound_models_is_that_of_trying_everything(seed):
    agrees(sound(seed, depth=2, most=24))


@settings(TRIED, max_examples=300)
@given(SEEDS)
def test_the_verdict_on_broken_models_is_that_of_trying_everything(seed):
    agrees(broken(seed))


def test_enough_models_are_really_compared_and_really_broken():
    compared = [seed for seed in range(120) if agrees(broken(seed))]
    bad = [seed for seed in compared if soundness.explore(broken(seed), "start1").problems]
    assert len(compared) > 60
    assert len(bad) > 15
    assert len(compared) - len(bad) > 15


class NoTimers(soundness._Explorer):
    def _following(self, marking):
        edges, self.graph.__dict__["at"] = self.graph.at, {}
        try:
            yield from list(super()._following(marking))
        finally:
            self.graph.__dict__["at"] = edges


class FirstWayOnly(soundness._Explorer):
    def _ways(self, node):
        yield from list(super()._ways(node))[:1]


class TrustsJoins(soundness._Explorer):
    def _stuck(self, marking):
        """Finds nothing."""


class AllowsTwice(soundness._Explorer):
    def _problem(self, element, code):
        if code != "started-twice":
            super()._problem(element, code)


@pytest.mark.parametrize("bug", [NoTimers, FirstWayOnly, TrustsJoins, AllowsTwice])
def test_a_planted_bug_in_the_checker_is_caught(monkeypatch, bug):
    monkeypatch.setattr(soundness, "_Explorer", bug)
    assert any(_differs(seed) for seed in range(150))


def _differs(seed: int) -> bool:
    try:
        agrees(broken(seed))
    except AssertionError:
        return True
    return False


# Known cases


def codes(graph: Graph, begin: str = "start") -> set[tuple[str, str]]:
    return {(problem.element, problem.code) for problem in soundness.explore(graph, begin).problems}


def test_a_choice_into_a_parallel_join_gets_stuck():
    graph = model("start > xor1; xor1 > a > and1 if true; xor1 > b > and1 else; and1 > end")
    assert codes(graph) == {("and1", "stuck")}


def test_a_fork_into_a_choice_starts_what_follows_twice():
    graph = model("start > and1 > a > xor1 > c > end; and1 > b > xor1")
    assert ("c", "started-twice") in codes(graph)


def test_a_loop_without_a_way_out_never_ends():
    graph = model("start > xor1 > a > xor1; a@late(P1D) > b > xor1; xor1 > a else")
    assert codes(model("start > xor1 > a > xor1")) == {("a", "never-ends")}
    assert graph.boundaries


def test_reopening_inside_a_fork_gets_stuck():
    graph = model("start > and1 > a > and2 > end; and1 > b > and2", reopen_at="a")
    assert codes(graph) == set()
    assert codes(graph, "a") == {("and2", "stuck")}


def test_the_gate_is_reached_by_one_token_only():
    text = "start > and1 > a > xor1 > c > end; and1 > b > xor1"
    assert ("c", "gate-not-alone") in codes(model(text, gate="c"))
    assert codes(model("start > and1 > a > and2 > c > end; and1 > b > and2", gate="c")) == set()


def test_a_branch_that_never_comes_to_the_gate_may_be_open_there():
    assert codes(model("start > a > b > end; a@soon(~P1D) > c > end2", gate="b")) == set()


def test_a_repeating_reminder_does_not_count_as_started_twice():
    assert codes(model("start > a > end; a@soon(~R3/P1D) > send1 > end2")) == set()
    assert codes(model("start > a > end; a@soon(~R3/P1D) > b > end2")) == {("b", "started-twice")}


def test_an_unhappy_end_beside_open_branches_must_terminate():
    graph = model("start > and1 > a > end; and1 > b > end2", end2={"outcome": "rejected"})
    assert codes(graph) == {("end2", "ends-too-early")}


def test_above_the_limit_it_says_that_not_everything_was_tried():
    text = "; ".join(f"and1 > a{n} > b{n} > c{n} > and2" for n in range(9))
    found = soundness.explore(model(f"start > and1; {text}; and2 > end"), "start", most=2_000)
    assert not found.complete
    assert found.states <= 2_100
