"""The receipt of what was handed over, to be read and printed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from anliegen.lib import clock
from anliegen.lib.errors import NotFound
from anliegen.portal.doors import person, signed_in
from anliegen.requests import access
from anliegen.tracking import queries as tracking


@require_GET
@signed_in
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """What was handed over, by whom, to whom, when and where, and how it was confirmed; 404 before anything was."""
    service_request = access.to_read(code, person(request), clock.now())
    found = tracking.receipt(service_request)
    if found is None:
        raise NotFound
    return render(request, "portal/receipt.html", {"one": service_request, "receipt": found})
