"""Three people per action: who works on it, who only sees it, and an outsider, to whom it does not exist."""

from collections.abc import Callable

import pytest

from anliegen.lib.errors import Conflict, Forbidden, NotFound
from anliegen.people import actions as people
from anliegen.people.models import User
from anliegen.requests import access as requests_access
from anliegen.requests.models import ServiceRequest
from anliegen.workflow import access, actions, queries
from anliegen.workflow.models import Task
from anliegen.workflow.tests import factories
from anliegen.workflow.tests.factories import SYSTEM, Stage

pytestmark = pytest.mark.django_db

ON_TASK: dict[str, Callable] = {
    "take": lambda task, user, now: actions.take(task.pk, acting_user=user, now=now),
    "assign": lambda task, user, now: actions.assign(task.pk, user.pk, acting_user=user, now=now),
    "plan": lambda task, user, now: actions.plan(task.pk, acting_user=user, now=now, start=now),
    "ask": lambda task, user, now: actions.ask(task.pk, "Wo?", acting_user=user, now=now),
    "complete": lambda task, user, now: actions.complete(task.pk, acting_user=user, outcome="complete", now=now),
    "hand_over": lambda task, user, now: actions.hand_over(task.pk, "workshop", "so", acting_user=user, now=now),
}
ON_REQUEST: dict[str, Callable] = {
    "hold": lambda code, user, now: actions.hold(code, "so", acting_user=user, now=now),
    "reject": lambda code, user, now: actions.reject(code, "budget", "so", acting_user=user, now=now),
    "call_in": lambda code, user, now: actions.call_in(code, "workshop", "so", acting_user=user, now=now),
}


@pytest.fixture
def stage() -> Stage:
    found = factories.stage()
    factories.publish()
    return found


def refusal(function: Callable, target: object, user: User, stage: Stage) -> type[Exception] | None:
    try:
        function(target, user, stage.now)
    except (Forbidden, NotFound) as error:
        return type(error)
    return None


@pytest.mark.parametrize("name", ON_TASK)
def test_only_the_team_works_on_its_task(stage: Stage, name: str) -> None:
    task = stage.task(stage.order(), "check")
    people = (stage.firm.outsider, stage.firm.technician, stage.firm.owner, stage.firm.agent)
    assert [refusal(ON_TASK[name], task, user, stage) for user in people] == [NotFound, NotFound, Forbidden, None]


@pytest.mark.parametrize("name", ON_REQUEST)
def test_only_who_works_on_it_steers_a_request(stage: Stage, name: str) -> None:
    code = stage.order().code
    people = (stage.firm.outsider, stage.firm.owner, stage.firm.agent)
    assert [refusal(ON_REQUEST[name], code, user, stage) for user in people] == [NotFound, Forbidden, None]


def test_the_team_sees_a_confidential_request_only_while_it_works_on_it(stage: Stage) -> None:
    factories.publish(confidential=True)
    request = stage.order()

    def seen(user: User) -> bool:
        return requests_access.visible_to(user, stage.now).filter(pk=request.pk).exists()

    assert [seen(user) for user in (stage.firm.owner, stage.firm.agent, stage.firm.technician)] == [True, True, False]
    stage.done(request, "check", "complete", stage.firm.agent)
    assert [seen(user) for user in (stage.firm.owner, stage.firm.agent, stage.firm.technician)] == [True, False, True]
    stage.done(request, "work", "done", stage.firm.technician)
    assert [seen(user) for user in (stage.firm.owner, stage.firm.agent, stage.firm.technician)] == [True, False, False]


def test_lists_hold_only_ones_own(stage: Stage) -> None:
    request = stage.order()
    assert [task.service_request for task in queries.team_tasks(stage.firm.agent, stage.now).tasks] == [request]
    assert queries.team_tasks(stage.firm.technician, stage.now).tasks == []
    assert queries.my_tasks(stage.firm.agent, stage.now).tasks == []
    task = stage.task(request, "check")
    actions.take(task.pk, acting_user=stage.firm.agent, now=stage.now)
    assert queries.my_tasks(stage.firm.agent, stage.now).tasks == [task]
    assert access.task_to_read(task.pk, stage.firm.owner, stage.now) == task
    with pytest.raises(NotFound):
        access.task_to_read(task.pk, stage.firm.outsider, stage.now)


def test_faults_are_seen_by_process_owners(stage: Stage) -> None:
    for user in (stage.firm.owner, stage.firm.agent, stage.firm.outsider):
        assert queries.faults(user, stage.now) == []


def test_a_recorder_never_decides(stage: Stage) -> None:
    """A16: also who only typed it."""
    from anliegen.people import actions as people
    from anliegen.requests.tests.factories import line, submit

    people.update_person(stage.firm.owner.pk, manager=stage.firm.agent, acting_user=None, now=stage.now)
    order = submit(
        stage.firm.agent,
        line(answers={"build": "cad"}),
        requester_id=stage.firm.owner.pk,
        channel="phone",
        now=stage.now,
    )
    request = ServiceRequest.objects.get(order=order)
    stage.done(request, "check", "complete", stage.firm.agent)
    approval = Task.objects.get(service_request=request, node="approve")
    assert [vote.approver for vote in approval.votes.all()] == [stage.firm.process_owner]
    with pytest.raises(Forbidden):
        actions.decide(approval.pk, acting_user=stage.firm.agent, verdict="yes", now=stage.now)


def test_a_deputy_who_comes_second_is_told_who_was_first(stage: Stage) -> None:
    request = stage.order(answers={"build": "cad"})
    stage.done(request, "check", "complete", stage.firm.agent)
    people.set_deputy(stage.boss.pk, stage.firm.outsider.pk, **SYSTEM)
    stage.vote(request, "yes", stage.boss)
    with pytest.raises(Conflict, match="Berta Boss"):
        stage.vote(request, "yes", stage.firm.outsider)
