"""Each page once, for the three people, and with bad input."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from anliegen.portal.tests.conftest import browser
from anliegen.requests.models import ServiceRequest
from anliegen.workflow.tests.factories import Stage

FORM = {"q_build": "standard", "form_key": "key-0001-abcdefgh"}
ITEM = "/catalogue/item/desktop/"


def text(response: object) -> str:
    return response.content.decode()


@pytest.mark.parametrize(
    "path", ["/", "/catalogue/", "/catalogue/devices/", ITEM, "/requests/", "/approvals/", "/profile/", "/outbox/"]
)
def test_opens_for_whoever_is_signed_in_and_leads_others_to_the_way_in(scene: Stage, path: str) -> None:
    assert Client().get(path).status_code == 302
    response = browser(scene.firm.owner).get(path)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_an_order_without_javascript_from_start_to_confirmation(scene: Stage) -> None:
    jana = browser(scene.firm.owner)
    sent = jana.post(ITEM, FORM, follow=True)
    one = ServiceRequest.objects.get()
    assert sent.redirect_chain[0][0] == f"/requests/confirmation/{one.code}/"
    assert one.code in text(sent)
    assert one.code in text(jana.get("/"))
    again = jana.post(ITEM, FORM)
    assert again["Location"].endswith(f"{one.code}/")
    assert ServiceRequest.objects.count() == 1


def ordered(scene: Stage, **answers: str) -> ServiceRequest:
    browser(scene.firm.owner).post(
        ITEM, {**FORM, "form_key": f"key-{len(answers)}-{scene.now.timestamp():.0f}", **answers}
    )
    return ServiceRequest.objects.latest("id")


def test_the_item_page_tells_date_cost_way_and_who_decides_before_anything_is_sent(scene: Stage) -> None:
    page = text(browser(scene.firm.owner).get(ITEM))
    for told in ("Voraussichtlich fertig", "800", "So geht es weiter", "approve de", "Vereinbarte Zeiten", "4 Stunden"):
        assert told in page, told
    assert "work de" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("q_build", "tower"),
        ("q_build", "nonsense"),
        ("q_build", "x\x00y"),
        ("q_notes", "a\x00b"),
        ("q_notes", "x" * 10_000),
        ("q_count", "many"),
        ("q_count", "99"),
        ("q_start", "32.13."),
        ("q_place", "nowhere"),
        ("q_for_whom", "nobody"),
        ("q_budget", "x"),
        ("q_urgent", "perhaps"),
        ("q_extras", "nothing"),
        ("wish_date", "1.1.2020"),
        ("wish_date", "\x00"),
    ],
)
def test_a_wrong_answer_comes_back_with_the_form_kept_and_nothing_stored(scene: Stage, field: str, value: str) -> None:
    response = browser(scene.firm.owner).post(ITEM, {**FORM, "q_budget": "12,50", field: value})
    assert response.status_code == 422
    page = text(response)
    assert "Es gibt ein Problem" in page
    assert 'value="12,50"' in page or field == "q_budget"
    assert not ServiceRequest.objects.exists()


def test_a_condition_asks_its_question_after_the_first_try_without_javascript(scene: Stage) -> None:
    jana = browser(scene.firm.owner)
    assert "q_special" not in text(jana.get(ITEM))
    refused = jana.post(ITEM, {**FORM, "q_build": "special"})
    assert refused.status_code == 422
    assert "q_special" in text(refused)
    assert jana.post(ITEM, {**FORM, "q_build": "special", "q_special": "Leise"}).status_code == 302


def test_the_live_form_shows_the_new_question_and_keeps_one_draft(scene: Stage) -> None:
    jana = browser(scene.firm.owner)
    fragment = text(jana.post(f"{ITEM}form", {"q_build": "special", "seen": "before"}, headers={"HX-Request": "true"}))
    assert "q_special" in fragment
    assert "<html" not in fragment
    draft = jana.get("/").context["drafts"][0]
    fragment = text(jana.post(f"{ITEM}form", {"q_build": "special", "q_special": "Leise", "draft": draft["id"]}))
    assert 'value="Leise"' in fragment
    assert len(jana.get("/").context["drafts"]) == 1
    assert 'value="Leise"' in text(jana.get(draft["url"]))
    assert browser(scene.firm.colleague).get(draft["url"]).status_code == 404
    assert browser(scene.firm.colleague).post(f"/drafts/{draft['id']}/discard").status_code == 404
    sent = jana.post(ITEM, {**FORM, "q_build": "special", "q_special": "Leise", "draft": draft["id"]})
    assert sent.status_code == 302
    assert jana.get("/").context["drafts"] == []


def test_an_upload_survives_an_error_elsewhere_and_can_be_downloaded(scene: Stage) -> None:
    jana = browser(scene.firm.owner)
    plan = SimpleUploadedFile("plan.txt", b"Ein Plan", "text/plain")
    refused = jana.post(ITEM, {**FORM, "q_build": "", "q_sketch": plan})
    assert refused.status_code == 422
    kept = re.search(r'name="q_sketch_kept" value="(\w+)"', text(refused))
    assert kept
    jana.post(ITEM, {**FORM, "q_sketch_kept": kept[1]})
    one = ServiceRequest.objects.get()
    path = f"/requests/{one.code}/files/{kept[1]}"
    assert path in text(jana.get(f"/requests/{one.code}/"))
    response = jana.get(path)
    assert b"".join(response.streaming_content) == b"Ein Plan"
    assert response["Content-Disposition"].startswith("attachment")
    assert browser(scene.firm.outsider).get(path).status_code == 404


PARTS = ("", "live", "export.json", "archive.zip", "cancel", "correct", "files/abc")
POSTS = ("message", "answer", "accept", "people", "cancel", "correct")


def test_foreign_and_unknown_requests_are_the_same_404(scene: Stage) -> None:
    one = ordered(scene)
    otto = browser(scene.firm.outsider)
    for part in PARTS:
        foreign, unknown = otto.get(f"/requests/{one.code}/{part}"), otto.get(f"/requests/SR-9999/{part}")
        assert foreign.status_code == unknown.status_code == 404, part
        assert foreign.content == unknown.content
    for part in POSTS:
        assert (
            otto.post(f"/requests/{one.code}/{part}", {"text": "x", "verdict": "yes", "task": 1}).status_code == 404
        ), part
    assert otto.get(f"/requests/confirmation/{one.code}/").status_code == 404
    for code in ("x" * 200, "SR-1000'--"):
        assert otto.get(f"/requests/{code}/").status_code == 404
    assert one.journal.filter(actor=scene.firm.outsider).count() == 0


def test_reading_changes_nothing(scene: Stage) -> None:
    one = ordered(scene)
    jana = browser(scene.firm.owner)
    for path in ("/", "/catalogue/?q=pc", ITEM, "/requests/", *(f"/requests/{one.code}/{part}" for part in PARTS[:-1])):
        with CaptureQueriesContext(connection) as captured:
            assert jana.get(path).status_code == 200
        wrote = [
            row["sql"]
            for row in captured
            if re.match(r"(INSERT|UPDATE|DELETE)", row["sql"]) and "session" not in row["sql"]
        ]
        assert wrote == [], path
    for part in ("message", "answer", "accept", "people"):
        assert jana.get(f"/requests/{one.code}/{part}").status_code == 405


def test_found_by_number_and_words_in_tabs_and_with_strange_input(scene: Stage) -> None:
    one = ordered(scene)
    jana = browser(scene.firm.owner)
    assert one.code in text(jana.get(f"/requests/?q={one.code}"))
    assert one.code in text(jana.get("/requests/?q=desktop"))
    assert one.code in text(jana.get("/catalogue/?q=desktop"))
    assert f"/requests/{one.code}/" not in text(jana.get("/requests/?state=closed"))
    for query in (
        "page=-1",
        "page=9999999999999999999999",
        "page=x",
        "state=nonsense",
        "q=" + "x" * 3000,
        "q=%F0%9F%98%80",
    ):
        assert jana.get(f"/requests/?{query}").status_code == 200, query
    for query in ("kind=nonsense", "kind=move"):
        assert jana.get(f"/catalogue/?{query}").status_code == 200, query
    assert jana.get("/catalogue/nothing/").status_code == 404
    assert jana.get("/catalogue/item/nothing/").status_code == 404


def test_the_list_of_all_services_works_without_javascript(scene: Stage) -> None:
    jana = browser(scene.firm.owner)
    page = text(jana.get("/catalogue/"))
    assert '<option value="desktop">Desktop-PC</option>' in page
    assert jana.get("/catalogue/choose?item=desktop")["Location"] == ITEM
    assert jana.get("/catalogue/choose?item=nonsense")["Location"] == "/catalogue/"


def test_the_poll_is_silent_until_something_changes(scene: Stage) -> None:
    one = ordered(scene)
    jana = browser(scene.firm.owner)
    one.refresh_from_db()
    assert jana.get(f"/requests/{one.code}/live?version={one.version}").status_code == 204
    jana.post(f"/requests/{one.code}/message", {"text": "Hallo", "form_key": "message-0001"})
    news = jana.get(f"/requests/{one.code}/live?version={one.version}&opened=1")
    assert news.status_code == 200
    assert "neue Einträge zeigen" in text(news)
    assert json.loads(news["HX-Trigger"])["srm:announce"]["text"].startswith("Stand: ")


def test_a_message_is_sent_once_and_an_empty_one_comes_back(scene: Stage) -> None:
    one = ordered(scene)
    jana = browser(scene.firm.owner)
    path = f"/requests/{one.code}/message"
    for _time in range(2):
        assert jana.post(path, {"text": "Bitte leise", "form_key": "message-0002"}).status_code == 302
    assert text(jana.get(f"/requests/{one.code}/?show=messages")).count("Bitte leise") == 1
    for wrong in ("", "a\x00b", "x" * 20_000):
        assert jana.post(path, {"text": wrong, "form_key": "message-0003"}).status_code == 422
    assert "Bitte leise" not in text(browser(scene.firm.outsider).get(f"/requests/{one.code}/"))


def test_letting_somebody_follow_and_no_more(scene: Stage) -> None:
    one = ordered(scene)
    jana, jonas = browser(scene.firm.owner), browser(scene.firm.colleague)
    assert jonas.get(f"/requests/{one.code}/").status_code == 404
    assert jana.post(f"/requests/{one.code}/people", {"person": "nobody at all"}).status_code == 422
    jana.post(f"/requests/{one.code}/people", {"person": "jonas@nordwerk.example"})
    assert jonas.get(f"/requests/{one.code}/").status_code == 200
    assert jonas.get(f"/requests/{one.code}/cancel").status_code == 403
    assert jonas.post(f"/requests/{one.code}/cancel", {"reason": "x"}).status_code == 403
    jana.post(f"/requests/{one.code}/people", {"remove": scene.firm.colleague.public_id})
    assert jonas.get(f"/requests/{one.code}/").status_code == 404


def test_a_request_leads_to_what_was_sent_with_it(scene: Stage) -> None:
    one, other = ordered(scene), ordered(scene, q_build="standard")
    jana, link = browser(scene.firm.owner), f'href="/orders/{one.order.public_id}/"'
    assert link not in text(jana.get(f"/requests/{one.code}/"))
    ServiceRequest.objects.filter(pk=other.pk).update(order=one.order)
    assert link in text(jana.get(f"/requests/{one.code}/"))
    jana.post(f"/requests/{one.code}/people", {"person": "jonas@nordwerk.example"})
    assert link not in text(browser(scene.firm.colleague).get(f"/requests/{one.code}/"))


def test_cancelling_says_what_it_means_first(scene: Stage) -> None:
    one = ordered(scene)
    jana = browser(scene.firm.owner)
    assert "bekommt Bescheid" in text(jana.get(f"/requests/{one.code}/cancel"))
    assert jana.post(f"/requests/{one.code}/cancel", {"reason": "x\x00"}).status_code == 422
    jana.post(f"/requests/{one.code}/cancel", {"reason": "Nicht mehr nötig"})
    one.refresh_from_db()
    assert one.status == "cancelled"
    assert "Storniert" in text(jana.get(f"/requests/{one.code}/"))
    assert jana.post(f"/requests/{one.code}/cancel", {"reason": ""}).status_code == 409


def test_the_export_is_whole(scene: Stage) -> None:
    one = ordered(scene)
    told = browser(scene.firm.owner).get(f"/requests/{one.code}/export.json")
    assert told["Content-Type"] == "application/json"
    assert told.json()["code"] == one.code
    assert told.json()["journal"][0]["sequence"] == 1


def test_suggestions_only_of_whom_one_may_see(scene: Stage) -> None:
    jana = browser(scene.firm.owner)
    assert "Jonas Test" in text(jana.get("/suggest/persons?q=jonas"))
    assert "Extern" not in text(jana.get("/suggest/persons?q=extern"))
    assert "Jonas Test" not in text(jana.get("/suggest/recipients?q=jonas"))
    assert "K-2.14" in text(jana.get("/suggest/places?q=K-2"))
    assert jana.get("/suggest/secrets?q=xx").status_code == 404
    assert jana.get("/suggest/persons?q=%01%02").status_code == 200
    assert jana.get("/suggest/persons?q=%00%00").status_code == 400
