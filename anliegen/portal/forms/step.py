"""A step that waits for the requester, as a form: its own fields, its results as buttons, and files."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anliegen.files.forms import UploadField
from anliegen.people.models import User
from anliegen.portal import lookups
from anliegen.portal.forms.questions import WholeField, YesNoField
from anliegen.tracking.sentences import OUTCOME
from anliegen.ui.fields import AmountField, DateField, Match, PersonField, PlaceField
from anliegen.workflow.engine import FieldSpec
from anliegen.workflow.models import Task
from anliegen.workflow.queries import StepForm
from anliegen.workflow.rules import MAX_NOTE, is_positive

PREFIX = "f_"
TEXT, PARAGRAPH = 200, 4_000

type Usual = dict[str, Any]


class OwnStepForm(forms.Form):
    """The fields `f_<name>` of a step, in order; without any, room for a few words."""

    use_required_attribute = False
    task = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**53)
    outcome = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, task: Task, asked: StepForm, user: User, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id=f"step{task.pk}_%s")
        self.asked = asked
        own = {PREFIX + spec.name: _field(spec, user) for spec in asked.fields if spec.type != "file"}
        if data is not None and not is_positive(data.get("outcome", "")):
            for field in own.values():  # who declines a step need not fill it in
                field.required = False
        if not own:
            own["note"] = forms.CharField(label=_("Your answer"), widget=_area(), max_length=MAX_NOTE, required=False)
        needs_file = any(spec.type == "file" and spec.required for spec in asked.fields)
        self.fields |= own | {"files": UploadField(user.pk, label=_("Attach files"), required=needs_file)}

    @property
    def shown(self) -> list[forms.BoundField]:
        """What is filled in, but for files; the result is chosen by a button."""
        return [self[name] for name in self.fields if name not in {"task", "outcome", "files"}]

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """The results, the one that goes forward first."""
        outcomes = self.asked.outcomes
        if len(outcomes) == 1:
            return [(outcomes[0], _("Send answer"))]
        return [(one, str(OUTCOME.get(one, one)).capitalize()) for one in outcomes]

    @property
    def chosen(self) -> str:
        """The result that was chosen; without a button, the first. Only of a valid form."""
        return str(self.cleaned_data["outcome"] or self.asked.outcomes[0])

    def outputs(self) -> dict[str, Any]:
        """The fields as the step takes them. Only of a valid form."""
        sent = {spec.name: _plain(self.cleaned_data.get(PREFIX + spec.name)) for spec in self.asked.fields}
        sent |= {
            spec.name: ", ".join(self.cleaned_data["files"])[:TEXT] for spec in self.asked.fields if spec.type == "file"
        }
        return {name: value for name, value in sent.items() if value not in (None, "")}


def _area() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 3})


def _plain(value: Any) -> Any:
    if isinstance(value, Match):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _field(spec: FieldSpec, user: User) -> forms.Field:
    lang = get_language() or "de"
    usual: Usual = {"label": spec.label.to(lang) or spec.name.capitalize(), "required": spec.required}
    make = _MAKERS.get(spec.type)
    return make(spec, user, usual) if make else forms.CharField(max_length=TEXT, **usual)


def _choice(spec: FieldSpec, _user: User, usual: Usual) -> forms.Field:
    offered = [(one.value, one.label.to(get_language() or "de")) for one in spec.options]
    empty = [] if spec.required and len(offered) <= 5 else [("", _("Please choose"))]
    return forms.ChoiceField(choices=[*empty, *offered], **usual)


def _person(_spec: FieldSpec, user: User, usual: Usual) -> forms.Field:
    hint = _("Name, e-mail address, telephone or personnel number")
    return PersonField(help_text=hint, lookup=lookups.persons(user), url="/suggest/persons", **usual)


def _place(_spec: FieldSpec, _user: User, usual: Usual) -> forms.Field:
    return PlaceField(help_text=_("Building or room"), lookup=lookups.places, url="/suggest/places", **usual)


def _date(_spec: FieldSpec, _user: User, usual: Usual) -> forms.Field:
    return DateField(help_text=_("For example 3.12. or 2026-12-03"), **usual)


def _whole(_spec: FieldSpec, _user: User, usual: Usual) -> forms.Field:
    attrs = {"class": "is-short", "inputmode": "numeric", "autocomplete": "off"}
    return WholeField(min_value=0, widget=forms.TextInput(attrs=attrs), **usual)


def _yesno(_spec: FieldSpec, _user: User, usual: Usual) -> forms.Field:
    return YesNoField(preset=False, **usual)


_MAKERS: Mapping[str, Callable[[FieldSpec, User, Usual], forms.Field]] = {
    "paragraph": lambda _spec, _user, usual: forms.CharField(max_length=PARAGRAPH, widget=_area(), **usual),
    "choice": _choice,
    "person": _person,
    "place": _place,
    "date": _date,
    "int": _whole,
    "number": _whole,
    "cents": lambda _spec, _user, usual: AmountField(**usual),
    "amount": lambda _spec, _user, usual: AmountField(**usual),
    "bool": _yesno,
    "yesno": _yesno,
    "check": lambda _spec, _user, usual: forms.BooleanField(**usual),
}
