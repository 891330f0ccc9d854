"""Parallel teams, the gate, questions, hold, revise, reopen, timers: the course of a request."""

from datetime import timedelta

import pytest

from anliegen.lib.errors import Conflict, Forbidden, NotFound, Refused
from anliegen.people import actions as people
from anliegen.requests.models import JournalEntry, Participant, ServiceRequest
from anliegen.workflow import actions
from anliegen.workflow.models import Fault, Run, Task, Token, Vote
from anliegen.workflow.tests import factories
from anliegen.workflow.tests.factories import SYSTEM, Stage, arrow, model, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    return factories.stage()


def fresh(request: ServiceRequest) -> ServiceRequest:
    return ServiceRequest.objects.get(pk=request.pk)


def to_work(stage: Stage, request: ServiceRequest) -> None:
    stage.done(request, "check", "complete", stage.firm.agent)


def to_confirmation(stage: Stage, request: ServiceRequest) -> None:
    to_work(stage, request)
    stage.done(request, "work", "done", stage.firm.technician)


def test_two_teams_have_it_at_the_same_instant(stage: Stage) -> None:
    factories.publish(factories.parallel())
    request = stage.order()
    assert stage.open(request) == ["desk", "work"]
    assert len(set(Task.objects.values_list("opened_at", flat=True))) == 1
    stage.done(request, "work", "done", stage.firm.technician)
    assert stage.open(request) == ["desk"]
    assert fresh(request).status == "in-progress"
    stage.done(request, "desk", "done", stage.firm.agent)
    assert stage.open(request) == ["accept"]


def test_side_work_keeps_the_gate_shut(stage: Stage) -> None:
    factories.publish()
    request = stage.order()
    to_work(stage, request)
    side = actions.call_in(
        request.code, "service-desk", "Konto anlegen", acting_user=stage.firm.technician, now=stage.now
    )
    stage.done(request, "work", "done", stage.firm.technician)
    assert stage.open(request) == ["side"]
    assert fresh(request).status == "in-progress"
    actions.complete(side.pk, acting_user=stage.firm.agent, outcome="done", now=stage.now)
    assert stage.open(request) == ["accept"]
    with pytest.raises(Conflict):
        actions.call_in(request.code, "workshop", "zu spät", acting_user=stage.firm.agent, now=stage.now)


def test_a_question_is_the_requesters_turn(stage: Stage) -> None:
    factories.publish()
    request = stage.order()
    check = stage.task(request, "check")
    with pytest.raises(Refused):
        actions.ask(check.pk, " ", acting_user=stage.firm.agent, now=stage.now)
    question = actions.ask(check.pk, "Welcher Raum?", acting_user=stage.firm.agent, now=stage.now)
    assert (fresh(request).status, fresh(request).routed_to) == ("waiting-for-you", "Service-Desk, Jana Test")
    with pytest.raises(NotFound):
        actions.answer(question.pk, "2.14", acting_user=stage.firm.outsider, now=stage.now)
    actions.answer(question.pk, "2.14", acting_user=stage.firm.owner, now=stage.now)
    assert fresh(request).status == "being-checked"
    assert list(JournalEntry.objects.filter(kind="message").values_list("text", flat=True)) == ["Welcher Raum?", "2.14"]


def test_an_approver_may_ask_back(stage: Stage) -> None:
    factories.publish()
    request = stage.order(answers={"build": "cad"})
    to_work(stage, request)
    approval = stage.task(request, "approve")
    question = actions.ask(approval.pk, "Wozu?", acting_user=stage.boss, now=stage.now)
    assert question.assignee == stage.firm.owner
    stage.vote(request, "yes", stage.boss)
    assert Task.objects.get(pk=question.pk).state == "withdrawn"


def test_take_assign_give_back_and_hand_over(stage: Stage) -> None:
    factories.publish()
    request = stage.order()
    task = stage.task(request, "check")
    second = people.create_person(**SYSTEM, email="udo@nordwerk.example", first_name="Udo", last_name="Test")
    people.join_team("service-desk", second.pk, **SYSTEM)
    actions.take(task.pk, acting_user=stage.firm.agent, now=stage.now)
    with pytest.raises(Conflict, match="Nele Test"):
        actions.take(task.pk, acting_user=second, now=stage.now)
    with pytest.raises(Forbidden):
        actions.take(task.pk, acting_user=stage.firm.owner, now=stage.now)
    with pytest.raises(Refused):
        actions.assign(task.pk, stage.firm.technician.pk, acting_user=stage.firm.agent, now=stage.now)
    actions.assign(task.pk, second.pk, acting_user=stage.firm.agent, now=stage.now)
    actions.give_back(task.pk, acting_user=second, now=stage.now)
    with pytest.raises(Refused):
        actions.hand_over(task.pk, "workshop", "", acting_user=stage.firm.agent, now=stage.now)
    actions.hand_over(task.pk, "workshop", "Ihr wisst mehr", acting_user=stage.firm.agent, now=stage.now)
    assert Task.objects.get(pk=task.pk).team == stage.firm.workshop
    shares = Participant.objects.filter(service_request=request, role="worker")
    assert {row.team.key if row.team else row.person.first_name: row.open_count for row in shares} == {
        "service-desk": 0,
        "workshop": 1,
        "Nele": 0,
        "Udo": 0,
    }
    stage.done(request, "check", "complete", stage.firm.technician)


def test_a_plan_is_kept(stage: Stage) -> None:
    factories.publish()
    request = stage.order()
    task = stage.task(request, "check")
    day = stage.now + timedelta(days=1)
    with pytest.raises(Refused):
        actions.plan(task.pk, acting_user=stage.firm.agent, now=stage.now, start=day, end=stage.now)
    actions.plan(task.pk, acting_user=stage.firm.agent, now=stage.now, start=day, place="2.14")
    assert Task.objects.get(pk=task.pk).planned_place == "2.14"


VOTERS = "person:berta@nordwerk.example, person:jonas@nordwerk.example, person:petra@nordwerk.example"


def approval(multi: str, quorum: str) -> bytes:
    return factories.usual(
        user("approve", "approval", VOTERS, "yes,no", "approve", inside=factories.MULTI[multi], quorum=quorum)
    )


def test_in_parallel_the_majority_decides(stage: Stage) -> None:
    factories.publish(approval("parallel", "majority"))
    request = stage.order()
    to_work(stage, request)
    assert Vote.objects.filter(verdict="open").count() == 3
    stage.vote(request, "no", stage.boss)
    stage.vote(request, "yes", stage.boss)  # a vote that decided nothing yet may be changed
    assert stage.open(request) == ["approve"]
    stage.vote(request, "yes", stage.firm.colleague)
    assert stage.open(request) == ["work"]
    assert Vote.objects.get(approver=stage.firm.process_owner).verdict == "void"


def test_in_sequence_the_next_is_asked_after_a_yes(stage: Stage) -> None:
    factories.publish(approval("sequential", "all"))
    request = stage.order()
    to_work(stage, request)
    assert list(Vote.objects.filter(verdict="open").values_list("approver__first_name", flat=True)) == ["Berta"]
    with pytest.raises((Conflict, NotFound)):
        stage.vote(request, "yes", stage.firm.colleague)
    stage.vote(request, "yes", stage.boss)
    stage.vote(request, "yes", stage.firm.colleague)
    stage.vote(request, "no", stage.firm.process_owner)
    assert fresh(request).status == "rejected"


def test_hold_keeps_the_remaining_time(stage: Stage) -> None:
    factories.publish()
    request = stage.order()
    to_confirmation(stage, request)
    stage.wait(days=5)  # of seven calendar days until it counts as accepted
    with pytest.raises(Forbidden):
        actions.hold(request.code, "Urlaub", acting_user=stage.firm.owner, now=stage.now)
    actions.hold(request.code, "Urlaub", acting_user=stage.firm.agent, now=stage.now)
    assert (fresh(request).status, fresh(request).held_reason) == ("on-hold", "Urlaub")
    with pytest.raises(Conflict):
        actions.accept(request.code, acting_user=stage.firm.owner, verdict="yes", now=stage.now)
    stage.wait(days=14)
    assert fresh(request).status == "on-hold"
    actions.resume(request.code, acting_user=stage.firm.agent, now=stage.now)
    assert fresh(request).status == "done"
    stage.wait(days=1)
    assert fresh(request).status == "done"
    stage.wait(days=2)
    assert (fresh(request).status, fresh(request).closed_by) == ("fulfilled", "time")


def test_a_hold_until_a_moment_ends_by_itself(stage: Stage) -> None:
    factories.publish()
    request = stage.order()
    until = stage.now + timedelta(days=2)
    actions.hold(request.code, "Messe", acting_user=stage.firm.agent, now=stage.now, until=until)
    stage.wait(days=3)
    assert fresh(request).status == "being-checked"


def test_a_revise_carries_over_what_has_the_same_basis(stage: Stage) -> None:
    check = user("check", "check", "team:service-desk", "complete,incomplete", "check", basis="answers.build")
    xml = factories.usual().replace(
        user("check", "check", "team:service-desk", "complete,incomplete", "check", due="PT4H").encode(), check.encode()
    )
    factories.publish(xml)
    request = stage.order(answers={"build": "cad"})
    to_work(stage, request)
    stage.vote(request, "yes", stage.boss)
    actions.revise(request.code, {"build": "cad", "notes": "leise"}, acting_user=stage.firm.owner, now=stage.now)
    again = Task.objects.get(node="check", run__pass_no=2)
    assert (again.carried_over, again.outcome, again.state) == (True, "complete", "done")
    assert stage.open(request) == ["approve"]  # its basis is all answers
    assert Run.objects.get(pass_no=1).status == "replaced"


def test_a_revise_moves_an_open_task_with_its_assignee(stage: Stage) -> None:
    check = user("check", "check", "team:service-desk", "complete,incomplete", "check", basis="answers.build")
    xml = factories.usual().replace(
        user("check", "check", "team:service-desk", "complete,incomplete", "check", due="PT4H").encode(), check.encode()
    )
    factories.publish(xml)
    request = stage.order()
    task = stage.task(request, "check")
    actions.take(task.pk, acting_user=stage.firm.agent, now=stage.now)
    actions.revise(request.code, {"build": "standard", "notes": "leise"}, acting_user=stage.firm.owner, now=stage.now)
    moved = Task.objects.get(node="check")
    assert (moved.pk, moved.run.pass_no, moved.assignee) == (task.pk, 2, stage.firm.agent)
    actions.revise(request.code, {"build": "cad"}, acting_user=stage.firm.owner, now=stage.now)
    assert Task.objects.get(pk=task.pk).state == "withdrawn"
    assert stage.open(request) == ["check"]


def test_nothing_is_revised_after_something_was_ordered(stage: Stage) -> None:
    factories.publish()
    request = stage.order()
    to_work(stage, request)
    actions.take(stage.task(request, "work").pk, acting_user=stage.firm.technician, now=stage.now)
    with pytest.raises(Conflict):
        actions.revise(request.code, {"build": "cad"}, acting_user=stage.firm.owner, now=stage.now)


def test_reopened_within_ten_working_days(stage: Stage) -> None:
    factories.publish()
    request = stage.order()
    to_confirmation(stage, request)
    actions.accept(request.code, acting_user=stage.firm.owner, verdict="yes", now=stage.now)
    stage.wait(days=13)
    with pytest.raises(NotFound):
        actions.reopen(request.code, "Lüfter laut", acting_user=stage.firm.outsider, now=stage.now)
    actions.reopen(request.code, "Lüfter laut", acting_user=stage.firm.owner, now=stage.now)
    assert (fresh(request).status, stage.open(request)) == ("in-progress", ["work"])
    stage.done(request, "work", "done", stage.firm.technician)
    actions.accept(request.code, acting_user=stage.firm.owner, verdict="yes", now=stage.now)
    stage.wait(days=15)
    with pytest.raises(Conflict):
        actions.reopen(request.code, "Lüfter laut", acting_user=stage.firm.owner, now=stage.now)


def test_a_rule_that_fails_is_repaired_and_continued(stage: Stage) -> None:
    xml = model(
        '<startEvent id="start"/>', arrow("start", "way"),
        factories.choice("way", "work", "work2", 'answers.notes == "ja"'),
        user("work", "work", "team:workshop"), arrow("work", "accept"),
        user("work2", "work", "team:service-desk"), arrow("work2", "accept"), factories.ACCEPTANCE,
    )  # fmt: skip
    factories.publish(xml)
    request = stage.order()
    fault = Fault.objects.get()
    assert (fault.node, stage.open(request)) == ("way", [])
    assert fresh(request).status == "being-checked"
    with pytest.raises(NotFound):
        actions.repair(fault.pk, {"answers.notes": "ja"}, acting_user=stage.firm.owner, now=stage.now)
    with pytest.raises(Refused):
        actions.repair(fault.pk, {"request.item": "x"}, acting_user=stage.firm.process_owner, now=stage.now)
    actions.repair(fault.pk, {"answers.notes": "ja"}, acting_user=stage.firm.process_owner, now=stage.now)
    assert stage.open(request) == ["work"]
    with pytest.raises(Conflict, match="Petra Test"):
        actions.carry_on(fault.pk, acting_user=stage.firm.process_owner, now=stage.now)


def test_a_team_without_members_is_a_fault(stage: Stage) -> None:
    factories.publish()
    people.leave_team("service-desk", stage.firm.agent.pk, **SYSTEM)
    stage.wait(days=1)
    request = stage.order()
    assert Fault.objects.get().code == "team-empty"
    people.join_team("service-desk", stage.firm.colleague.pk, acting_user=None, now=stage.now)
    actions.carry_on(Fault.objects.get().pk, acting_user=stage.firm.process_owner, now=stage.now)
    assert stage.open(request) == ["check"]


def timed(interrupting: str, timer: str = "PT4H") -> bytes:
    return model(
        '<startEvent id="start"/>', arrow("start", "work"), user("work", "work", "team:workshop"),
        f'<boundaryEvent id="late" attachedToRef="work" cancelActivity="{interrupting}"><timerEventDefinition>'
        f"<timeDuration>{timer}</timeDuration></timerEventDefinition></boundaryEvent>",
        arrow("late", "help"), user("help", "work", "team:service-desk"), arrow("help", "accept" if interrupting == "true" else "over"),
        "" if interrupting == "true" else factories.end("over", "fulfilled"),
        arrow("work", "accept"), factories.ACCEPTANCE,
    )  # fmt: skip


def test_a_timer_takes_the_task_away(stage: Stage) -> None:
    factories.publish(timed("true"))
    request = stage.order()
    stage.wait(hours=3)
    assert stage.open(request) == ["work"]
    stage.wait(hours=2)
    assert stage.open(request) == ["help"]
    assert Task.objects.get(node="work").state == "withdrawn"


def test_a_repeating_timer_fires_as_often_as_it_says(stage: Stage) -> None:
    remind = '<sendTask id="help" name="erinnern" anl:nameEn="remind" anl:message="reminder"/>'
    xml = timed("false", "R2/PT2H").replace(user("help", "work", "team:service-desk").encode(), remind.encode())
    factories.publish(xml)
    request = stage.order()
    for hours, fired in ((1, 0), (2, 1), (2, 2), (20, 2)):
        stage.wait(hours=hours)
        assert JournalEntry.objects.filter(sentence="timer-fired").count() == fired
    assert stage.open(request) == ["work"]


def test_a_finished_step_has_no_timer_any_more(stage: Stage) -> None:
    factories.publish(timed("true"))
    request = stage.order()
    stage.done(request, "work", "done", stage.firm.technician)
    stage.wait(hours=5)
    assert stage.open(request) == ["accept"]


def test_within_the_undo_window_a_decision_is_taken_back(stage: Stage, settings) -> None:
    settings.ANLIEGEN_UNDO_SECONDS = {"vote": 30, "step": 10}
    factories.publish()
    request = stage.order(answers={"build": "cad"})
    task = stage.done(request, "check", "complete", stage.firm.agent)
    assert (task.state, fresh(request).status) == ("settled", "being-checked")
    actions.withdraw(task.pk, acting_user=stage.firm.agent, now=stage.now)
    stage.wait(seconds=60)
    assert stage.open(request) == ["check"]
    stage.done(request, "check", "complete", stage.firm.agent)
    stage.wait(seconds=11)
    assert stage.open(request) == ["approve"]
    approval = stage.vote(request, "yes", stage.boss)
    with pytest.raises(Conflict, match="Berta Boss"):
        stage.vote(request, "no", stage.boss)
    stage.wait(seconds=31)
    assert stage.open(request) == ["work"]
    with pytest.raises(Conflict):
        actions.withdraw(approval.pk, acting_user=stage.boss, now=stage.now)


def test_a_leavers_work_goes_to_others(stage: Stage) -> None:
    from anliegen.lib import bus
    from anliegen.people.events import Deactivated
    from anliegen.requests.events import Submitted
    from anliegen.workflow import handlers

    bus.bind({Submitted: [handlers.submitted], Deactivated: [handlers.person_left]})
    factories.publish()
    request = stage.order(answers={"build": "cad"})
    to_work(stage, request)
    people.deactivate(stage.boss.pk, **SYSTEM)
    stage.wait(seconds=1)
    assert Vote.objects.get(verdict="open").approver == stage.firm.process_owner


def test_rejected_by_the_desk_with_a_reason(stage: Stage) -> None:
    factories.publish()
    request = stage.order()
    with pytest.raises(Forbidden):
        actions.reject(request.code, "duplicate", "Gibt es schon", acting_user=stage.firm.owner, now=stage.now)
    with pytest.raises(Refused):
        actions.reject(request.code, "?", "Gibt es schon", acting_user=stage.firm.agent, now=stage.now)
    actions.reject(request.code, "duplicate", "Gibt es schon", acting_user=stage.firm.agent, now=stage.now)
    assert (fresh(request).status, fresh(request).reject_reason) == ("rejected", "duplicate")
    assert not Token.objects.exists()


def test_a_step_without_need_is_left_out_and_said(stage: Stage) -> None:
    work = user("work", "work", "team:workshop", "done", condition="answers.build != &quot;standard&quot;")
    factories.publish(factories.usual(work=work))
    request = stage.order()
    to_work(stage, request)
    assert stage.open(request) == ["accept"]
    entry = JournalEntry.objects.get(sentence="not-needed")
    assert (entry.rule, entry.inputs) == ("condition:work", {"answers.build": "standard"})


TABLE = 'hit,FIRST\nin:answers.build,out:team:string,note:de,note:en\n"""cad""",workshop,CAD,CAD\n-,service-desk,Sonst,Else\n'


def test_a_table_says_which_team(stage: Stage) -> None:
    work = user("work", "work", "table:route", "done")
    factories.publish(factories.usual(work=work), tables={"route": TABLE})
    request = stage.order()
    to_work(stage, request)
    assert not [(fault.code, fault.params) for fault in Fault.objects.all()]
    assert stage.task(request, "work").team.key == "service-desk"
    assert stage.task(request, "work").reason["key"] == "who-table"


def test_fields_of_a_step_are_typed_and_the_cost_is_taken(stage: Stage) -> None:
    inside = (
        "<extensionElements><anl:field name='cost' type='cents' de='Kosten' en='Cost' required='true'/>"
        "<anl:field name='free' type='bool' de='Frei' en='Free'/></extensionElements>"
    )
    check = user("check", "check", "team:service-desk", "complete,incomplete", "check", inside=inside)
    xml = factories.usual().replace(
        user("check", "check", "team:service-desk", "complete,incomplete", "check", due="PT4H").encode(), check.encode()
    )
    factories.publish(xml)
    request = stage.order()
    for outputs, field in (({}, "f_cost"), ({"cost": "viel"}, "f_cost"), ({"cost": 1, "x": 1}, "")):
        with pytest.raises(Refused) as refused:
            stage.done(request, "check", "complete", stage.firm.agent, outputs=outputs)
        assert field in refused.value.errors
    stage.done(request, "check", "complete", stage.firm.agent, outputs={"cost": "2.500,50", "free": "on"})
    row = fresh(request)
    assert (row.cost_cents, row.order.total_cents) == (250_050, 250_050)
    assert stage.open(request) == ["approve"]
    assert Run.objects.get().data["free"] is True


def test_what_is_missing_stands_at_the_requesters_task(stage: Stage) -> None:
    xml = model(
        '<startEvent id="start"/>', arrow("start", "check"),
        user("check", "check", "team:service-desk", "complete,incomplete", "check"), arrow("check", "checked"),
        factories.choice("checked", "work", "amend", 'steps.check.outcome == "complete"'),
        user("amend", "answer", "requester", phase="check"), arrow("amend", "check"),
        user("work", "work", "team:workshop"), arrow("work", "accept"), factories.ACCEPTANCE,
    )  # fmt: skip
    factories.publish(xml)
    request = stage.order()
    stage.done(request, "check", "incomplete", stage.firm.agent, note="Welcher Raum?")
    assert (fresh(request).status, stage.task(request, "amend").note) == ("waiting-for-you", "Welcher Raum?")
    stage.done(request, "amend", "done", stage.firm.owner)
    assert (fresh(request).status, stage.task(request, "check").visit) == ("being-checked", 2)


def test_the_pieces_of_the_last_item_go_to_two_requests_never(stage: Stage) -> None:
    from anliegen.assets import actions as assets
    from anliegen.assets import queries as stock

    assets.add_product("cad", {"de": "CAD-PC", "en": "CAD PC"})
    assets.receive("cad", "Lager Kiel", 1)
    xml = model(
        '<startEvent id="start"/>', arrow("start", "keep"),
        '<serviceTask id="keep" name="reservieren" anl:nameEn="reserve" anl:automation="stock.reserve"/>',
        arrow("keep", "kept"), factories.choice("kept", "work", "buy", "reserved"),
        user("buy", "work", "team:service-desk"), arrow("buy", "work"),
        user("work", "work", "team:workshop"), arrow("work", "accept"), factories.ACCEPTANCE,
    )  # fmt: skip
    factories.publish(xml)
    first, second = stage.order(answers={"build": "cad"}), stage.order(answers={"build": "cad"})
    assert (stage.open(first), stage.open(second)) == (["work"], ["buy"])
    entry = JournalEntry.objects.get(service_request=first, sentence="reserved")
    assert (entry.rule, entry.params["place"]) == ("automation:stock.reserve", "Lager Kiel")
    actions.cancel(first.code, "Doch nicht", acting_user=stage.firm.owner, now=stage.now)
    assert stock.available("cad") == 1
