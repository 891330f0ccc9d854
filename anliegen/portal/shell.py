"""What surrounds the portal's pages: where one can go, and what waits there."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from anliegen.catalogue.queries import cart_count
from anliegen.knowledge import queries as knowledge
from anliegen.lib import clock
from anliegen.lib.text import LocalText
from anliegen.people import queries as people
from anliegen.people.models import User
from anliegen.portal.shown.articles import strip
from anliegen.tracking.queries import waiting_for_me
from anliegen.ui.shell import Entry, Notice, Person, Shell


def build(request: HttpRequest) -> Shell | None:
    """The surroundings for who is signed in; None for everybody else. A constant number of statements."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return None
    now = clock.now()
    waiting = waiting_for_me(user, people.stands_in_for(user, now))
    places = _places(request, waiting)
    decides = bool(waiting["approvals"]) or people.approve_limit(user, now) > 0 or places[3].current
    entries = [*places[:3], *([places[3]] if decides else [])]
    entries.append(_knowledge(request))
    at_desk = people.uses_desk(user, now)
    if at_desk:
        entries.append(Entry("/desk/", _("Service desk"), "headset", short=_("Desk")))
    here = request.path in {reverse("more"), reverse("profile")}
    more = Entry(reverse("more"), _("More"), "menu-2", current=here)
    fourth = entries[-1] if at_desk and not decides else entries[3]
    tabs = [*entries[:3], fourth, more]
    return Shell(entries=entries, tabs=tabs, person=_person(user), cart=_cart(user), notice=notice(user, now))


def notice(user: User, now: datetime) -> Notice | None:
    """What is announced most urgently, until this person puts it away; then the next."""
    told = knowledge.announcements(user, now)
    return strip(told[0]) if told else None


def _cart(user: User) -> Entry:
    return Entry(reverse("cart"), _("Cart"), "shopping-cart", count=cart_count(user))


def _knowledge(request: HttpRequest) -> Entry:
    url = reverse("knowledge")
    return Entry(url, _("Knowledge"), "book", current=request.path.startswith(url))


def counts[R: HttpResponse](response: R, user: User, now: datetime) -> R:
    """The same response, which also renews the counters in the bar of the open page. Few statements."""
    return counted(response, waiting_for_me(user, people.stands_in_for(user, now)))


def counted[R: HttpResponse](response: R, waiting: Mapping[str, int]) -> R:
    """The same with what was counted already."""
    trigger_client_event(response, "srm:counts", {"requests": waiting["answers"], "approvals": waiting["approvals"]})
    return response


def _places(request: HttpRequest, waiting: dict[str, int]) -> Sequence[Entry]:
    """Start, catalogue, requests, approvals."""
    start, catalogue, requests, approvals = (
        reverse(name) for name in ("start", "catalogue", "my-requests", "approvals")
    )
    here = request.path
    asked = waiting["answers"]
    return (
        Entry(start, _("Start"), "home", current=here == start),
        Entry(catalogue, _("Catalogue"), "layout-grid", current=here.startswith(catalogue)),
        Entry(
            requests, _("My requests"), "list-check", count=asked, current=here.startswith(requests),
            urgent=True, short=_("Requests"), key="requests",
        ),
        Entry(
            approvals, _("Approve"), "circle-check", count=waiting["approvals"], current=here.startswith(approvals),
            urgent=True, key="approvals",
        ),
    )  # fmt: skip


def _person(user: User) -> Person:
    detail = LocalText.of(user.department.name) if user.department else LocalText()
    return Person(user.full_name, reverse("profile"), detail.to(user.language), reverse("account_logout"))
