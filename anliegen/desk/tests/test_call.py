"""Noting down what a caller needs (R84)."""

import pytest

from anliegen.catalogue.tests.factories import both
from anliegen.people.models import User
from anliegen.requests.models import JournalEntry, ServiceRequest
from anliegen.workflow.tests import factories

pytestmark = pytest.mark.django_db

URL = "/desk/call/"


def call(**fields):
    return {
        "caller": "Jana Test",
        "item": "desktop",
        "asked": "desktop",
        "channel": "phone",
        "q_build": "standard",
        **fields,
    }


def test_only_the_desk_notes_calls(stage, at):
    assert at(stage.firm.agent).get(URL).status_code == 200
    assert at(stage.firm.technician).get(URL).status_code == 403
    assert at(stage.firm.outsider).get(URL).status_code == 403


def test_a_call_becomes_the_callers_request_with_its_recorder(stage, at):
    client = at(stage.firm.agent)
    answer = client.post(URL, call(note="klingt eilig"))
    service_request = ServiceRequest.objects.get()
    assert answer.url == f"/desk/call/{service_request.code}/done/"
    assert (service_request.requester, service_request.recorder) == (stage.firm.owner, stage.firm.agent)
    assert service_request.channel == "phone"
    note = JournalEntry.objects.get(service_request=service_request, text="klingt eilig")
    assert note.visibility == "internal"
    page = client.get(answer.url).content.decode()
    assert service_request.code in page
    assert "Jana Test" in page


def test_the_confirmation_is_for_who_noted_it(stage, at):
    url = at(stage.firm.agent).post(URL, call()).url
    assert at(stage.firm.agent).get(url).status_code == 404  # another session


def test_choosing_an_item_shows_its_questions_without_sending(stage, at):
    client = at(stage.firm.agent)
    answer = client.post(URL, {"caller": "Jana Test", "item": "desktop", "channel": "phone"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="q_build"' in page
    assert "Jana Test" in page
    assert not ServiceRequest.objects.exists()
    part = client.post(
        "/desk/call/questions/", {"caller": "Jana Test", "item": "desktop"}, headers={"HX-Request": "true"}
    )
    assert 'name="q_build"' in part.content.decode()
    assert "<html" not in part.content.decode()


def test_search_words_find_the_item(stage, at):
    page = (
        at(stage.firm.agent).post(URL, {"caller": "Jana Test", "words": "desktop", "channel": "phone"}).content.decode()
    )
    assert 'name="q_build"' in page


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"caller": "Niemand Niemals"}, "caller"),
        ({"caller": ""}, "caller"),
        ({"caller": "Test"}, "caller"),
        ({"q_build": "tower"}, "q_build"),
        ({"q_build": ""}, "q_build"),
        ({"item": "unknown", "asked": ""}, "item"),
        ({"note": "x" * 10_001}, "note"),
        ({"channel": "pigeon"}, "channel"),
        ({"wish_date": "31.2.2027"}, "wish_date"),
    ],
)
def test_bad_input_is_refused_and_kept(stage, at, fields, field):
    answer = at(stage.firm.agent).post(URL, call(**fields))
    assert answer.status_code == 422
    assert not ServiceRequest.objects.exists()
    assert f'id="id_{field}-error"' in answer.content.decode()


def test_the_same_form_sent_twice_makes_one_request(stage, at):
    client = at(stage.firm.agent)
    sent = call(form_key="abcdefgh12345678")
    assert client.post(URL, sent).url == client.post(URL, sent).url
    assert ServiceRequest.objects.count() == 1


def test_an_unknown_caller_needs_name_and_number(stage, at):
    factories.publish(key="advice", audience="recipient.external", audience_reason=both("Nur für Externe"))
    client = at(stage.firm.agent)
    sent = call(caller="", item="advice", asked="advice", unknown_name="Vera Fremd")
    assert client.post(URL, sent).status_code == 422
    assert not User.objects.filter(last_name="Fremd").exists()
    sent |= {"unknown_phone": "0431 99", "form_key": "abcdefgh12345678"}
    assert client.post(URL, sent).status_code == 302
    assert client.post(URL, sent).status_code == 302
    caller = User.objects.get(last_name="Fremd")
    assert (caller.company.key, caller.can_sign_in) == ("unknown", False)
    assert ServiceRequest.objects.get().requester == caller


def test_what_somebody_may_not_get_is_refused_with_the_reason(stage, at):
    answer = at(stage.firm.agent).post(URL, call(caller="", unknown_name="Vera Fremd", unknown_phone="0431 99"))
    assert answer.status_code == 422
    assert not User.objects.filter(last_name="Fremd").exists()


def test_suggestions_are_options(stage, at):
    client = at(stage.firm.agent)
    assert "Jana Test" in client.get("/desk/suggest/persons/?q=jana").content.decode()
    assert "K-2.14" in client.get("/desk/suggest/places/?q=2.14").content.decode()
    assert at(stage.firm.outsider).get("/desk/suggest/persons/?q=jana").status_code == 403
