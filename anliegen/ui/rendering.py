"""How a bound field becomes HTML (ux spec 3.6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BaseForm, BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anliegen.ui.safe import esc, joined

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

    def open(self, tag: str, more: str = "") -> str:
        return f'<{tag} class="srm-field {esc(self.classes)}" id="{esc(self.base)}-field"{more}>'

    def label_text(self) -> str:
        if self.bound.field.required or getattr(self.bound.field, "needed", False):
            return esc(self.label)
        return f'{esc(self.label)} <span class="fw-normal srm-meta">{esc(_("(optional)"))}</span>'

    def notes(self) -> str:
        """The hint and what is wrong."""
        hint = self.bound.help_text
        found = f'<p class="form-hint" id="{esc(self.base)}-hint">{esc(hint)}</p>' if hint else ""
        if self.errors:
            said = f'<span class="visually-hidden">{esc(_("Error:"))} </span>{" ".join(map(esc, self.errors))}'
            found += f'<p class="srm-error" id="{esc(self.base)}-error">{said}</p>'
        return found


def field(bound: BoundField, *, look: str = "", label: object = "", classes: str = "") -> SafeString:
    """The whole field as HTML; drawn here and not by a template, since a page has many."""
    base = _base_id(bound)
    described = [f"{base}-hint"] if bound.help_text else []
    described += [f"{base}-error"] if bound.errors else []
    frame = _Frame(bound, base, label or bound.label, classes, " ".join(described), messages(bound))
    drawn = kind(bound, look)
    if drawn in ("tiles", "checks"):
        return _group(frame, drawn)
    given = bound.as_widget(attrs=_attrs(frame, drawn))
    if drawn == "hidden":
        return given
    if drawn == "check":
        text = f'<span class="form-check-label">{esc(frame.label)}</span>'
        return joined(frame.open("div"), frame.notes(), f'<label class="srm-check">{given}{text}</label></div>')
    label_tag = f'\n  <label class="form-label" for="{esc(base)}">{frame.label_text()}</label>'
    return joined(frame.open("div"), label_tag, frame.notes(), f"\n  {_with_unit(bound, given)}\n</div>")


def _attrs(frame: _Frame, drawn: str) -> dict[str, str | bool]:
    wrong = {"aria-invalid": "true"} if frame.errors else {}
    described = {"aria-describedby": frame.described} if frame.described else {}
    style = "form-check-input" if drawn == "check" else _classes(frame.bound)
    return {"class": style, "id": frame.base, **described, **wrong}


def _with_unit(bound: BoundField, given: str) -> str:
    unit = getattr(bound.field.widget, "suffix_text", "")
    if not unit:
        return given
    return f'<div class="input-group">{given}<span class="input-group-text" aria-hidden="true">{esc(unit)}</span></div>'


def _group(frame: _Frame, drawn: str) -> SafeString:
    """Tiles or check boxes under a legend."""
    found = options(frame.bound)
    draw = _tile if drawn == "tiles" else _check
    look = f"srm-choice {'two' if len(found) in (2, 4) else ''}" if drawn == "tiles" else "d-grid gap-2"
    described = f' aria-describedby="{esc(frame.described)}"' if frame.described else ""
    return joined(
        frame.open("fieldset", described),
        f'\n  <legend class="form-label">{frame.label_text()}</legend>{frame.notes()}\n  <div class="{look}">',
        *(draw(frame, option) for option in found),
        "</div>\n</fieldset>",
    )


def _tile(frame: _Frame, option: Option) -> str:
    text = esc(option.label)
    if option.detail:
        text = f'<strong>{text}</strong><span class="srm-meta d-block">{esc(option.detail)}</span>'
    given = f'<input class="form-selectgroup-input" type="radio"{_given(frame, option)}>'
    shown = f'<span class="form-selectgroup-label text-start">{text}</span>'
    return f'<label class="form-selectgroup-item">{given}{shown}</label>'


def _check(frame: _Frame, option: Option) -> str:
    detail = f'<span class="srm-meta d-block">{esc(option.detail)}</span>' if option.detail else ""
    given = f'<input class="form-check-input" type="checkbox"{_given(frame, option)}>'
    return f'<label class="srm-check">{given}<span class="form-check-label">{esc(option.label)}{detail}</span></label>'


def _given(frame: _Frame, option: Option) -> str:
    """Name, value and state of one choice."""
    chosen = " checked" if option.chosen else ""
    wrong = ' aria-invalid="true"' if frame.errors else ""
    return f' name="{esc(frame.bound.html_name)}" value="{esc(option.value)}" id="{esc(option.id)}"{chosen}{wrong}'


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
