"""One id per request, in the log and in the answer's header, and one line in the log for each answer."""

import re
import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from anliegen.lib.ids import public_id

log = structlog.get_logger("anliegen.web")
_GIVEN = re.compile(r"[A-Za-z0-9_.-]{8,64}")
_QUIET = ("/health/", "/static/")


class RequestId:
    """Takes the id that a trusted proxy gave, or makes one. Logs the route, never the address or the person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        given = request.headers.get("X-Request-ID", "") if request.META.get("anliegen.trusted") else ""
        request_id = given if _GIVEN.fullmatch(given) else public_id()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        if not request.path_info.startswith(_QUIET):
            self.note(request, response, started)
        return response

    @staticmethod
    def note(request: HttpRequest, response: HttpResponse, started: float) -> None:
        match = request.resolver_match
        log.info(
            "answered",
            method=request.method if request.method in {"GET", "POST", "HEAD", "PUT", "PATCH", "DELETE"} else "other",
            route=match.route if match else "-",
            status=response.status_code,
            ms=round((time.perf_counter() - started) * 1000, 1),
        )
