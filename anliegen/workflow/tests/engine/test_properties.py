"""What must hold for every model: nothing lost, nothing doubled, an end for all, the same again on replay.

Each property is also run on an engine with a planted bug, which it must catch.
"""

import json
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anliegen.workflow import engine
from anliegen.workflow.engine import Done, Ended, Graph, Node, State, Token, Wait, moves
from anliegen.workflow.engine.state import Finished, Forked, Merged, Withdrawn
from anliegen.workflow.tests.engine.random_models import sound

SEEDS = st.integers(min_value=0, max_value=10**9)
TRIED = settings(max_examples=150, deadline=None, derandomize=True, database=None)
MOST_COMMANDS = 400
BUGGY_SEEDS = range(200)


class Recorder:
    """Waits for people; a message may fail once; remembers each answer."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.answers: list[str] = []

    def enter(self, node: Node, data: object) -> Wait | Done:
        fails = node.kind is engine.NodeKind.SEND and self.random.random() < 0.2
        self.answers.append("failed" if fails else "fine")
        if fails:
            raise engine.Failed("broken")
        return Done() if node.kind is engine.NodeKind.SEND else Wait()

    def gate_open(self) -> bool:
        return True


class Replayer(Recorder):
    """Gives the recorded answers again."""

    def __init__(self, answers: list[str]) -> None:
        self.answers = list(answers)

    def enter(self, node: Node, data: object) -> Wait | Done:
        if self.answers.pop(0) == "failed":
            raise engine.Failed("broken")
        return Done() if node.kind is engine.NodeKind.SEND else Wait()


def play(graph: Graph, seed: int, see: Callable[..., None]) -> engine.Result:
    """One run by chance; `see` is shown each command with the state before it. Raises AssertionError if it never ends."""
    random = Random(seed)
    resolver = Recorder(random)
    command: tuple[str, dict] = ("start", {})
    fired: set[tuple[int, str]] = set()
    result = engine.Result(State(), {"steps": {}})
    for _turn in range(MOST_COMMANDS):
        data = {**result.data, "pick": {name: random.randint(0, 3) for name in graph.nodes}}
        resolver.answers = []
        before, result = result.state, run(graph, result.state, data, command, resolver)
        see(before, data, command, list(resolver.answers), result)
        if any(isinstance(effect, Ended) for effect in result.effects):
            assert not result.state.tokens
            return result
        command = _next(graph, result.state, random, fired)
    raise AssertionError("the run does not come to an end")


def run(graph: Graph, state: State, data: dict, command: tuple[str, dict], resolver: Recorder) -> engine.Result:
    name, given_ = command
    if name == "start":
        return engine.start(graph, data, resolver)
    if name == "resume":
        return engine.resume(graph, state, given_["token"], given_["outcome"], {}, data, resolver)
    if name == "fire":
        return engine.fire(graph, state, given_["token"], given_["edge"], data, resolver)
    return engine.knock(graph, state, data, resolver, given_["token"])


def _next(graph: Graph, state: State, random: Random, fired: set[tuple[int, str]]) -> tuple[str, dict]:
    """A possible command: each timer at the edge of a step is due once while its token stays there."""
    able = [t for t in state.tokens if t.waiting or t.node not in graph.joins]
    assert able, "the run is stuck"
    token = random.choice(able)
    edges = [edge.id for edge in graph.boundaries_of(token.node) if (token.id, edge.id) not in fired]
    if not token.waiting:
        return "knock", {"token": token.id}
    if edges and random.random() < 0.3:
        edge = random.choice(edges)
        fired.add((token.id, edge))
        return "fire", {"token": token.id, "edge": edge}
    fired -= {(token.id, edge) for _token, edge in fired}
    return "resume", {"token": token.id, "outcome": random.choice(("yes", "no"))}


# The properties


def nothing_lost_or_doubled(seed: int) -> None:
    """The effects account for every token, and the state has exactly those."""

    def see(before: State, _data: dict, _command: object, _answers: object, result: engine.Result) -> None:
        alive = {token.id for token in before.tokens} or {1}
        over = False
        for effect in result.effects:
            match effect:
                case Forked():
                    assert effect.token_ids[0] in alive
                    assert not alive & set(effect.token_ids[1:]), "a number is given twice"
                    alive |= set(effect.token_ids)
                case Merged():
                    assert set(effect.token_ids) <= alive, "somebody merges who is not there"
                    alive -= set(effect.token_ids) - {effect.token_id}
                case Finished():
                    alive.remove(effect.token_id)
                case Ended():
                    over = True
        withdrawn = {effect.token_id for effect in result.effects if isinstance(effect, Withdrawn)}
        assert [token.id for token in result.state.tokens] == sorted(alive - (withdrawn if over else set()))
        for token in result.state.tokens:
            assert token.node in graph.nodes

    graph = sound(seed)
    play(graph, seed, see)


def every_branch_arrives(seed: int) -> None:
    """At a parallel join one token comes from each branch, and as many go on as there are ways."""
    graph = sound(seed)

    def see(before: State, _data: dict, _command: object, _answers: object, result: engine.Result) -> None:
        for effect in result.effects:
            if isinstance(effect, Merged) and graph.node(effect.node).kind is engine.NodeKind.AND:
                assert len(effect.token_ids) == len(graph.incoming[effect.node])
            if isinstance(effect, Forked) and effect.node in graph.nodes:
                kind = graph.node(effect.node).kind
                assert kind is not engine.NodeKind.XOR, "a choice of one way became several"
                if kind is engine.NodeKind.AND:
                    assert len(effect.token_ids) == len(graph.outgoing[effect.node])
        places = [(t.node, "" if t.waiting else t.arrived_by) for t in result.state.tokens]
        assert len(places) == len(set(places)), "a step of a sound model is open twice"

    play(graph, seed, see)


def every_run_ends(seed: int) -> None:
    """`play` fails where a run is stuck or goes on for ever."""
    play(sound(seed), seed, lambda *_seen: None)


def replay_gives_the_same(seed: int) -> None:
    """The commands and what was read, stored as JSON, lead to the same states, data and effects."""
    graph = sound(seed)
    story: list[tuple] = []
    play(graph, seed, lambda *seen: story.append(seen))
    again = Graph.from_json(json.loads(json.dumps(graph.to_json())))
    state = State()
    for before, data, command, answers, result in story:
        assert before == state
        stored = json.loads(json.dumps({"data": data, "command": command, "answers": answers}))
        replayer = Replayer(stored["answers"])
        found = run(again, state, stored["data"], tuple(stored["command"]), replayer)
        assert (found.state, dict(found.data), found.effects) == (result.state, dict(result.data), result.effects)
        assert replayer.answers == []
        state = found.state


PROPERTIES = (nothing_lost_or_doubled, every_branch_arrives, every_run_ends, replay_gives_the_same)


@pytest.mark.parametrize("holds", PROPERTIES)
def test_it_holds_for_every_model(holds):
    @TRIED
    @given(SEEDS)
    def for_all(seed: int) -> None:
        holds(seed)

    for_all()


# Planted bugs


class ForgetsABranch(moves.Mover):
    def _leave(self, token, source, flows):
        super()._leave(token, source, flows)
        if len(flows) > 2:
            self.moving.pop()


class DoublesABranch(moves.Mover):
    def _leave(self, token, source, flows):
        super()._leave(token, source, flows)
        if len(flows) > 1:
            self.last += 1
            self.moving.append(Token(self.last, flows[-1].target, flows[-1].id))


class KeepsTheMerged(moves.Mover):
    def _merge(self, join, arrived):
        kept = dict(self.tokens)
        super()._merge(join, arrived)
        extra = sorted(token.id for token in arrived.values())[1:]
        self.tokens.update({number: kept[number] for number in extra[:1]})


class MergesTooEarly(moves.Mover):
    def _join(self, node):
        arrived = self._arrived(node.id)
        if len(arrived) >= 2:
            self._merge(node.id, arrived)


class NeverMerges(moves.Mover):
    def _join(self, node):
        """Forgets that all are there."""


class WaitsForNobody(moves.Mover):
    def _awaited(self, join, arrived):
        return False


class WaitsForEver(moves.Mover):
    def _awaited(self, join, arrived):
        return len(arrived) < len(self.graph.incoming[join])


class StaysAtTheEdge(moves.Mover):
    def at_edge(self, token, boundary_id, *, interrupting):
        super().at_edge(token, boundary_id, interrupting=False)


class LosesTheFailed(moves.Mover):
    def _move(self, token):
        super()._move(token)
        stopped = [effect for effect in self.effects if isinstance(effect, engine.Stopped)]
        if stopped:
            self.tokens.pop(stopped[-1].token_id, None)


class NumbersByChance(moves.Mover):
    calls = 0

    def _leave(self, token, source, flows):
        if len(flows) > 1:
            NumbersByChance.calls += 1
            self.last += NumbersByChance.calls
        super()._leave(token, source, flows)


BUGS = [
    (nothing_lost_or_doubled, ForgetsABranch),
    (nothing_lost_or_doubled, DoublesABranch),
    (nothing_lost_or_doubled, KeepsTheMerged),
    (nothing_lost_or_doubled, LosesTheFailed),
    (every_branch_arrives, MergesTooEarly),
    (every_branch_arrives, WaitsForNobody),
    (every_branch_arrives, StaysAtTheEdge),
    (every_run_ends, NeverMerges),
    (every_run_ends, WaitsForEver),
    (every_run_ends, ForgetsABranch),
    (replay_gives_the_same, NumbersByChance),
]


@pytest.mark.parametrize(("holds", "bug"), BUGS, ids=lambda one: one.__name__)
def test_a_planted_bug_is_caught(monkeypatch, holds, bug):
    monkeypatch.setattr(moves, "Mover", bug)
    assert any(_fails(holds, seed) for seed in BUGGY_SEEDS)


def _fails(holds: Callable[[int], None], seed: int) -> bool:
    try:
        holds(seed)
    except (AssertionError, KeyError, engine.Failed):
        return True
    return False
