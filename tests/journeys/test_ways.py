"""Other ways through the same pages: without JavaScript, by keyboard, in a hurry, and two at the same time."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.persons import Person, said

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]
type Enter = Callable[..., Person]


def _reason(person: Person) -> None:
    person.fill("justification", "Mein Gerät ist zu langsam.")


def test_order_question_and_answer_without_javascript(enter: Enter) -> None:
    jana = enter("Jana Sommer", java_script_enabled=False)
    jana.opens("/catalogue/item/desktop/")
    _reason(jana)
    jana.click(jana.send_button())
    code = jana.confirmed()

    analyst = enter("Henrik Thomsen", java_script_enabled=False)
    analyst.opens("/desk/?view=team")
    analyst.click(analyst.row(code, "check"))
    fold = analyst.page.locator("details", has=analyst.page.locator('form[action$="/ask/"]'))
    fold.locator("summary").click()
    analyst.fill("text", "Welche Programme nutzen Sie?", fold)
    fold.locator('button[type="submit"]').click()

    jana.request(code)
    turn = jana.page.locator(".srm-turn", has_text="Welche Programme nutzen Sie?")
    turn.locator("summary").first.click()
    jana.fill("text", "Nur das Büropaket.", turn)
    turn.locator('button[type="submit"]:not([name])').click()
    jana.sees("Nur das Büropaket.")
    jana.opens("/")
    jana.sees("Desktop-PC")  # B4: the state of a request without a click


def test_order_by_keyboard_only(enter: Enter) -> None:
    jana = enter("Jana Sommer")
    jana.opens("/catalogue/item/desktop/")
    wanted = jana.page.locator('[name="justification"]')
    _tab_to(jana, wanted)
    jana.page.keyboard.type("Mein Gerät ist zu langsam.")
    _tab_to(jana, jana.send_button())
    jana.page.keyboard.press("Enter")
    code = jana.confirmed()
    assert jana.page.evaluate("document.activeElement.tagName") == "H1"
    jana.sees(code)


def _tab_to(person: Person, what: object) -> None:
    """Go on with Tab until it has the focus, which must always be seen."""
    for _step in range(80):
        person.page.keyboard.press("Tab")
        if what.evaluate("(element) => element === document.activeElement"):  # type: ignore[attr-defined]
            return
        seen = person.page.evaluate(
            "() => { const r = document.activeElement.getBoundingClientRect(); return r.width > 0 && r.height > 0 }"
        )
        assert seen, person.page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
    raise AssertionError("not reached with Tab")


def _codes(person: Person) -> set[str]:
    """The numbers of all that somebody asked for: other journeys of the same product may have made some."""
    person.opens("/requests/?state=all")
    links = person.page.locator('main a[href^="/requests/SR-"]')
    return set(links.evaluate_all("(found) => found.map((link) => link.pathname)"))


@pytest.mark.parametrize("script", [True, False])
def test_a_double_click_orders_once(enter: Enter, script: bool) -> None:
    arne = enter("Arne Ketelsen", java_script_enabled=script)
    before = _codes(arne)
    arne.opens("/catalogue/item/desktop/")
    _reason(arne)
    arne.send_button().dblclick()
    code = arne.confirmed()
    assert _codes(arne) - before == {f"/requests/{code}/"}


def test_two_sendings_at_the_same_instant_order_once(enter: Enter) -> None:
    arne = enter("Arne Ketelsen")
    before = _codes(arne)
    arne.opens("/catalogue/item/desktop/")
    _reason(arne)
    ends = arne.page.evaluate("""async () => {
      const form = document.getElementById("f");
      const send = () => fetch(form.action, { method: "POST", body: new FormData(form) });
      return (await Promise.all([send(), send(), send()])).map((answer) => new URL(answer.url).pathname);
    }""")
    made = _codes(arne) - before
    assert len(made) == 1
    assert {end.replace("confirmation/", "") for end in ends} == made


def test_of_two_approvers_the_second_learns_who_was_first(enter: Enter) -> None:
    code = enter("Arne Ketelsen").orders("desktop", _reason)
    enter("Henrik Thomsen").completes(code, "check", "complete")
    first, second = enter("Henrike Voss"), enter("Silke Marten")  # deputy and principal
    second.opens("/approvals/")
    first.approves(code)
    with second.page.expect_response(lambda answer: answer.request.method == "POST") as posted:
        second.vote(code).locator('button[name="verdict"][value="yes"]').click()
    assert posted.value.status == 409
    second.sees("Henrike Voss", second.page.locator("body"))
    second.errors.clear()  # the browser's word about the 409


def test_of_two_analysts_the_second_learns_who_was_first(enter: Enter) -> None:
    code = enter("Jana Sommer").orders("desktop", _reason)
    first, second = enter("Henrik Thomsen"), enter("Ines Albrecht")
    pane = second.finds_task(code, "check")
    first.completes(code, "check", "complete")
    with second.page.expect_response(lambda answer: answer.request.method == "POST") as posted:
        pane.locator('form[action$="/complete/"] button[value="complete"]').click()
    assert posted.value.status == 409
    second.sees("Henrik Thomsen", second.page.locator("body"))
    second.errors.clear()


def test_a_call_costs_three_clicks_and_five_fields(enter: Enter) -> None:
    """B13."""
    nele = enter("Nele Krüger")
    nele.opens("/desk/")
    nele.click(nele.page.get_by_role("link", name=said("Note a call")).first)
    nele.fill("caller", "Oliver Hughes")
    nele.page.locator('[name="item"]').select_option("desktop")
    nele.filled += 1
    nele.fill("justification", "Das alte Gerät startet nicht mehr.")
    nele.fill("note", "Ruft aus Hamburg an.")
    nele.settled()
    nele.click(nele.page.locator('button[name="go"][value="make"]'))
    expect(nele.page.locator("#error-summary")).to_have_count(0)
    nele.page.wait_for_url("**/desk/call/SR-*/done/")
    assert nele.clicks <= 3
    assert nele.filled <= 5


def test_keys_take_and_complete_a_task(enter: Enter) -> None:
    """B14, B15: where single keys are on, A takes the open task and E completes it."""
    code = enter("Jana Sommer").orders("desktop", _reason)
    analyst = enter("Ines Albrecht")
    analyst.opens("/profile/")
    analyst.opens("/desk/")
    switch = analyst.page.locator('form[action="/desk/keys/"] button')
    if switch.count() and analyst.page.locator('[data-keys="off"]').count():
        switch.first.click()
        analyst.page.wait_for_load_state()
    analyst.finds_task(code, "check")
    analyst.page.keyboard.press("a")
    expect(analyst.page.locator("body")).to_contain_text(said("You have taken the task."))
    analyst.page.keyboard.press("e")
    expect(analyst.page.locator("body")).to_contain_text(said("Done. The request goes on."))
