"""What the tests run in a process of its own, with the real wiring: `python -m anliegen.workflow.tests.process all`."""

import json
import sys
import threading
from collections.abc import Callable
from typing import Any

from anliegen.jobs.tests import databases

ROUNDS = 6


def together(*functions: Callable[[], Any]) -> list[str]:
    """Run all at the same instant, each on its own connection: what each answered, or the name of its error."""
    from django.db import connection

    from anliegen.lib.errors import DomainError

    barrier = threading.Barrier(len(functions))
    answers = [""] * len(functions)

    def one(place: int, function: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            function()
            answers[place] = "ok"
        except DomainError as error:
            answers[place] = type(error).__name__
        except Exception as error:  # noqa: BLE001 - reported to the test
            answers[place] = repr(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(functions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _stage() -> Any:
    from anliegen.workflow.tests import factories

    stage = factories.stage(wired=True)
    factories.publish(factories.usual(factories.user(
        "approve", "approval", "person:berta@nordwerk.example, person:jonas@nordwerk.example", "yes,no", "approve",
        inside=factories.MULTI["parallel"], quorum="one",
    )))  # fmt: skip
    return stage


def votes(stage: Any) -> Any:
    """Two approvers at the same instant, one yes, one no; either decides ("one" of two, so a no alone does not)."""
    from anliegen.audit.models import Entry
    from anliegen.workflow import actions
    from anliegen.workflow.models import Task, Vote

    told = []
    for _round in range(ROUNDS):
        request = stage.order()
        stage.done(request, "check", "complete", stage.firm.agent)
        task = stage.task(request, "approve")
        vote = lambda by, task=task: actions.decide(task.pk, acting_user=by, verdict="yes", now=stage.now)
        answers = together(lambda vote=vote: vote(stage.boss), lambda vote=vote: vote(stage.firm.colleague))
        told.append(
            {
                "answers": sorted(answers),
                "yes": Vote.objects.filter(task=task, verdict="yes").count(),
                "next": Task.objects.filter(service_request=request, node="work").count(),
                "decided": Entry.objects.filter(event="task.decided", subject=str(request.pk)).count(),
            }
        )
    return told


def completions(stage: Any) -> Any:
    """The same step completed eight times at once, half of them with one key."""
    from anliegen.workflow import actions
    from anliegen.workflow.models import Task

    request = stage.order()
    task = stage.task(request, "check")

    def done(key: str) -> Callable[[], Any]:
        return lambda: actions.complete(
            task.pk, acting_user=stage.firm.agent, outcome="complete", now=stage.now, key=key
        )

    answers = together(*[done("same") for _n in range(4)], *[done("") for _n in range(4)])
    return {
        "ok": answers.count("ok") in {1, 4},
        "others": sorted(set(answers) - {"ok"}),
        "next": Task.objects.filter(service_request=request, node="approve").count(),
    }


def two_teams(stage: Any) -> Any:
    """Both parallel teams finish at the same instant: the join opens once."""
    from anliegen.workflow import actions
    from anliegen.workflow.models import Task
    from anliegen.workflow.tests import factories

    told = []
    factories.publish(factories.parallel(), key="both")
    for _round in range(ROUNDS):
        request = stage.order(item_key="both")
        work, desk = stage.task(request, "work"), stage.task(request, "desk")
        answers = together(
            lambda t=work: actions.complete(t.pk, acting_user=stage.firm.technician, outcome="done", now=stage.now),
            lambda t=desk: actions.complete(t.pk, acting_user=stage.firm.agent, outcome="done", now=stage.now),
        )
        told.append([*answers, Task.objects.filter(service_request=request, node="accept").count()])
    return told


def everything() -> Any:
    stage = _stage()
    return {"votes": votes(stage), "completions": completions(stage), "two_teams": two_teams(stage)}


if __name__ == "__main__" and not databases.setup(sys.argv[1:]):
    sys.stdout.write(json.dumps(everything()))
