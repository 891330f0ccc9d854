"""Statements that every page links to: how accessible it is, and what is stored about whom (ux spec S28)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anliegen.catalogue import actions
from anliegen.catalogue import queries as catalogue
from anliegen.catalogue.actions.drafts import DraftContent
from anliegen.lib import clock
from anliegen.portal.doors import person, signed_in
from anliegen.portal.statements import ACCESSIBILITY, PRIVACY, own_text

QUESTION = "question"  # the key of the shipped service
LONGEST_PATH = 300


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement on accessibility, with how to report a barrier. For everybody, also before signing in."""
    own = own_text("accessibility", get_language())
    config = settings.ANLIEGEN
    context = {"statement": ACCESSIBILITY.to(get_language()), "mail": config.mail_reply_to, "own": own}
    asks = _can_ask(request)
    more = {"barrier": True, "page": _page(request), "body": config.enforcement_body, "asks": asks}
    return render(request, "portal/statement.html", context | more)


@require_POST
@signed_in
def report_barrier(request: HttpRequest) -> HttpResponse:
    """Begin a question that already names the page; it is sent once somebody has said what hinders them there."""
    user, now = person(request), clock.now()
    text = _("Barrier on the page %s:") % (_inside(request.POST.get("page", "")) or "…")
    draft = actions.save_draft(DraftContent(answers={"question": f"{text} "}), owner=user, item_key=QUESTION, now=now)
    return redirect(f"{reverse('item', args=[QUESTION])}?draft={draft.public_id}")


def _can_ask(request: HttpRequest) -> bool:
    """Whether who is signed in may ask a question here."""
    if not request.user.is_authenticated:
        return False
    return any(card.key == QUESTION and card.allowed for card in catalogue.items(person(request), clock.now()))


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """What is stored, why, how long, who sees it, and which cookies there are. For everybody."""
    context = {"statement": PRIVACY.to(get_language()), "mail": settings.ANLIEGEN.mail_reply_to}
    return render(request, "portal/statement.html", context)


def _inside(path: str) -> str:
    """A path of ours, as the foot of every page sends it along; else ""."""
    fine = path.startswith("/") and not path.startswith("//") and path.isprintable() and len(path) <= LONGEST_PATH
    return path if fine else ""


def _page(request: HttpRequest) -> str:
    """The page on which somebody met a barrier; never an address elsewhere."""
    if named := _inside(request.GET.get("page", "")):
        return request.build_absolute_uri(named)
    before = request.META.get("HTTP_REFERER", "")
    here = request.build_absolute_uri("/")
    return before[:500] if before.startswith(here) and before.isprintable() else ""
