"""The cart by HTTP: in, out, for others, sent; and what somebody may try with the cart of somebody else."""

from typing import Any

import pytest
from django.test import Client

from anliegen.catalogue import actions as catalogue
from anliegen.catalogue import queries
from anliegen.people import actions as people
from anliegen.people.rules import OrderScope
from anliegen.requests.models import Order, ServiceRequest
from anliegen.workflow import actions as workflow
from anliegen.workflow.models import Task
from tests import company
from tests.bad_input.sent import ITEM, approval, decide, order, stored, text, votes_of
from tests.company import NOW, Company, person, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("bad-input")]


def put(client: Client, key: str = "put-it-in-1", **fields: str) -> None:
    sent = client.post(ITEM, order(cart="add", form_key=key, **fields))
    assert (sent.status_code, sent.headers.get("Location")) == (302, "/catalogue/"), text(sent)[:3000]


def lines(name: str = "Jana Sommer") -> list[queries.CartLine]:
    return queries.cart(person(name))


def send(client: Client, key: str = "send-cart-1", **fields: str) -> Any:
    page = client.get("/cart/")
    form = {"seen": page.context["cart"].seen, "form_key": key, **fields}
    return client.post("/cart/", form)


def made() -> list[ServiceRequest]:
    return list(ServiceRequest.objects.filter(order=Order.objects.latest("id")).order_by("id"))


def test_two_things_are_one_order(nordwerk: Company, jana: Client) -> None:
    put(jana)
    put(jana, "put-it-in-2", q_build="cad")
    page = text(jana.get("/cart/"))
    assert "2 Dinge anfordern" in page
    assert "Silke Marten" in page
    sent = send(jana, note="Beide eilig")
    order_id = Order.objects.latest("id").public_id
    assert sent.headers["Location"] == f"/orders/{order_id}/"
    assert {one.status for one in made()} == {"received"}
    shown = text(jana.get(sent.headers["Location"]))
    assert all(one.code in shown for one in made())
    assert "Beide eilig" in shown
    assert lines() == []


def test_one_thing_leads_to_its_confirmation(nordwerk: Company, jana: Client) -> None:
    put(jana)
    sent = send(jana)
    [one] = made()
    assert sent.headers["Location"] == f"/requests/confirmation/{one.code}/"


def test_the_same_form_puts_in_and_sends_once(nordwerk: Company, jana: Client) -> None:
    put(jana)
    put(jana)
    assert len(lines()) == 1
    form = {"seen": jana.get("/cart/").context["cart"].seen, "form_key": "send-cart-1"}
    first, before = jana.post("/cart/", form), None
    before = stored()
    again = jana.post("/cart/", form)
    assert (again.status_code, again.headers["Location"]) == (302, first.headers["Location"])
    assert stored() == before


def test_what_is_wrong_is_not_put_in(nordwerk: Company, jana: Client) -> None:
    before = stored()
    for fields in ({"justification": ""}, {"q_build": "gold"}, {"q_place": "Mond"}, {"wish_date": "1.1.2020"}):
        sent = jana.post(ITEM, order(cart="add", **fields))
        assert sent.status_code == 422, fields
    assert stored() == before
    assert lines() == []


def test_a_line_is_changed_and_stays(nordwerk: Company, jana: Client) -> None:
    put(jana)
    [line] = lines()
    page = text(jana.get(f"{ITEM}?draft={line.draft.public_id}"))
    assert 'name="cart" value="change"' in page
    body = order(cart="change", draft=line.draft.public_id, q_build="cad", form_key="change-it-1")
    assert jana.post(ITEM, body).headers["Location"] == "/cart/"
    [line] = lines()
    assert (line.draft.answers["build"], line.dearer) == ("cad", False)


def test_removed_put_back_and_once_more(nordwerk: Company, jana: Client) -> None:
    put(jana)
    [line] = lines()
    where = f"/cart/lines/{line.draft.public_id}"
    gone = jana.post(f"{where}/remove")
    assert f'action="{where}/restore"' in text(jana.get(gone.headers["Location"]))
    assert lines() == []
    assert jana.post(f"{where}/restore").status_code == 302
    for _time in range(2):
        jana.post(f"{where}/copy", {"form_key": "copy-it-1"})
    assert len(lines()) == 2


@pytest.mark.parametrize("who", ["Arne Ketelsen", "Silke Marten", "Nele Krüger"])
def test_the_line_of_somebody_else_is_the_404_of_none(nordwerk: Company, jana: Client, who: str) -> None:
    put(jana)
    [line] = lines()
    other = signed_in(person(who))
    absent = other.post("/cart/lines/nothing/remove").content
    for part in ("remove", "restore", "copy", "for"):
        answer = other.post(f"/cart/lines/{line.draft.public_id}/{part}", {"for_whom": "me"})
        assert (answer.status_code, answer.content) == (404, absent), part
    assert len(lines()) == 1


@pytest.mark.parametrize("who", ["Arne Ketelsen", "Silke Marten", "Nele Krüger"])
def test_the_order_of_somebody_else_is_the_404_of_none(nordwerk: Company, jana: Client, who: str) -> None:
    put(jana)
    send(jana)
    other, order_id = signed_in(person(who)), Order.objects.latest("id").public_id
    absent = other.get("/orders/nothing/").content
    for answer in (other.get(f"/orders/{order_id}/"), other.get(f"/orders/{order_id}/live")):
        assert (answer.status_code, answer.content) == (404, absent)
    assert other.post(f"/orders/{order_id}/cancel").status_code == 404
    assert made()[0].ended_at is None


def test_a_price_that_is_sent_along_counts_for_nothing(nordwerk: Company, jana: Client) -> None:
    put(jana, price="1", price_cents="1", cost_cents="1", total="1")
    send(jana, total_cents="1", price="0")
    assert made()[0].cost_cents == 89_900


def test_another_window_changed_the_cart(nordwerk: Company, jana: Client) -> None:
    put(jana)
    seen = jana.get("/cart/").context["cart"].seen
    put(jana, "put-it-in-2")
    answer = jana.post("/cart/", {"seen": seen, "form_key": "send-cart-1"})
    assert answer.status_code == 422
    assert "geändert" in text(answer)
    assert len(lines()) == 2


def test_what_is_not_offered_any_more_is_told_and_holds_nobody_up(nordwerk: Company, jana: Client) -> None:
    put(jana)
    company_line = catalogue.DraftContent(
        answers={"content": "Umsatz", "period": "this-year", "form": "pdf"}, in_cart=True
    )
    catalogue.save_draft(company_line, owner=person("Jana Sommer"), item_key="report", now=NOW)
    catalogue.retire("desktop", acting_user=None, now=NOW)
    assert "nicht mehr angeboten" in text(jana.get("/cart/"))
    send(jana)
    assert [one.item_version.item.key for one in made()] == ["report"]
    assert len(lines()) == 1
    assert "konnte nicht gesendet werden" in text(jana.get("/cart/"))


def test_for_several_people_by_a_pasted_list(nordwerk: Company, jana: Client) -> None:
    put(jana)
    people.allow_ordering_for(person("Jana Sommer").pk, OrderScope.DEPARTMENT, acting_user=None, now=NOW)
    pasted = "Arne Ketelsen\nNissen, Wiebke\nTOM.BRANDT@nordwerk.example\nMax Muster\nHenrike Voss\n\narne ketelsen"
    body = {"for_whom": "several", "names": pasted}
    answer = jana.post("/cart/for", body)
    page = text(answer)
    assert answer.status_code == 422
    assert "Zeile 4: „Max Muster“ kennen wir nicht." in page
    assert "Zeile 5: Für „Henrike Voss“ können Sie nicht anfordern." in page
    assert "2 Zeilen sind unklar" in page
    assert jana.post("/cart/for", body | {"skip": "on", "confirms": "on"}).status_code == 302
    [line] = lines()
    assert [one.full_name for one in line.people] == ["Tom Brandt", "Arne Ketelsen", "Wiebke Nissen"]
    send(jana)
    assert {(one.recipient.last_name, one.recipient_confirms) for one in made()} == {
        ("Brandt", True), ("Ketelsen", True), ("Nissen", True),
    }  # fmt: skip
    assert {one.place.partition(" Haus")[0] for one in made()} == {"B 3.12", "B 3.15"}


def test_300_lines_with_five_unknown_ones_name_each(nordwerk: Company, jana: Client) -> None:
    put(jana)
    people.allow_ordering_for(person("Jana Sommer").pk, OrderScope.ALL, acting_user=None, now=NOW)
    many = [
        people.create_person(
            email=f"neu{n}@nordwerk.example", first_name=f"Neu{n}", last_name="Person", acting_user=None, now=NOW,
            company=person("Jana Sommer").company,
        )
        for n in range(295)
    ]  # fmt: skip
    rows = [one.email for one in many]
    for at in (7, 50, 120, 200, 299):
        rows.insert(at, f"Unbekannt Nr{at}")
    answer = jana.post("/cart/for", {"for_whom": "several", "names": "\n".join(rows)})
    page = text(answer)
    assert page.count("kennen wir nicht.") == 10  # each in the summary and at the field
    assert "Zeile 300: „Unbekannt Nr299“ kennen wir nicht." in page
    assert lines()[0].people == (person("Jana Sommer"),)


def test_nobody_gives_to_those_for_whom_they_may_not_order(nordwerk: Company, jana: Client) -> None:
    put(jana)
    for body in (
        {"for_whom": "other", "recipient": "Henrike Voss"},
        {"for_whom": "other"},
        {"for_whom": "several", "names": "Henrike Voss"},
        {"for_whom": "several", "names": ""},
        {"for_whom": "everybody"},
    ):
        assert jana.post("/cart/for", body).status_code == 422, body
    assert lines()[0].people == (person("Jana Sommer"),)


def test_a_bundle_is_put_in_once_for_one_form(nordwerk: Company, jana: Client) -> None:
    for _time in range(2):
        assert jana.post("/cart/bundles/new-in-sales", {"form_key": "bundle-1"}).headers["Location"] == "/cart/"
    assert [line.version.item.key for line in lines()] == ["laptop", "access", "access"]
    assert send(jana).status_code == 422  # nobody said what for
    assert len(lines()) == 3
    send(jana, note="Neue Kollegin im Vertrieb")
    assert {one.justification for one in made()} == {"Neue Kollegin im Vertrieb"}
    assert jana.post("/cart/bundles/nothing").status_code == 404


def test_what_was_just_sent_is_taken_back_without_a_reason(nordwerk: Company, jana: Client) -> None:
    put(jana)
    put(jana, "put-it-in-2")
    where = send(jana).headers["Location"]
    assert f'action="{where}cancel"' in text(jana.get(where))
    jana.post(f"{where}cancel")
    jana.post(f"{where}cancel")
    assert {one.status for one in made()} == {"cancelled"}
    assert "Alles stornieren" not in text(jana.get(where))


def test_later_it_is_cancelled_on_the_page_of_the_request(nordwerk: Company, jana: Client) -> None:
    put(jana)
    send(jana)
    Order.objects.filter(pk=Order.objects.latest("id").pk).update(created_at=company.NOW.replace(hour=1))
    where = f"/orders/{Order.objects.latest('id').public_id}/"
    assert "Alles stornieren" not in text(jana.get(where))
    assert jana.post(f"{where}cancel").status_code == 409
    assert made()[0].ended_at is None


# Who decides: one card and one click for what belongs together


def _asked_together(jana: Client) -> list[ServiceRequest]:
    """Two workstations of one order, checked, so that Silke Marten is asked about both."""
    put(jana, q_build="cad")
    put(jana, "put-it-in-2", q_build="cad")
    send(jana)
    for one in made():
        workflow.start(one.pk, now=NOW)
        task = Task.objects.get(service_request=one, node="check")
        checker = person("Henrik Thomsen")
        workflow.complete(task.pk, acting_user=checker, outcome="complete", outputs={}, key=f"c-{one.code}", now=NOW)
    return made()


def _body(both: list[ServiceRequest], **fields: str) -> dict[str, Any]:
    tasks = [str(approval(one).pk) for one in both]
    return {"together": "1", "task": tasks, "verdict": "yes", "form_key": "together-1", **fields}


def _votes(both: list[ServiceRequest]) -> set[str]:
    return {vote.verdict for one in both for vote in votes_of(one)}


def test_one_order_is_one_card_and_one_click(nordwerk: Company, jana: Client) -> None:
    both = _asked_together(jana)
    silke = signed_in(person("Silke Marten"))
    page = text(silke.get("/approvals/"))
    assert "2 Anfragen aus einer Bestellung" in page
    assert "Alle 2 genehmigen" in page
    assert page.count('name="task"') >= 2
    assert "2 Anfragen aus einer Bestellung" not in text(silke.get("/approvals/?single"))
    for _time in range(2):
        assert silke.post(f"/approvals/{both[0].code}/", _body(both)).status_code == 302
    assert _votes(both) == {"yes"}


def test_one_may_be_left_out(nordwerk: Company, jana: Client) -> None:
    both = _asked_together(jana)
    signed_in(person("Silke Marten")).post(f"/approvals/{both[0].code}/", _body(both[:1]))
    assert [_votes([one]) for one in both] == [{"yes"}, {"open"}]


def test_a_no_needs_its_reason_for_all(nordwerk: Company, jana: Client) -> None:
    both = _asked_together(jana)
    silke = signed_in(person("Silke Marten"))
    assert silke.post(f"/approvals/{both[0].code}/", _body(both, verdict="no")).status_code == 422
    assert silke.post(f"/approvals/{both[0].code}/", {"together": "1", "verdict": "yes"}).status_code == 422
    assert _votes(both) == {"open"}
    silke.post(f"/approvals/{both[0].code}/", _body(both, verdict="no", reject_reason="budget", comment="Zu teuer."))
    assert _votes(both) == {"no"}


def test_what_was_decided_meanwhile_is_told_and_the_rest_goes_on(nordwerk: Company, jana: Client) -> None:
    both = _asked_together(jana)
    silke = signed_in(person("Silke Marten"))
    decide(silke, both[0])
    silke.post(f"/approvals/{both[0].code}/", _body(both))
    assert _votes(both) == {"yes"}
    assert "schon" in text(silke.get("/approvals/"))


@pytest.mark.parametrize("who", ["Jana Sommer", "Arne Ketelsen", "Nele Krüger"])
def test_nobody_else_decides_together(nordwerk: Company, jana: Client, who: str) -> None:
    both = _asked_together(jana)
    signed_in(person(who)).post(f"/approvals/{both[0].code}/", _body(both))
    assert _votes(both) == {"open"}


def test_a_task_of_another_order_does_not_slip_in(nordwerk: Company, jana: Client) -> None:
    both = _asked_together(jana)
    silke = signed_in(person("Silke Marten"))
    answer = silke.post(f"/approvals/{both[0].code}/", _body([*both, nordwerk.own]))
    assert answer.status_code == 404
    assert _votes([*both, nordwerk.own]) == {"open"}
