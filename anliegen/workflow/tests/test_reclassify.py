"""An agent moves a running request to the item that fits: same number, another model, nothing decided counts again."""

import pytest

from anliegen.assets import actions as assets
from anliegen.assets.models import Reservation
from anliegen.catalogue.access import NotOrderable
from anliegen.catalogue.models import ItemVersion
from anliegen.lib.errors import Conflict, Forbidden, NotFound, Refused
from anliegen.requests.models import JournalEntry, ServiceRequest
from anliegen.workflow import actions
from anliegen.workflow.models import Commitment, Run, Task
from anliegen.workflow.queries.ahead import steps_after
from anliegen.workflow.rules import DETAILS
from anliegen.workflow.tests import factories
from anliegen.workflow.tests.factories import NOW, Stage

pytestmark = pytest.mark.django_db


def question(key: str, *, required: bool = True, kind: str = "text") -> dict[str, object]:
    return {"key": key, "type": kind, "label": {"de": key, "en": key}, "required": required}


def form(*questions: dict[str, object]) -> dict[str, object]:
    return {"format": 1, "questions": list(questions)}


ASKING = form(question("what"), question("note", required=False))
ORDERING = form(question("what"), question("model"))


@pytest.fixture
def stage() -> Stage:
    found = factories.stage(wired=True)
    factories.publish(key="ask", form=ASKING, title=factories.both("Frage"))
    factories.publish(factories.parallel(), key="order", form=ORDERING, title=factories.both("Bestellung"))
    return found


def asked(stage: Stage) -> ServiceRequest:
    return stage.order(item_key="ask", answers={"what": "Ein neuer Laptop", "note": "eilig"})


def move(stage: Stage, request: ServiceRequest, by: object = None, **more: object) -> ServiceRequest:
    fields = {"answers": {"model": "14 Zoll"}, "now": stage.now, **more}
    agent = by or stage.firm.agent
    actions.reclassify(request.code, "order", "Das ist eine Bestellung.", acting_user=agent, **fields)  # type: ignore[arg-type]
    return ServiceRequest.objects.get(pk=request.pk)


def test_the_number_stays_and_the_other_model_begins(stage: Stage) -> None:
    request = asked(stage)
    code, received = request.code, request.received_at
    moved = move(stage, request)
    assert (moved.code, moved.received_at) == (code, received)
    assert (moved.item_version.item.key, moved.title) == ("order", "Bestellung")
    assert moved.answers == {"what": "Ein neuer Laptop", "model": "14 Zoll"}
    assert stage.open(moved) == ["desk", "work"]
    assert list(Run.objects.order_by("pass_no").values_list("status", "begun_by", "reason")) == [
        ("replaced", "start", ""), ("running", "reclassify", "Das ist eine Bestellung."),
    ]  # fmt: skip
    assert Task.objects.get(service_request=request, node="check").state == "withdrawn"


def test_both_items_the_reason_and_the_former_answers_are_kept(stage: Stage) -> None:
    request = asked(stage)
    move(stage, request)
    entry = JournalEntry.objects.get(service_request=request, sentence="reclassified")
    assert entry.params["old"]["de"] == "Frage"
    assert entry.params["new"]["de"] == "Bestellung"
    assert "eilig" in entry.params["asked"]["de"]
    items = [run.release.item_version.item.key for run in Run.objects.order_by("pass_no")]
    assert items == ["ask", "order"]


def test_nothing_decided_counts_again_even_after_moving_back(stage: Stage) -> None:
    request = asked(stage)
    stage.done(request, "check", "complete", stage.firm.agent)
    move(stage, request)
    actions.reclassify(request.code, "ask", "Doch nicht.", acting_user=stage.firm.agent, now=stage.now)
    assert stage.open(request) == ["check"]
    stage.done(request, "check", "complete", stage.firm.agent)
    actions.revise(request.code, {"what": "Ein Laptop"}, acting_user=stage.firm.owner, now=stage.now)
    assert stage.open(request) == ["check"], "the basis has changed"
    assert not Task.objects.filter(service_request=request, carried_over=True).exists()


def test_a_step_of_the_same_name_in_the_other_model_is_not_decided_by_the_former(stage: Stage) -> None:
    xml = factories.usual().replace(b'anl:due="PT4H"', b'anl:due="PT4H" anl:basis="answers.what"')
    factories.publish(xml, key="ask", form=ASKING)
    factories.publish(xml, key="order", form=ORDERING)
    request = asked(stage)
    stage.done(request, "check", "complete", stage.firm.agent)
    move(stage, request, answers={}, let_complete=True)
    answers = {"what": "Ein neuer Laptop", "model": "16"}
    actions.revise(request.code, answers, acting_user=stage.firm.owner, now=stage.now)
    assert stage.open(request) == ["check"]


def test_what_is_missing_is_refused_or_completed_by_the_requester(stage: Stage) -> None:
    request = asked(stage)
    with pytest.raises(Refused) as refused:
        move(stage, request, answers={})
    assert set(refused.value.errors) == {"q_model"}
    moved = move(stage, request, answers={}, let_complete=True)
    assert (moved.status, stage.open(moved)) == ("waiting-for-you", [DETAILS])
    assert steps_after(moved, now=stage.now) == []
    with pytest.raises(NotFound):
        actions.answer(stage.task(moved, DETAILS).pk, "So", acting_user=stage.firm.owner, now=stage.now)
    actions.revise(moved.code, {"what": "Laptop", "model": "16"}, acting_user=stage.firm.owner, now=stage.now)
    assert stage.open(moved) == ["desk", "work"]
    assert Task.objects.get(service_request=request, node=DETAILS).state == "done"


def test_stock_and_money_are_free_again(stage: Stage) -> None:
    request = asked(stage)
    product = assets.add_product("pc", factories.both("PC"), price_cents=1)
    assets.receive(product.key, "Lager", 3)
    assets.reserve(request.code, "pc", 1, now=NOW)
    move(stage, request)
    assert not Reservation.objects.exists()
    assert not Commitment.objects.exists()


def test_questions_and_side_work_are_withdrawn_once(stage: Stage) -> None:
    request = asked(stage)
    task = stage.task(request, "check")
    actions.ask(task.pk, "Welcher?", acting_user=stage.firm.agent, now=stage.now)
    actions.call_in(request.code, "workshop", "Bitte ansehen", acting_user=stage.firm.agent, now=stage.now)
    move(stage, request)
    told = JournalEntry.objects.filter(service_request=request, sentence="task-withdrawn")
    assert told.count() == 3
    assert stage.open(request) == ["desk", "work"]


def test_who_works_on_it_may_and_nobody_else(stage: Stage) -> None:
    request = asked(stage)
    with pytest.raises(Forbidden):
        move(stage, request, by=stage.firm.owner)
    with pytest.raises(NotFound):
        move(stage, request, by=stage.firm.outsider)
    assert move(stage, request, by=stage.firm.agent).item_version.item.key == "order"


def test_entitlement_is_asked_anew(stage: Stage) -> None:
    request = asked(stage)
    others = {"audience": "recipient.external", "audience_reason": factories.both("Nur für Externe.")}
    factories.publish(factories.parallel(), key="order", form=ORDERING, **others)
    with pytest.raises(NotOrderable):
        move(stage, request)
    assert ServiceRequest.objects.get(pk=request.pk).item_version.item.key == "ask"


@pytest.mark.parametrize(
    ("item", "reason", "field"), [("ask", "Warum", "item"), ("", "Warum", "item"), ("order", "  ", "reason")]
)
def test_bad_input_is_refused_at_its_field(stage: Stage, item: str, reason: str, field: str) -> None:
    request = asked(stage)
    with pytest.raises(Refused) as refused:
        actions.reclassify(request.code, item, reason, acting_user=stage.firm.agent, now=stage.now)
    assert field in refused.value.errors


def test_not_after_the_end_on_hold_or_after_something_was_ordered(stage: Stage) -> None:
    held = asked(stage)
    actions.hold(held.code, "Warten", acting_user=stage.firm.agent, now=stage.now)
    ended = asked(stage)
    actions.cancel(ended.code, "Nein", acting_user=stage.firm.agent, now=stage.now)
    ordered = asked(stage)
    stage.done(ordered, "check", "complete", stage.firm.agent)
    actions.take(stage.task(ordered, "work").pk, acting_user=stage.firm.technician, now=stage.now)
    for request in (held, ended, ordered):
        with pytest.raises(Conflict):
            move(stage, request)


def test_a_confidential_request_stays_confidential(stage: Stage) -> None:
    request = asked(stage)
    ItemVersion.objects.filter(item__key="ask").update(confidential=True)
    ServiceRequest.objects.filter(pk=request.pk).update(confidential=True)
    assert move(stage, request).confidential


def test_the_same_key_moves_once(stage: Stage) -> None:
    request = asked(stage)
    for _time in range(2):
        move(stage, request, key="form-0001")
    assert Run.objects.filter(service_request=request).count() == 2
