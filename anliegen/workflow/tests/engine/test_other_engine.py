"""The same model in SpiffWorkflow: step by step the same tasks are open.

Left out on purpose: what Spiff does otherwise (unsound models hang without a word there, timers read the clock).
Its conditions are Python, so they are written in what CEL and Python share.
"""

import warnings
from random import Random

import pytest

from anliegen.workflow import engine
from anliegen.workflow.engine import Ended, Graph
from anliegen.workflow.tests.engine.bpmn import written
from anliegen.workflow.tests.engine.build import Script, model
from anliegen.workflow.tests.engine.random_models import Maker, sound

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
    from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
    from SpiffWorkflow.util.task import TaskState

BLOCKS = ("task", "task", "and", "xor", "or")


class Other:
    """A run in the other engine."""

    def __init__(self, graph: Graph, data: dict) -> None:
        parser = BpmnParser()
        parser.add_bpmn_str(written(graph, own=False))
        self.workflow = BpmnWorkflow(parser.get_spec("model"))
        for task in self.workflow.get_tasks(state=TaskState.READY):
            task.data.update(data)
        self.workflow.do_engine_steps()

    def open(self) -> dict:
        ready = self.workflow.get_tasks(state=TaskState.READY, manual=True)
        return {task.task_spec.bpmn_id: task for task in ready}

    def do(self, name: str) -> None:
        self.open()[name].run()
        self.workflow.do_engine_steps()

    @property
    def over(self) -> bool:
        return bool(self.workflow.is_completed())


def compare(graph: Graph, seed: int) -> int:
    """Play both with the same choices; how many steps were compared."""
    random = Random(seed)
    # Flat names: in CEL and in Python alike they are read as they are.
    data = {f"pick_{name}": random.randint(0, 3) for name in graph.nodes}
    other, script = Other(graph, data), Script()
    result = engine.start(graph, data, script)
    for turn in range(200):
        mine = sorted(token.node for token in result.state.tokens if token.waiting)
        assert mine == sorted(other.open()), f"after {turn} steps"
        if not mine:
            assert isinstance(result.effects[-1], Ended)
            assert other.over
            return turn
        name = random.choice(mine)
        token = next(token.id for token in result.state.tokens if token.node == name)
        result = engine.resume(graph, result.state, token, "yes", {}, result.data, script)
        other.do(name)
    raise AssertionError("too many steps")


def flat(graph: Graph) -> Graph:
    """The same model with conditions that both engines read."""
    stored = graph.to_json()
    for flow in stored["flows"]:
        if "condition" in flow:
            flow["condition"] = flow["condition"].replace("pick.", "pick_")
    return Graph.from_json({**stored, "key": "model"})


@pytest.mark.parametrize("seed", range(40))
def test_random_models_open_the_same_steps(seed):
    compare(flat(sound(seed, blocks=BLOCKS, most=30)), seed)


@pytest.mark.parametrize("text", ["start > a > end", "start > and1 > a > and2 > c > end; and1 > b > and2"])
def test_known_models_open_the_same_steps(text):
    assert compare(model(text), 1) == len([name for name in model(text).nodes if len(name) == 1])


def test_enough_steps_are_compared():
    assert sum(compare(flat(sound(seed, blocks=BLOCKS, most=30)), seed) for seed in range(10)) > 30


def test_a_difference_is_seen():
    graph = flat(Maker(Random(1), ("xor",)).model(2))
    stored = graph.to_json()
    defaults = [flow for flow in stored["flows"] if flow.get("default")]
    assert defaults
    wrong = Graph.from_json(
        {
            **stored,
            "flows": [
                {**flow, "condition": f"!({flow['condition']})"} if "condition" in flow else flow
                for flow in stored["flows"]
            ],
        }
    )
    mine = {flow.id: flow.condition for flow in graph.flows.values()}
    assert mine != {flow.id: flow.condition for flow in wrong.flows.values()}
    assert any(_differs(graph, wrong, seed) for seed in range(10))


def _differs(graph: Graph, wrong: Graph, seed: int) -> bool:
    """Whether a run of ours with turned conditions stops opening what the other engine opens."""
    random = Random(seed)
    data = {f"pick_{name}": random.randint(0, 3) for name in graph.nodes}
    other, script = Other(graph, data), Script()
    result = engine.start(wrong, data, script)
    for _turn in range(50):
        mine = sorted(token.node for token in result.state.tokens if token.waiting)
        if mine != sorted(other.open()):
            return True
        if not mine:
            return False
        token = next(token for token in result.state.tokens if token.node == mine[0])
        result = engine.resume(wrong, result.state, token.id, "yes", {}, result.data, script)
        other.do(mine[0])
    return False
