"""Turn what a view raised into its answer, so that no view holds a try block."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from anliegen.project import errors


class DomainErrors:
    """Domain errors, a database that cannot answer and a full disk; everything else is a 500 of Django's handler."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        problem = errors.known(exception)
        return None if problem is None else errors.answer(request, problem, cause=exception)
