"""The usual way of a request: check, approval, work, confirmation."""

from datetime import date, timedelta

import pytest

from anliegen.lib.errors import Conflict, Forbidden, NotFound, Refused
from anliegen.people import actions as people
from anliegen.people.rules import Days, LimitKind, OrderScope
from anliegen.requests.models import JournalEntry, ServiceRequest
from anliegen.workflow import actions, queries
from anliegen.workflow.models import Commitment, Fault, Run, RunEvent, Task, Token, Vote
from anliegen.workflow.tests import factories
from anliegen.workflow.tests.factories import SYSTEM, Stage

TODAY = date(2026, 11, 25)
pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    found = factories.stage()
    factories.publish()
    return found


def fresh(request: ServiceRequest) -> ServiceRequest:
    return ServiceRequest.objects.get(pk=request.pk)


def sentences(request: ServiceRequest) -> list[str]:
    return list(JournalEntry.objects.filter(service_request=request).order_by("seq").values_list("sentence", flat=True))


def test_a_request_within_the_limit_goes_all_the_way(stage: Stage) -> None:
    request = stage.order()
    assert (fresh(request).status, fresh(request).phase, fresh(request).routed_to) == (
        "being-checked",
        "check",
        "Service-Desk",
    )
    stage.done(request, "check", "complete", stage.firm.agent)
    assert stage.open(request) == ["work"]
    assert fresh(request).status == "in-progress"
    decided = JournalEntry.objects.get(service_request=request, sentence="approved-by-limit")
    assert decided.params == {"cents": 80_000, "limit_cents": 100_000}
    assert (decided.kind, decided.rule) == ("decision", "approval-limit")
    stage.done(request, "work", "done", stage.firm.technician)
    assert fresh(request).status == "done"
    actions.accept(request.code, acting_user=stage.firm.owner, verdict="yes", now=stage.now)
    row = fresh(request)
    assert (row.status, row.end_kind, row.closed_by) == ("fulfilled", "fulfilled", "person")
    assert not Token.objects.exists()
    assert Run.objects.get().status == "ended"


def test_above_the_limit_the_manager_decides(stage: Stage) -> None:
    request = stage.order(answers={"build": "cad"})
    stage.done(request, "check", "complete", stage.firm.agent)
    assert fresh(request).status == "waiting-for-approval"
    assert fresh(request).routed_to == "Berta Boss"
    assert [vote.approver for vote in Vote.objects.all()] == [stage.boss]
    stage.vote(request, "yes", stage.boss)
    assert stage.open(request) == ["work"]


def test_a_no_rejects_with_its_reason(stage: Stage) -> None:
    request = stage.order(answers={"build": "cad"})
    stage.done(request, "check", "complete", stage.firm.agent)
    stage.vote(request, "no", stage.boss)
    row = fresh(request)
    assert (row.status, row.reject_reason, row.reject_sentence) == ("rejected", "budget", "Kein Geld")
    assert not Commitment.objects.exists()


def test_a_no_needs_reason_and_sentence(stage: Stage) -> None:
    request = stage.order(answers={"build": "cad"})
    stage.done(request, "check", "complete", stage.firm.agent)
    with pytest.raises(Refused) as refused:
        stage.vote(request, "no", stage.boss, comment="")
    assert "comment" in refused.value.errors


def test_decided_twice_names_who_was_first(stage: Stage) -> None:
    request = stage.order(answers={"build": "cad"})
    stage.done(request, "check", "complete", stage.firm.agent)
    stage.vote(request, "yes", stage.boss)
    with pytest.raises(Conflict, match="Berta Boss"):
        stage.vote(request, "no", stage.boss)


def test_completed_twice_names_who_was_first(stage: Stage) -> None:
    request = stage.order()
    task = stage.done(request, "check", "complete", stage.firm.agent)
    with pytest.raises(Conflict, match="Nele Test"):
        actions.complete(task.pk, acting_user=stage.firm.agent, outcome="complete", now=stage.now)


def test_the_same_key_gives_the_same_task(stage: Stage) -> None:
    request = stage.order()
    task = stage.task(request, "check")
    first = actions.complete(task.pk, acting_user=stage.firm.agent, outcome="complete", now=stage.now, key="k")
    again = actions.complete(task.pk, acting_user=stage.firm.agent, outcome="complete", now=stage.now, key="k")
    assert first == again
    assert stage.open(request) == ["work"]


def test_who_is_not_asked_may_not_decide(stage: Stage) -> None:
    request = stage.order(answers={"build": "cad"})
    task = stage.done(request, "check", "complete", stage.firm.agent)
    approval = stage.task(request, "approve")
    for user, error in ((stage.firm.agent, Forbidden), (stage.firm.outsider, NotFound), (stage.firm.owner, Forbidden)):
        with pytest.raises(error):
            actions.decide(approval.pk, acting_user=user, verdict="yes", now=stage.now)
    assert task.state == "done"


def test_who_is_not_in_the_team_may_not_complete(stage: Stage) -> None:
    request = stage.order()
    task = stage.task(request, "check")
    for user, error in (
        (stage.firm.owner, Forbidden),
        (stage.firm.outsider, NotFound),
        (stage.firm.technician, NotFound),
    ):
        with pytest.raises(error):
            actions.complete(task.pk, acting_user=user, outcome="complete", now=stage.now)


def test_a_manager_who_is_the_recipient_is_replaced(stage: Stage) -> None:
    """A16: nobody approves as requester, recipient or recorder."""
    people.allow_ordering_for(stage.firm.owner.pk, OrderScope.ALL, **SYSTEM)
    request = stage.order(answers={"build": "cad"}, recipient_id=stage.boss.pk)
    stage.done(request, "check", "complete", stage.firm.agent)
    assert [vote.approver for vote in Vote.objects.all()] == [stage.firm.process_owner]
    with pytest.raises(Forbidden):
        stage.vote(request, "yes", stage.boss)


def test_a_deputy_decides_but_not_their_own(stage: Stage) -> None:
    people.set_deputy(stage.boss.pk, stage.firm.colleague.pk, **SYSTEM)
    people.set_deputy(stage.boss.pk, stage.firm.owner.pk, **SYSTEM)
    request = stage.order(answers={"build": "cad"})
    stage.done(request, "check", "complete", stage.firm.agent)
    with pytest.raises(Forbidden):
        stage.vote(request, "yes", stage.firm.owner)
    waiting = queries.votes(queries.castable(stage.firm.colleague, stage.now))
    assert [vote.task.service_request for vote in waiting] == [request]
    assert queries.castable(stage.firm.owner, stage.now) == []
    stage.vote(request, "yes", stage.firm.colleague)
    assert "voted-for" in sentences(request)


def test_while_the_manager_is_away_the_deputy_is_asked(stage: Stage) -> None:
    people.set_deputy(stage.boss.pk, stage.firm.colleague.pk, **SYSTEM)
    people.set_absence(stage.boss.pk, Days(TODAY), **SYSTEM)
    request = stage.order(answers={"build": "cad"})
    stage.done(request, "check", "complete", stage.firm.agent)
    vote = Vote.objects.get()
    assert (vote.approver, vote.reason["key"]) == (stage.firm.colleague, "who-deputy")


def test_nobody_objects_for_five_working_days(stage: Stage) -> None:
    request = stage.order()
    stage.done(request, "check", "complete", stage.firm.agent)
    stage.done(request, "work", "done", stage.firm.technician)
    stage.wait(days=6, hours=23)
    assert fresh(request).status == "done"
    stage.wait(hours=2)
    row = fresh(request)
    assert (row.status, row.closed_by) == ("fulfilled", "time")
    assert JournalEntry.objects.get(service_request=request, sentence="accepted-by-time").params == {"days": 5}


def test_accepted_by_phone_through_the_desk(stage: Stage) -> None:
    request = stage.order()
    stage.done(request, "check", "complete", stage.firm.agent)
    stage.done(request, "work", "done", stage.firm.technician)
    with pytest.raises(Forbidden):
        actions.accept(request.code, acting_user=stage.firm.technician, verdict="yes", now=stage.now)
    actions.accept(request.code, acting_user=stage.firm.agent, verdict="yes", now=stage.now)
    assert fresh(request).closed_by == "phone"


def test_not_accepted_goes_back_to_work(stage: Stage) -> None:
    request = stage.order()
    stage.done(request, "check", "complete", stage.firm.agent)
    stage.done(request, "work", "done", stage.firm.technician)
    actions.accept(request.code, acting_user=stage.firm.owner, verdict="no", text="Maus fehlt", now=stage.now)
    assert stage.open(request) == ["work"]
    assert fresh(request).status == "in-progress"
    assert stage.task(request, "work").visit == 2


def test_money_is_committed_when_approved_and_free_when_cancelled(stage: Stage) -> None:
    centre = people.put_cost_centre("4711", name="Vertrieb", acting_user=None, now=stage.now)
    people.update_person(stage.firm.owner.pk, cost_centre=centre, **SYSTEM)
    request = stage.order()
    stage.done(request, "check", "complete", stage.firm.agent)
    assert Commitment.objects.get().cents == 80_000
    actions.cancel(request.code, "Doch nicht", acting_user=stage.firm.owner, now=stage.now)
    assert not Commitment.objects.exists()
    assert fresh(request).status == "cancelled"
    assert not Task.objects.filter(state="open").exists()


def test_only_before_something_is_ordered_the_owner_may_cancel(stage: Stage) -> None:
    request = stage.order()
    stage.done(request, "check", "complete", stage.firm.agent)
    actions.take(stage.task(request, "work").pk, acting_user=stage.firm.technician, now=stage.now)
    with pytest.raises(Conflict):
        actions.cancel(request.code, "Doch nicht", acting_user=stage.firm.owner, now=stage.now)
    with pytest.raises(NotFound):
        actions.cancel(request.code, "Doch nicht", acting_user=stage.firm.outsider, now=stage.now)
    actions.cancel(request.code, "Doch nicht", acting_user=stage.firm.agent, now=stage.now)


def test_several_lines_start_in_jobs_of_their_own(stage: Stage) -> None:
    from anliegen.requests.tests.factories import line, submit

    order = submit(stage.firm.owner, line(), line(), now=stage.now)
    assert Run.objects.count() == 0
    stage.wait(seconds=1)
    assert Run.objects.count() == 2
    assert {row.status for row in order.service_requests.all()} == {"being-checked"}


def test_the_way_ahead_before_and_after_ordering(stage: Stage) -> None:
    version = request_item()
    steps = queries.steps_ahead(
        version, answers={"build": "cad"}, requester=stage.firm.owner, recipient=stage.firm.owner, now=stage.now
    )
    assert [step.node for step in steps] == ["check", "approve", "work", "accept"]
    assert steps[1].who == ("Berta Boss",)
    steps = queries.steps_ahead(
        version, answers={"build": "standard"}, requester=stage.firm.owner, recipient=stage.firm.owner, now=stage.now
    )
    assert [(step.node, step.automatic) for step in steps][1] == ("approve", True)
    request = stage.order()
    assert [step.node for step in queries.steps_after(request, now=stage.now)] == ["approve", "work", "accept"]


def request_item():
    from anliegen.catalogue.models import Item

    return Item.objects.get().current


def test_no_fault_was_made_and_events_were_numbered(stage: Stage) -> None:
    request = stage.order()
    stage.done(request, "check", "complete", stage.firm.agent)
    assert not Fault.objects.exists()
    assert list(RunEvent.objects.values_list("seq", "command")) == [(1, "start"), (2, "resume")]
    assert Run.objects.get().seq == 2


def test_a_limit_that_changes_counts_from_then(stage: Stage) -> None:
    request = stage.order()
    people.set_limit(stage.firm.owner.pk, LimitKind.ORDER, 10, acting_user=None, now=stage.now + timedelta(days=0))
    stage.done(request, "check", "complete", stage.firm.agent)
    assert stage.open(request) == ["approve"]
