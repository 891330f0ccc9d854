"""Story 2 of the issue: an office move, three teams at the same instant, closed only after all of them."""

from collections.abc import Callable

import pytest

from tests.journeys.persons import Person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]
type Enter = Callable[..., Person]
TEAMS = {"it-workplace": "Jonas Peters", "security": "Deniz Kaya", "facilities": "Aylin Noack"}


def _what_moves(person: Person) -> None:
    person.fill("q_new_place", "C 1.02")
    for thing in ("pc", "phone", "furniture"):
        person.choose("q_things", thing)


def test_three_teams_have_it_at_once_and_it_closes_after_all(enter: Enter) -> None:
    jana = enter("Jana Sommer")
    code = jana.orders("move", _what_moves)
    persons = {step: enter(name) for step, name in TEAMS.items()}
    persons["facilities"].completes(code, "check", "free")

    for step, person in persons.items():
        person.opens("/desk/?view=team")
        assert person.row(code, step).count() == 1, f"{step} is not with {person.name}"

    pane = persons["it-workplace"].finds_task(code, "it-workplace")
    _asks(persons["it-workplace"], "Ist Ihr Platz morgen um 8 Uhr frei?")
    jana.request(code)
    jana.sees("Ist Ihr Platz morgen um 8 Uhr frei?")
    jana.clicks = 0
    jana.click(jana.page.locator('.srm-turn button[name="quick"][value="yes"]'))
    jana.page.wait_for_load_state()
    assert jana.clicks == 1  # B5

    pane = persons["it-workplace"].finds_task(code, "it-workplace")
    persons["it-workplace"].sends(pane, "done", socket="C 1.02-2", extension="412")
    persons["security"].completes(code, "security", badge="N5577")
    jana.request(code)
    assert jana.page.locator('.srm-turn button[name="verdict"]').count() == 0, "closes before the third team is done"
    persons["facilities"].completes(code, "facilities", door_sign="on")

    jana.clicks = 0
    jana.accepts(code)
    assert jana.clicks == 1  # B6
    jana.opens("/profile/")
    jana.sees("C 1.02")


def _asks(person: Person, text: str) -> None:
    person.page.locator("#desk-pane .srm-pane-foot a.btn").click()
    fold = person.page.locator("details", has=person.page.locator('form[action$="/ask/"]'))
    fold.locator("summary").click()
    person.fill("text", text, fold)
    fold.locator('button[type="submit"]').click()
    person.page.wait_for_load_state()
