"""Pure rules: status in the order of the domain, quorum, automatic approval, durations; each with planted bugs."""

import ast
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anliegen.requests.rules import Status
from anliegen.workflow import rules
from anliegen.workflow.rules import Duration, Kind, Order, Standing, Verdict, exceeded, status, tally

ORDER = (  # what stands open, and what people then see: earlier lines win
    (Standing("acceptance", True), Status.DONE),
    (Standing("answer", True), Status.WAITING),
    (Standing("work", False), Status.PROGRESS),
    (Standing("approval", False), Status.APPROVAL),
    (Standing("check", False), Status.CHECKED),
)
TASKS = st.lists(st.builds(Standing, st.sampled_from([str(kind) for kind in Kind]), st.booleans()), max_size=5)


@pytest.mark.parametrize(("first", "second"), list(itertools.combinations(ORDER, 2)))
def test_the_earlier_line_wins(first: tuple, second: tuple) -> None:
    assert status(previous=Status.RECEIVED, tasks=[second[0], first[0]]) == first[1]


def test_held_and_ended_come_before_all() -> None:
    tasks = [standing for standing, _status in ORDER]
    assert status(previous=Status.PROGRESS, tasks=tasks, held=True) == Status.HOLD
    assert status(previous=Status.PROGRESS, tasks=tasks, held=True, ended="rejected") == Status.REJECTED


def test_where_nothing_is_open_the_last_stage_stays() -> None:
    assert status(previous=Status.APPROVAL, tasks=[]) == Status.APPROVAL
    assert status(previous=Status.RECEIVED, tasks=[]) == Status.CHECKED
    assert status(previous=Status.CHECKED, tasks=[], automatic=True) == Status.PROGRESS


VERDICTS = st.lists(st.sampled_from([Verdict.YES, Verdict.NO, Verdict.OPEN, Verdict.WAITING]), min_size=1, max_size=6)
QUORUM = st.sampled_from(["all", "one", "majority", "2", "3"])


def brute(verdicts: list[str], quorum: str) -> str:
    """Every way in which the open votes may still end: decided if all of them end alike."""
    needed = {"all": len(verdicts), "one": 1, "majority": len(verdicts) // 2 + 1}.get(quorum)
    needed = min(int(quorum), len(verdicts)) if needed is None else needed
    open_votes = [place for place, verdict in enumerate(verdicts) if verdict in {Verdict.OPEN, Verdict.WAITING}]
    ends = set()
    for choice in itertools.product(["yes", "no"], repeat=len(open_votes)):
        full = list(verdicts)
        for place, verdict in zip(open_votes, choice, strict=True):
            full[place] = verdict
        ends.add("yes" if full.count("yes") >= needed else "no")
    return ends.pop() if len(ends) == 1 else ""


def right(decide: Callable[[list[str], str], str], verdicts: list[str], quorum: str) -> bool:
    return decide(verdicts, quorum) == brute(verdicts, quorum)


@given(VERDICTS, QUORUM)
def test_votes_decide_as_soon_as_nothing_can_change_it(verdicts: list[str], quorum: str) -> None:
    assert right(tally, [str(v) for v in verdicts], quorum)


def test_a_planted_bug_in_the_quorum_is_noticed() -> None:
    def hasty(verdicts: list[str], quorum: str) -> str:
        return "yes" if "yes" in verdicts else tally(verdicts, quorum)

    cases = [list(c) for n in (1, 2, 3) for c in itertools.product(["yes", "no", "open"], repeat=n)]
    assert all(right(tally, case, "majority") for case in cases)
    assert not all(right(hasty, case, "majority") for case in cases)


@pytest.mark.parametrize(
    ("order", "bounds", "over"),
    [
        (Order(total_cents=8_000), {}, ()),
        (Order(total_cents=10_001), {}, ("amount",)),
        (Order(total_cents=10_000), {}, ()),
        (Order(total_cents=6_000, monthly_cents=1_000), {}, ("yearly",)),
        (Order(total_cents=1, quantity=3), {"quantity": 2}, ("quantity",)),
        (Order(total_cents=1, monthly_cents=1, term_months=24), {"term_months": 12}, ("term",)),
        (Order(total_cents=1, data_class="secret"), {"data_classes": ["public"]}, ("data-class",)),
    ],
)
def test_automatic_only_if_nothing_is_exceeded(order: Order, bounds: dict, over: tuple) -> None:
    assert exceeded(order, 10_000, bounds) == over


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("P2D", Duration(2, 0)), ("PT8H", Duration(0, 480)), ("P1W", Duration(5, 0)), ("R3/P1D", Duration(1, 0, 3)),
        ("P1DT30M", Duration(1, 30)), ("2 days", None), ("P", None), ("PT", None), ("2026-01-01", None),
    ],
)  # fmt: skip
def test_durations(text: str, found: Duration | None) -> None:
    assert rules.duration(text) == found


def test_data_is_changed_at_a_path_without_touching_the_rest() -> None:
    data = {"answers": {"a": 1, "b": 2}, "steps": {}}
    assert rules.put(data, "answers.a", 3) == {"answers": {"a": 3, "b": 2}, "steps": {}}
    assert data["answers"] == {"a": 1, "b": 2}
    assert rules.look_up(data, "answers.x.y") is None


@given(TASKS, st.booleans(), st.booleans())
def test_every_state_has_a_status(tasks: list[Standing], automatic: bool, held: bool) -> None:
    assert status(previous=Status.CHECKED, tasks=tasks, automatic=automatic, held=held) in set(Status)


def _sentences() -> Iterator[tuple[str, str]]:
    """Every key that the package writes as a literal, with its file."""
    for path in (Path(rules.__file__).parent).rglob("*.py"):
        if {"tests", "migrations", "engine"} & set(path.parts):
            continue
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if name in {"log", "tell", "Sentence"} and call.args and isinstance(call.args[0], ast.Constant):
                yield path.name, call.args[0].value


def test_every_sentence_that_is_written_is_declared() -> None:
    found = list(_sentences())
    assert len(found) > 30
    assert [pair for pair in found if pair[1] not in rules.SENTENCES] == []
