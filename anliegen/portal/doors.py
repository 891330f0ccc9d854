"""Who stands before a page of the portal, and what every such page has in common."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, cast

from django.contrib.auth.decorators import login_required
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from anliegen.audit import actions as audit
from anliegen.people.models import User
from anliegen.ui.act import form_key

type Person = User
"""Who is signed in, for views, which import no models."""


def person(request: HttpRequest) -> User:
    """Who is signed in. Only for views behind `signed_in`."""
    return cast("User", request.user)


def signed_in[**P](
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Everybody else is led to the way in; the answer is for this person only and kept nowhere."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", login_required(guarded))


def once(request: HttpRequest, what: str, do: Callable[[], Model]) -> bool:
    """Do something unless this form did it before; `what` names it and its object. Whether it was done now."""
    return audit.done_once(person(request).pk, form_key(request), what, do)


def whole(text: str | None, default: int = 1, most: int = 10**9) -> int:
    """A number from an address; the default for everything that is none."""
    text = (text or "").strip()
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 12 else default
