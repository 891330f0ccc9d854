"""Who may enter the desk and its rooms, and what every page of it has in common."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from anliegen.desk import shell
from anliegen.lib import clock
from anliegen.lib.errors import Forbidden
from anliegen.people import queries as people
from anliegen.people.models import User
from anliegen.people.rules import Capability, Role
from anliegen.ui.doors import View, behind

HOME = "/desk/"
NAMED = 3


def person(request: HttpRequest) -> User:
    """Who is signed in. Only for views behind a door."""
    return cast(User, request.user)


def at_desk[**P](view: View[P]) -> View[P]:
    """For those with a role at the desk, and members of any team; others learn who can let them in."""
    return _guarded(view, lambda user: people.uses_desk(user, clock.now()))


def for_agents[**P](view: View[P]) -> View[P]:
    """For those who note down what callers need (R84)."""
    return _guarded(view, lambda user: people.can(user, Capability.RECORD_FOR_CALLERS, now=clock.now()))


def for_repairers[**P](view: View[P]) -> View[P]:
    """For those who may see faults."""
    return _guarded(view, lambda user: people.can(user, Capability.SEE_FAULTS, now=clock.now()))


def _guarded[**P](view: View[P], allowed: Callable[[User], bool]) -> View[P]:
    def ask(request: HttpRequest) -> None:
        if not allowed(person(request)):
            raise Forbidden(_closed())

    return behind(view, ask)


def _closed() -> str:
    """Why the door is closed, and who can open it."""
    names = [one.full_name for one in people.holders(Role.ADMINISTRATOR, clock.now())[:NAMED]]
    if not names:
        return _("This area is for those who work on requests. An administrator can give you a role for it.")
    return _("This area is for those who work on requests. These people can give you a role for it: %(names)s.") % {
        "names": ", ".join(names)
    }


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A page of the desk with its surroundings, which cost nothing for a fragment."""
    around = {
        "shell": SimpleLazyObject(lambda: shell.build(request, person(request))),
        "keys_on": person(request).single_keys,
    }
    return render(request, template, {**around, **(context or {})}, status=status)


def inside(path: str | None, default: str = HOME) -> str:
    """A way back that was sent along, if it leads into the desk."""
    path = path or ""
    safe = path.startswith(HOME) and "//" not in path and "\\" not in path and path.isprintable()
    return path if safe else default
