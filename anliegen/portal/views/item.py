"""One service: what it is, its form, and what will happen (ux spec S3, S4, S6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anliegen.catalogue import access, actions, queries
from anliegen.lib import clock
from anliegen.lib.errors import Forbidden
from anliegen.lib.text import LocalText
from anliegen.people import queries as people
from anliegen.portal import cards, lookups
from anliegen.portal.doors import Person, once, person, signed_in
from anliegen.portal.forms import item as forms
from anliegen.portal.forms import prefill
from anliegen.portal.shown import around, page, summary
from anliegen.portal.shown.order import may_undo
from anliegen.portal.shown.prose import prose
from anliegen.portal.views import cart, fits
from anliegen.requests import access as request_access
from anliegen.requests import actions as request_actions
from anliegen.requests import queries as requests
from anliegen.tracking import queries as tracking
from anliegen.ui.act import act, form_key
from anliegen.ui.htmx import announce


@dataclass(frozen=True)
class Offer:
    """An item for one person: what may be asked, and whether they may get it."""

    asking: forms.Asking
    allowed: bool
    reason: LocalText
    now: datetime

    def may_send(self) -> bool:
        """Whether the form makes sense: for oneself, or for others who may be allowed."""
        return self.allowed or self.asking.for_others


def _offer(request: HttpRequest, key: str) -> Offer:
    user, now = person(request), clock.now()
    version = queries.item(key, user, now)
    allowed, reason = access.entitlement(version, user, now)
    wanted = request.GET.get("draft", "") or request.POST.get("draft", "")
    asks = lookups.orders_for_others(user) and not (wanted and queries.is_for_several(wanted, user))
    return Offer(forms.Asking(version, user, asks), allowed, reason, now)


@require_http_methods(["GET", "POST"])
@signed_in
def item(request: HttpRequest, key: str) -> HttpResponse:
    """The page of an item. POST sends the request, or keeps a draft with the button for it."""
    offer = _offer(request, key)
    if request.method == "GET":
        return _open(request, offer)
    if "save" in request.POST:
        return _save(request, offer)
    if "unhelpful" in request.POST:
        return _go_on(request, offer)
    if "cart" in request.POST:
        return _to_cart(request, offer)
    return _send(request, offer)


def _open(request: HttpRequest, offer: Offer) -> HttpResponse:
    asking, user = offer.asking, offer.asking.user
    initial: dict[str, Any] = {}
    recipient, draft = user, None
    if wanted := request.GET.get("draft", ""):
        draft = queries.draft(wanted, user)
        recipient = draft.recipient or user
        initial = {
            "justification": draft.justification,
            "wish_date": draft.wish_date,
            "recipient_confirms": draft.recipient_confirms,
            "for_whom": forms.OTHER if draft.recipient else forms.ME,
            "recipient": lookups.person_text(user, recipient.public_id) if draft.recipient else "",
        }
    answers = draft.answers if draft else queries.default_answers(asking.item_version, user, recipient, offer.now)
    if text := request.GET.get("text", ""):
        answers = forms.begun(asking, answers, text)
    given, left_out = prefill.filled(asking.item_version, request.GET)
    answers = {**answers, **given}
    form = forms.ItemForm(asking, forms.visible(asking, answers), initial=initial | forms.shown(asking, answers))
    context = _around(request, offer, form, answers, recipient)
    context |= {
        "draft_id": draft.public_id if draft else "",
        "in_cart": bool(draft and draft.in_cart),
        "left_out": left_out,
        "unfinished": None if draft else around.unfinished(asking.item_version, user, offer.now),
    }
    return render(request, "portal/item.html", context)


def _send(request: HttpRequest, offer: Offer) -> HttpResponse:
    asking, data = offer.asking, request.POST
    answers = forms.typed(asking, data)
    form = forms.ItemForm(asking, forms.visible(asking, answers), data, request.FILES)
    draft_id = _own_draft(data.get("draft", ""), asking.user)
    order = act(
        form,
        lambda: request_actions.submit(
            [form.line(draft_id or None)],
            acting_user=asking.user,
            channel="portal",
            key=form_key(request),
            now=offer.now,
        ),
    )
    if order is None:
        context = _around(request, offer, form, answers, forms.recipient_of(asking, data)) | {"draft_id": draft_id}
        return render(request, "portal/item.html", context, status=422)
    return redirect("confirmation", code=requests.codes_of(order)[0])


def _save(request: HttpRequest, offer: Offer) -> HttpResponse:
    """Keep a draft, and go to where drafts are listed. Uploads stay with it."""
    asking, data = offer.asking, request.POST
    answers = forms.typed(asking, data)
    form = django_forms.Form({})
    draft_id = _own_draft(data.get("draft", ""), asking.user)
    saved = act(form, lambda: actions.save_draft(**_kept(offer, data, draft_id)))
    if saved is None:
        questions = forms.visible(asking, answers)
        again = forms.ItemForm(asking, questions, data, request.FILES)
        again.is_valid()
        context = _around(request, offer, again, answers, forms.recipient_of(asking, data)) | {"draft_id": draft_id}
        return render(request, "portal/item.html", context, status=422)
    messages.success(request, _("Your draft is kept. You find it on the start page."))
    return redirect("start")


def _go_on(request: HttpRequest, offer: Offer) -> HttpResponse:
    """An article did not help: the form as it was, without that article."""
    fits.not_helped(request)
    asking, data = offer.asking, request.POST
    answers = forms.typed(asking, data)
    questions = forms.visible(asking, answers)
    form = forms.ItemForm(asking, questions, initial=forms.unsent(forms.ItemForm(asking, questions), data))
    context = _around(request, offer, form, answers, forms.recipient_of(asking, data))
    return render(request, "portal/item.html", context | {"draft_id": _own_draft(data.get("draft", ""), asking.user)})


def _to_cart(request: HttpRequest, offer: Offer) -> HttpResponse:
    """Put it into the cart, to be sent with other things; then go on looking, or back to the cart."""
    asking, data = offer.asking, request.POST
    answers = forms.typed(asking, data)
    form = forms.ItemForm(asking, forms.visible(asking, answers), data, request.FILES)
    draft_id = _own_draft(data.get("draft", ""), asking.user)
    changes = data["cart"] == "change"
    if not cart.add(request, form, draft_id):
        context = _around(request, offer, form, answers, forms.recipient_of(asking, data)) | {"draft_id": draft_id}
        return render(request, "portal/item.html", context | {"in_cart": changes}, status=422)
    title = LocalText.of(asking.item_version.title).to(get_language() or "de")
    told = _("Changed in your cart: %(title)s") if changes else _("In your cart: %(title)s")
    messages.success(request, told % {"title": title})
    return redirect("cart" if changes else "catalogue")


def _kept(offer: Offer, data: QueryDict, draft_id: str) -> dict[str, Any]:
    """What is kept as a draft, and where."""
    asking = offer.asking
    return {
        "content": forms.draft_content(asking, data, forms.recipient_of(asking, data)),
        "owner": asking.user,
        "item_key": asking.item_version.item.key,
        "now": offer.now,
        "draft_id": draft_id or None,
    }


@require_POST
@signed_in
def live(request: HttpRequest, key: str) -> HttpResponse:
    """While the form is filled in: the questions that belong to the answers, the new summary, and a kept draft."""
    offer = _offer(request, key)
    asking, data = offer.asking, request.POST
    answers = forms.typed(asking, data)
    questions = forms.visible(asking, answers)
    form = forms.ItemForm(asking, questions, initial=forms.unsent(forms.ItemForm(asking, questions), data))
    draft_id = data.get("draft", "")
    saved = act(django_forms.Form({}), lambda: actions.keep_draft(**_kept(offer, data, draft_id)))
    context = _around(request, offer, form, answers, forms.recipient_of(asking, data))
    context |= {"draft_id": saved.public_id if saved else draft_id, "saved_at": offer.now if saved else None}
    response = render(request, "portal/parts/item_live.html", context)
    told = summary.changes(data.get("seen", ""), context["summary"]["seen"])
    return announce(response, told) if told else response


def _own_draft(public_id: str, user: Person) -> str:
    """The draft that the form was opened with, if it is still there."""
    return public_id if queries.has_draft(public_id, user) else ""


def _around(
    request: HttpRequest, offer: Offer, form: forms.ItemForm, answers: Mapping[str, Any], recipient: Person
) -> dict[str, Any]:
    """What the page shows, with what fits to what was typed."""
    return _context(offer, form, answers, recipient) | fits.context(request, offer.asking, answers)


def _context(offer: Offer, form: forms.ItemForm, answers: Mapping[str, Any], recipient: Person) -> dict[str, Any]:
    version, lang = offer.asking.item_version, get_language() or "de"
    preview = tracking.preview(
        version, requester=offer.asking.user, recipient=recipient, answers=answers, now=offer.now
    )
    limit = people.order_limit(offer.asking.user, offer.now)
    away = around.away(version, offer.asking.user, offer.now)
    early = around.too_early(around.wish_of(form), preview)
    return {
        "form": form,
        "same": around.same(version, offer.asking.user, recipient),
        "related": around.related(version, offer.asking.user, offer.now, limit),
        "away": away,
        "item": version.item,
        "version": version,
        "category": version.item.category,
        "title": LocalText.of(version.title).to(lang),
        "summary_line": LocalText.of(version.summary).to(lang),
        "description": prose(LocalText.of(version.description).to(lang)),
        "picture": version.picture or "ui/img/report.svg",
        "policies": queries.policies(version),
        "agreed": summary.agreed(preview.agreed),
        "approval": cards.approval_words(version, limit),
        "summary": summary.of(preview, len(form.questions), early, around.limit_words(preview, limit)),
        "offer": offer,
        "may_send": offer.may_send() and not away,
    }


@require_GET
@signed_in
def short(request: HttpRequest, key: str) -> HttpResponse:
    """A short address for labels and links: leads to the item, with the place and the device that it names."""
    query = urlencode(prefill.address(request.GET))
    return redirect(reverse("item", args=[key]) + (f"?{query}" if query else ""))


@require_POST
@signed_in
def discard(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Throw a draft away."""
    actions.discard_draft(draft_id, owner=person(request))
    messages.success(request, _("The draft is deleted."))
    return redirect("start")


@require_POST
@signed_in
def template(request: HttpRequest, code: str) -> HttpResponse:
    """Keep what a request asked for as a draft, to be sent another time."""
    user, now = person(request), clock.now()
    one = request_access.to_read(code, user, now)
    if not request_access.is_owner(user, one):
        raise Forbidden(_("Only who asked for it or gets it can request it again."))
    content, key = forms.copied(one, user), one.item_version.item.key
    once(
        request,
        f"portal.template:{code}",
        lambda: actions.save_draft(content, owner=user, item_key=key, now=now),
    )
    messages.success(request, _("Your draft is kept. You find it on the start page."))
    return redirect("start")


@require_GET
@signed_in
def confirmation(request: HttpRequest, code: str) -> HttpResponse:
    """What was sent, when it will be there, and what comes next."""
    user, now = person(request), clock.now()
    found = page.read(code, user, now)
    one = found.service_request
    context = {
        "page": found,
        "for_other": one.recipient.full_name if one.recipient_id != one.requester_id else "",
        "undo": one.order.public_id if may_undo(one.order, user, now) else "",
    }
    return render(request, "portal/confirmation.html", context)
