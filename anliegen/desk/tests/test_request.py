"""The work page of a request."""

import pytest

from anliegen.requests import actions as requests
from anliegen.requests.models import JournalEntry
from anliegen.requests.tests.factories import upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def service_request(stage):
    return stage.order()


@pytest.fixture
def url(service_request):
    return f"/desk/requests/{service_request.code}/"


def test_three_people(stage, at, url):
    assert at(stage.firm.agent).get(url).status_code == 200
    assert at(stage.firm.technician).get(url).status_code == 404
    assert at(stage.firm.outsider).get(url).status_code == 403


def test_a_foreign_code_is_the_same_404_as_none(stage, at, url):
    client = at(stage.firm.technician)
    assert client.get(url).content == client.get("/desk/requests/SR-999999/").content


def test_message_and_note_go_different_ways(stage, at, service_request, url):
    client = at(stage.firm.agent)
    client.post(f"{url}message/", {"text": "Für Jana"})
    client.post(f"{url}note/", {"text": "Nur für uns"})
    seen = dict(
        JournalEntry.objects.filter(service_request=service_request, kind__in=("message", "note")).values_list(
            "text", "visibility"
        )
    )
    assert seen == {"Für Jana": "all", "Nur für uns": "internal"}
    page = client.get(url).content.decode()
    assert page.index("desk-internal") < page.index("Nur für uns")


@pytest.mark.parametrize("text", ["", "a\x00b", "x" * 10_001])
def test_a_text_that_cannot_be_stored_is_refused(stage, at, url, text):
    answer = at(stage.firm.agent).post(f"{url}message/", {"text": text})
    assert answer.status_code in {400, 422}
    assert not JournalEntry.objects.filter(kind="message").exists()


def test_rest_and_go_on(stage, at, service_request, url):
    client = at(stage.firm.agent)
    client.post(f"{url}hold/", {"reason": "Jana ist krank", "until": "1.12.2026"})
    service_request.refresh_from_db()
    assert service_request.status == "on-hold"
    assert "Jana ist krank" in client.get(url).content.decode()
    assert client.get(f"/desk/{service_request.code}/tasks/check-1/").status_code == 200
    assert client.post(f"{url}hold/", {"reason": "noch einmal"}).status_code == 409
    client.post(f"{url}resume/")
    service_request.refresh_from_db()
    assert service_request.status == "being-checked"


def test_rejecting_needs_reason_and_sentence(stage, at, service_request, url):
    client = at(stage.firm.agent)
    assert client.post(f"{url}reject/", {"reject_reason": "budget", "sentence": ""}).status_code == 422
    assert client.post(f"{url}reject/", {"reject_reason": "mood", "sentence": "Nein."}).status_code == 422
    assert (
        client.post(f"{url}reject/", {"reject_reason": "budget", "sentence": "Dafür ist kein Geld da."}).status_code
        == 302
    )
    service_request.refresh_from_db()
    assert service_request.end_kind == "rejected"
    assert "Dafür ist kein Geld da." in client.get(url).content.decode()


def test_call_in_a_team_and_cancel(stage, at, service_request, url):
    client = at(stage.firm.agent)
    assert client.post(f"{url}call-in/", {"team": "workshop", "what": "Bitte messen"}).status_code == 302
    assert "side" in stage.open(service_request)
    assert client.get(f"/desk/{service_request.code}/tasks/side-1/").status_code == 200
    assert client.post(f"{url}cancel/", {"reason": ""}).status_code == 422
    assert client.post(f"{url}cancel/", {"reason": "Jana hat es sich anders überlegt"}).status_code == 302
    assert stage.open(service_request) == []


def test_confirmed_by_phone_and_reopened(stage, at, service_request, url):
    stage.done(service_request, "check", "complete", stage.firm.agent)
    stage.done(service_request, "work", "done", stage.firm.technician)
    client = at(stage.firm.agent)
    assert client.post(f"{url}accept/", {"verdict": "yes"}).status_code == 302
    service_request.refresh_from_db()
    assert (service_request.status, service_request.closed_by) == ("fulfilled", "phone")
    assert client.post(f"{url}reopen/", {"reason": "Geht doch nicht"}).status_code == 302
    assert stage.open(service_request) == ["work"]


def test_a_file_is_given_to_those_who_may_read(stage, at, service_request, url):
    file_id = upload(stage.firm.agent)
    requests.attach(service_request.code, [file_id], acting_user=stage.firm.agent, key="k" * 8, now=stage.now)
    answer = at(stage.firm.agent).get(f"{url}files/{file_id}/")
    assert b"".join(answer.streaming_content) == b"Ein Plan"
    assert "attachment" in answer["Content-Disposition"]
    assert at(stage.firm.technician).get(f"{url}files/{file_id}/").status_code == 404
