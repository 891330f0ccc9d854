"""Noting down what a caller needs, while they are on the phone (R84, ux S11)."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from anliegen.catalogue.access import NotOrderable
from anliegen.desk.doors import for_agents, page, person
from anliegen.desk.forms.call import CallForm, caller_of, found_by, item_of, opened, reopened
from anliegen.desk.queries import calls
from anliegen.lib import clock
from anliegen.lib.errors import NotFound
from anliegen.people.actions.callers import note_caller
from anliegen.requests import actions as requests
from anliegen.ui.act import act, form_key

SESSION = "desk_calls"
KEPT = 5


@for_agents
def note(request: HttpRequest) -> HttpResponse:
    """The form; a POST with another item than before shows its questions, else it makes the request."""
    user, now = person(request), clock.now()
    if request.method != "POST":
        return _page(request, opened(request.GET, user, now))
    item_version = item_of(request.POST, user, now)
    if item_version is not None and request.POST.get("asked") != item_version.item.key:
        return _page(request, reopened(request.POST, user, now))
    form = CallForm(user, now, item_version, request.POST)
    code = act(form, lambda: _submitted(request, form), {NotOrderable: "item"})
    if code is not None:
        return redirect(reverse("desk-call-done", args=(code,)))
    return _page(request, form, status=422)


def _submitted(request: HttpRequest, form: CallForm) -> str:
    user, now, key = person(request), clock.now(), form_key(request)
    sent = form.cleaned_data
    with transaction.atomic():  # an unknown caller is kept only together with the request
        if form.caller_known:
            caller: int | str = form.caller_known.value
            unknown = None
        else:
            unknown = note_caller(sent["unknown_name"], sent["unknown_phone"], acting_user=user, now=now)
            caller = unknown.pk
        order = requests.submit(
            [form.line()], acting_user=user, requester_id=caller, channel=sent["channel"], key=key, now=now
        )
        if unknown is not None and order.requester_id != unknown.pk:  # sent twice: the first one counts
            transaction.set_rollback(True)
    made = calls.made(order, now)
    if sent["note"] and not made["confidential"]:
        requests.note(str(made["code"]), sent["note"], acting_user=user, key=f"{key[:58]}-note", now=now)
    known = request.session.get(SESSION, {})
    request.session[SESSION] = dict([*known.items(), (made["code"], made)][-KEPT:])
    return str(made["code"])


@for_agents
@require_POST
def questions(request: HttpRequest) -> HttpResponse:
    """What belongs to the chosen item and caller, as a part of the page."""
    form = reopened(request.POST, person(request), clock.now())
    return page(request, "desk/parts/call_rest.html", _context(request, form))


@for_agents
@require_GET
def done(request: HttpRequest, code: str) -> HttpResponse:
    """What to read out to the caller: number, date and what happens next; only for who noted it."""
    made = request.session.get(SESSION, {}).get(code)
    if made is None:
        raise NotFound
    return page(request, "desk/call_done.html", {"made": calls.shown(made)})


def _page(request: HttpRequest, form: CallForm, *, status: int = 200) -> HttpResponse:
    return page(request, "desk/call.html", _context(request, form), status=status)


def _context(request: HttpRequest, form: CallForm) -> dict[str, Any]:
    user, now = person(request), clock.now()
    given = request.POST if request.method == "POST" else request.GET
    caller = caller_of(given, user, now)
    text = given.get("words", "")
    return {
        "form": form,
        "item_version": form.item_version,
        "found": found_by(text, user, now) if text and form.item_version is None else [],
        "caller": calls.caller(caller, user, now) if caller else None,
        "ahead": calls.ahead(form.item_version, caller or user, getattr(form, "answers_so_far", {}), now)
        if form.item_version
        else None,
    }
