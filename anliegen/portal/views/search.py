"""The search: suggestions while typing, and the page with everything that fits (ux spec S1)."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from anliegen.lib import clock
from anliegen.people import queries as people
from anliegen.portal import cards
from anliegen.portal.doors import Person, person, signed_in
from anliegen.portal.shown import lines
from anliegen.portal.shown.shelf import reader
from anliegen.search import actions as gaps
from anliegen.tracking import queries as tracking
from anliegen.tracking.queries import Finds
from anliegen.tracking.shapes import Line

SUGGESTED, SHOWN, OWN = 3, 24, 10
QUESTION = "question"  # the shipped service for everything that no other one is for


@require_GET
@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """Everything that fits `?q=`: services, and one's own requests."""
    user, now, text = person(request), clock.now(), _text(request.GET.get("q", ""))
    found = tracking.discover(text, user, now=now, limit=SHOWN) if text else None
    context: dict[str, Any] = {"text": text, "found": found, "question": _question(text)}
    if found:
        context["items"] = cards.item_cards(found.items, reader(user, found.able, now))
        context["rows"] = [lines.row(line) for line in found.lines[:OWN]]
        context["more"] = found.own > OWN
    return render(request, "portal/search.html", context)


@require_GET
@signed_in
def panel(request: HttpRequest) -> HttpResponse:
    """Up to three suggestions of each kind for the words so far, as a list to choose from."""
    user, text = person(request), _text(request.GET.get("q", ""))
    if len(text) < 2:
        return HttpResponse("")
    found = tracking.discover(text, user, now=clock.now(), limit=SUGGESTED, typing=True)
    context = {
        "text": text,
        "known": found.known,
        "services": _services(found, user),
        "own": [_own(found, line) for line in found.lines],
        "number": len(found.items) + len(found.lines),
        "all": f"{reverse('search')}?{urlencode({'q': text})}",
        "question": _question(text),
    }
    return render(request, "portal/parts/search_panel.html", context)


@require_POST
@signed_in
def gap(request: HttpRequest) -> HttpResponse:
    """Count that these words, which somebody finished, found nothing. Nobody is named."""
    user, now, text = person(request), clock.now(), _text(request.POST.get("q", ""))
    if text and not tracking.discover(text, user, now=now, limit=1, typing=True).known:
        gaps.note_gap(text, lang=get_language() or "de", now=now)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204)
    return redirect(f"{reverse('search')}?{urlencode({'q': text})}")


def _text(typed: str) -> str:
    return "".join(one if one.isprintable() else " " for one in typed).strip()[:200]


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


def _own(found: Finds, line: Line) -> dict[str, Any]:
    return {
        "url": reverse("request", args=[line.code]),
        "pieces": found.marked(line.title),
        "lang": line.lang,
        "meta": f"{line.code} · {line.word}",
    }
