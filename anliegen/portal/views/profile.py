"""My profile, and the demo's outbox."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from anliegen.catalogue import queries as catalogue
from anliegen.lib import clock
from anliegen.notifications import queries as notifications
from anliegen.people import queries as people
from anliegen.people import sessions
from anliegen.portal.adapters import demo_is_open, require_demo
from anliegen.portal.doors import person, signed_in
from anliegen.portal.forms.own import AbsenceForm, MailsForm

PERSONAL_DATA = "personal-data"  # the key of the shipped service


@require_GET
@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """What is known about me, and what I set for myself."""
    return page(request)


def page(request: HttpRequest, *, absence: AbsenceForm | None = None, mails: MailsForm | None = None) -> HttpResponse:
    """The profile; 422 with a form of it that could not be taken."""
    user, now = person(request), clock.now()
    teams = people.teams_of(user, now)
    context = {
        "form": absence or mails,
        "absence": absence or AbsenceForm(user),
        "mails": mails or MailsForm(user.mail_choices, team=bool(teams)),
        "absences": people.absences_of(user, now),
        "sessions": sessions.of(user, now),
        "own_session": request.session.session_key,
        "me": people.person(user.pk),
        "teams": teams,
        "order_limit": people.order_limit(user, now),
        "approve_limit": people.approve_limit(user, now),
        "stands_in_for": people.stands_in_for(user, now),
        "deputies": people.deputies_of(user, now),
        "demo": demo_is_open(),
        "correcting": _correcting(request, now),
    }
    return render(request, "portal/profile.html", context, status=422 if absence or mails else 200)


def _correcting(request: HttpRequest, now: datetime) -> str:
    """Where one's own data are corrected: the service for it, where it is in force; else ""."""
    offered = {card.key for card in catalogue.items(person(request), now) if card.allowed}
    return reverse("item", args=[PERSONAL_DATA]) if PERSONAL_DATA in offered else ""


@require_GET
@signed_in
def more(request: HttpRequest) -> HttpResponse:
    """Everything that has no place in the phone's tab bar."""
    return render(request, "portal/more.html", {"demo": demo_is_open()})


@require_GET
@signed_in
def outbox(request: HttpRequest) -> HttpResponse:
    """The mails that would have gone out. Only in the demo."""
    require_demo()
    return render(request, "portal/outbox.html", {"sent": notifications.outbox(limit=100)})
