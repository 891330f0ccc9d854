"""Who may enter the areas of the studio, and what every page of it has in common."""

from collections.abc import Mapping
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from anliegen.lib import clock
from anliegen.lib.errors import Forbidden
from anliegen.people import queries as people
from anliegen.people.models import User
from anliegen.people.rules import Capability, Role
from anliegen.studio import shell
from anliegen.ui.doors import View, behind

type Person = User

NAMED = 3


def person(request: HttpRequest) -> User:
    """Who is signed in. Only for views behind a door."""
    return cast("User", request.user)


def for_editors[**P](view: View[P]) -> View[P]:
    """For those who write articles and announcements; others learn who can let them in."""
    return behind(view, _ask)


def _ask(request: HttpRequest) -> None:
    if not people.can(person(request), Capability.EDIT_KNOWLEDGE, now=clock.now()):
        raise Forbidden(_closed())


def _closed() -> str:
    """Why the door is closed, and who can open it."""
    names = [one.full_name for one in people.holders(Role.ADMINISTRATOR, clock.now())[:NAMED]]
    if not names:
        return _("This area is for those who write articles. An administrator can give you a role for it.")
    return _("This area is for those who write articles. These people can give you a role for it: %(names)s.") % {
        "names": ", ".join(names)
    }


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A page of the studio with its surroundings."""
    around = {"shell": SimpleLazyObject(lambda: shell.build(request, person(request)))}
    return render(request, template, {**around, **(context or {})}, status=status)
