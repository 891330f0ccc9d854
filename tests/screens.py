"""Every screen of the product with a person who sees it full: for axe and for the pictures."""

import re
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Screen:
    """`address` may hold {first}: the first link to something like it on the page `find`."""

    name: str
    who: str
    address: str
    find: str = ""
    link: str = ""
    status: int = 200


SCREENS = (
    Screen("sign-in", "", "/account/sign-in"),
    Screen("persons", "", "/demo/persons"),
    Screen("not-here", "", "/nothing-is-here", status=404),
    Screen("start", "Jana Sommer", "/"),
    Screen("catalogue", "Jana Sommer", "/catalogue/"),
    Screen("search", "Jana Sommer", "/search?q=umziehen"),
    Screen("search-nothing", "Jana Sommer", "/search?q=mikroskop"),
    Screen("catalogue-search", "Jana Sommer", "/catalogue/?q=pc"),
    Screen("catalogue-filtered", "Jana Sommer", "/catalogue/?direct=1&sort=az"),
    Screen("category", "Jana Sommer", "/catalogue/devices/"),
    Screen("item", "Jana Sommer", "/catalogue/item/desktop/"),
    Screen("item-question", "Jana Sommer", "/catalogue/item/question/"),
    Screen("item-move", "Jana Sommer", "/catalogue/item/move/"),
    Screen("my-requests", "Jana Sommer", "/requests/?state=all"),
    Screen("my-requests-none", "Jana Sommer", "/requests/?result=rejected&days=30&state=all"),
    Screen("request-rate", "Jana Sommer", "{first}", "/requests/?state=closed", r"/requests/SR-\d+/"),
    Screen("request", "Jana Sommer", "{first}", "/requests/?q=umziehen", r"/requests/SR-\d+/"),
    Screen("request-pc", "Jana Sommer", "{first}", "/requests/?q=Desktop", r"/requests/SR-\d+/"),
    Screen("confirmation", "Jana Sommer", "/requests/confirmation/{first}", "/requests/", r"SR-\d+/"),
    Screen("cart", "Wiebke Nissen", "/cart/"),
    Screen("cart-empty", "Jana Sommer", "/cart/"),
    Screen("cart-for", "Wiebke Nissen", "/cart/for"),
    Screen("cancel", "Jana Sommer", "{first}cancel", "/requests/", r"/requests/SR-\d+/"),
    Screen("correct", "Jana Sommer", "{first}correct", "/requests/?q=Desktop", r"/requests/SR-\d+/"),
    Screen("knowledge", "Jana Sommer", "/knowledge/"),
    Screen("knowledge-search", "Jana Sommer", "/knowledge/?q=drucker"),
    Screen("article", "Jana Sommer", "/knowledge/vpn/"),
    Screen("article-rated", "Svenja Paulsen", "/knowledge/printing/"),
    Screen("article-internal", "Nele Krüger", "/knowledge/identity-check/"),
    Screen("profile", "Jana Sommer", "/profile/"),
    Screen("outbox", "Jana Sommer", "/outbox/"),
    Screen("no-desk", "Jana Sommer", "/desk/", status=403),
    Screen("factors", "Jana Sommer", "/account/factors"),
    Screen("factor-app", "Jana Sommer", "/account/factors/app"),
    Screen("sign-out", "Jana Sommer", "/account/sign-out"),
    Screen("request-ended", "Svenja Paulsen", "{first}", "/requests/?state=closed", r"/requests/SR-\d+/"),
    Screen("request-accept", "Malte Harms", "{first}", "/requests/", r"/requests/SR-\d+/"),
    Screen("approvals", "Silke Marten", "/approvals/"),
    Screen("start-approver", "Silke Marten", "/"),
    Screen("desk", "Nele Krüger", "/desk/"),
    Screen("desk-all", "Nele Krüger", "/desk/?view=all"),
    Screen("desk-request", "Nele Krüger", "{first}", "/desk/search/?q=umziehen", r"/desk/requests/SR-\d+/"),
    Screen(
        "desk-reclassify", "Nele Krüger", "{first}reclassify/?item=move", "/desk/search/?q=Desktop", r"/desk/requests/SR-\d+/"
    ),
    Screen("desk-call", "Nele Krüger", "/desk/call/"),
    Screen("desk-call-item", "Nele Krüger", "/desk/call/?item=desktop"),
    Screen("desk-search", "Nele Krüger", "/desk/search/?q=desktop"),
    Screen("desk-team", "Mats Koch", "/desk/?view=team"),
    Screen("desk-task", "Mats Koch", "{first}", "/desk/?view=team", r"/desk/SR-\d+/tasks/[\w-]+/"),
    Screen("desk-pane", "Mats Koch", "/desk/?view=team&open={first}", "/desk/?view=team", r"SR-\d+/[a-z-]+-\d+(?=[\"&])"),
    Screen("desk-done", "Mats Koch", "/desk/tasks/done"),
    Screen("desk-check", "Aylin Noack", "{first}", "/desk/?view=team", r"/desk/SR-\d+/tasks/[\w-]+/"),
    Screen("studio-articles", "Sina Wolf", "/studio/knowledge/"),
    Screen("studio-new", "Sina Wolf", "/studio/knowledge/new"),
    Screen("studio-article", "Sina Wolf", "/studio/knowledge/printing/"),
    Screen("studio-announcements", "Sina Wolf", "/studio/announcements/"),
    Screen("desk-faults", "Frauke Lorenzen", "/desk/faults/"),
    # what is empty
    Screen("search-empty", "Jana Sommer", "/catalogue/?q=zzqxzz"),
    Screen("my-requests-empty", "Jana Sommer", "/requests/?q=zzqxzz"),
    Screen("knowledge-empty", "Jana Sommer", "/knowledge/?q=zzqxzz"),
    Screen("approvals-empty", "Jana Sommer", "/approvals/"),
    Screen("start-new", "Eva Clausen", "/"),
    Screen("my-requests-new", "Eva Clausen", "/requests/"),
    Screen("desk-search-empty", "Nele Krüger", "/desk/search/?q=zzqxzz"),
    # what every page leads to
    Screen("more", "Jana Sommer", "/more/"),
    Screen("accessibility", "Jana Sommer", "/accessibility"),
    Screen("privacy", "Jana Sommer", "/privacy"),
    Screen("article-vote", "Jana Sommer", "/knowledge/wifi/"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Refused:
    """A form of a screen that comes back with what is wrong: with these values, sent with this button."""

    screen: Screen
    button: str
    typed: dict[str, str] = field(default_factory=dict)


REQUEST = ("Jana Sommer", "{first}", "/requests/?q=umziehen", r"/requests/SR-\d+/")
REFUSED = (
    Refused(Screen("sign-in", "", "/account/sign-in"), 'main button[type="submit"]', {"login": "nobody@nordwerk.example"}),
    Refused(Screen("item", "Jana Sommer", "/catalogue/item/software/"), '#f button, button[form="f"]'),
    Refused(Screen("item-move", "Jana Sommer", "/catalogue/item/move/"), 'button[form="f"]'),
    Refused(Screen("request-message", *REQUEST), 'form[action$="/message"] button[type="submit"]'),
    Refused(Screen("request-people", *REQUEST), 'form[action$="/people"]:has([name="person"]) button', {"person": "Niemand"}),
    Refused(Screen("profile-absence", "Jana Sommer", "/profile/"), 'form[action$="/absence"] button[type="submit"]'),
    Refused(Screen("approvals-no", "Silke Marten", "/approvals/"), 'button[name="verdict"][value="no"]'),
    Refused(Screen("approvals-question", "Silke Marten", "/approvals/"), 'form[action$="/question"] button'),
    Refused(Screen("desk-call", "Nele Krüger", "/desk/call/?item=desktop"), 'main form button[type="submit"]'),
)  # fmt: skip

# The pictures of docs/guide, by their name there.
GUIDE_SCREENS = {
    "start": Screen("start", "Jana Sommer", "/"),
    "item": Screen("item", "Jana Sommer", "/catalogue/item/laptop/"),
    "request": Screen("request", "Malte Harms", "{first}", "/requests/", r"/requests/SR-\d+/"),
    "approvals": Screen("approvals", "Silke Marten", "/approvals/"),
    "call": Screen("call", "Nele Krüger", "/desk/call/?item=desktop"),
    "task": Screen(
        "task", "Mats Koch", "/desk/?view=team&open={first}", "/desk/?view=team", r"SR-\d+/[a-z-]+-\d+(?=[\"&])"
    ),
}  # fmt: skip


def addresses(person: Any, screen: Screen) -> list[str]:
    """Where the screen is for this person."""
    if not screen.find:
        return [screen.address]
    text = person.context.request.get(screen.find).text()
    found = re.search(screen.link, text.replace("%2F", "/"))
    assert found, f"{screen.name}: no link like {screen.link} on {screen.find}"
    return [screen.address.replace("{first}", found[0])]
