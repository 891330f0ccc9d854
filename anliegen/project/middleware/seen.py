"""Note in which browser somebody was, and when, so that they can recognise a stranger's on their profile."""

import contextlib
from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from anliegen.lib import clock
from anliegen.people import rules, sessions


class Seen:
    """Once in a quarter of an hour, after the answer; never a reason to fail. The address itself is not kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        row = getattr(request.session, "row", None)
        if row is not None and row.user_id is not None and row.session_key == request.session.session_key:
            browser = rules.browser(request.headers.get("User-Agent", "")[:400])
            with contextlib.suppress(OperationalError, InterfaceError):
                sessions.seen(row, browser=browser, inside=inside(request), now=clock.now())
        return response


def inside(request: HttpRequest) -> bool | None:
    """Whether that browser is in one of the organisation's networks; None where none is named."""
    networks = settings.ANLIEGEN.home_networks
    if not networks:
        return None
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return None
    return any(address in network for network in networks)
