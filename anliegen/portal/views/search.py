"""The search: suggestions while typing, and the page with everything that fits (ux spec S1)."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anliegen.lib import clock
from anliegen.lib.text import one_line
from anliegen.people import queries as people
from anliegen.portal import cards, missing
from anliegen.portal.doors import Person, person, signed_in
from anliegen.portal.shown import articles as shown
from anliegen.portal.shown import finds, lines
from anliegen.portal.shown.shelf import reader
from anliegen.search import actions as gaps
from anliegen.tracking import queries as tracking
from anliegen.tracking.queries import Finds
from anliegen.ui.htmx import is_fragment

SUGGESTED, SHOWN, OWN = 3, 24, 10
QUESTION = "question"  # the shipped service for everything that no other one is for


@require_GET
@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """Everything that fits `?q=`: what is announced, services, answers, and one's own requests."""
    user, now, text = person(request), clock.now(), one_line(request.GET.get("q", ""))
    found = tracking.discover(text, user, now=now, limit=SHOWN) if text else None
    context: dict[str, Any] = {"text": text, "found": found, "question": _question(text)}
    if found:
        context["told"] = [shown.announcement(one) for one in found.announcements]
        context["gap"] = "" if found.known else missing.sealed(text)
        context["items"] = cards.item_cards(found.items, reader(user, found.able, now))
        context["rows"] = [lines.row(line) for line in found.lines[:OWN]]
        context["more"] = found.own > OWN
    return render(request, "portal/search.html", context)


@require_GET
@signed_in
def panel(request: HttpRequest) -> HttpResponse:
    """Up to three suggestions of each kind for the words so far, as a list to choose from."""
    user, text = person(request), one_line(request.GET.get("q", ""))
    if len(text) < 2:
        return HttpResponse("")
    found = tracking.discover(text, user, now=clock.now(), limit=SUGGESTED, typing=True)
    context = {
        "text": text,
        "gap": "" if found.known else missing.sealed(text),
        "sure": found.sure,
        "services": _services(found, user),
        "answers": [finds.answer(found, card) for card in found.articles],
        "told": [finds.told(found, one) for one in found.announcements],
        "own": [finds.own(found, line) for line in found.lines],
        "number": sum(map(len, (found.items, found.articles, found.announcements, found.lines))),
        "all": f"{reverse('search')}?{urlencode({'q': text})}",
        "question": _question(text),
    }
    return render(request, "portal/parts/search_panel.html", context)


@require_POST
@signed_in
def gap(request: HttpRequest) -> HttpResponse:
    """Count that words found nothing, once for each page or list that said so. Nobody is named."""
    found = missing.opened(request.POST.get("gap", ""))
    if found:
        gaps.note_gap(found.text, lang=get_language() or "de", now=clock.now(), key=found.key)
    if is_fragment(request):
        return HttpResponse(status=204)
    if found:
        messages.success(request, _("Thank you. We have noted that this is missing."))
    return redirect(f"{reverse('search')}?{urlencode({'q': found.text})}" if found else "search")


def _question(text: str) -> str:
    """Where to ask what nothing fits, with the words filled in."""
    return f"{reverse('item', args=[QUESTION])}?{urlencode({'text': text})}"


def _services(found: Finds, user: Person) -> list[dict[str, Any]]:
    faces = cards.faces([one.version_id for one in found.items], people.order_limit(user, clock.now()))
    options = []
    for one in found.items:
        face = faces.get(one.version_id)
        if face is not None:
            facts = (cards.approval_of(face), face.lasts) if one.version_id in found.able else ()
            options.append(
                {
                    "url": reverse("item", args=[one.key]),
                    "picture": face.picture,
                    "pieces": found.marked(face.title),
                    "meta": " · ".join(filter(None, facts)),
                }
            )
    return options
