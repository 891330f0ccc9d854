"""Statements that every page links to: how accessible it is, and what is stored about whom (ux spec S28)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from anliegen.portal.statements import ACCESSIBILITY, PRIVACY


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement on accessibility, with how to report a barrier. For everybody, also before signing in."""
    context = {"statement": ACCESSIBILITY.to(get_language()), "mail": settings.ANLIEGEN.mail_reply_to}
    return render(request, "portal/statement.html", context | {"barrier": True, "page": _came_from(request)})


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """What is stored, why, how long, who sees it, and which cookies there are. For everybody."""
    context = {"statement": PRIVACY.to(get_language()), "mail": settings.ANLIEGEN.mail_reply_to}
    return render(request, "portal/statement.html", context)


def _came_from(request: HttpRequest) -> str:
    """The page on which somebody met a barrier, for the mail; never an address elsewhere."""
    before = request.META.get("HTTP_REFERER", "")
    here = request.build_absolute_uri("/")
    return before[:500] if before.startswith(here) and before.isprintable() else ""
