"""What looks like HTML, a script, a template or a formula is text wherever it is typed, shown, mailed and saved; characters
that nobody can see are refused or left out (reliability C01, C09, C11)."""

import csv
import io
import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from django.core import mail
from django.test import Client

from anliegen.jobs import runner
from anliegen.portal.export.table import safe
from anliegen.requests.models import ServiceRequest
from tests.bad_input.sent import ITEM, order, text
from tests.company import NOW, Company, person, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("bad-input")]

MARK = "zq7"  # how the texts of this module are found again
NASTY = f"""{MARK}"'><script>alert(1)</script><img src=x onerror=alert(2)><a href="javascript:alert(3)">{{{{ 7*7 }}}}{{% x %}}"""
LIVE = re.compile(r"<script>alert|<img src=x|<a href=\"javascript:|onerror=alert\(2\)>(?!&)", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
SEARCHES = (
    "/catalogue/?q=",
    "/search?q=",
    "/search/panel?q=",
    "/knowledge/?q=",
    "/requests/?q=",
    "/requests/?whose=x&area=x&state=",
    "/suggest/persons?q=",
    "/desk/search/?q=",
    "/desk/?view=",
    "/demo/persons?q=",
)


def _harmless(answer: Any) -> None:
    page = text(answer)
    assert not LIVE.search(page), LIVE.search(page)
    assert "<script>alert" not in page
    assert not CONTROL.search(page)


@pytest.mark.parametrize("door", SEARCHES)
@pytest.mark.parametrize("typed", [NASTY, "a\x07\x1b[31m\u202e", "' OR 1=1 --", "%ff%fe"])
def test_what_is_searched_for_is_text(nordwerk: Company, nele: Client, door: str, typed: str) -> None:
    answer = nele.get(door + quote(typed))
    assert answer.status_code in {200, 302, 404}
    _harmless(answer)


def test_a_character_that_no_text_has_is_refused(nordwerk: Company, nele: Client) -> None:
    for door in SEARCHES:
        answer = nele.get(door + quote("a\x00b"))
        assert answer.status_code == 400, door
        _harmless(answer)


def _doors(one: ServiceRequest) -> dict[str, dict[str, str]]:
    """Where Jana writes free text, and in which field."""
    return {
        f"/requests/{one.code}/message": {"text": NASTY},
        f"/requests/{one.code}/people": {"person": NASTY},
        f"/requests/{one.code}/rate": {"score": "5", "sentence": NASTY},
        f"/requests/{one.code}/reopen": {"text": NASTY},
        "/knowledge/vpn/vote": {"helped": "no"},
        "/knowledge/vpn/missing": {"missing": NASTY},
        "/profile/absence": {"valid_from": NASTY, "valid_to": NASTY, "deputy": NASTY},
        "/catalogue/item/question/fits": {"q_question": NASTY, "declined": NASTY, "fits_seen": NASTY},
        "/catalogue/item/question/form": {"q_question": NASTY, "seen": NASTY, "draft": NASTY},
        "/catalogue/item/desktop/star": {"on": "1", "next": NASTY},
        "/search/gap": {"q": NASTY, "text": NASTY},
        "/accessibility/report": {"page": NASTY, "text": NASTY, "what": NASTY},
        ITEM: order(justification=NASTY, wish_date=NASTY),
    }


def test_what_is_typed_is_text_in_every_answer(nordwerk: Company, jana: Client) -> None:
    for door, body in _doors(nordwerk.own).items():
        answer = jana.post(door, {"form_key": f"text-{abs(hash(door))}", **body}, follow=True)
        assert answer.status_code in {200, 404, 409, 422}, f"{door}: {answer.status_code}"
        _harmless(answer)


@pytest.mark.parametrize("field", ["justification", "message"])
def test_what_was_typed_is_text_for_everybody_who_reads_it(nordwerk: Company, jana: Client, field: str) -> None:
    one = nordwerk.own
    if field == "message":
        assert jana.post(f"/requests/{one.code}/message", {"text": NASTY, "form_key": "t-1"}).status_code == 302
    else:
        assert jana.post(ITEM, order(justification=NASTY, form_key="t-2")).status_code == 302
        one = ServiceRequest.objects.latest("id")
    readers = {"Jana Sommer": ("/requests/{}/", "/requests/{}/export.json"), "Nele Krüger": ("/desk/requests/{}/",)}
    for name, pages in readers.items():
        client = signed_in(person(name))
        for page in pages:
            answer = client.get(page.format(one.code))
            assert answer.status_code == 200
            assert MARK in text(answer), f"{page} does not show it"
            if answer["Content-Type"].startswith("text/html"):
                _harmless(answer)
                assert "&lt;script&gt;alert(1)" in text(answer)
            else:
                assert NASTY in json.dumps(json.loads(text(answer)), ensure_ascii=False).replace('\\"', '"')


def _rename(name: str, first_name: str, last_name: str) -> None:
    """Names come from a directory, which may hold anything."""
    user = person(name)
    type(user).objects.filter(pk=user.pk).update(first_name=first_name, last_name=last_name)


def test_a_name_is_text_on_pages(nordwerk: Company, jana: Client) -> None:
    silke, nele = signed_in(person("Silke Marten")), signed_in(person("Nele Krüger"))
    _rename("Jana Sommer", "=Jana<b>", '"><script>alert(1)</script>')
    for address in ("/", "/profile/", "/requests/", f"/requests/{nordwerk.own.code}/", "/more/"):
        _harmless(jana.get(address))
    _harmless(nele.get(f"/desk/requests/{nordwerk.own.code}/"))
    for address in ("/", "/approvals/", "/outbox/"):
        _harmless(silke.get(address))


def test_what_is_typed_is_text_in_mails_and_adds_no_header(nordwerk: Company, nele: Client) -> None:
    _rename("Nele Krüger", "Nele\r\nBcc: thief@example.org", "<b>Krüger</b>")
    runner.drain(now=NOW)
    mail.outbox.clear()
    body = {"text": NASTY, "form_key": "mail-1"}
    assert nele.post(f"/desk/requests/{nordwerk.own.code}/message/", body).status_code == 302
    runner.drain(now=NOW)
    told = [one for one in mail.outbox if MARK in one.body]
    assert told
    for one in told:
        sent = one.message()
        assert sent["Bcc"] is None
        assert "thief@example.org" not in str(one.recipients())
        [page] = [part.content for part in one.alternatives if part.mimetype == "text/html"]
        assert "&lt;script&gt;alert(1)" in page
        assert not LIVE.search(page)


@pytest.mark.parametrize("cell", ["=1+1", "+49 431", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＠x"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


def test_a_list_that_is_saved_holds_no_formula(nordwerk: Company, jana: Client) -> None:
    _rename("Jana Sommer", '=HYPERLINK("http://x")', "Sommer")
    answer = jana.get("/requests/list.csv?state=all")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) > 1
    assert any("HYPERLINK" in cell for row in rows for cell in row)
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
