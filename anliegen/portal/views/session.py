"""In and out. The flows are allauth's; a refused form answers 422 like every other of ours."""

from typing import Any

from allauth.account import views as account
from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.contrib.auth import login
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anliegen.lib import clock
from anliegen.lib.errors import NotFound
from anliegen.lib.text import one_line
from anliegen.people import actions, queries
from anliegen.portal import adapters, oidc
from anliegen.portal.doors import person as who
from anliegen.portal.doors import signed_in
from anliegen.portal.forms.session import StepIntoForm
from anliegen.ui import shell

KEPT = "kept_form"  # session: see project/middleware/expired.py
FIRST = 12  # persons of a group that are shown at once


class Refusing:
    """A form with errors comes back with 422."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return response


class SignIn(Refusing, account.LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        config = settings.ANLIEGEN
        ways = {"oidc": config.oidc_name if oidc.is_on() else "", "local": config.local_sign_in}
        return {**super().get_context_data(**kwargs), **ways, "demo": adapters.demo_is_open()}


class Confirm(Refusing, account.ReauthenticateView):
    pass


class ChangePassword(Refusing, account.PasswordChangeView):
    pass


@never_cache
@require_POST
def oidc_start(request: HttpRequest) -> HttpResponse:
    """Lead to the organisation's own sign-in. A page that leads on, since our policy lets no form end elsewhere."""
    response = oidc.start(request, get_next_redirect_url(request))
    if not isinstance(response, HttpResponseRedirect):
        return response
    context = {"target": response.url, "name": settings.ANLIEGEN.oidc_name}
    return render(request, "account/oidc_go.html", context)


@never_cache
@require_GET
def oidc_back(request: HttpRequest) -> HttpResponse:
    """Back from there, with a code."""
    return oidc.finish(request)


sign_in = SignIn.as_view()
sign_out = account.logout
confirm = Confirm.as_view()
change_password = ChangePassword.as_view()


@never_cache
@require_http_methods(["GET", "POST"])
def state(request: HttpRequest) -> HttpResponse:
    """For the page's script: seconds until this session ends, and a fresh token for its forms; POST prolongs it.

    401 for whoever is not signed in.
    """
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    if request.method == "POST":
        request.session.modified = True
        return JsonResponse({"left": settings.SESSION_COOKIE_AGE, "csrf": get_token(request)})
    return JsonResponse({"left": shell.session_left(request), "csrf": get_token(request)})


@never_cache
@require_GET
@signed_in
def kept(request: HttpRequest) -> HttpResponse:
    """What somebody had written when their session ended, ready to be sent; for that person only, till the next one."""
    found = request.session.get(KEPT)
    if not found or found["owner"] != who(request).pk:
        return redirect("start")
    typed = [value for _name, value in found["fields"] if any(sign.isspace() for sign in value.strip())]
    return render(request, "account/kept.html", {"kept": found, "typed": typed})


@never_cache
@require_http_methods(["GET", "POST"])
def persons(request: HttpRequest) -> HttpResponse:
    """The demo's persons by what they can show; POST steps into one of them. Not there in production."""
    adapters.require_demo()
    if request.method == "GET":
        text = one_line(request.GET.get("q", ""), 100)
        groups = queries.showcase(clock.now(), text, most=200)
        return render(
            request,
            "portal/persons.html",
            {"groups": groups, "text": text, "first": f":{FIRST}", "beyond": f"{FIRST}:"},
        )
    form = StepIntoForm(request.POST)
    if not form.is_valid():
        raise NotFound
    return step_into(request, form.cleaned_data["person"])


def step_into(request: HttpRequest, public_id: str) -> HttpResponse:
    """Sign in as a person of the demo, with a new session. Raises NotFound outside the demo."""
    adapters.require_demo()
    person = queries.person(public_id)
    if not (person.is_active and person.can_sign_in):
        raise NotFound
    kept = request.session.get(KEPT)
    request.session.flush()  # nothing of the person before, and a new session id (B01)
    login(request, person, backend=adapters.SIGN_IN_BACKEND)
    now = clock.now()
    request.session[adapters.FACTOR_DONE] = now.date().isoformat()
    if kept and kept["owner"] == person.pk:
        request.session[KEPT] = kept
    actions.signed_in(person, "demo", now=now)
    response = redirect("/desk/" if queries.uses_desk(person, now) else settings.LOGIN_REDIRECT_URL)
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, person.language, samesite="Lax", httponly=True)
    return response
