"""Finding requests by number or words, and persons and places as suggestions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from anliegen.desk import lookups
from anliegen.desk.doors import at_desk, page, person
from anliegen.lib import clock
from anliegen.requests import queries as requests
from anliegen.tracking import queries as tracking

LONGEST = 100


@at_desk
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Requests whose number, title or person holds every word; a whole number leads straight to its request."""
    user, now = person(request), clock.now()
    text = "".join(c for c in request.GET.get("q", "") if c.isprintable()).strip()[:LONGEST]
    number = request.GET.get("page", "")
    shown = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    found = requests.find(user, now, text=text, page=shown) if text else None
    lines = tracking.lines(found.ids, user, now=now, at_desk=True) if found else []
    if found and found.total == 1 and lines[0].code.casefold() in {text.casefold(), f"sr-{text}".casefold()}:
        return redirect(reverse("desk-request", args=(lines[0].code,)))
    return page(request, "desk/search.html", {"text": text, "found": found, "lines": lines})


@at_desk
@require_GET
def persons(request: HttpRequest) -> HttpResponse:
    """Persons for a field, as options."""
    matches = lookups.persons(person(request))(request.GET.get("q", "")[:LONGEST])
    return render(request, "ui/c/options.html", {"matches": matches})


@at_desk
@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """Places for a field, as options."""
    return render(request, "ui/c/options.html", {"matches": lookups.places(request.GET.get("q", "")[:LONGEST])})


@at_desk
@require_GET
def programs(request: HttpRequest) -> HttpResponse:
    """Programs for a field, as options."""
    return render(request, "ui/c/options.html", {"matches": lookups.programs(request.GET.get("q", "")[:LONGEST])})
