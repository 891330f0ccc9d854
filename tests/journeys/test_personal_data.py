"""Personal data by the people of Nordwerk at their browsers: an address, and a telephone number."""

from collections.abc import Callable

import pytest

from tests.crash.plant import Plant
from tests.journeys.mails import waits_for_mail
from tests.journeys.persons import Person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]
type Enter = Callable[..., Person]


def test_only_the_staff_office_sees_an_address(enter: Enter) -> None:
    arne, eva, nele = enter("Arne Ketelsen"), enter("Eva Clausen"), enter("Nele Krüger")

    def address(person: Person) -> None:
        person.choose("q_what", "address")
        person.fill("q_new_address", "Kanalweg 7, 24159 Kiel")

    code = arne.orders("personal-data", address)
    nele.opens(f"/desk/search/?q={code}")
    assert nele.page.url.endswith(f"/desk/search/?q={code}")  # nothing to go to
    pane = eva.finds_task(code, "enter")
    eva.sees("Kanalweg 7", pane)
    eva.sends(pane, "done", entered="on")
    arne.request(code)
    arne.sees("Erfüllt")
    eva.opens("/desk/tasks/done")
    eva.sees(code)
    assert "Kanalweg" not in eva.page.content()


def test_a_number_changes_after_the_proof(enter: Enter, product: Plant) -> None:
    carsten, tom, nele = enter("Carsten Lüders"), enter("Tom Reuter"), enter("Nele Krüger")

    def number(person: Person) -> None:
        person.choose("q_what", "office")
        person.fill("q_new_office", "0431 1234-999")

    code = carsten.orders("personal-data", number)
    pane = tom.finds_task(code, "identity")
    tom.sees("0431 1234-314", pane)
    tom.sends(pane, "yes", method="in-person")
    waits_for_mail(product, "carsten.lueders@nordwerk.example", "Telefonnummer")
    carsten.opens("/profile/")
    carsten.sees("0431 1234-999")

    second = carsten.orders("password", _own_account)
    nele.sees("0431 1234-314", nele.finds_task(second, "identity"))  # the new one proves nothing yet


def _own_account(person: Person) -> None:
    person.choose("q_account", "workplace")
    person.choose("q_proof", "call-back")
