"""Answers of a team: told to the requester, asked for by result, and handed over where it was a disruption."""

from collections.abc import Mapping
from typing import Any

import pytest

from anliegen.lib.errors import Refused
from anliegen.requests.models import JournalEntry, ServiceRequest
from anliegen.workflow import actions, queries
from anliegen.workflow.actions import ServiceRefused
from anliegen.workflow.tests import factories
from anliegen.workflow.tests.factories import Stage, arrow, choice, end, model, user

pytestmark = pytest.mark.django_db
FIELDS = """<extensionElements>
<anl:field name="answer" type="paragraph" de="Antwort" en="Answer" required="true" for="done"/>
<anl:field name="cause" type="choice" de="Grund" en="Cause" required="true" for="done">
<anl:option value="training" de="Schulung" en="Training"/><anl:option value="guide" de="Anleitung" en="Guide"/></anl:field>
<anl:field name="hint" type="text" de="Intern" en="Internal"/>
<anl:field name="told" type="check" de="Gesagt" en="Told" required="true" for="done"/>
<anl:field name="reference" type="text" de="Nummer" en="Number" required="true" for="disruption"/>
</extensionElements>"""
ASKING = model(
    '<startEvent id="start"/>', arrow("start", "work"),
    user("work", "answer", "team:workshop", "done,disruption", inside=FIELDS), arrow("work", "answered"),
    choice("answered", "handed", "accept", 'steps.work.outcome == "disruption"'), end("handed", "handed-over"),
    factories.ACCEPTANCE,
)  # fmt: skip
ANSWERED = {"answer": "So geht es.", "cause": "training", "told": True}


@pytest.fixture
def stage() -> Stage:
    found = factories.stage(wired=True)
    factories.publish(ASKING)
    return found


def finish(stage: Stage, outcome: str, outputs: Mapping[str, Any]) -> ServiceRequest:
    request = stage.order()
    stage.done(request, "work", outcome, stage.firm.technician, outputs=outputs, note="Nur für uns.")
    return ServiceRequest.objects.get(pk=request.pk)


def test_the_answer_is_told_and_nothing_else(stage: Stage) -> None:
    request = finish(stage, "done", {**ANSWERED, "hint": "Geheim."})
    said = JournalEntry.objects.get(service_request=request, kind="message")
    assert (said.text, said.team_key, said.actor) == ("So geht es.", "workshop", stage.firm.technician)
    found = queries.answer_to(request)
    assert found is not None
    assert found.outputs == {**ANSWERED, "hint": "Geheim."}


@pytest.mark.parametrize(
    ("outcome", "outputs", "field"),
    [
        ("done", {**ANSWERED, "answer": ""}, "f_answer"),
        ("done", {**ANSWERED, "cause": ""}, "f_cause"),
        ("done", {**ANSWERED, "cause": "moon"}, "f_cause"),
        ("done", {**ANSWERED, "told": False}, "f_told"),
        ("disruption", ANSWERED, "f_reference"),
    ],
)
def test_each_result_asks_for_its_own(stage: Stage, outcome: str, outputs: Mapping[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        finish(stage, outcome, outputs)
    assert set(refused.value.errors) == {field}


def test_a_disruption_ends_handed_over_with_its_number(stage: Stage) -> None:
    request = finish(stage, "disruption", {"reference": "INC-1", "answer": "Das zählt hier nicht."})
    assert (request.status, request.end_kind, request.closed_by) == ("cancelled", "cancelled", "handed-over")
    entry = JournalEntry.objects.get(service_request=request, sentence="handed-off")
    assert entry.params == {"reference": "INC-1"}
    assert not JournalEntry.objects.filter(service_request=request, kind="message").exists()
    assert queries.answer_to(request) is None


def test_a_field_for_a_result_that_is_not_there_is_refused(stage: Stage) -> None:
    with pytest.raises(ServiceRefused) as refused:
        factories.publish(ASKING.replace(b'for="disruption"', b'for="disruptoin"'))
    assert "disruption" in refused.value.problems[0][1]


@pytest.mark.parametrize(("by", "closed_by"), [("person", "person"), ("desk", "phone"), ("time", "time")])
def test_confirmed_by_the_person_by_phone_or_by_time_are_three_records(stage: Stage, by: str, closed_by: str) -> None:
    factories.publish(ASKING, options={"confirmation_days": 3})
    request = finish(stage, "done", ANSWERED)
    assert queries.confirmation_days(request) == 3
    if by == "time":
        stage.wait(days=9)
    else:
        who = stage.firm.owner if by == "person" else stage.firm.agent
        actions.accept(request.code, acting_user=who, verdict="yes", now=stage.now)
    request.refresh_from_db()
    assert (request.status, request.closed_by) == ("fulfilled", closed_by)
