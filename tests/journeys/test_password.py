"""A password by the people of Nordwerk at their browsers: proven, not proven, and of a protected account."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.crash.plant import Plant
from tests.journeys.mails import waits_for_mail
from tests.journeys.persons import Person, said

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]
type Enter = Callable[..., Person]


def _own_account(person: Person) -> None:
    person.choose("q_account", "workplace")
    person.choose("q_proof", "call-back")


def test_a_proven_identity_and_the_owner_who_denies_it(enter: Enter, product: Plant) -> None:
    jana, nele, malin = enter("Jana Sommer"), enter("Nele Krüger"), enter("Malin Thode")
    code = jana.orders("password", _own_account)
    assert jana.clicks <= 4
    pane = nele.finds_task(code, "identity")
    expect(pane).to_contain_text("0431 1234-312")
    expect(pane.locator('[name="note"]')).to_have_count(0)
    nele.sends(pane, "yes", method="call-back")
    nele.completes(code, "reset", change_set="on")
    waits_for_mail(product, "jana.sommer@nordwerk.example", code)
    jana.request(code)
    jana.sees("Erfüllt")

    jana.opens(f"/requests/{code}/not-me")
    jana.clicks = 0
    jana.click(jana.page.locator("main button.btn-danger"))
    jana.sees(said("Thank you. IT security has been told and looks at it now."), jana.page.locator("body"))
    assert jana.clicks == 1
    malin.opens("/desk/?view=team")
    assert malin.row(code, "side").count() == 1
    waits_for_mail(product, "malin.thode@nordwerk.example", code)


def test_who_cannot_prove_it_is_rejected(enter: Enter, product: Plant) -> None:
    jana, nele = enter("Jana Sommer"), enter("Nele Krüger")
    code = jana.orders("password", _own_account)
    pane = nele.finds_task(code, "identity")
    nele.sends(pane, "no")
    jana.request(code)
    jana.sees("Abgelehnt")
    waits_for_mail(product, "malin.thode@nordwerk.example", code)


def test_a_protected_account_never_reaches_the_desk(enter: Enter) -> None:
    jana, nele, malin = enter("Jana Sommer"), enter("Nele Krüger"), enter("Malin Thode")

    def admin_account(person: Person) -> None:
        person.choose("q_account", "admin")
        person.fill("q_account_name", "adm-jsommer")
        person.choose("q_proof", "in-person")

    code = jana.orders("password", admin_account)
    nele.opens("/desk/?view=team")
    assert nele.row(code, "identity").count() == 0
    pane = malin.finds_task(code, "identity")
    malin.sends(pane, "yes", method="in-person")
    malin.completes(code, "reset", change_set="on")
