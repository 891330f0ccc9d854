"""Nothing typed is lost when a session has ended: pieces of pages get a 401, whole forms are kept till sign-in."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import urlencode

from anliegen.lib import clock
from anliegen.people import sessions
from anliegen.ui.act import KEY_FIELD
from anliegen.ui.htmx import is_fragment

KEPT = "kept_form"
SENT = "sent_form"
MOST_BYTES = 100_000
GRACE = timedelta(hours=12)
_OURS = ("csrfmiddlewaretoken",)


class Expired:
    """Looks at answers that lead to the way in; and notes which form was taken, so that its kept text can go."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 302:
            return response
        way_in = resolve_url(settings.LOGIN_URL)
        if not response["Location"].startswith(f"{way_in}?"):
            if request.method == "POST" and KEY_FIELD in request.POST and request.user.is_authenticated:
                request.session[SENT] = request.POST[KEY_FIELD][:64]
            return response
        if is_fragment(request):
            return HttpResponse(status=401, headers={"HX-Reswap": "none", "Cache-Control": "no-store"})
        if request.method == "POST" and keep(request):
            response["Location"] = f"{way_in}?{urlencode({'next': reverse('kept-form')})}"
        return response


def keep(request: HttpRequest) -> bool:
    """Keep a form in the session that now begins, for the person whose session has just ended; whether it was kept.

    Only where this browser shows the key of a session that ran out, so that strangers cannot fill the database.
    """
    owner = sessions.ran_out(request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""), GRACE, clock.now())
    fields = [[name, value] for name in request.POST if name not in _OURS for value in request.POST.getlist(name)]
    if owner is None or sum(len(name) + len(value) for name, value in fields) > MOST_BYTES:
        return False
    request.session[KEPT] = {"path": request.get_full_path(), "fields": fields, "owner": owner}
    return True
