"""What every page behind a door has in common, whoever decides who may enter."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def _everybody(_request: HttpRequest) -> None:
    return None


def behind[**P](view: View[P], ask: Callable[[HttpRequest], None] = _everybody) -> View[P]:
    """A view for who is signed in and passes `ask`, which raises for others; its answer is for them, kept nowhere."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        ask(request)
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    return cast("View[P]", login_required(guarded))
