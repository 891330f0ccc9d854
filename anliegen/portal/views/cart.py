"""The cart: several things, for oneself and for others, sent together (ux spec S5)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from anliegen.catalogue import actions, queries
from anliegen.lib import clock
from anliegen.lib.errors import NotFound
from anliegen.lib.text import LocalText
from anliegen.portal import lookups
from anliegen.portal.doors import once, person, signed_in
from anliegen.portal.forms.cart import CartForm, RecipientsForm, put, recipients_of
from anliegen.portal.forms.item import ItemForm
from anliegen.portal.shown import cart as shown
from anliegen.portal.words import here
from anliegen.requests import actions as requests
from anliegen.requests import queries as request_queries
from anliegen.tracking import queries as tracking
from anliegen.ui.act import act, form_key


@require_http_methods(["GET", "POST"])
@signed_in
def cart(request: HttpRequest) -> HttpResponse:
    """What waits to be sent. POST sends it."""
    found = shown.read(person(request), clock.now())
    if request.method == "GET":
        return _show(request, found, CartForm(found, initial={"seen": found.seen}))
    return _send(request, found)


def _show(request: HttpRequest, found: shown.Cart, form: CartForm) -> HttpResponse:
    removed = request.GET.get("removed", "")
    context = {
        "cart": found,
        "rows": found.rows,
        "summary": shown.summary(found),
        "form": form,
        "for_others": bool(found.lines) and lookups.orders_for_others(found.owner),
        "removed": removed if queries.was_removed(removed, found.owner) else "",
        "at": request.GET.get("at", ""),
    }
    return render(request, "portal/cart.html", context, status=422 if form.is_bound and form.errors else 200)


def _send(request: HttpRequest, found: shown.Cart) -> HttpResponse:
    """Make one order of it; the same form sent again leads to the same order, though the cart is empty by then."""
    form = CartForm(found, request.POST)
    if not found.lines:
        form.fields.pop("note")
    order = act(
        form,
        lambda: requests.checkout(
            _checkout(form, found), acting_user=found.owner, key=form_key(request), now=found.now
        ),
    )
    if order is None:
        again = request.POST.copy()
        again["seen"] = found.seen
        form.data = again
        return _show(request, found, form)
    if left := queries.cart_count(found.owner):
        messages.warning(request, shown.left_words(left))
    codes = request_queries.codes_of(order)
    return redirect("confirmation", code=codes[0]) if len(codes) == 1 else redirect("order", order_id=order.public_id)


def _checkout(form: CartForm, found: shown.Cart) -> requests.Checkout:
    said = form.cleaned_data
    return requests.Checkout(
        seen=said["seen"],
        note=said.get("note", "").replace("\r\n", "\n").strip(),
        cost_centre=said.get("cost_centre", ""),
        deliver_on=found.together_on if said.get("together") else None,
    )


# Putting something in


def add(request: HttpRequest, form: ItemForm, draft_id: str) -> bool:
    """Put what an item's form holds into the cart, or change the line that it was opened from. Whether it could be."""
    key, now = form.asking.item_version.item.key, clock.now()
    return act(form, lambda: once(request, f"portal.cart:{key}", lambda: put(form, draft_id, now))) is not None


@require_POST
@signed_in
def add_bundle(request: HttpRequest, key: str) -> HttpResponse:
    """Put every part of a bundle into the cart."""
    user, now = person(request), clock.now()
    card = queries.bundle(key, user, now)
    days = {}
    for part, version in card.parts:
        preview = tracking.preview(version, requester=user, recipient=user, answers=part.answers, now=now)
        days[part.item_key] = here(preview.expected).date() if preview.expected else None
    if once(request, f"portal.bundle:{key}", lambda: actions.put_bundle(key, owner=user, now=now, days=days)[0]):
        title = LocalText.of(card.bundle.title).to(get_language() or "de")
        messages.success(request, _("In your cart: %(title)s") % {"title": title})
    return redirect("cart")


# Changing lines


@require_POST
@signed_in
def remove(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Take a line out; the cart then offers to put it back."""
    user = person(request)
    ids = [line.draft.public_id for line in queries.cart(user)]
    actions.remove_line(draft_id, owner=user, now=clock.now())
    after = ids[ids.index(draft_id) + 1 :] if draft_id in ids else []
    return redirect(f"{reverse('cart')}?removed={draft_id}" + (f"&at={after[0]}" if after else ""))


@require_POST
@signed_in
def restore(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Put a line back that was just taken out."""
    actions.restore_line(draft_id, owner=person(request))
    messages.success(request, _("It is back in your cart."))
    return redirect(f"{reverse('cart')}?at={draft_id}")


@require_POST
@signed_in
def duplicate(request: HttpRequest, draft_id: str) -> HttpResponse:
    """The same once more."""
    user, now = person(request), clock.now()
    if once(request, f"portal.copy:{draft_id}", lambda: actions.duplicate_line(draft_id, owner=user, now=now)):
        messages.success(request, _("It is in your cart once more. Change what should be different."))
        return redirect(f"{reverse('cart')}?at={queries.cart(user)[-1].draft.public_id}")
    return redirect("cart")


@require_http_methods(["GET", "POST"])
@signed_in
def for_all(request: HttpRequest) -> HttpResponse:
    """Say who gets everything in the cart."""
    user = person(request)
    return _for_whom(request, lambda: [line.draft.public_id for line in queries.cart(user)], {}, "")


@require_http_methods(["GET", "POST"])
@signed_in
def for_line(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Say who gets one line."""
    user = person(request)
    draft = queries.draft(draft_id, user)
    if not draft.in_cart:
        raise NotFound
    title = LocalText.of(draft.item_version.title).to(get_language() or "de")
    return _for_whom(request, lambda: [draft_id], recipients_of(draft, user), title)


def _for_whom(request: HttpRequest, ids: Callable[[], list[str]], initial: dict[str, Any], title: str) -> HttpResponse:
    user, now = person(request), clock.now()
    form = RecipientsForm(user, request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST":
        confirms = request.POST.get("confirms") == "on"
        done = act(form, lambda: actions.set_recipients(ids(), form.people, owner=user, now=now, confirms=confirms))
        if done is not None:
            messages.success(request, shown.given_words(form.people, user))
            return redirect("cart")
    return render(request, "portal/cart_for.html", {"form": form, "title": title}, status=422 if form.errors else 200)
