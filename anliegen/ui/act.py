"""How a view does something: form in, action called, answer with the right status."""

import re
import uuid
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anliegen.lib.errors import DomainError, Refused

KEY_FIELD = "form_key"
_KEY = re.compile(r"^[A-Za-z0-9_-]{8,64}$")


def act[T](
    form: BaseForm, action: Callable[[], T], at: Mapping[type[DomainError], str] = MappingProxyType({})
) -> T | None:
    """What the action returned; None if the form is invalid or the action refused, with the reasons in the form.

    `at` names further errors that belong to a field of this form. The action is its own transaction, so a refusal has
    rolled everything back. Other domain errors go through.
    """
    if not form.is_valid():
        return None
    try:
        return action()
    except Refused as refused:
        for field, message in refused.errors.items():
            form.add_error(field if field in form.fields else None, str(message))
    except tuple(at) as error:
        form.add_error(at[type(error)], str(error.message))
    return None


def render_form(
    request: HttpRequest, template: str, form: BaseForm, context: Mapping[str, Any] | None = None
) -> HttpResponse:
    """The page with its form: 422 when the form holds errors, else 200. The form is `form` in the template."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {**(context or {}), "form": form}, status=status)


def form_key(request: HttpRequest) -> str:
    """The key of this rendered form, which makes sending it twice do its work once.

    A POST gives back the key it came with (also to the form shown again after errors); else a new one is made.
    """
    sent = request.POST.get(KEY_FIELD, "")
    return sent if _KEY.match(sent) else uuid.uuid4().hex


class FormKeyMixin:
    """For class-based views: `self.form_key`."""

    request: HttpRequest

    @property
    def form_key(self) -> str:
        return form_key(self.request)
