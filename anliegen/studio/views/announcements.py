"""Telling everybody something for a time."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from anliegen.knowledge import actions, queries
from anliegen.lib import clock
from anliegen.studio import words
from anliegen.studio.doors import for_editors, page, person
from anliegen.studio.forms.announcements import AnnouncementForm
from anliegen.ui.act import act, form_key


@require_http_methods(["GET", "POST"])
@for_editors
def overview(request: HttpRequest) -> HttpResponse:
    """Coming, running and past announcements, and the form for another one."""
    user, now = person(request), clock.now()
    form = AnnouncementForm(request.POST or None)
    if request.method == "POST":
        form = AnnouncementForm(request.POST)
        told = act(
            form,
            lambda: actions.announce(form.content(), acting_user=user, now=now, key=form_key(request)),
            at={},
        )
        if told is not None:
            messages.success(request, _("People are told from then on."))
            return redirect("studio-announcements")
    rows = [
        {"one": one, "word": words.ANNOUNCED[one.kind], "over": one.ends_at <= now, "coming": one.starts_at > now}
        for one in queries.every_announcement()
    ]
    status = 422 if form.is_bound and form.errors else 200
    return page(request, "studio/announcements.html", {"rows": rows, "form": form}, status=status)


@require_POST
@for_editors
def end(request: HttpRequest, announcement_id: str) -> HttpResponse:
    """Tell it no longer."""
    actions.end_announcement(announcement_id, acting_user=person(request), now=clock.now())
    messages.success(request, _("Ended. Nobody is told any more."))
    return redirect("studio-announcements")
