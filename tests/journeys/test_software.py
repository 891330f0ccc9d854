"""New software in the browser: a licence that is free; a new program with data in a cloud, justified by the head."""

from collections.abc import Callable

import pytest

from tests.journeys.persons import Person, said

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]
type Enter = Callable[..., Person]
WHY = "Für den Messestand im Mai."
OWN_WORDS = "Ohne dieses Programm kann die Abteilung die Messe nicht vorbereiten."


def _wants(program: str, data: str) -> Callable[[Person], None]:
    def fill_in(person: Person) -> None:
        person.fill("q_program", program)
        person.choose("q_data_class", data)
        person.fill("justification", WHY)

    return fill_in


def test_a_known_program_with_a_free_licence_needs_nobody_s_approval(enter: Enter) -> None:
    kai, ines, sven = enter("Kai Lorenz"), enter("Ines Albrecht"), enter("Sven Jacobs")
    code = kai.orders("software", _wants("Acrobat Pro", "no"))
    pane = ines.finds_task(code, "check")
    ines.sees("Acrobat Pro (Adobe) ist freigegeben und hier in Benutzung", pane)
    assert pane.locator('[name="f_program"]').input_value() == "Acrobat Pro"
    assert pane.locator('[name="f_used_here"][value="yes"]').is_checked()
    ines.clicks = 0
    ines.sends(pane, "complete")
    assert ines.clicks == 1  # what the register knows is filled in
    sven.completes(code, "roll-out", devices="NB-4711", works="yes")
    kai.accepts(code)
    kai.sees("Eine Lizenz ist frei und wurde reserviert: 1 × Acrobat Pro.")


def test_a_new_program_in_a_cloud_passes_three_checks_and_is_justified_by_the_head(enter: Enter) -> None:
    kai, ines, lena = enter("Kai Lorenz"), enter("Ines Albrecht"), enter("Lena Hahn")
    code = kai.orders("software", _wants("Wolkenplaner", "unknown"))
    pane = ines.finds_task(code, "check")
    ines.sees("Im Softwareverzeichnis steht „Wolkenplaner“ nicht.", pane)
    ines.sends(pane, "complete", used_here="no", cost="240,00")
    enter("Björn Hinrichs").approves(code)
    enter("Malin Thode").approves(code)
    enter("Maike Stöver").approves(code)

    lena.opens("/approvals/")
    card = lena.vote(code)
    lena.fill("comment", WHY, card)
    lena.click(card.locator('button[value="yes"]'))
    lena.sees("mindestens 40 Zeichen", lena.vote(code))
    lena.sees(said("Your justification"), lena.vote(code))
    assert lena.vote(code).locator('[name="comment"]').input_value() == WHY
    lena.errors = [error for error in lena.errors if "422" not in error]  # the browser's word for the refused form
    lena.fill("comment", OWN_WORDS, lena.vote(code))
    lena.click(lena.vote(code).locator('button[value="yes"]'))
    lena.sees(said("You said yes. It goes on at once."), lena.page.locator("body"))

    kai.request(code)
    kai.sees(f"Begründung von Lena Hahn: {OWN_WORDS}")
    enter("Silke Marten").rejects(code, "budget", "In diesem Jahr nicht mehr.")
    kai.request(code)
    kai.sees("In diesem Jahr nicht mehr.")
