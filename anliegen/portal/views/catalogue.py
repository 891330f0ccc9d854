"""Looking through what can be requested (ux spec S2)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anliegen.catalogue import actions, queries
from anliegen.catalogue.queries import Offered
from anliegen.lib import clock
from anliegen.lib.text import one_line
from anliegen.portal import browse, cards
from anliegen.portal.doors import came_from, person, signed_in, whole
from anliegen.portal.shown import bundles, lines
from anliegen.portal.shown.shelf import reader
from anliegen.requests import queries as requests
from anliegen.tracking import queries as tracking

OWN = 5
QUESTION = "question"  # the shipped service for everything that no other one is for


@require_GET
@signed_in
def catalogue(request: HttpRequest) -> HttpResponse:
    """All subjects and services; with `?q=` what fits, among one's own requests too."""
    user, now = person(request), clock.now()
    text = one_line(request.GET.get("q", ""))
    offered, able = queries.shelf(user, now)
    found = offered
    if text:
        speaking = set(tracking.item_keys(text))
        found = [one for one in offered if one.key in speaking]
    own = requests.my_requests(user, text=text, size=OWN).ids if text else []
    context: dict[str, Any] = {
        "text": text,
        "categories": cards.category_tiles(queries.categories_of(offered)),
        "own": [lines.row(line) for line in tracking.lines(own, user, now=now)],
        **_shown(request, found, offered, able, now),
    }
    if not text and not request.GET:
        context["items"] = bundles.among(context["items"], bundles.cards(user, offered, now))
    return render(request, "portal/catalogue.html", context)


@require_GET
@signed_in
def category(request: HttpRequest, key: str) -> HttpResponse:
    """The services of one subject, with its parts as filters."""
    user, now = person(request), clock.now()
    here = queries.category(key)
    top = here.parent or here
    offered, able = queries.shelf(user, now)
    subjects = queries.categories_of(offered)
    context = {
        "category": here,
        "top": top,
        "parts": next((card.children for card in subjects if card.category.pk == top.pk), ()),
        **_shown(request, [one for one in offered if here.pk in (one.category_id, one.parent_id)], offered, able, now),
    }
    return render(request, "portal/category.html", context)


@require_GET
@signed_in
def choose(request: HttpRequest) -> HttpResponse:
    """The drop-down list of all services: leads to the chosen one (R22)."""
    key = request.GET.get("item", "")
    offered, able = queries.shelf(person(request), clock.now())
    there = {one.key for one in offered if one.version_id in able}
    return redirect("item", key=key) if key in there else redirect("catalogue")


@require_POST
@signed_in
def star(request: HttpRequest, key: str) -> HttpResponse:
    """Mark a service, or take the mark away: then it stands first in the lists."""
    marked = actions.mark(key, user=person(request), on=request.POST.get("on") == "1", now=clock.now())
    messages.success(request, _("Marked as a favourite.") if marked else _("No longer a favourite."))
    return redirect(came_from(request, "catalogue"))


@require_POST
@signed_in
def await_return(request: HttpRequest, key: str) -> HttpResponse:
    """Be told when a service can be had again, or no longer."""
    on = request.POST.get("on") == "1"
    told = actions.await_return(key, user=person(request), on=on, now=clock.now())
    if told:
        messages.success(request, _("We send you a mail when you can request it again."))
    elif on:
        messages.info(request, _("You can request it right now."))
    else:
        messages.success(request, _("We do not send you a mail about this."))
    return redirect(came_from(request, "catalogue"))


def _shown(
    request: HttpRequest, found: Sequence[Offered], offered: Sequence[Offered], able: set[int], now: datetime
) -> dict[str, Any]:
    """The cards of a page, the filters over them, and the drop-down list of everything."""
    user = person(request)
    who = reader(user, able, now)
    faces = cards.faces([one.version_id for one in offered], who.limit)
    shelf = browse.Shelf(found, faces, who, tracking.popular(user, now))
    wish = browse.Wish.of(request)
    fitting = shelf.fitting(wish)
    page = Paginator(fitting, browse.PAGE).get_page(whole(request.GET.get("page")))
    return {
        "items": cards.item_cards(list(page), who),
        "page": page,
        "number": len(fitting),
        "wish": wish,
        "chips": browse.chips(request, shelf, wish),
        "kinds": browse.kinds(request, shelf, wish),
        "sorts": browse.sorts(request, wish),
        "query": browse.address(request),
        "options": _options(offered, able, faces),
        "question": reverse("item", args=[QUESTION]) if any(one.key == QUESTION for one in offered) else "",
    }


def _options(
    offered: Sequence[Offered], able: set[int], faces: browse.Faces
) -> list[tuple[str, list[tuple[str, str]]]]:
    """The drop-down list: groups of (key, title), each from A to Z (R22)."""
    lang = get_language() or "de"
    names = queries.category_names()
    groups: dict[int, list[tuple[str, str]]] = {}
    for one in offered:
        if one.version_id in able:
            groups.setdefault(one.category_id, []).append((one.key, faces[one.version_id].title))
    return [
        (names[pk].to(lang), sorted(choices, key=lambda choice: choice[1].casefold())) for pk, choices in groups.items()
    ]
