"""What the desk does with JavaScript: the pane beside the list, the questions of a chosen item, single keys."""

import pytest

from anliegen.workflow.tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def stage(transactional_db):
    found = factories.stage(wired=True)
    factories.publish()
    return found


@pytest.fixture
def open_as(browser, live_server, at):
    """A page of the desk, opened by that person."""
    contexts = []

    def visit(user, path, width=1440):
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="de-DE")
        contexts.append(context)
        for name, cookie in at(user).cookies.items():
            context.add_cookies([{"name": name, "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    yield visit
    for context in contexts:
        context.close()


def test_a_task_opens_beside_the_list_with_the_focus_on_its_title(stage, open_as):
    service_request = stage.order()
    page = open_as(stage.firm.agent, "/desk/")
    page.click("[data-beside]")
    page.wait_for_selector("#desk-pane h2")
    assert f"open={service_request.code}" in page.url.replace("%2F", "/")
    assert page.evaluate("document.activeElement.tagName") == "H2"
    page.reload()
    assert page.is_visible("#desk-pane h2")


def test_on_a_narrow_screen_the_task_is_a_page(stage, open_as):
    service_request = stage.order()
    page = open_as(stage.firm.agent, "/desk/", width=390)
    page.click("[data-beside]")
    page.wait_for_url(f"**/desk/{service_request.code}/tasks/check-1/**")


def test_a_call_in_a_few_clicks(stage, open_as):
    page = open_as(stage.firm.agent, "/desk/call/")
    page.fill("#id_caller", "Jana Test")
    page.select_option("#id_item", "desktop")
    page.wait_for_selector("#call-first")
    page.click("text=Standard")
    page.wait_for_timeout(500)
    page.click("text=Anfrage anlegen")
    page.wait_for_url("**/done/")
    assert "SR-1000" in page.inner_text("h1")


def test_single_keys_do_nothing_until_they_are_turned_on(stage, open_as):
    stage.order()
    page = open_as(stage.firm.agent, "/desk/")
    page.keyboard.press("j")
    assert not page.evaluate("document.activeElement.matches('[data-row]')")
    page.click("text=Tastenkürzel einschalten")
    page.wait_for_selector("[data-keys=on]")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.matches('[data-row]')")
