"""Suggestions for fields that name persons, places and programs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from anliegen.lib.errors import NotFound
from anliegen.portal import lookups
from anliegen.portal.doors import person, signed_in


@require_GET
@signed_in
def suggest(request: HttpRequest, what: str) -> HttpResponse:
    """Up to twenty that fit `?q=`: persons, recipients (for whom one may order), places, or programs."""
    user = person(request)
    known = {
        "persons": lookups.persons(user),
        "recipients": lookups.recipients(user),
        "places": lookups.places,
        "programs": lookups.programs,
    }
    if what not in known:
        raise NotFound
    text = request.GET.get("q", "")[:100]
    return render(request, "ui/c/options.html", {"matches": known[what](text) if len(text.strip()) > 1 else []})
