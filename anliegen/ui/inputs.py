"""Inputs, text areas and selects drawn in Python (setting FORM_RENDERER): the same HTML as Django's small templates.

A page of approvals has sixty fields; one template for each input, and one for each attribute list in it, was a third of
what the page cost.
"""

from collections.abc import Callable, Mapping
from typing import Any, override

from django.forms.renderers import DjangoTemplates
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

type Widget = Mapping[str, Any]
_PATH = "django/forms/widgets/"


class Renderer(DjangoTemplates):
    """Django's own for whatever is not listed here."""

    @override
    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> Any:
        draw = _DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)


def _attrs(widget: Widget) -> SafeString:
    given = [(name, value) for name, value in widget["attrs"].items() if value is not False]
    return mark_safe("".join(_attr(name, value) for name, value in given))  # noqa: S308 (of safe parts)


def _attr(name: str, value: object) -> SafeString:
    return format_html(" {}", name) if value is True else format_html(' {}="{}"', name, str(value))


def _input(widget: Widget) -> SafeString:
    value = "" if widget["value"] is None else _attr("value", widget["value"])
    return format_html('<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, _attrs(widget))


def _textarea(widget: Widget) -> SafeString:
    return format_html('<textarea name="{}"{}>\n{}</textarea>', widget["name"], _attrs(widget), widget["value"] or "")


def _select(widget: Widget) -> SafeString:
    groups = [
        format_html('\n  <optgroup label="{}">{}\n  </optgroup>', name, _options(choices))
        if name
        else _options(choices)
        for name, choices, _index in widget["optgroups"]
    ]
    inside = mark_safe("".join(groups))  # noqa: S308 (of safe parts)
    return format_html('<select name="{}"{}>{}\n</select>', widget["name"], _attrs(widget), inside)


def _options(choices: list[Widget]) -> SafeString:
    rows = ((_attr("value", one["value"]), _attrs(one), one["label"]) for one in choices)
    return format_html_join("", "\n  <option{}{}>{}</option>\n", rows)


_DRAWN: dict[str, Callable[[Widget], SafeString]] = {
    **{f"{_PATH}{name}.html": _input for name in ("text", "hidden", "number", "email", "password", "checkbox", "url")},
    f"{_PATH}textarea.html": _textarea,
    f"{_PATH}select.html": _select,
}
