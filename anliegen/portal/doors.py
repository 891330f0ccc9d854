"""Who stands before a page of the portal, and what every such page has in common."""

from collections.abc import Callable
from typing import cast

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from anliegen.audit import actions as audit
from anliegen.people.models import User
from anliegen.ui.act import form_key
from anliegen.ui.doors import View, behind

type Person = User
"""Who is signed in, for views, which import no models."""


def person(request: HttpRequest) -> User:
    """Who is signed in. Only for views behind `signed_in`."""
    return cast("User", request.user)


def signed_in[**P](view: View[P]) -> View[P]:
    """Everybody else is led to the way in; the answer is for this person only and kept nowhere."""
    return behind(view)


def once(request: HttpRequest, what: str, do: Callable[[], Model]) -> bool:
    """Do something unless this form did it before; `what` names it and its object. Whether it was done now."""
    return audit.done_once(person(request).pk, form_key(request), what, do)


def came_from(request: HttpRequest, otherwise: str) -> str:
    """The page of ours from which a button was pressed; without one, the page of this name."""
    wanted = request.POST.get("next", "")
    safe = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, {request.get_host()})
    return wanted if safe else reverse(otherwise)


def whole(text: str | None, default: int = 1, most: int = 10**9) -> int:
    """A number from an address; the default for everything that is none."""
    text = (text or "").strip()
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 12 else default
