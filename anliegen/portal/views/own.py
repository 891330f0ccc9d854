"""What people set for themselves: switches, days away with a deputy, the browsers in which they are signed in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anliegen.lib import clock
from anliegen.lib.errors import NotFound
from anliegen.people import actions, queries
from anliegen.people.rules import Days
from anliegen.portal.doors import once, person, signed_in
from anliegen.portal.export import own as export
from anliegen.portal.forms.own import AbsenceForm, MailsForm, SwitchForm, WhichForm
from anliegen.portal.views.profile import page
from anliegen.ui.act import act


def _back(part: str) -> HttpResponse:
    return redirect(f"{reverse('profile')}#{part}")


@require_POST
@signed_in
def switch(request: HttpRequest) -> HttpResponse:
    """Turn live updates or single keys on or off."""
    form = SwitchForm(request.POST)
    if not form.is_valid():
        raise NotFound
    user = person(request)
    chosen = {form.cleaned_data["name"]: form.cleaned_data["on"]}
    actions.set_preferences(user.pk, acting_user=user, now=clock.now(), **chosen)
    messages.success(request, _("Saved."))
    return _back("look")


@require_POST
@signed_in
def plan_absence(request: HttpRequest) -> HttpResponse:
    """Note days away, and who decides meanwhile."""
    user, now = person(request), clock.now()
    form = AbsenceForm(user, request.POST)

    def plan() -> bool:
        wanted = form.cleaned_data
        deputy = queries.person(wanted["deputy"].value).pk if wanted["deputy"] else None
        days = Days(wanted["valid_from"], wanted["valid_to"])
        return once(
            request,
            "portal.plan_absence",
            lambda: actions.plan_absence(user.pk, days, deputy, acting_user=user, now=now),
        )

    done = act(form, plan)
    if done is None:
        return page(request, absence=form)
    messages.success(request, _("Your absence is noted."))
    return _back("absence")


@require_POST
@signed_in
def end_absence(request: HttpRequest) -> HttpResponse:
    """Back early, or not going at all."""
    form = WhichForm(request.POST)
    if not form.is_valid():
        raise NotFound
    actions.end_absence(form.cleaned_data["absence"], acting_user=person(request), now=clock.now())
    messages.success(request, _("Your absence has ended. You decide yourself again."))
    return _back("absence")


@require_POST
@signed_in
def choose_mails(request: HttpRequest) -> HttpResponse:
    """Which mails come at once, once a day, or not at all."""
    user, now = person(request), clock.now()
    form = MailsForm(user.mail_choices, request.POST, team=bool(queries.teams_of(user, now)))
    if not form.is_valid():
        return page(request, mails=form)
    chosen = {**user.mail_choices, **form.cleaned_data}
    actions.set_preferences(user.pk, acting_user=user, now=now, mail_choices=chosen)
    messages.success(request, _("Saved."))
    return _back("mails")


@require_POST
@signed_in
def end_session(request: HttpRequest, session_id: str) -> HttpResponse:
    """Sign one other browser out."""
    actions.end_session(person(request), session_id, now=clock.now())
    messages.success(request, _("This device is signed out."))
    return _back("devices")


@require_POST
@signed_in
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    actions.end_other_sessions(person(request), request.session.session_key, now=clock.now())
    messages.success(request, _("You are signed out on all other devices."))
    return _back("devices")


@require_GET
@signed_in
def data(request: HttpRequest) -> HttpResponse:
    """What is stored about me, as a file."""
    response: HttpResponse = StreamingHttpResponse(  # type: ignore[assignment]
        export.stream(person(request), clock.now()), content_type="application/json"
    )
    response["Content-Disposition"] = 'attachment; filename="anliegen-my-data.json"'
    return response
