"""The plain values that a stopped request's rules read, to be put right."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anliegen.desk.forms import fields
from anliegen.workflow.rules import MAX_NOTE

LONGEST = 1_000


class RepairForm(forms.Form):
    """A field for each value, named by its path; only what was changed is sent on."""

    use_required_attribute = False

    note = fields.paragraph(MAX_NOTE, rows=2, label=gettext_lazy("Note"), required=False)

    def __init__(self, data: Mapping[str, Any], sent: Any = None) -> None:
        super().__init__(sent)
        self.before = data
        made = {path: _field(path, value) for path, value in data.items()}
        self.fields = {**made, **self.fields}

    @property
    def values(self) -> list[forms.BoundField]:
        return [self[path] for path in self.before]

    def changes(self) -> dict[str, Any]:
        """What differs from before, with its former type. Only of a valid form."""
        found: dict[str, Any] = {}
        for path, old in self.before.items():
            value = _typed(self.cleaned_data[path], old)
            if value != old and not (old is None and value == ""):
                found[path] = value
        return found


def _field(path: str, value: Any) -> forms.Field:
    if isinstance(value, bool):
        choices = [("true", _("Yes")), ("false", _("No"))]
        return forms.ChoiceField(label=path, choices=choices, initial=str(value).lower())
    if isinstance(value, int):
        return fields.WholeField(label=path, initial=value)
    return forms.CharField(label=path, initial="" if value is None else value, required=False, max_length=LONGEST)


def _typed(value: Any, old: Any) -> Any:
    if isinstance(old, bool):
        return value == "true"
    if isinstance(old, float):
        return float(value) if str(value).replace(".", "", 1).isdigit() else value
    return value
