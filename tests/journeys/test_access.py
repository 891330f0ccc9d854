"""Access to systems in the browser: without a clearance security decides; giving up a right needs no approval."""

from collections.abc import Callable

import pytest

from tests.journeys.persons import Person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]
type Enter = Callable[..., Person]


def _wants(right: str, purpose: str = "new") -> Callable[[Person], None]:
    def fill_in(person: Person) -> None:
        person.choose("q_purpose", purpose)
        person.settled()
        person.page.locator('[name="q_right"]').select_option(right)
        person.fill("justification", "Für die Umbaupläne.")

    return fill_in


def test_without_a_clearance_security_decides_after_manager_and_owner(enter: Enter) -> None:
    kai = enter("Kai Lorenz")
    code = kai.orders("access", _wants("drawings/secret"))
    enter("Lena Hahn").approves(code)
    enter("Ruth Mommsen").approves(code)
    kai.request(code)
    kai.sees("Kai Lorenz hat die Sicherheitsfreigabe „secured-area“ nicht.")
    enter("Malin Thode").approves(code)
    enter("Sina Wolf").completes(code, "grant", account="klorenz")
    kai.accepts(code)
    kai.sees("Kai Lorenz hat das Recht „Zeichnungsarchiv: Vertrauliche Zeichnungen“.")


def test_a_held_clearance_spares_security_and_a_right_is_given_up_without_approval(enter: Enter) -> None:
    heike, sina = enter("Heike Asmussen"), enter("Sina Wolf")
    code = heike.orders("access", _wants("drawings/secret"))
    heike.request(code)
    heike.sees("Die Sicherheit muss nicht zustimmen")
    given_up = heike.orders("access", _wants("drawings/secret", "withdraw"))
    sina.completes(given_up, "withdraw")
    heike.request(given_up)
    heike.sees("hatte das Recht „Zeichnungsarchiv: Vertrauliche Zeichnungen“ schon nicht mehr")


def test_two_roles_that_must_not_go_together_go_to_security(enter: Enter) -> None:
    jana = enter("Jana Sommer")
    code = jana.orders("access", _wants("erp/pay"))
    jana.request(code)
    jana.sees("Wer bestellt, gibt die Rechnung nicht selbst frei.")
