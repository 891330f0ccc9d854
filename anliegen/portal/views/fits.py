"""What fits to what is being typed, and "that was all I needed" (ux spec S4, R112, R113)."""

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from anliegen.catalogue import queries as catalogue
from anliegen.catalogue.rules import QuestionType
from anliegen.knowledge import actions as knowledge
from anliegen.lib import clock
from anliegen.people import queries as people
from anliegen.portal import cards, lookups
from anliegen.portal.doors import person, signed_in
from anliegen.portal.forms import item as forms
from anliegen.portal.shown import articles as shown
from anliegen.requests import actions as requests
from anliegen.requests.rules import Line
from anliegen.tracking import queries as tracking
from anliegen.ui.act import act, form_key
from anliegen.ui.htmx import announce

TEXTS = (QuestionType.PARAGRAPH, QuestionType.TEXT)
MOST_DECLINED = 20


def context(request: HttpRequest, asking: forms.Asking, answers: Any) -> dict[str, Any]:
    """What the block shows; `fits_after` is the question below which it stands, "" without questions to type into."""
    asked = catalogue.form(asking.item_version).questions
    first = next((one.key for one in asked if one.type in TEXTS), "")
    declined = [*request.POST.getlist("declined"), *request.POST.getlist("unhelpful")][:MOST_DECLINED]
    found = tracking.fits(asking.item_version, answers, asking.user, clock.now(), without=declined) if first else None
    services = found.services if found else ()
    faces = cards.faces([one.version_id for one in services], people.order_limit(asking.user, clock.now()))
    return {
        "fits_after": first,
        "better": [(one.key, faces[one.version_id].title) for one in services if one.version_id in faces],
        "declined": list(dict.fromkeys(declined)),
        "fits": found,
        "told": [shown.announcement(one) for one in found.announcements] if found else [],
    }


def _asking(request: HttpRequest, key: str) -> forms.Asking:
    user = person(request)
    version = catalogue.item(key, user, clock.now())
    return forms.Asking(version, user, lookups.orders_for_others(user))


@require_POST
@signed_in
def fits(request: HttpRequest, key: str) -> HttpResponse:
    """While somebody types: at most three things that fit. With `unhelpful` an article did not help, and goes."""
    asking = _asking(request, key)
    not_helped(request)
    around = context(request, asking, forms.typed(asking, request.POST))
    response = render(request, "portal/parts/fits.html", {**around, "item": asking.item_version.item})
    count = around["fits"].count if around["fits"] else 0
    if not count or request.POST.get("fits_seen", "") == str(count):
        return response
    return announce(response, ngettext("%(number)s suggestion", "%(number)s suggestions", count) % {"number": count})


def not_helped(request: HttpRequest) -> None:
    """Note a no to the article that was opened in the form."""
    if article := request.POST.get("unhelpful", ""):
        knowledge.vote(article, False, acting_user=person(request), now=clock.now())


@require_POST
@signed_in
def answered(request: HttpRequest, key: str) -> HttpResponse:
    """The article was all that was needed: counted as fulfilled at once (R113)."""
    asking = _asking(request, key)
    article = request.POST.get("answered", "")
    line = Line(item_key=key, answers=forms.typed(asking, request.POST), draft_id=request.POST.get("draft", "") or None)
    made: list[str] = []

    def note() -> bool:
        done = requests.answered_at_once(article, line, acting_user=asking.user, key=form_key(request), now=clock.now())
        made.extend([done.code] if done else [])
        return True

    act(django_forms.Form({}), note)
    if not made:
        messages.success(request, _("Thank you. We are glad that it helped."))
        return redirect(reverse("article", args=[article]))
    messages.success(request, _("Thank you. Your question is noted as answered: %(code)s.") % {"code": made[0]})
    return redirect("request", code=made[0])
