"""How a bound field becomes HTML (ux spec 3.6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

TILES = 5


@dataclass(frozen=True, slots=True)
class Option:
    """One choice, ready for a tile or a check box."""

    id: str
    value: str
    label: object
    detail: object
    chosen: bool


def kind(bound: BoundField, look: str) -> str:
    """Which part of field.html draws it."""
    widget = bound.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checks"
    if isinstance(widget, forms.RadioSelect):
        return "tiles"
    if isinstance(widget, forms.SelectMultiple):
        return "checks" if look != "select" else "input"
    if isinstance(widget, forms.Select):
        return _choice(bound, look)
    return "input"


def _choice(bound: BoundField, look: str) -> str:
    if look:
        return "tiles" if look == "radio" else "input"
    filled = [value for value, _label in _flat(bound.field.choices) if value not in ("", None)]  # type: ignore[attr-defined]
    # an optional choice needs its empty line, which a tile cannot offer
    return "tiles" if bound.field.required and 0 < len(filled) <= TILES else "input"


def _flat(choices: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            yield from label
        else:
            yield value, label


def options(bound: BoundField) -> list[Option]:
    """The choices; a label may be a pair (label, detail)."""
    given = bound.value()
    chosen = (
        {str(v) for v in given} if isinstance(given, (list, tuple, set)) else {str(given if given is not None else "")}
    )
    found: list[Option] = []
    details = getattr(bound.field, "details", {})
    for value, label in _flat(bound.field.choices):  # type: ignore[attr-defined]
        if value in ("", None):
            continue
        number = len(found)
        # the first one bears the field's own id, so that the error summary can lead to it
        name = bound.id_for_label if number == 0 and bound.id_for_label else f"id_{bound.html_name}_{number}"
        found.append(Option(name, str(value), label, details.get(str(value), ""), str(value) in chosen))
    return found


def _base_id(bound: BoundField) -> str:
    return bound.auto_id or f"id_{bound.html_name}"


def _classes(bound: BoundField) -> str:
    widget = bound.field.widget
    base = "form-select" if isinstance(widget, forms.Select) else "form-control"
    own = str(widget.attrs.get("class", ""))
    return " ".join(filter(None, [base, own, "is-invalid" if bound.errors else ""]))


def field(bound: BoundField, *, look: str = "", label: object = "", classes: str = "") -> SafeString:
    """The whole field as HTML."""
    base = _base_id(bound)
    described = [f"{base}-hint"] if bound.help_text else []
    described += [f"{base}-error"] if bound.errors else []
    drawn = kind(bound, look)
    errors = messages(bound)
    attrs = {"class": _classes(bound), "id": base, "aria-describedby": " ".join(described) or None}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    context: dict[str, Any] = {
        "bound": bound,
        "base": base,
        "kind": drawn,
        "label": label or bound.label,
        "classes": classes,
        "described": " ".join(described),
        "errors": errors,
        "optional": not bound.field.required,
        "prefix": getattr(bound.field.widget, "prefix_text", ""),
        "suffix": getattr(bound.field.widget, "suffix_text", ""),
    }
    if drawn in ("tiles", "checks"):
        context["options"] = options(bound)
        context["columns"] = "two" if len(context["options"]) in (2, 4) else ""
    else:
        filled: dict[str, str | bool] = {k: v for k, v in attrs.items() if v}
        if drawn == "check":
            filled["class"] = "form-check-input"
        context["input"] = bound.as_widget(attrs=filled)
    return render_to_string("ui/c/field.html", context)


def messages(bound: BoundField) -> list[str]:
    """What to do about each error of a field; Django's plain "required" becomes a request that names the field."""
    found = []
    for error in bound.errors.as_data():
        plain = error.code == "required" and error.message == forms.Field.default_error_messages["required"]
        found += [_please(bound)] if plain else [str(message) for message in error.messages]
    return found


def _please(bound: BoundField) -> str:
    label = str(bound.label).rstrip("?: ")
    if isinstance(bound.field.widget, forms.CheckboxInput):
        return _("Please confirm: %(label)s") % {"label": label}
    if isinstance(bound.field, forms.FileField):
        return _("Please attach a file: %(label)s") % {"label": label}
    if isinstance(bound.field, (forms.ChoiceField, forms.ModelChoiceField)):
        return _("Please choose: %(label)s") % {"label": label}
    return _("Please fill in: %(label)s") % {"label": label}


def problems(form: BaseForm) -> list[tuple[str, str]]:
    """(anchor, message) of every error, in the order of the fields; an error of the whole form has no anchor."""
    if not form.is_bound:
        return []
    found = [("", str(message)) for message in form.non_field_errors()]
    for bound in form:
        anchor = bound.id_for_label or _base_id(bound)
        found += [(anchor, message) for message in messages(bound)]
    return found
