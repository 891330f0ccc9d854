"""Bad input, by HTTP, with the shipped services and the people of Nordwerk: what is refused, how it is told, and that
nothing of it stays. What needs a process of its own is elsewhere: two at once in `workflow/tests/test_together.py`, a
database that is locked or gone in `tests/crash/test_busy.py`.
"""

import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import transaction
from django.test import Client

from anliegen.catalogue import queries as catalogue
from anliegen.lib import bus
from anliegen.people import actions as people
from anliegen.people.rules import LimitKind, OrderScope, Role
from anliegen.project import wiring
from anliegen.requests.models import JournalEntry, ServiceRequest
from anliegen.workflow import actions as workflow
from anliegen.workflow.actions import ServiceRefused, library
from anliegen.workflow.models import Fault, Release, Run, Task, Vote
from tests import company
from tests.company import NOW, Company, person, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("bad-input")]
ITEM = "/catalogue/item/desktop/"
CALL = "/desk/call/"
SIGNING_IN = {"people.session", "sessions.session"}


@pytest.fixture(scope="module")
def nordwerk(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Company]:
    """Made once; each test's own transaction takes back what it did."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), _files_in(tmp_path_factory.mktemp("files")):
        bound = bus.bound()
        wiring.bind()
        outside = transaction.atomic()
        outside._from_testcase = True  # type: ignore[attr-defined]  # as in Django's TestCase
        outside.__enter__()
        try:
            yield company.found()
        finally:
            transaction.set_rollback(True)
            outside.__exit__(None, None, None)
            bus.bind(bound)


@contextmanager
def _files_in(folder: Path) -> Iterator[None]:
    before = settings.ANLIEGEN
    settings.ANLIEGEN = replace(before, data_dir=folder)
    yield
    settings.ANLIEGEN = before


@pytest.fixture
def jana(nordwerk: Company) -> Client:
    return signed_in(person("Jana Sommer"))


@pytest.fixture
def nele(nordwerk: Company) -> Client:
    return signed_in(person("Nele Krüger"))


def order(**fields: str) -> dict[str, Any]:
    place = person("Jana Sommer").place
    assert place
    sent = {
        "q_build": "standard",
        "q_place": place.code,
        "justification": "Mein PC ist kaputt.",
        "form_key": "bad-input-1",
    }
    return sent | fields


def call(**fields: str) -> dict[str, Any]:
    return order(caller="Jana Sommer", item="desktop", asked="desktop", channel="phone") | fields


def stored() -> dict[str, int]:
    """How many rows there are of everything that people make."""
    models = (model for model in apps.get_models() if model.__module__.startswith("anliegen."))
    return {m._meta.label_lower: m._default_manager.count() for m in models if m._meta.label_lower not in SIGNING_IN}


def text(response: Any) -> str:
    return str(response.content.decode())


def votes_of(one: ServiceRequest) -> Any:
    return Vote.objects.filter(task__service_request=one)


def approval(one: ServiceRequest) -> Task:
    return Task.objects.filter(service_request=one, kind="approval").latest("id")


def decide(client: Client, one: ServiceRequest, **fields: str) -> Any:
    return client.post(f"/approvals/{one.code}/", {"task": str(approval(one).pk), "verdict": "yes"} | fields)


# A number that is not there, or not yours


@pytest.mark.parametrize(
    "code", ["SR-0", "SR-99999999999999999999", "sr-1000", "SR-1000%20", "SR-１０００", "..%2F", "%F0%9F%98%80"]
)
def test_a_strange_number_is_the_404_of_a_foreign_one(nordwerk: Company, jana: Client, code: str) -> None:
    foreign = jana.get(f"/requests/{nordwerk.foreign.code}/")
    strange = jana.get(f"/requests/{code}/")
    assert (foreign.status_code, strange.status_code) == (404, 404)
    assert strange.content == foreign.content


# Decided twice


def test_decided_twice_names_who_was_first(nordwerk: Company) -> None:
    people.join_team("it-budget", person("Carsten Lüders").pk, acting_user=None, now=NOW)
    one = _waiting_for_approval("Arne Ketelsen")
    silke, other = signed_in(person("Silke Marten")), signed_in(person("Carsten Lüders"))
    assert decide(silke, one).status_code == 302
    before = stored()
    late = decide(other, one, verdict="no", comment="Zu teuer", reject_reason="budget")
    assert late.status_code == 409
    assert "Silke Marten" in text(late)
    assert stored() == before


def test_completed_twice_names_who_was_first_and_keeps_what_was_typed(nordwerk: Company) -> None:
    one = company.order("Arne Ketelsen")
    url = f"/desk/{one.code}/tasks/{nordwerk.step(one, 'check')}/complete/"
    assert (
        signed_in(person("Henrik Thomsen")).post(url, {"outcome": "complete", "form_key": "first-01"}).status_code
        == 302
    )
    late = signed_in(person("Ines Albrecht")).post(url, {"outcome": "incomplete", "note": "Welcher Raum ist gemeint?"})
    assert late.status_code == 409
    assert "Henrik Thomsen" in text(late)
    assert "Welcher Raum ist gemeint?" in text(late)


def _waiting_for_approval(who: str) -> ServiceRequest:
    one = company.order(who, build="cad", place=person(who).place.code)  # type: ignore[union-attr]
    task = Task.objects.get(service_request=one, node="check")
    checker = person("Henrik Thomsen")
    workflow.complete(task.pk, acting_user=checker, outcome="complete", outputs={}, key=f"c-{one.code}", now=NOW)
    return one


# The same form, sent once more


def _twice(client: Client, url: str, body: dict[str, Any]) -> None:
    first = client.post(url, body)
    assert first.status_code in {200, 302}, text(first)[:2000]
    before, entries = stored(), JournalEntry.objects.count()
    again = client.post(url, body)
    assert (again.status_code, again.headers.get("Location")) == (first.status_code, first.headers.get("Location"))
    assert JournalEntry.objects.count() == entries
    assert stored() == before


def test_an_order_sent_twice_is_one(nordwerk: Company, jana: Client) -> None:
    _twice(jana, ITEM, order())


def test_a_call_sent_twice_is_one(nordwerk: Company, nele: Client) -> None:
    _twice(nele, CALL, call(note="Eilig"))


@pytest.mark.parametrize(
    ("part", "body"),
    [
        ("message", {"text": "Hallo"}),
        ("cancel", {"reason": "Doch nicht"}),
        ("people", {"person": "Arne Ketelsen"}),
        ("correct", {"q_build": "cad"}),
    ],
)
def test_what_the_requester_sends_twice_is_done_once(nordwerk: Company, jana: Client, part: str, body: Any) -> None:
    place = person("Jana Sommer").place
    body = body | {"form_key": "sent-twice-1", "q_place": place.code if place else ""}
    _twice(jana, f"/requests/{nordwerk.own.code}/{part}", body)


def test_a_decision_sent_twice_is_one(nordwerk: Company) -> None:
    body = {"task": str(approval(nordwerk.own).pk), "verdict": "yes", "form_key": "decide-twice"}
    _twice(signed_in(person("Silke Marten")), f"/approvals/{nordwerk.own.code}/", body)


def test_a_question_and_its_answer_sent_twice_are_one_each(nordwerk: Company, jana: Client) -> None:
    one = nordwerk.own
    body = {"task": str(approval(one).pk), "text": "Warum nicht der alte?", "form_key": "ask-twice-1"}
    _twice(signed_in(person("Silke Marten")), f"/approvals/{one.code}/question", body)
    question = Task.objects.get(service_request=one, node="question")
    _twice(
        jana,
        f"/requests/{one.code}/answer",
        {"task": str(question.pk), "text": "Er ist kaputt.", "form_key": "answer-twice"},
    )


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("message", {"text": "Hallo"}),
        ("note", {"text": "Intern"}),
        ("call-in", {"team": "security", "what": "Bitte Zutritt prüfen"}),
        ("hold", {"reason": "Wartet auf Lieferung"}),
        ("cancel", {"reason": "Falsch"}),
        ("reject", {"reject_reason": "budget", "sentence": "Dafür gibt es kein Budget."}),
    ],
)
def test_what_the_desk_sends_twice_is_done_once(nordwerk: Company, nele: Client, verb: str, body: Any) -> None:
    _twice(nele, f"/desk/requests/{nordwerk.own.code}/{verb}/", body | {"form_key": "desk-twice-1"})


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("take", {}),
        ("complete", {"outcome": "done"}),
        ("hand-over", {"team": "security", "reason": "Gehört dorthin"}),
        ("plan", {"day": "27.11.2026", "start": "10:00", "end": "11:00"}),
        ("ask", {"text": "Welche Version?"}),
    ],
)
def test_what_a_team_sends_twice_is_done_once(nordwerk: Company, verb: str, body: Any) -> None:
    mo = signed_in(person("Mo Haddad"))
    page = mo.get(f"/desk/{nordwerk.own.code}/tasks/{nordwerk.side_step()}/")
    assert page.status_code == 200
    _twice(mo, f"/desk/{nordwerk.own.code}/tasks/{nordwerk.side_step()}/{verb}/", body | {"form_key": "team-twice-1"})


# Nobody decides their own


def _own(nordwerk: Company, how: str) -> ServiceRequest:
    """A desktop of 2,190 euros on which Silke Marten, the only one of the IT budget, has a hand."""
    silke, jana = person("Silke Marten"), person("Jana Sommer")
    for limit in ("Silke Marten", "Jana Sommer"):
        people.set_limit(person(limit).pk, LimitKind.ORDER, 0, acting_user=None, now=NOW - timedelta(days=1))
    if how == "requester":
        return _waiting_for_approval("Silke Marten")
    if how == "recipient":
        body = order(for_whom="other", recipient="Silke Marten", q_build="cad")
        people.allow_ordering_for(jana.pk, OrderScope.ALL, acting_user=None, now=NOW - timedelta(days=1))
        sent = signed_in(jana).post(ITEM, body)
    else:
        people.grant_role(silke.pk, Role.SERVICE_DESK, acting_user=None, now=NOW - timedelta(days=1))
        sent = signed_in(silke).post(CALL, call(q_build="cad"))
    assert sent.status_code == 302, text(sent)
    one = ServiceRequest.objects.latest("id")
    task = Task.objects.get(service_request=one, node="check")
    checker = person("Henrik Thomsen")
    workflow.complete(task.pk, acting_user=checker, outcome="complete", outputs={}, key=f"c-{one.code}", now=NOW)
    return one


@pytest.mark.parametrize("how", ["requester", "recipient", "recorder"])
def test_nobody_is_asked_about_what_they_have_a_hand_in(nordwerk: Company, how: str) -> None:
    one, silke = _own(nordwerk, how), person("Silke Marten")
    assert silke.pk in {one.requester_id, one.recipient_id, one.recorder_id}
    assert [vote.approver_id for vote in votes_of(one) if vote.approver_id == silke.pk] == []
    assert votes_of(one).exists(), "somebody else is asked"
    client = signed_in(silke)
    assert f'action="/approvals/{one.code}/"' not in text(client.get("/approvals/"))
    _refused(client, one)


@pytest.mark.parametrize("how", ["requester", "recipient", "recorder"])
def test_nor_as_the_deputy_of_who_is_asked(nordwerk: Company, how: str) -> None:
    one, silke = _own(nordwerk, how), person("Silke Marten")
    asked = votes_of(one).get().approver
    people.set_deputy(asked.pk, silke.pk, acting_user=None, now=NOW - timedelta(days=1))
    client = signed_in(silke)
    assert f'action="/approvals/{one.code}/"' not in text(client.get("/approvals/"))
    _refused(client, one)


@pytest.mark.parametrize("how", ["requester", "recipient", "recorder"])
def test_nor_when_they_were_asked_by_mistake(nordwerk: Company, how: str) -> None:
    """The action refuses even with a vote of their own."""
    one, silke = _own(nordwerk, how), person("Silke Marten")
    votes_of(one).update(approver=silke)
    _refused(signed_in(silke), one)


def _refused(client: Client, one: ServiceRequest) -> None:
    before = stored()
    for verdict in ({"verdict": "yes"}, {"verdict": "no", "comment": "x", "reject_reason": "budget"}):
        answer = decide(client, one, **verdict)
        assert answer.status_code == 403
        assert "Niemand entscheidet über die eigene Anfrage" in text(answer) or "eigene" in text(answer)
    assert decide(client, one).status_code == 403
    task = approval(one)
    assert client.post(f"/approvals/{one.code}/question", {"task": str(task.pk), "text": "?"}).status_code == 403
    assert approval(one).state == "open"
    assert stored() == before


# Answers that are none

WRONG = [
    ("q_build", "tower"),  # not offered
    ("q_build", "sta\x00ndard"),
    ("q_build", ""),
    ("q_place", "Mond 1.01"),
    ("q_place", "x" * 10_000),
    ("justification", "a\x00b"),
    ("justification", "x" * 10_000),
]


@pytest.mark.parametrize(("field", "value"), [*WRONG, ("wish_date", "31.2.2027"), ("wish_date", "1.1.2020")])
def test_a_wrong_answer_in_the_portal(nordwerk: Company, jana: Client, field: str, value: str) -> None:
    before = stored()
    answer = jana.post(ITEM, order(**{"justification": "Bleibt stehen.", field: value}))
    assert answer.status_code == 422
    assert "Es gibt ein Problem" in text(answer)
    assert field == "justification" or "Bleibt stehen." in text(answer)
    assert stored() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [*WRONG, ("note", "x" * 10_001), ("note", "a\x00b"), ("channel", "pigeon"), ("caller", "Niemand")],
)
def test_a_wrong_answer_in_a_call(nordwerk: Company, nele: Client, field: str, value: str) -> None:
    before = stored()
    answer = nele.post(CALL, call(**{"justification": "Bleibt stehen.", field: value}))
    assert answer.status_code == 422
    assert field == "justification" or "Bleibt stehen." in text(answer)
    assert stored() == before


def test_ten_thousand_characters_where_two_hundred_are_allowed(nordwerk: Company, jana: Client) -> None:
    """The move has such a question; the page says how many are allowed and keeps what was typed."""
    version = catalogue.item("move", person("Jana Sommer"), NOW)
    short = [q for q in catalogue.form(version).questions if q.type in {"text", "paragraph"} and not q.visible_if]
    assert short
    for question in short:
        before = stored()
        body = {
            f"q_{question.key}": "y" * 10_000,
            "q_new_place": "C 1.02",
            "q_things": "furniture",
            "form_key": "move-long",
        }
        answer = jana.post("/catalogue/item/move/", body)
        assert answer.status_code == 422
        assert re.search(r"höchstens \d[\d.]* Zeichen|\d+ Zeichen", text(answer))
        assert "y" * 10_000 in text(answer)
        assert stored() == before


def test_the_answer_of_a_hidden_question_is_not_kept(nordwerk: Company, jana: Client) -> None:
    assert jana.post(ITEM, order(q_description="Geschmuggelt")).status_code == 302
    one = ServiceRequest.objects.latest("id")
    assert "description" not in one.answers
    assert "Geschmuggelt" not in str(one.answers)


def test_an_answer_to_a_question_that_does_not_exist_is_not_kept(nordwerk: Company, jana: Client) -> None:
    sent = jana.post(ITEM, order(q_price="1", total_cents="1", status="fulfilled", requester="1", item_version="1"))
    assert sent.status_code == 302
    one = ServiceRequest.objects.latest("id")
    assert (sorted(one.answers), one.cost_cents, one.requester) == (
        ["build", "old_device", "place"],
        89_900,
        person("Jana Sommer"),
    )


@pytest.mark.parametrize("value", ["abc", "-5", "1e9", "99999999999999999999", "12,345", "\x00"])
def test_a_price_that_is_none_at_the_desk(nordwerk: Company, value: str) -> None:
    one = company.order("Arne Ketelsen")
    url = f"/desk/{one.code}/tasks/{nordwerk.step(one, 'check')}/complete/"
    before = stored()
    answer = signed_in(person("Henrik Thomsen")).post(
        url, {"outcome": "complete", "f_cost": value, "f_remark": "Bleibt."}
    )
    assert answer.status_code == 422
    assert "Bleibt." in text(answer)
    assert stored() == before
    assert Task.objects.get(service_request=one, node="check").state == "open"


# More than any form may hold


def test_a_form_that_is_too_long_is_told_its_limit(nordwerk: Company, jana: Client) -> None:
    before = stored()
    answer = jana.post(ITEM, order(justification="x" * 2_600_000))
    assert answer.status_code == 413
    assert "2,5 MB" in text(answer)
    assert stored() == before


def test_too_many_files_are_told_the_limit(nordwerk: Company, jana: Client) -> None:
    before = stored()
    many = [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(11)]
    answer = jana.post(f"/requests/{nordwerk.own.code}/message", {"text": "Hier", "files": many})
    assert answer.status_code == 413
    assert "10 Dateien" in text(answer)
    assert stored() == before


def test_a_file_that_is_too_large_is_told_the_limit(nordwerk: Company, jana: Client) -> None:
    before = stored()
    large = SimpleUploadedFile("gross.txt", b"x" * 20_000_001)
    answer = jana.post(f"/requests/{nordwerk.own.code}/message", {"text": "Hier", "files": large})
    assert answer.status_code == 413
    assert "20 MB" in text(answer)
    assert stored() == before


def test_more_fields_than_any_form_has_are_told_the_limit(nordwerk: Company, jana: Client) -> None:
    answer = jana.post(ITEM, order(**{f"x{number}": "1" for number in range(1_001)}))
    assert answer.status_code == 413
    assert re.search(r"1\.?000", text(answer))


# A folder of a service that is broken


def test_a_broken_folder_is_refused_and_people_go_on_ordering(nordwerk: Company, jana: Client, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(library.SHIPPED / "desktop", tmp_path / "desktop"))
    broken = (folder / "model.bpmn").read_text().replace("team:it-workshop", "team:it-workshp")
    (folder / "model.bpmn").write_text(broken)
    before = Release.objects.count()
    with pytest.raises(ServiceRefused) as refused:
        list(library.load([folder], acting_user=None, now=NOW))
    places = dict(refused.value.problems)
    assert any("model.bpmn#assemble" in place and "it-workshp" in str(reason) for place, reason in places.items()), (
        places
    )
    assert Release.objects.count() == before
    assert jana.post(ITEM, order()).status_code == 302


# A rule that fails while a request runs


def test_a_rule_that_fails_stops_the_request_until_the_process_owner_repaired_it(
    nordwerk: Company, jana: Client, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(library.SHIPPED / "desktop", tmp_path / "desktop"))
    table = folder / "tables" / "specification.csv"
    table.write_text("".join(line for line in table.read_text().splitlines(keepends=True) if "special" not in line))
    list(library.load([folder], acting_user=None, now=NOW))
    sent = jana.post(ITEM, order(q_build="special", q_description="Sehr leise"))
    assert sent.status_code == 302
    one = ServiceRequest.objects.latest("id")
    fault = Fault.objects.get(run__service_request=one)
    assert Task.objects.filter(service_request=one).count() == 0
    assert jana.get(f"/requests/{one.code}/").status_code == 200

    katrin, url = signed_in(person("Katrin Ohlsen")), f"/desk/faults/{one.code}/{fault.node}/"
    assert one.code in text(katrin.get("/desk/faults/"))
    page = katrin.get(url)
    assert "specification" in text(page)
    form = page.context["form"]
    values = {name: form[name].value() for name in form.before}
    body = {name: str(v).lower() if isinstance(v, bool) else "" if v is None else v for name, v in values.items()}
    assert katrin.post(url, body | {"answers.build": "a\x00b"}).status_code == 422
    assert katrin.post(url, body | {"answers.build": "cad", "note": "War CAD"}).status_code == 302

    fault.refresh_from_db()
    assert fault.resolved_by == person("Katrin Ohlsen")
    assert list(Task.objects.filter(service_request=one).values_list("node", "state")) == [("check", "open")]
    assert Run.objects.get(service_request=one).data["answers"]["build"] == "cad"
    assert katrin.get(url).status_code == 404


def test_a_rule_that_still_fails_is_a_fault_again(nordwerk: Company, jana: Client, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(library.SHIPPED / "desktop", tmp_path / "desktop"))
    table = folder / "tables" / "specification.csv"
    table.write_text("".join(line for line in table.read_text().splitlines(keepends=True) if "special" not in line))
    list(library.load([folder], acting_user=None, now=NOW))
    jana.post(ITEM, order(q_build="special", q_description="Sehr leise"))
    fault = Fault.objects.latest("id")
    katrin = person("Katrin Ohlsen")
    workflow.carry_on(fault.pk, acting_user=katrin, now=NOW)
    assert Fault.objects.filter(run=fault.run, resolved_at=None).count() == 1


# No room on the disk


@pytest.mark.parametrize("where", ["writing", "receiving"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_507_and_nothing_stays(
    nordwerk: Company, jana: Client, monkeypatch: pytest.MonkeyPatch, where: str, number: int
) -> None:
    def full(*args: Any, **kwargs: Any) -> Any:
        raise OSError(number, "No space left on device")

    if where == "writing":
        monkeypatch.setattr(os, "fsync", full)
    else:
        monkeypatch.setattr(TemporaryUploadedFile, "__init__", full)
    before = stored()
    jana.raise_request_exception = False
    url, body = f"/requests/{nordwerk.own.code}/message", {"text": "Hier ist der Plan"}
    answer = jana.post(url, body | {"files": SimpleUploadedFile("plan.txt", b"Ein Plan")})
    assert answer.status_code == 507
    assert "Platz" in text(answer)
    assert stored() == before
    monkeypatch.undo()
    assert jana.post(url, body | {"files": SimpleUploadedFile("plan.txt", b"Ein Plan")}).status_code == 302
