"""Replaying the commands gives the tokens that are stored, for random ways through a request."""

import random
from types import SimpleNamespace

import pytest

from anliegen.lib.errors import DomainError
from anliegen.requests.models import ServiceRequest
from anliegen.workflow import actions, engine
from anliegen.workflow.models import Run, RunEvent, Task, Token
from anliegen.workflow.tests import factories
from anliegen.workflow.tests.factories import Stage
from anliegen.workflow.tests.replay import replayed, stored

pytestmark = pytest.mark.django_db


def wander(stage: Stage, request: ServiceRequest, chance: random.Random, steps: int = 14) -> None:
    """Do something that is possible, again and again, with time between."""
    for _step in range(steps):
        task = Task.objects.filter(service_request=request, state="open").order_by("?").first()
        if task is None:
            return
        stage.wait(hours=chance.choice([0, 1, 5]))
        task.refresh_from_db()
        try:
            _do(stage, request, task, chance)
        except DomainError:
            continue


def _do(stage: Stage, request: ServiceRequest, task: Task, chance: random.Random) -> None:
    whim = chance.random()
    if whim < 0.08:
        actions.revise(
            request.code, {"build": chance.choice(["cad", "standard"])}, acting_user=stage.firm.owner, now=stage.now
        )
    elif whim < 0.16:
        actions.call_in(request.code, "workshop", "Hilfe", acting_user=stage.firm.agent, now=stage.now)
    elif whim < 0.2:
        actions.hold(request.code, "Pause", acting_user=stage.firm.agent, now=stage.now)
        stage.wait(hours=2)
        actions.resume(request.code, acting_user=stage.firm.agent, now=stage.now)
    elif task.kind == "approval":
        stage.vote(request, chance.choice(["yes", "yes", "no"]), stage.boss, node=task.node)
    elif task.kind == "acceptance":
        verdict = chance.choice(["yes", "no"])
        actions.accept(request.code, acting_user=stage.firm.owner, verdict=verdict, text="so", now=stage.now)
    else:
        outcome = {"check": "complete"}.get(task.node, "done")
        by = stage.firm.agent if task.team.key == "service-desk" else stage.firm.technician
        actions.complete(task.pk, acting_user=by, outcome=outcome, now=stage.now)


@pytest.mark.parametrize("seed", range(12))
def test_replaying_the_commands_gives_the_same_tokens(seed: int) -> None:
    stage, chance = factories.stage(), random.Random(seed)
    factories.publish(factories.usual() if seed % 2 else factories.parallel())
    request = stage.order(answers={"build": chance.choice(["cad", "standard"])})
    wander(stage, request, chance)
    runs = list(Run.objects.order_by("pass_no"))
    assert len(runs) >= 1
    for run in runs:
        seqs = list(RunEvent.objects.filter(run=run).order_by("seq").values_list("seq", flat=True))
        assert seqs == list(range(1, len(seqs) + 1))
        if run.status == "running":
            assert replayed(run) == stored(run)
        else:
            replayed(run)
            assert not stored(run)


def test_a_move_that_loses_a_token_is_noticed() -> None:
    """The planted bug: a resume that forgets one token of the parallel teams."""
    stage = factories.stage()
    factories.publish(factories.parallel())
    request = stage.order()
    stage.done(request, "work", "done", stage.firm.technician)

    def forgetful(*args):
        result = engine.resume(*args)
        return engine.Result(engine.State(result.state.tokens[1:]), result.data, result.effects)

    planted = SimpleNamespace(start=engine.start, place=engine.place, resume=forgetful, fire=engine.fire)
    run = Run.objects.get()
    assert replayed(run) == stored(run)
    assert replayed(run, planted) != stored(run)
    assert Token.objects.count() == 2
