"""Budgets of the profile: a deputy for a holiday in four clicks (B10), language and look in one (B21)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys.persons import Person, said

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]
type Enter = Callable[..., Person]


def test_a_deputy_for_a_holiday_in_four_clicks_and_ended_early(enter: Enter) -> None:
    silke = enter("Silke Marten")
    silke.opens("/")
    first = timezone.localdate() + timedelta(days=30)
    silke.click(silke.page.locator("details[data-menu] summary"))
    silke.click(silke.page.locator("details[data-menu] a", has_text=said("My profile")))
    absence = silke.page.locator("#absence")
    silke.fill("valid_from", first.isoformat(), absence)
    silke.fill("valid_to", (first + timedelta(days=13)).isoformat(), absence)
    silke.fill("deputy", "Henrike Voss", absence)
    silke.click(absence.get_by_role("button", name=said("Note absence")))
    silke.sees("Henrike Voss " + said("%(name)s decides").removeprefix("%(name)s "), silke.page.locator("#absence li"))
    assert silke.clicks <= 4
    assert silke.filled == 3
    silke.click(silke.page.locator("#absence li").get_by_role("button"))
    silke.sees(said("Your absence has ended. You decide yourself again."), silke.page.locator("body"))


def test_language_and_look_in_one_click_each_and_kept(enter: Enter) -> None:
    jana = enter("Jana Sommer", color_scheme="light")
    jana.opens("/")
    jana.click(jana.page.locator("header button[name=language]").first)
    expect(jana.page.locator("html")).to_have_attribute("lang", "en")
    with jana.page.expect_response("**/prefs"):
        jana.click(jana.page.locator("header .srm-prefs [data-theme-toggle]"))
    expect(jana.page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert jana.clicks == 2
    jana.opens("/requests/")
    expect(jana.page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(jana.page.locator("html")).to_have_attribute("lang", "en")
    jana.click(jana.page.locator("header button[name=language]").first)
    expect(jana.page.locator("html")).to_have_attribute("lang", "de")


def test_mails_and_switches_are_kept(enter: Enter) -> None:
    jana = enter("Jana Sommer")
    jana.opens("/profile/")
    jana.page.locator("#mails select").first.select_option("daily")
    jana.click(jana.page.locator("#mails button"))
    expect(jana.page.locator("#mails select").first).to_have_value("daily")
    switch = jana.page.locator("#look [role=switch]").first
    expect(switch).to_have_attribute("aria-checked", "true")
    jana.click(switch)
    expect(switch).to_have_attribute("aria-checked", "false")
    jana.click(switch)
    jana.page.locator("#mails select").first.select_option("now")
    jana.click(jana.page.locator("#mails button"))
    expect(jana.page.locator("#mails select").first).to_have_value("now")
