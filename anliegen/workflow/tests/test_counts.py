"""Statements do not grow with the number of rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anliegen.workflow import queries
from anliegen.workflow.models import Fault, Run, Task, Vote
from anliegen.workflow.tests import factories
from anliegen.workflow.tests.factories import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    found = factories.stage()
    factories.publish()
    return found


def count(function) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        function()
    return len(captured)


def grow(stage: Stage, rows: int) -> None:
    """Many open tasks, votes and faults of one request: enough to see a statement per row."""
    request = stage.order(answers={"build": "cad"})
    run = Run.objects.get(service_request=request)
    common = dict(run=run, service_request=request, name={"de": "x", "en": "x"}, opened_at=stage.now)
    Task.objects.bulk_create(
        Task(**common, node=f"n{n}", kind="work", team=stage.firm.desk, assignee=stage.firm.agent) for n in range(rows)
    )
    approvals = Task.objects.bulk_create(Task(**common, node=f"a{n}", kind="approval") for n in range(rows))
    Vote.objects.bulk_create(Vote(task=task, approver=stage.boss, reason={}) for task in approvals)
    Fault.objects.bulk_create(Fault(run=run, node="x", code="x", created_at=stage.now) for _n in range(rows))


def reads(stage: Stage) -> list[int]:
    lists = [
        lambda: [task.service_request.title for task in queries.my_tasks(stage.firm.agent, stage.now).tasks],
        lambda: [task.team.key for task in queries.team_tasks(stage.firm.agent, stage.now).tasks],
        lambda: [vote.task.service_request.title for vote in queries.votes(queries.castable(stage.boss, stage.now))],
        lambda: [fault.run.service_request.code for fault in queries.faults(stage.firm.process_owner, stage.now)],
    ]
    return [count(function) for function in lists]


def test_lists_take_the_same_statements_for_ten_and_a_thousand_rows(stage: Stage) -> None:
    grow(stage, 10)
    few = reads(stage)
    grow(stage, 1000)
    assert reads(stage) == few
    assert max(few) <= 4


def test_pages_are_cut_by_due_date(stage: Stage) -> None:
    grow(stage, 60)
    first = queries.my_tasks(stage.firm.agent, stage.now)
    assert (len(first.tasks), first.more) == (50, True)
    assert queries.my_tasks(stage.firm.agent, stage.now, page=2).more is False


def test_completing_a_step_takes_a_bounded_number_of_statements(stage: Stage) -> None:
    request = stage.order()
    taken = count(lambda: stage.done(request, "check", "complete", stage.firm.agent))
    assert taken <= 80
