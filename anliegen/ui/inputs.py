"""Inputs, text areas and selects drawn in Python (setting FORM_RENDERER): the same HTML as Django's small templates.

A page of approvals has sixty fields; one template for each input, and one for each attribute list in it, was a third of
what the page cost.
"""

from collections.abc import Callable, Mapping
from typing import Any, override

from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString

from anliegen.ui.safe import esc, joined

type Widget = Mapping[str, Any]
_PATH = "django/forms/widgets/"


class Renderer(DjangoTemplates):
    """Django's own for whatever is not listed here."""

    @override
    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> Any:
        draw = _DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)


def _attrs(widget: Widget) -> str:
    return "".join([_attr(name, value) for name, value in widget["attrs"].items() if value is not False])


def _attr(name: str, value: object) -> str:
    return f" {esc(name)}" if value is True else f' {esc(name)}="{esc(value)}"'


def _input(widget: Widget) -> SafeString:
    value = "" if widget["value"] is None else _attr("value", widget["value"])
    return joined(f'<input type="{esc(widget["type"])}" name="{esc(widget["name"])}"{value}{_attrs(widget)}>')


def _textarea(widget: Widget) -> SafeString:
    text = esc(widget["value"] or "")
    return joined(f'<textarea name="{esc(widget["name"])}"{_attrs(widget)}>\n{text}</textarea>')


def _select(widget: Widget) -> SafeString:
    groups = [
        f'\n  <optgroup label="{esc(name)}">{_options(choices)}\n  </optgroup>' if name else _options(choices)
        for name, choices, _index in widget["optgroups"]
    ]
    return joined(f'<select name="{esc(widget["name"])}"{_attrs(widget)}>', *groups, "\n</select>")


def _options(choices: list[Widget]) -> str:
    rows = ((_attr("value", one["value"]), _attrs(one), esc(one["label"])) for one in choices)
    return "".join([f"\n  <option{value}{attrs}>{label}</option>\n" for value, attrs, label in rows])


_DRAWN: dict[str, Callable[[Widget], SafeString]] = {
    **{f"{_PATH}{name}.html": _input for name in ("text", "hidden", "number", "email", "password", "checkbox", "url")},
    f"{_PATH}textarea.html": _textarea,
    f"{_PATH}select.html": _select,
}
