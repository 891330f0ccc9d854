"""Looking through what can be requested."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anliegen.catalogue import queries
from anliegen.catalogue.rules import Kind
from anliegen.lib import clock
from anliegen.lib.text import LocalText
from anliegen.people import queries as people
from anliegen.portal import cards
from anliegen.portal.doors import person, signed_in
from anliegen.portal.shown import lines
from anliegen.portal.shown.kinds import KINDS
from anliegen.requests import queries as requests
from anliegen.tracking import queries as tracking

OWN = 5


@require_GET
@signed_in
def catalogue(request: HttpRequest) -> HttpResponse:
    """All subjects and services; with `?q=` what fits, among one's own requests too."""
    user, now = person(request), clock.now()
    text = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    kind = _kind(request)
    found = queries.items(user, now, kind=kind, text=text)
    own = requests.my_requests(user, text=text, size=OWN).ids if text else []
    context = {
        "text": text,
        "categories": cards.category_tiles(queries.categories(user, now)),
        "items": cards.item_cards(found, people.order_limit(user, now)),
        "own": [lines.row(line) for line in tracking.lines(own, user, now=now)],
        **_choosing(request, kind, _kinds(queries.items(user, now, text=text) if kind else found)),
    }
    return render(request, "portal/catalogue.html", context)


@require_GET
@signed_in
def category(request: HttpRequest, key: str) -> HttpResponse:
    """The services of one subject, with its parts as filters."""
    user, now = person(request), clock.now()
    here = queries.category(key)
    top = here.parent or here
    kind = _kind(request)
    parts = next((card.children for card in queries.categories(user, now) if card.category.pk == top.pk), ())
    found = queries.items(user, now, category=key, kind=kind)
    context = {
        "category": here,
        "top": top,
        "parts": parts,
        "items": cards.item_cards(found, people.order_limit(user, now)),
        **_choosing(request, kind, _kinds(queries.items(user, now, category=key) if kind else found)),
    }
    return render(request, "portal/category.html", context)


@require_GET
@signed_in
def choose(request: HttpRequest) -> HttpResponse:
    """The drop-down list of all services: leads to the chosen one (R22)."""
    key = request.GET.get("item", "")
    offered = {value for _group, choices in queries.options(person(request), clock.now()) for value, _text in choices}
    return redirect("item", key=key) if key in offered else redirect("catalogue")


def _kind(request: HttpRequest) -> str:
    wanted = request.GET.get("kind", "")
    return wanted if wanted in set(Kind) else ""


def _kinds(found: Sequence[queries.ItemCard]) -> set[str]:
    return {card.version.kind for card in found}


def _choosing(request: HttpRequest, kind: str, there: set[str]) -> dict[str, Any]:
    """The drop-down list, and the kinds that are there as links, where there are several."""
    words = [(value.value, str(word)) for value, word in KINDS.items() if value.value in there]
    user, now = person(request), clock.now()
    lang = get_language() or "de"
    return {
        "options": [
            (name.to(lang), [(key, LocalText.of(title).to(lang)) for key, title in choices])
            for name, choices in queries.options(user, now)
        ],
        "kinds": [
            {"url": _with(request, value), "label": label, "on": value == kind}
            for value, label in ([("", _("All kinds")), *words] if len(words) > 1 else ())
        ],
        "kind": kind,
        "here": reverse("catalogue"),
    }


def _with(request: HttpRequest, kind: str) -> str:
    query = request.GET.copy()
    query.pop("kind", None)
    if kind:
        query["kind"] = kind
    return f"?{query.urlencode()}" if query else request.path
