"""My requests: tabs, filters, order, pages, and the list as CSV and PDF."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from anliegen.people.models import User
from anliegen.portal.export.table import safe
from anliegen.portal.tests.conftest import browser
from anliegen.requests import actions as requests
from anliegen.requests.models import ServiceRequest
from anliegen.workflow import actions
from anliegen.workflow.tests.factories import NOW, Stage


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


@pytest.fixture
def three(scene: Stage) -> list[ServiceRequest]:
    """One that is being checked, one that asks Jana, one that was cancelled."""
    found = [scene.order() for _number in range(3)]
    actions.ask(scene.task(found[1], "check").pk, "Rot?", acting_user=scene.firm.agent, now=NOW)
    actions.cancel(found[2].code, "Falsch", acting_user=scene.firm.owner, now=NOW)
    return found


def codes(scene: Stage, query: str, user: User | None = None) -> list[str]:
    page = browser(user or scene.firm.owner).get(f"/requests/?{query}")
    assert page.status_code == 200
    return [row["code"] for row in page.context["rows"]]


def test_tabs_say_how_many_they_hold(scene: Stage, three: list[ServiceRequest]) -> None:
    first, asked, gone = (one.code for one in three)
    page = text(browser(scene.firm.owner).get("/requests/"))
    for label, n in (("Offen", 2), ("Wartet auf mich", 1), ("Beendet", 1), ("Alle", 3)):
        assert f"{label} <span>({n})</span>" in page
    assert codes(scene, "") == [asked, first]
    assert codes(scene, "state=waiting") == [asked]
    assert codes(scene, "state=closed") == [gone]
    assert codes(scene, "state=nonsense&sort=x&area=y&days=z&result=0&page=99") == [asked, first]


def test_filters_stand_in_the_address_and_are_named(scene: Stage, three: list[ServiceRequest]) -> None:
    first, asked, gone = (one.code for one in three)
    assert codes(scene, "result=cancelled") == [gone]
    assert codes(scene, "result=rejected&state=all") == []
    ServiceRequest.objects.filter(code=first).update(received_at=NOW - timedelta(days=40))
    assert codes(scene, "state=all&days=30") == [gone, asked]
    assert codes(scene, "state=all&days=90") == [gone, asked, first]
    ServiceRequest.objects.filter(code=first).update(recipient=scene.firm.colleague, promise=NOW)
    assert codes(scene, "state=all&whose=for-me") == [gone, asked]
    assert codes(scene, "state=all&whose=from-me") == [gone, asked, first]
    assert codes(scene, "sort=date") == [first, asked]
    key = ServiceRequest.objects.get(code=first).category_key
    assert codes(scene, f"state=all&area={key}") == [gone, asked, first]
    page = text(browser(scene.firm.owner).get("/requests/?state=all&days=30&q=nirgends"))
    assert "Gesetzte Filter: „nirgends“, in den letzten 30 Tagen" in page
    assert "Alle Filter aufheben" in page


def test_a_manager_sees_of_the_team_what_they_decided(scene: Stage, three: list[ServiceRequest]) -> None:
    first = three[0]
    User.objects.filter(pk=scene.firm.owner.pk).update(manager=scene.firm.colleague)
    assert "Von meinem Team" in text(browser(scene.firm.colleague).get("/requests/"))
    assert "Von meinem Team" not in text(browser(scene.firm.outsider).get("/requests/"))
    assert codes(scene, "whose=team", scene.firm.colleague) == []
    act = {"acting_user": scene.firm.owner, "now": NOW}
    requests.name_participant(first.code, scene.firm.colleague.public_id, **act)
    assert codes(scene, "whose=team", scene.firm.colleague) == [first.code]


def test_the_list_for_office_programs_holds_no_formula(scene: Stage, three: list[ServiceRequest]) -> None:
    ServiceRequest.objects.filter(pk=three[0].pk).update(title='=HYPERLINK("x";"y")')
    answer = browser(scene.firm.owner).get("/requests/list.csv?state=open")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:3] == ["Nummer", "Titel", "Stand"]
    assert [row[0] for row in rows[1:]] == [three[1].code, three[0].code]
    assert rows[2][1] == '\'=HYPERLINK("x";"y")'
    assert [safe(cell) for cell in ("+1", "-1", "@a", "\ta", "\ra", "a=1", "")] == [
        "'+1", "'-1", "'@a", "'\ta", "'\ra", "a=1", "",
    ]  # fmt: skip


def test_the_list_for_people_is_a_tagged_pdf(scene: Stage, three: list[ServiceRequest]) -> None:
    answer = browser(scene.firm.owner).get("/requests/list.pdf?state=all&days=30")
    assert answer["Content-Type"] == "application/pdf"
    root = PdfReader(io.BytesIO(answer.content)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert root["/Lang"] == "de"  # type: ignore[index]


def test_it_costs_the_same_for_many_as_for_few(scene: Stage, three: list[ServiceRequest]) -> None:
    jana = browser(scene.firm.owner)

    def cost(path: str) -> int:
        jana.get(path)
        with CaptureQueriesContext(connection) as seen:
            jana.get(path)
        return len(seen)

    paths = ("/requests/?state=all", "/requests/list.csv?state=all", "/requests/?whose=team&sort=date&state=all")
    before = [cost(path) for path in paths]
    for _number in range(6):
        scene.order()
    assert [cost(path) for path in paths] == before
