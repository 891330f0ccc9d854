"""Persons of Nordwerk at their browsers: what they do on a page, in the words of the page."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

WIDE = {"width": 1440, "height": 900}
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)


def said(english: str) -> str:
    """A text of the pages as these persons read it."""
    with translation.override("de"):
        return translation.gettext(english)


@dataclass
class Person:
    """Somebody signed in, with one page, which counts what it costs them."""

    name: str
    context: BrowserContext
    page: Page
    clicks: int = 0
    filled: int = 0
    errors: list[str] = field(default_factory=list)

    @classmethod
    def steps_in(cls, browser: Browser, base_url: str, name: str, **context: Any) -> Self:
        """Choose this person on the demo's page of persons."""
        inside = browser.new_context(**{"base_url": base_url, "locale": "de-DE", "viewport": WIDE, **context})
        inside.set_default_timeout(PATIENCE_MS)
        page = inside.new_page()
        person = cls(name, inside, page)
        page.on("console", lambda message: person.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: person.errors.append(str(error)))
        page.goto(f"/demo/persons?q={name}")
        page.locator('button[name="person"]').first.click()
        page.wait_for_url(lambda url: "/demo/persons" not in url)
        return person

    def leaves(self) -> None:
        self.context.close()

    # at any page

    def opens(self, address: str) -> None:
        self.page.goto(address)

    def click(self, what: Locator) -> None:
        self.clicks += 1
        what.click()

    def fill(self, name: str, value: str, inside: Locator | None = None) -> None:
        self.filled += 1
        (inside or self.page).locator(f'[name="{name}"]').fill(value)

    def choose(self, name: str, value: str, inside: Locator | None = None) -> None:
        """A tile or a box, by its label."""
        self.filled += 1
        box = f'input[name="{name}"][value="{value}"]'
        if not (inside or self.page).locator(box).is_checked():
            self.click((inside or self.page).locator("label", has=self.page.locator(box)))

    def sees(self, text: str, inside: Locator | None = None) -> None:
        expect((inside or self.page.locator("main")).first).to_contain_text(text)

    # in the portal

    def orders(self, item: str, fill_in: Callable[[Self], None]) -> str:
        """Order for oneself; the number that the confirmation tells."""
        self.opens(f"/catalogue/item/{item}/")
        fill_in(self)
        self.settled()
        self.click(self.send_button())
        return self.confirmed()

    def settled(self) -> None:
        """Wait until the summary has followed the answers."""
        expect(self.page.locator(".htmx-request")).to_have_count(0)

    def send_button(self) -> Locator:
        return self.page.locator('.srm-sum button[form="f"]:not([name])')

    def confirmed(self) -> str:
        self.page.wait_for_url("**/requests/confirmation/**")
        return self.page.url.rstrip("/").rpartition("/")[2]

    def request(self, code: str) -> None:
        self.opens(f"/requests/{code}/")

    def approves(self, code: str) -> None:
        self.opens("/approvals/")
        self.click(self.vote(code).locator('button[name="verdict"][value="yes"]'))
        self.sees(said("You said yes. It goes on at once."), self.page.locator("body"))

    def vote(self, code: str) -> Locator:
        return self.page.locator(f"article#{code}")

    def rejects(self, code: str, reason: str, sentence: str) -> None:
        self.opens("/approvals/")
        card = self.vote(code)
        self.click(card.locator("summary", has_text=said("Reject")))
        card.locator('[name="reject_reason"]').select_option(reason)
        self.fill("comment", sentence, card)
        self.click(card.locator('button[name="verdict"][value="no"]'))
        self.sees(said("You said no. We tell the requester."), self.page.locator("body"))

    def accepts(self, code: str) -> None:
        self.request(code)
        self.click(self.page.locator('.srm-turn button[name="verdict"][value="yes"]'))
        self.sees(said("Thank you. The request is closed."), self.page.locator("body"))

    # at the desk

    def row(self, code: str, step: str) -> Locator:
        return self.page.locator(f'[id^="row-{code}-{step}-"]')

    def finds_task(self, code: str, step: str) -> Locator:
        """Open a task from the own list; what stands beside it."""
        self.opens("/desk/")
        if not self.row(code, step).count():
            self.opens("/desk/?view=team")
        self.click(self.row(code, step))
        pane = self.page.locator("#desk-pane")
        expect(pane).to_contain_text(code)
        return pane

    def completes(self, code: str, step: str, outcome: str = "done", **entries: str) -> Locator:
        """Find the task, fill in what it asks, and say how it came out."""
        pane = self.finds_task(code, step)
        self.sends(pane, outcome, **entries)
        return pane

    def sends(self, at: Locator, outcome: str, **entries: str) -> None:
        form = at.locator('form[action$="/complete/"]')
        for name, value in entries.items():
            boxes = form.locator(f'[name="f_{name}"]')
            kind = boxes.first.get_attribute("type")
            if kind == "checkbox" and boxes.count() == 1:
                boxes.check()
            elif kind in {"radio", "checkbox"}:
                self.choose(f"f_{name}", value, form)
            else:
                self.fill(f"f_{name}", value, form)
        self.click(form.locator(f'button[name="outcome"][value="{outcome}"]'))
        self.sees(said("Done. The request goes on."), self.page.locator("body"))
