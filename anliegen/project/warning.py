"""What operators must know on every page: that this is a mute copy."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from anliegen.jobs import queries as jobs
from anliegen.lib import clock
from anliegen.people import queries as people
from anliegen.people.models import User
from anliegen.people.rules import Capability
from anliegen.ui.shell import Notice


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `warning`, the strip above the page. One statement, and only for who may operate."""
    return {"warning": SimpleLazyObject(lambda: _of(getattr(request, "user", None)))}


def _of(user: object) -> Notice | None:
    if not isinstance(user, User) or not people.can(user, Capability.OPERATE, now=clock.now()):
        return None
    mute = jobs.mute()
    if mute is None:
        return None
    text = _("It sends no mail and runs no jobs until somebody runs the command %(command)s on the server.")
    return Notice(_("This is a restored copy."), text % {"command": "anliegen release"})
