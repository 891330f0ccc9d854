"""A confidential request at every address of the product, for everybody around it (domain: Confidential).

confidential.csv has a line for every route: who reads something of it there, and who only finds its number. Nobody else
finds a trace. A page that shows no requests at all, or that takes forms only, has a "-": only two persons look there. The words that must not be found begin all with the same letters; a route without a line fails.
"""

import csv
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail

from anliegen.audit.models import Detail
from anliegen.desk.queries import queue
from anliegen.files import actions as files
from anliegen.notifications.models import Message
from anliegen.people.models import User
from anliegen.project.tests import routes
from anliegen.requests import actions as requests
from anliegen.requests import indexing
from anliegen.requests.models import ServiceRequest
from anliegen.requests.rules import Line
from anliegen.tracking.queries.lines import waiting_for_me
from anliegen.workflow import actions as workflow
from anliegen.workflow.models import Fault, Run, Task
from tests.company import signed_in
from tests.services.conftest import NOW, Office

TABLE = Path(__file__).with_name("confidential.csv")
CANARY, NUMBER = "kanari", "0151 7777777"
CODE = "SR-4711"  # a number that stands in no hint of a form
ROLES = {
    "requester": "Wiebke Nissen",
    "recipient": "Jana Sommer",
    "named": "Carsten Lüders",
    "worker": "Malin Thode",  # of the team that has the open task
    "recorder": "Jette Holm",  # noted it down for the caller, and sees it no more
    "former": "Nele Krüger",  # had the task before
    "agent": "Tom Reuter",  # her team-mate at the desk
    "colleague": "Arne Ketelsen",
    "process_owner": "Katrin Ohlsen",
    "admin": "Frauke Lorenzen",
    "auditor": "Ulrike Sander",
}
OUTSIDE = ("recorder", "former", "agent", "colleague", "process_owner", "admin", "auditor")


@pytest.fixture
def stage(office: Office, offers: Any) -> Iterator[Office]:
    offers("personal-data")
    with time_machine.travel(NOW, tick=False):
        yield office


@pytest.fixture
def secret(stage: Office) -> tuple[ServiceRequest, dict[str, str]]:
    """Noted down by phone, the proof failed, IT security looks at it; and a fault, so that the list of faults has it."""
    user = {role: stage.people[name] for role, name in ROLES.items()}
    answers = {"what": "mobile", "new_mobile": NUMBER}
    line = Line(item_key="personal-data", recipient_id=user["recipient"].pk, answers=answers)
    order = requests.submit(
        [line], acting_user=user["recorder"], requester_id=user["requester"].pk, channel="phone", key="o", now=NOW
    )
    request = order.service_requests.get()
    request.title, request.code = f"{CANARY} {request.title}", CODE
    request.save()
    indexing.write([request.pk])
    stage.done(request, "identity", ROLES["former"], "no")
    _say(request, user)
    run = Run.objects.get()
    Fault.objects.create(run=run, token_number=99, node="review", code="nobody", params={}, created_at=NOW)
    file_id = request.attachments.get().file.public_id
    return request, {
        "code": request.code,
        "open": "review-1",
        "done": "identity-1",
        "file": file_id,
        "order": order.public_id,
    }


def _say(request: ServiceRequest, user: dict[str, User]) -> None:
    """Words and a file of those whom it concerns."""
    content = BytesIO(f"%PDF-1.4\n% {CANARY}\n%%EOF\n".encode())
    file = files.stage(
        content, name=f"{CANARY}.pdf", media_type="application/pdf", owner_id=user["recipient"].pk, now=NOW
    )
    requests.message(
        request.code, f"{CANARY} Brief", acting_user=user["recipient"], files=[file.public_id], key="m", now=NOW
    )
    requests.note(request.code, f"{CANARY} Notiz", acting_user=user["worker"], key="n", now=NOW)
    requests.name_participant(request.code, user["named"].public_id, acting_user=user["requester"], now=NOW)
    review = Task.objects.get(service_request=request, node="review")
    workflow.ask(review.pk, f"{CANARY} Frage", acting_user=user["worker"], now=NOW)


def lines() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_route_has_a_line() -> None:
    assert {route for route, _address in routes.every()} == {line["route"] for line in lines()}


def test_nobody_else_finds_a_trace(stage: Office, secret: tuple[ServiceRequest, dict[str, str]]) -> None:
    request, names = secret
    wrong = []
    for role, name in ROLES.items():
        client = signed_in(stage.people[name])
        for line in lines():
            if line["reads"] == "-" and role not in {"worker", "agent"}:
                continue
            response: Any = client.get(line["address"].format(**names))
            content = b"".join(response.streaming_content) if response.streaming else response.content
            text = content.decode(errors="replace").casefold() + str(response.headers).casefold()
            reads, finds = CANARY in text or NUMBER in text, request.code.casefold() in text
            may_read = role in line["reads"].split()
            may_find = may_read or role in line["finds"].split() or line["finds"] == "everybody"
            if reads != may_read or (finds and not may_find and response.status_code == 200):
                wrong.append(
                    (line["address"], role, response.status_code, "reads" if reads else "finds" if finds else "-")
                )
    assert not wrong, "\n".join(map(str, wrong))


def test_no_counter_of_an_outsider_counts_it(stage: Office, secret: tuple[ServiceRequest, dict[str, str]]) -> None:
    for role in OUTSIDE:
        user = stage.people[ROLES[role]]
        assert set(queue.counts(user, NOW).values()) == {0}, role
        assert set(waiting_for_me(user).values()) == {0}, role
    assert queue.counts(stage.people[ROLES["worker"]], NOW)["mine"] == 1  # what is counted is counted


def test_mails_and_what_is_kept_for_them_say_nothing(
    stage: Office, secret: tuple[ServiceRequest, dict[str, str]]
) -> None:
    stage.wait(seconds=1)
    kept = [str(row) for row in Message.objects.values_list("params", "subject", "text", "html")]
    sent = [f"{one.subject} {one.body} {one.alternatives}" for one in mail.outbox]
    assert len(sent) > 5
    for text in (*kept, *sent):
        assert CANARY not in text.casefold()
        assert NUMBER not in text


def test_the_trail_holds_no_words_of_it(stage: Office, secret: tuple[ServiceRequest, dict[str, str]]) -> None:
    for text in Detail.objects.values_list("text", flat=True):
        assert CANARY not in text.casefold()
        assert NUMBER not in text


def test_a_step_that_is_over_is_over(stage: Office, secret: tuple[ServiceRequest, dict[str, str]]) -> None:
    request, names = secret
    question = Task.objects.get(service_request=request, kind="answer", state="open")
    workflow.answer(question.pk, "Ja.", acting_user=stage.people[ROLES["requester"]], now=NOW)
    Fault.objects.all().delete()
    stage.done(request, "review", ROLES["worker"])
    client = signed_in(stage.people[ROLES["worker"]])
    assert client.get(f"/desk/requests/{request.code}/").status_code == 404
    assert client.get(f"/desk/requests/{request.code}/files/{names['file']}/").status_code == 404
    done = client.get("/desk/tasks/done").content.decode()
    assert request.code in done  # their own entry
    assert CANARY not in done


def test_whoever_is_removed_sees_it_no_more(stage: Office, secret: tuple[ServiceRequest, dict[str, str]]) -> None:
    request, _names = secret
    named = stage.people[ROLES["named"]]
    requests.remove_participant(request.code, named.public_id, acting_user=stage.people[ROLES["requester"]], now=NOW)
    assert signed_in(named).get(f"/requests/{request.code}/").status_code == 404


def test_the_file_itself_is_refused_by_its_other_door(
    stage: Office, secret: tuple[ServiceRequest, dict[str, str]]
) -> None:
    request, names = secret
    for role in OUTSIDE:
        client = signed_in(stage.people[ROLES[role]])
        assert client.get(f"/requests/{request.code}/files/{names['file']}").status_code == 404, role


def test_the_number_leads_only_those_there_who_may_read_it(
    stage: Office, secret: tuple[ServiceRequest, dict[str, str]]
) -> None:
    assert signed_in(stage.people[ROLES["worker"]]).get(f"/desk/search/?q={CODE}").status_code == 302
    for role in ("recorder", "former", "agent", "process_owner"):
        client = signed_in(stage.people[ROLES[role]])
        assert client.get(f"/desk/search/?q={CODE}").status_code == 200
        assert client.get("/desk/search/?q=SR").content.count(CODE.encode()) == 0


def test_an_outsider_who_writes_is_refused_alike(stage: Office, secret: tuple[ServiceRequest, dict[str, str]]) -> None:
    request, _names = secret
    agent = signed_in(stage.people[ROLES["agent"]])
    own = agent.post(f"/desk/requests/{request.code}/message/", {"text": "Hallo", "form_key": "k1"})
    none = agent.post("/desk/requests/SR-9999/message/", {"text": "Hallo", "form_key": "k2"})
    assert own.status_code == none.status_code == 404
