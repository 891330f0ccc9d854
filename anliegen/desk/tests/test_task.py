"""A task's page: done, taken, planned, handed over, asked; and what happens to wrong or late input."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anliegen.requests.models import JournalEntry
from anliegen.workflow.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def service_request(stage):
    return stage.order()


@pytest.fixture
def url(service_request):
    return f"/desk/{service_request.code}/tasks/check-1/"


def test_the_page_shows_specification_step_and_person(stage, at, url):
    page = at(stage.firm.agent).get(url).content.decode()
    for text in ("Standard", "Jana Test", "Vollständig, weiter", "Weitergeben", "Interne Notiz"):
        assert text in page


def test_htmx_gets_the_pane_alone(stage, at, url):
    page = at(stage.firm.agent).get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert "srm-pane-body" in page


def test_three_people_see_it_as_they_may(stage, at, url):
    assert at(stage.firm.agent).get(url).status_code == 200
    assert at(stage.firm.technician).get(url).status_code == 404
    assert at(stage.firm.outsider).get(url).status_code == 403


@pytest.mark.parametrize("step", ["check-2", "check", "-1", "x-1", "check-x", "check-99999"])
def test_a_step_that_is_none_is_not_found(stage, at, service_request, step):
    assert at(stage.firm.agent).get(f"/desk/{service_request.code}/tasks/{step}/").status_code == 404


def test_completing_moves_the_request_on(stage, at, service_request, url):
    answer = at(stage.firm.agent).post(f"{url}complete/", {"outcome": "complete", "note": "passt"})
    assert answer.status_code == 302
    assert Task.objects.get(service_request=service_request, node="check").note == "passt"
    assert "work" in stage.open(service_request)


def test_a_result_that_is_not_on_offer_is_refused_with_the_form_kept(stage, at, service_request, url):
    answer = at(stage.firm.agent).post(f"{url}complete/", {"outcome": "rich", "note": "mein Text"})
    assert answer.status_code == 422
    assert "mein Text" in answer.content.decode()
    assert stage.open(service_request) == ["check"]


@pytest.mark.parametrize("note", ["x" * 5000, "a\x00b"])
def test_a_note_that_cannot_be_stored_is_refused(stage, at, service_request, url, note):
    answer = at(stage.firm.agent).post(f"{url}complete/", {"outcome": "complete", "note": note})
    assert answer.status_code in {400, 422}
    assert stage.open(service_request) == ["check"]


def test_who_comes_second_learns_who_was_first_and_keeps_the_text(stage, at, service_request, url):
    stage.done(service_request, "check", "complete", stage.firm.agent)
    answer = at(stage.firm.agent).post(f"{url}complete/", {"outcome": "complete", "note": "mein Text"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Nele Test" in page
    assert "mein Text" in page


def test_the_same_form_sent_twice_does_its_work_once(stage, at, service_request, url):
    client = at(stage.firm.agent)
    sent = {"outcome": "complete", "form_key": "abcdefgh12345678"}
    assert [client.post(f"{url}complete/", sent).status_code for _ in range(2)] == [302, 302]


def test_take_give_back_and_assign(stage, at, service_request, url):
    client = at(stage.firm.agent)
    client.post(f"{url}take/")
    assert stage.task(service_request, "check").assignee == stage.firm.agent
    client.post(f"{url}give-back/")
    assert stage.task(service_request, "check").assignee is None
    client.post(f"{url}assign/", {"person": stage.firm.agent.public_id})
    assert stage.task(service_request, "check").assignee == stage.firm.agent
    assert client.post(f"{url}assign/", {"person": stage.firm.outsider.public_id}).status_code == 422


def test_handing_over_needs_a_reason(stage, at, service_request, url):
    client = at(stage.firm.agent)
    assert client.post(f"{url}hand-over/", {"team": "workshop", "reason": " "}).status_code == 422
    assert client.post(f"{url}hand-over/", {"team": "workshop", "reason": "Ihr könnt das"}).status_code == 302
    assert stage.task(service_request, "check").team == stage.firm.workshop


def test_a_plan_is_stored_in_the_persons_zone(stage, at, service_request, url):
    client = at(stage.firm.agent)
    sent = {"day": "1.12.2026", "start": "9:30", "end": "11", "place": "Haus 2"}
    assert client.post(f"{url}plan/", sent).status_code == 302
    task = stage.task(service_request, "check")
    assert task.planned_start.isoformat() == "2026-12-01T08:30:00+00:00"
    assert task.planned_end.isoformat() == "2026-12-01T10:00:00+00:00"
    assert "Haus 2" in client.get(url).content.decode()
    assert client.post(f"{url}plan/", {**sent, "end": "8:00"}).status_code == 422
    assert client.post(f"{url}plan/", {**sent, "start": "25 Uhr"}).status_code == 422


def test_a_question_waits_and_its_answer_by_phone_is_noted(stage, at, service_request, url):
    client = at(stage.firm.agent)
    client.post(f"{url}ask/", {"text": "Welcher Platz?"})
    question = f"/desk/{service_request.code}/tasks/question-1/"
    assert "Welcher Platz?" in client.get(question).content.decode()
    assert client.post(f"{question}answer/", {"text": "Platz 4"}).status_code == 302
    assert JournalEntry.objects.filter(service_request=service_request, text="Platz 4").exists()


def test_an_unknown_verb_is_not_found_and_reading_does_nothing(stage, at, url):
    client = at(stage.firm.agent)
    assert client.post(f"{url}explode/").status_code == 404
    assert client.get(f"{url}take/").status_code == 405


def test_others_who_see_it_may_not_do_it(stage, at, service_request, url):
    stage.done(service_request, "check", "complete", stage.firm.agent)
    work = f"/desk/{service_request.code}/tasks/work-1/"
    page = at(stage.firm.agent).get(work)
    assert page.status_code == 200
    assert 'name="outcome"' not in page.content.decode()
    assert at(stage.firm.agent).post(f"{work}complete/", {"outcome": "done"}).status_code == 403


def test_a_way_back_leads_into_the_desk_only(stage, at, url):
    page = at(stage.firm.agent).get(f"{url}?back=//evil.example/").content.decode()
    assert 'href="//evil.example' not in page
    assert 'name="back" value="/desk/"' in page


def test_statements_do_not_grow_with_journal_and_tasks(stage, at, service_request, url):
    client = at(stage.firm.agent)
    client.get(url)
    counts = []
    for rows in (5, 60):
        for n in range(rows):
            client.post(f"/desk/requests/{service_request.code}/note/", {"text": f"n{n}"})
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        counts.append(len(captured))
    assert counts[0] == counts[1]
