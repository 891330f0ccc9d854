"""The story of a request: the same facts for everybody, told from where each one stands."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from anliegen.catalogue.rules import TargetContent
from anliegen.people.models import User
from anliegen.requests import actions as requests
from anliegen.requests.models import ServiceRequest
from anliegen.tracking import queries
from anliegen.tracking.shapes import Story
from anliegen.workflow import actions
from anliegen.workflow.tests import factories
from anliegen.workflow.tests.factories import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(bind_wiring: Callable[[], None]) -> Stage:
    found = factories.stage()
    bind_wiring()
    factories.publish(targets=(TargetContent(measure="fulfilment", minutes=1_320),))
    return found


def told(stage: Stage, request: ServiceRequest, viewer: User, lang: str = "en") -> Story:
    fresh = ServiceRequest.objects.select_related("item_version__release").get(pk=request.pk)
    with translation.override(lang):
        return queries.story(fresh, viewer, now=stage.now)


def test_it_is_the_team_s_turn_first(stage: Stage) -> None:
    story = told(stage, stage.order(), stage.firm.owner)
    assert (story.turn.kind, story.turn.name) == ("team", "Service-Desk")
    assert story.word == "Being checked"


def test_an_approver_is_named_with_the_reason(stage: Stage) -> None:
    request = stage.order(answers={"build": "cad"})
    stage.done(request, "check", "complete", stage.firm.agent)
    turn = told(stage, request, stage.firm.owner).turn
    assert (turn.kind, turn.name) == ("person", "Berta Boss")
    assert turn.reason == "Berta Boss decides as the manager of Jana Test."


def test_the_approver_is_told_that_it_is_their_turn(stage: Stage) -> None:
    request = stage.order(answers={"build": "cad"})
    stage.done(request, "check", "complete", stage.firm.agent)
    story = told(stage, request, stage.boss)
    assert story.turn.kind == "you"
    assert [question.kind for question in story.questions] == ["approve"]


def test_confirming_is_the_owner_s_turn_and_nobody_else_s(stage: Stage) -> None:
    request = stage.order()
    stage.done(request, "check", "complete", stage.firm.agent)
    stage.done(request, "work", "done", stage.firm.technician)
    assert told(stage, request, stage.firm.owner).turn.kind == "you"
    assert told(stage, request, stage.firm.agent).turn.kind == "person"
    assert told(stage, request, stage.firm.agent).questions == ()


def test_every_automatic_decision_is_told_in_both_languages(stage: Stage) -> None:
    request = stage.order()
    stage.done(request, "check", "complete", stage.firm.agent)
    german = [why.text for why in told(stage, request, stage.firm.owner, "de").whys]
    english = [why.text for why in told(stage, request, stage.firm.owner, "en").whys]
    assert german == ["Automatisch genehmigt: 800\u00a0€ liegen unter Ihrer Grenze von 1.000\u00a0€."]
    assert english == ["Approved automatically: €800.00 is within your limit of €1,000.00."]


def test_the_phases_show_how_far_it_is(stage: Stage) -> None:
    request = stage.order()
    stage.done(request, "check", "complete", stage.firm.agent)
    assert [phase.state for phase in told(stage, request, stage.firm.owner).phases] == ["done", "done", "current"]


def test_a_fulfilled_request_waits_for_nobody(stage: Stage) -> None:
    request = stage.order()
    stage.done(request, "check", "complete", stage.firm.agent)
    stage.done(request, "work", "done", stage.firm.technician)
    actions.accept(request.code, acting_user=stage.firm.owner, verdict="yes", now=stage.now)
    story = told(stage, request, stage.firm.owner)
    assert (story.turn.kind, story.end_text) == ("nobody", "Confirmed in person.")
    assert {phase.state for phase in story.phases} == {"done"}


def test_an_internal_note_is_not_in_the_requester_s_story(stage: Stage) -> None:
    request = stage.order()
    requests.note(request.code, "KANARIENVOGEL", acting_user=stage.firm.agent, key="note-1-key", now=stage.now)
    assert "KANARIENVOGEL" not in repr(told(stage, request, stage.firm.owner))


def test_the_way_ahead_is_told_before_ordering(stage: Stage) -> None:
    version = stage.order().item_version
    with translation.override("en"):
        seen = queries.preview(
            version, requester=stage.firm.owner, recipient=stage.firm.owner, answers={"build": "cad"}, now=stage.now
        )
    assert seen.approvers == ("Berta Boss",)
    assert not seen.free_of_approval
    assert seen.cents == 130_000
    assert any("Berta Boss decides" in step.text for step in seen.steps)


def test_within_the_limit_nobody_has_to_approve(stage: Stage) -> None:
    version = stage.order().item_version
    seen = queries.preview(
        version, requester=stage.firm.owner, recipient=stage.firm.owner, answers={"build": "standard"}, now=stage.now
    )
    assert seen.free_of_approval


@pytest.mark.parametrize("count", [1, 12])
def test_lines_take_the_same_statements_for_one_as_for_many(stage: Stage, count: int) -> None:
    ids = [stage.order().pk for _ in range(count)]
    queries.lines(ids, stage.firm.owner, now=stage.now)  # what is kept in the process is kept now
    with CaptureQueriesContext(connection) as statements:
        queries.lines(ids, stage.firm.owner, now=stage.now)
    assert len(statements) == 3


def test_what_needs_me_stands_first(stage: Stage) -> None:
    first = stage.order()
    stage.done(first, "check", "complete", stage.firm.agent)
    stage.done(first, "work", "done", stage.firm.technician)
    stage.order()
    mine, count = queries.my_open(stage.firm.owner, now=stage.now)
    assert ([line.needs_you for line in mine], count) == ([True, False], 2)


def test_counts_say_what_waits_for_me(stage: Stage) -> None:
    request = stage.order(answers={"build": "cad"})
    stage.done(request, "check", "complete", stage.firm.agent)
    assert queries.waiting_for_me(stage.boss) == {"approvals": 1, "answers": 0}
    assert queries.waiting_for_me(stage.firm.owner) == {"approvals": 0, "answers": 0}


def test_desk_rows_are_sorted_into_buckets(stage: Stage) -> None:
    task = stage.task(stage.order(), "check")
    row = queries.task_rows([task.pk], stage.firm.agent, now=stage.now)[0]
    assert (row.team, row.bucket, row.share) == ("Service-Desk", "today", 0)
    late = stage.now.replace(day=26)
    assert queries.task_rows([task.pk], stage.firm.agent, now=late)[0].bucket == "late"
