"""Refuse what no form of ours ever sends, before anything is read or stored."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from anliegen.lib.errors import DomainError, TooLarge
from anliegen.project import errors

_READS_BODY = frozenset({"POST", "PUT", "PATCH"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class Limits:
    """413 for a body larger than any form with its files, 400 for a NUL byte in an address or the name of a field.

    In the value of a field, where somebody may have pasted it, the form itself refuses it and is kept (422).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if problem := self.problem(request):
            return errors.answer(request, problem)
        return self.get_response(request)

    def problem(self, request: HttpRequest) -> DomainError | None:
        config = settings.ANLIEGEN
        most = config.form_max_bytes + config.upload_max_files * config.upload_max_bytes
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > most:
            return TooLarge(errors.too_large_words())
        if self.has_nul(request):
            return DomainError(_("A value contains a character that cannot be stored. Please remove it."))
        return None

    @staticmethod
    def has_nul(request: HttpRequest) -> bool:
        if "\x00" in request.path_info:
            return True
        sends = request.method in _READS_BODY and request.content_type in _FORMS
        names = _nul_in(*request.POST) if sends else False
        return names or any(_nul_in(name, *request.GET.getlist(name)) for name in request.GET)


def _nul_in(*values: object) -> bool:
    return any("\x00" in value for value in _texts(values))


def _texts(values: Iterable[object]) -> Iterable[str]:
    return (value for value in values if isinstance(value, str))
