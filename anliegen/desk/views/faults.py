"""Requests that cannot go on: what went wrong, what its rules read, repair and continue."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anliegen.desk.doors import for_repairers, page, person
from anliegen.desk.forms.faults import RepairForm
from anliegen.desk.queries import faults
from anliegen.lib import clock
from anliegen.ui.act import act
from anliegen.workflow import actions as workflow


@for_repairers
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """All open faults, oldest first."""
    return page(request, "desk/faults.html", {"rows": faults.rows(person(request), clock.now())})


@for_repairers
def repair(request: HttpRequest, code: str, node: str) -> HttpResponse:
    """One fault; a POST changes what the rules read, if anything was changed, and lets the request go on."""
    user, now = person(request), clock.now()
    found = faults.load(code, node, user, now)
    form = RepairForm(found.data, request.POST or None)

    def put_right() -> object:
        changes, note = form.changes(), form.cleaned_data["note"]
        if changes:
            return workflow.repair(found.fault.pk, changes, note=note, acting_user=user, now=now)
        return workflow.carry_on(found.fault.pk, note=note, acting_user=user, now=now)

    if request.method == "POST" and act(form, put_right) is not None:
        messages.success(request, _("The request was started again."))
        return redirect(reverse("desk-faults"))
    return page(request, "desk/fault.html", {"found": found, "form": form}, status=422 if form.errors else 200)
