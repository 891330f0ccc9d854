"""What surrounds the desk's pages: views with their counts, the call button, the search."""

from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from anliegen.desk.queries import queue
from anliegen.lib import clock
from anliegen.lib.text import LocalText
from anliegen.people import queries as people
from anliegen.people.models import User
from anliegen.people.rules import Capability
from anliegen.tracking import queries as tracking
from anliegen.ui.shell import Entry, Group, Person, Shell

ICONS = {"mine": "user", "team": "users", "waiting": "player-pause", "all": "list-check"}


def build(request: HttpRequest, user: User) -> Shell:
    """The surroundings for one person. A constant number of statements."""
    now = clock.now()
    able = people.capabilities(user, now)
    counts = queue.counts(user, now)
    home = reverse("desk")
    here = request.path == home
    shown = str(request.GET.get("view") or "mine")
    views = [
        Entry(
            home if key == "mine" else f"{home}?view={key}",
            queue.VIEWS[key],
            ICONS[key],
            count=count,
            current=here and shown == key,
        )
        for key, count in counts.items()
    ]
    return Shell(
        home=home,
        groups=[Group("", [*views, *_decisions(user, now)]), Group(_("Also"), _more(request, able))],
        create=_call(request) if Capability.RECORD_FOR_CALLERS in able else None,
        tabs=_tabs(request, views, able),
        search_url=reverse("desk-search"),
        person=Person(user.full_name, "/profile/", _what_they_are(user), reverse("account_logout")),
    )


def _decisions(user: User, now: datetime) -> list[Entry]:
    """Who decides and works in a team starts at the desk: what waits for a yes or no is told here too."""
    waiting = tracking.waiting_for_me(user, people.stands_in_for(user, now))["approvals"]
    return [Entry("/approvals/", _("Approve"), "circle-check", count=waiting, urgent=True)] if waiting else []


def _call(request: HttpRequest) -> Entry:
    url = reverse("desk-call")
    return Entry(url, _("Note a call"), "phone-call", current=request.path == url, short=_("Call"))


def _more(request: HttpRequest, able: frozenset[Capability]) -> list[Entry]:
    found = [("desk-done", _("Last completed"), "check")]
    if Capability.SEE_FAULTS in able:
        found.append(("desk-faults", _("Faults"), "alert-triangle"))
    entries = [Entry(reverse(name), label, icon, current=request.path == reverse(name)) for name, label, icon in found]
    if Capability.EDIT_KNOWLEDGE in able:
        entries.append(Entry("/studio/knowledge/", _("Articles"), "book"))
    return [*entries, Entry("/", _("Portal"), "home")]


def _tabs(request: HttpRequest, views: list[Entry], able: frozenset[Capability]) -> list[Entry]:
    short = {"mine": _("Mine"), "team": _("Team"), "waiting": _("Waiting"), "all": _("All")}
    tabs = [
        Entry(entry.url, entry.label, entry.icon, entry.count, current=entry.current, short=word)
        for entry, word in zip(views, short.values(), strict=False)
    ]
    middle = [_call(request)] if Capability.RECORD_FOR_CALLERS in able else []
    last = Entry("/", _("Portal"), "home", short=_("Portal"))
    return [*tabs[:2], *middle, *tabs[2:3], last]


def _what_they_are(user: User) -> str:
    return LocalText.of(user.department.name).to(user.language) if user.department else ""
