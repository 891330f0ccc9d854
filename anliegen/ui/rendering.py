"""How a bound field becomes HTML (ux spec 3.6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BaseForm, BoundField
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
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
    """How it is drawn: "hidden", "check", "checks", "tiles" or "input"."""
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


@dataclass(frozen=True, slots=True)
class _Frame:
    """What surrounds the inputs of a field."""

    bound: BoundField
    base: str
    label: object
    classes: str
    described: str
    errors: list[str]

    def label_text(self) -> SafeString:
        optional = "" if self.bound.field.required else format_html(_OPTIONAL, _("(optional)"))
        return format_html("{}{}", self.label, optional)

    def notes(self) -> SafeString:
        """The hint and what is wrong."""
        help_text = self.bound.help_text
        hint = format_html('<p class="form-hint" id="{}-hint">{}</p>', self.base, help_text) if help_text else ""
        if not self.errors:
            return format_html("{}", hint)
        return format_html(
            '{}<p class="srm-error" id="{}-error"><span class="visually-hidden">{} </span>{}</p>',
            *(hint, self.base, _("Error:"), " ".join(map(conditional_escape, self.errors))),
        )


_OPTIONAL = ' <span class="fw-normal srm-meta">{}</span>'


def field(bound: BoundField, *, look: str = "", label: object = "", classes: str = "") -> SafeString:
    """The whole field as HTML; drawn here and not by a template, since a page has many."""
    base = _base_id(bound)
    described = [f"{base}-hint"] if bound.help_text else []
    described += [f"{base}-error"] if bound.errors else []
    frame = _Frame(bound, base, label or bound.label, classes, " ".join(described), messages(bound))
    drawn = kind(bound, look)
    match drawn:
        case "tiles":
            return _group(frame, _tiles(frame))
        case "checks":
            return _group(frame, _checks(frame))
    given = bound.as_widget(attrs=_attrs(frame, drawn))
    match drawn:
        case "hidden":
            return given
        case "check":
            return format_html(
                '<div class="srm-field {}" id="{}-field">{}'
                '<label class="srm-check">{}<span class="form-check-label">{}</span></label></div>',
                *(classes, base, frame.notes(), given, frame.label),
            )
    return format_html(
        '<div class="srm-field {}" id="{}-field">\n  <label class="form-label" for="{}">{}</label>{}\n  {}\n</div>',
        *(classes, base, base, frame.label_text(), frame.notes(), _with_unit(bound, given)),
    )


def _attrs(frame: _Frame, drawn: str) -> dict[str, str | bool]:
    wrong = {"aria-invalid": "true"} if frame.errors else {}
    described = {"aria-describedby": frame.described} if frame.described else {}
    style = "form-check-input" if drawn == "check" else _classes(frame.bound)
    return {"class": style, "id": frame.base, **described, **wrong}


def _with_unit(bound: BoundField, given: SafeString) -> SafeString:
    unit = getattr(bound.field.widget, "suffix_text", "")
    if not unit:
        return given
    return format_html(
        '<div class="input-group">{}<span class="input-group-text" aria-hidden="true">{}</span></div>', given, unit
    )


def _group(frame: _Frame, inside: SafeString) -> SafeString:
    described = format_html(' aria-describedby="{}"', frame.described) if frame.described else ""
    return format_html(
        '<fieldset class="srm-field {}" id="{}-field"{}>\n'
        '  <legend class="form-label">{}</legend>{}\n  {}\n</fieldset>',
        *(frame.classes, frame.base, described, frame.label_text(), frame.notes(), inside),
    )


def _tiles(frame: _Frame) -> SafeString:
    found = options(frame.bound)
    rows = (_one(frame, option, _TILE, _tile_text(option)) for option in found)
    columns = "two" if len(found) in (2, 4) else ""
    return format_html('<div class="srm-choice {}">{}</div>', columns, _joined(rows))


def _checks(frame: _Frame) -> SafeString:
    rows = (_one(frame, option, _CHECK, _check_text(option)) for option in options(frame.bound))
    return format_html('<div class="d-grid gap-2">{}</div>', _joined(rows))


_TILE = (
    '<label class="form-selectgroup-item"><input class="form-selectgroup-input" type="radio" name="{}" value="{}" '
    'id="{}"{}><span class="form-selectgroup-label text-start">{}</span></label>'
)
_CHECK = (
    '<label class="srm-check"><input class="form-check-input" type="checkbox" name="{}" value="{}" '
    'id="{}"{}><span class="form-check-label">{}</span></label>'
)


def _one(frame: _Frame, option: Option, draw: str, text: SafeString) -> SafeString:
    chosen = " checked" if option.chosen else ""
    wrong = mark_safe(' aria-invalid="true"') if frame.errors else ""
    return format_html(draw, frame.bound.html_name, option.value, option.id, format_html("{}{}", chosen, wrong), text)


def _tile_text(option: Option) -> SafeString:
    if not option.detail:
        return format_html("{}", option.label)
    return format_html('<strong>{}</strong><span class="srm-meta d-block">{}</span>', option.label, option.detail)


def _check_text(option: Option) -> SafeString:
    detail = format_html('<span class="srm-meta d-block">{}</span>', option.detail) if option.detail else ""
    return format_html("{}{}", option.label, detail)


def _joined(rows: Iterable[SafeString]) -> SafeString:
    return mark_safe("".join(rows))  # noqa: S308 (of safe parts)


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
