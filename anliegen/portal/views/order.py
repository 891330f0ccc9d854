"""The page of an order: its requests, and how far a large one is (ux spec S5, S6)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anliegen.catalogue.queries import cart_count
from anliegen.lib import clock
from anliegen.portal.doors import person, signed_in, whole
from anliegen.portal.paging import page_of
from anliegen.portal.shown import order as shown
from anliegen.requests import access, queries
from anliegen.ui.htmx import unchanged
from anliegen.workflow import actions as workflow


@require_GET
@signed_in
def page(request: HttpRequest, order_id: str) -> HttpResponse:
    """Everything that was sent together, each with how far it is."""
    return render(request, "portal/order.html", _context(request, order_id))


def _context(request: HttpRequest, order_id: str) -> dict[str, Any]:
    user, now = person(request), clock.now()
    order = access.order_to_read(order_id, user, now)
    part = queries.in_order(order, user, now, page=whole(request.GET.get("page")))
    found = shown.read(order, part, user, now)
    return {"order": found, "page": page_of(part), "left": cart_count(user)}


@require_GET
@signed_in
def live(request: HttpRequest, order_id: str) -> HttpResponse:
    """What a poll gets while a large order is made: nothing where it has not gone on, else how far it is."""
    progress = queries.progress(access.order_to_read(order_id, person(request), clock.now()))
    if progress.running and whole(request.GET.get("seen"), 0) == progress.made + progress.done:
        return unchanged()
    return render(request, "portal/parts/order_live.html", _context(request, order_id))


@require_POST
@signed_in
def cancel(request: HttpRequest, order_id: str) -> HttpResponse:
    """Take back what was just sent, without a reason."""
    user, now = person(request), clock.now()
    order = access.order_to_read(order_id, user, now)
    workflow.cancel_order(order, acting_user=user, now=now)
    if left := shown.still_open(order):
        messages.warning(request, shown.not_stopped_words(left))
    else:
        messages.success(request, _("It is cancelled. Nobody works on it any more."))
    codes = queries.codes_of(order)
    return redirect("request", code=codes[0]) if len(codes) == 1 else redirect("order", order_id=order_id)
