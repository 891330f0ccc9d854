"""Liveness is answered before anything asks the database: a session cookie must not make it fail."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from anliegen.project import health

PATH = "/health/live"


class Live:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path != PATH:
            return self.get_response(request)
        request.get_host()  # a name that is not ours is refused here as everywhere
        return health.live(request)
