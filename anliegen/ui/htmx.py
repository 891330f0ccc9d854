"""Answers to htmx."""

from django.http import HttpRequest, HttpResponse
from django_htmx.http import trigger_client_event


def announce[R: HttpResponse](response: R, text: object, *, urgent: bool = False) -> R:
    """The same response, which also makes screen readers say this text once its content is in the page."""
    trigger_client_event(response, "srm:announce", {"text": str(text), "urgent": urgent})
    return response


def is_fragment(request: HttpRequest) -> bool:
    """True if htmx asks for a piece of a page; false for whole pages and for history restores."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"


def unchanged() -> HttpResponse:
    """The answer to a poll when nothing is new: 204, which htmx does not swap."""
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
