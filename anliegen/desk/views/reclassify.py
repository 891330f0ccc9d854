"""Moving a request to the service that fits (R139)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anliegen.catalogue.access import NotOrderable
from anliegen.desk.doors import HOME, at_desk, inside, page, person
from anliegen.desk.forms.call import item_of
from anliegen.desk.forms.reclassify import ReclassifyForm, known
from anliegen.lib import clock
from anliegen.ui.act import act, form_key
from anliegen.workflow import access
from anliegen.workflow import actions as workflow


@at_desk
@require_http_methods(["GET", "POST"])
def reclassify(request: HttpRequest, code: str) -> HttpResponse:
    """The form; a POST with another service than before shows its questions, else it moves the request."""
    user, now = person(request), clock.now()
    service_request = access.steered(code, user, now)
    given = request.POST if request.method == "POST" else request.GET
    item_version = item_of({"item": given.get("item", "")}, user, now)
    if request.method != "POST" or (item_version is not None and given.get("asked") != item_version.item.key):
        filled = known(service_request, item_version) if item_version else {}
        typed = {"reason": given.get("reason", "")}
        return _page(request, ReclassifyForm(service_request, user, now, item_version, initial={**filled, **typed}))
    form = ReclassifyForm(service_request, user, now, item_version, request.POST)
    if act(form, lambda: _move(request, service_request.code, form), {NotOrderable: "item"}) is None:
        return _page(request, form, status=422)
    messages.success(request, _("Moved. The requester has been told, and the steps of the other service begin."))
    return redirect(inside(request.POST.get("back"), HOME))


def _move(request: HttpRequest, code: str, form: ReclassifyForm) -> object:
    return workflow.reclassify(
        code,
        form.cleaned_data["item"],
        form.cleaned_data["reason"],
        answers=form.answers(),
        justification=form.cleaned_data.get("justification", ""),
        let_complete=request.POST.get("go") == "ask",
        acting_user=person(request),
        key=form_key(request),
        now=clock.now(),
    )


def _page(request: HttpRequest, form: ReclassifyForm, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "item_version": form.item_version,
        "service_request": form.service_request,
        "back": inside(request.POST.get("back") or request.GET.get("back")),
    }
    return page(request, "desk/reclassify.html", context, status=status)
