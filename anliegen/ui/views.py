"""Language and look, and the page of all components."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.views.decorators.http import require_GET, require_POST

from anliegen.ui import specimens
from anliegen.ui.shell import THEME_COOKIE, THEMES

YEAR = 365 * 24 * 3600


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep language or look in a cookie, and in the profile through `UI_PREFERENCES_HOOK`; go back to the page.

    The hook is a function (user, *, language, theme) named in the settings; ui knows no persons.
    """
    chosen: dict[str, str] = {}
    if request.POST.get("language") in dict(settings.LANGUAGES):
        chosen["language"] = request.POST["language"]
    if request.POST.get("theme") in {*THEMES, "system"}:
        chosen["theme"] = request.POST["theme"]
    response = HttpResponse(status=204) if request.POST.get("quiet") else HttpResponseRedirect(_back(request))
    cookie: dict[str, Any] = {"max_age": YEAR, "secure": request.is_secure(), "httponly": True, "samesite": "Lax"}
    if "language" in chosen:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen["language"], **cookie)
    if chosen.get("theme") == "system":
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    elif "theme" in chosen:
        response.set_cookie(THEME_COOKIE, chosen["theme"], **cookie)
    hook = getattr(settings, "UI_PREFERENCES_HOOK", None)
    if hook and chosen and request.user.is_authenticated:
        import_string(hook)(request.user, **chosen)
    return response


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts=None) and target.startswith("/") else "/"


@require_GET
def components(request: HttpRequest, page: str = "components") -> HttpResponse:
    """Every component in every state, for tests and pictures; not there in production."""
    if settings.ANLIEGEN.production:
        raise Http404
    shell = specimens.desk() if page == "components_desk" else specimens.shell()
    return render(request, f"ui/{page}.html", specimens.context() | {"shell": shell})
