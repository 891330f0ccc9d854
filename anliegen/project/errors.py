"""From an exception to what the person reads: a page, a fragment for htmx, or problem+json for programs.

One function, `answer`, for the middleware and for Django's error handlers alike. The answer to 404 holds nothing that
depends on the request, so that "not yours" and "not there" are the same bytes.
"""

import errno
import sys
from http import HTTPStatus

import structlog
from django.conf import settings
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from anliegen.lib import errors, ids
from anliegen.ui import shell
from anliegen.ui.htmx import is_fragment

log = structlog.get_logger("anliegen.web")
RETRY_AFTER_S = 5
LAST_WORDS = "Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.\nThat did not work. Please try again.\n"
_WITH_PAGE = frozenset({400, 403, 404, 409, 413, 422, 500, 503, 507})
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


def known(exception: BaseException) -> errors.DomainError | None:
    """The domain error that an exception stands for, or None when it is a fault of ours."""
    if isinstance(exception, errors.DomainError):
        return exception
    if isinstance(exception, OperationalError | InterfaceError):
        full = "full" in str(exception) or "No space left" in str(exception)
        return errors.OutOfSpace(_no_space_words()) if full else errors.Unavailable(_unavailable_words())
    if isinstance(exception, OSError) and exception.errno in _NO_SPACE:
        return errors.OutOfSpace(_no_space_words())
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return errors.TooLarge(_limit_words(exception))
    if isinstance(exception, UnreadablePostError):
        return errors.DomainError(_("The connection broke off before everything was here. Please send it again."))
    return None


def answer(request: HttpRequest, problem: errors.DomainError, *, cause: BaseException | None = None) -> HttpResponse:
    """The response for a problem. 5xx is logged under an error id, which the person sees and can tell the desk."""
    status, error_id = problem.status, ""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        error_id = ids.public_id()[:8]
        log.error("failed", error_id=error_id, status=status, exc_info=cause or problem)
    words = "" if status == HTTPStatus.NOT_FOUND else str(problem.message)
    response = _body(request, status, words, error_id)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = str(RETRY_AFTER_S)
    response["Cache-Control"] = "private, no-store"
    return response


def _body(request: HttpRequest, status: int, message: str, error_id: str) -> HttpResponse:
    if _wants_json(request):
        detail = message or _default_words(status)
        problem = {"type": "about:blank", "status": status, "title": HTTPStatus(status).phrase, "detail": detail}
        if error_id:
            problem["error_id"] = error_id
        kind = "application/problem+json"
        return JsonResponse(problem, status=status, content_type=kind, json_dumps_params={"ensure_ascii": False})
    context: dict[str, object] = {
        "status": status,
        "message": message,
        "error_id": error_id,
        "ui": shell.surroundings(request),  # language and look only: nothing that needs the database
    }
    if is_fragment(request):
        context["message"] = message or _default_words(status)
        return HttpResponse(render_to_string("ui/errors/fragment.html", context), status=status)
    name = status if status in _WITH_PAGE else 400
    return HttpResponse(render_to_string(f"ui/errors/{name}.html", context), status=status)


def _wants_json(request: HttpRequest) -> bool:
    accept = request.headers.get("Accept", "")
    return request.path_info.startswith("/api/") or ("json" in accept and "text/html" not in accept)


def _default_words(status: int) -> str:
    words = {
        400: _("Your browser sent something that we cannot read. Please go back and try again."),
        403: _("You may not do this."),
        404: _("This page does not exist, or you may not see it."),
        409: _("Somebody else was faster. Please load the page again."),
        422: _("Please check your entries."),
        500: _("Something went wrong on our side. Nothing of what you entered last was saved."),
    }
    return words.get(status, words[400])


def _unavailable_words() -> str:
    return _("The database cannot answer at the moment. Please try again in a few seconds.")


def _no_space_words() -> str:
    return _("There is no space left to store this. Nothing was saved. Please tell the service desk.")


def _megabytes(count: int) -> str:
    text = f"{count / 1_000_000:.1f}".removesuffix(".0")
    return text.replace(".", ",") if (translation.get_language() or "").startswith("de") else text


def too_large_words() -> str:
    """Names the limits of a form with files."""
    config = settings.ANLIEGEN
    return _("This is too large. Each file may have up to %(size)s MB, and a form up to %(count)s files.") % {
        "size": _megabytes(config.upload_max_bytes),
        "count": config.upload_max_files,
    }


def _limit_words(exception: BaseException) -> str:
    config = settings.ANLIEGEN
    if isinstance(exception, TooManyFilesSent):
        count = config.upload_max_files
        text = ngettext("You can add up to %(count)s file.", "You can add up to %(count)s files.", count)
        return text % {"count": count}
    if isinstance(exception, TooManyFieldsSent):
        return _("This form has too many fields. At most %(count)s are possible.") % {"count": config.form_max_fields}
    return _("The text of this form is too long. At most %(size)s MB are possible.") % {
        "size": _megabytes(config.form_max_bytes)
    }


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler for 400: also the limits of forms, which are met before a view runs."""
    problem = known(exception) if exception is not None else None
    if isinstance(exception, SuspiciousOperation):
        log.warning("suspicious", kind=type(exception).__name__)
    return answer(request, problem or errors.DomainError())


def forbidden(request: HttpRequest, exception: PermissionDenied | None = None) -> HttpResponse:
    """Django's handler for 403."""
    return answer(request, errors.Forbidden(str(exception or "")))


def not_found(request: HttpRequest, exception: Http404 | None = None) -> HttpResponse:
    """Django's handler for 404, equal byte for byte to the answer for a foreign object."""
    return answer(request, errors.NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler for everything else, also for what a middleware raised."""
    exception = sys.exc_info()[1]
    problem = known(exception) if exception is not None else None
    if problem is None:
        problem = errors.DomainError()
        problem.status = 500
    try:
        return answer(request, problem, cause=exception)
    except Exception:
        # The error page itself cannot be made (a broken template or translation): say it without either.
        log.exception("no error page")
        return HttpResponse(LAST_WORDS, status=500, content_type="text/plain; charset=utf-8")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What a form from elsewhere, or one that is older than the session, gets."""
    return answer(
        request, errors.Forbidden(_("This form is too old. Please go back, load the page again and send it."))
    )
