"""What people send about a task."""

import re
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anliegen.assets import queries as assets
from anliegen.desk import wording
from anliegen.desk.forms import fields
from anliegen.desk.queries.case import Step, teams
from anliegen.people.models import User
from anliegen.requests import queries as requests
from anliegen.requests.rules import MAX_MESSAGE, Reason
from anliegen.tracking import words
from anliegen.ui.fields import DateField
from anliegen.workflow.engine import FieldSpec
from anliegen.workflow.rules import MAX_NOTE, MAX_REASON, Kind, is_positive

PREFIX = "f_"
MAX_IDS = 200  # of the uploads of one field, kept with the step
_TIME = re.compile(r"([01]?[0-9]|2[0-3])(?:[:.]?([0-5][0-9]))?(?: ?(?:Uhr|h))?", re.ASCII)


class VerbForm(forms.Form):
    """A form of one thing that can be done; its ids begin with the verb, since a page holds several."""

    use_required_attribute = False
    verb = ""

    def __init__(self, step: Any, user: User, now: datetime, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id=f"{self.verb}-%s", initial=self.filled(step))
        self.step, self.user, self.now = step, user, now
        self.conflict = ""
        self.arrange()

    def filled(self, step: Any) -> dict[str, Any]:
        """What the form holds before anybody typed."""
        del step
        return {}

    def arrange(self) -> None:
        """Add what depends on the task."""


class PlainForm(VerbForm):
    """Nothing to fill in."""


class CompleteForm(VerbForm):
    """The fields of the step, a note, and one of its results, chosen by a button."""

    verb = "complete"

    outcome = forms.CharField(max_length=40, required=False)
    note = fields.paragraph(MAX_NOTE, rows=2, label=gettext_lazy("Note"), required=False)

    def filled(self, step: Step) -> dict[str, Any]:
        known = {PREFIX + name: _shown(value) for name, value in {**step.form.known, **step.task.outputs}.items()}
        if any(spec.name == "cost" for spec in step.form.fields):
            found = None if requests.is_unpriced(step.task.service_request) else step.task.service_request.cost_cents
            known.setdefault(PREFIX + "cost", found)
        if any(spec.name == "received" for spec in step.form.fields):
            known.setdefault(PREFIX + "received", assets.still_to_come(step.task.service_request.code))
        return known

    def arrange(self) -> None:
        asked = self.step.form
        choices = teams(self.user, self.now) if any(spec.type == "team" for spec in asked.fields) else []
        own = {PREFIX + spec.name: fields.of_step(spec, self.user, choices) for spec in asked.fields}
        if self.is_bound:
            chosen = self.data.get("outcome", "") or asked.outcomes[0]
            for spec in asked.fields:  # who declines a step need not fill it in, but for what that result asks
                needed = spec.asked_by(chosen) and (is_positive(chosen) or bool(spec.outcomes))
                own[PREFIX + spec.name].required = (spec.required or self._is_price_missing(spec)) and needed
        rejecting = {"reject_reason": _reason(required=False)} if self.rejects else {}
        self.fields = {**own, **rejecting, **self.fields}
        if self.step.task.kind == Kind.IDENTITY:  # the method and the result, never what was said
            del self.fields["note"]

    def _is_price_missing(self, spec: FieldSpec) -> bool:
        """Whether this step has to find the price: nobody knows it, of the program as it stands in the form now."""
        program = self.data.get(f"{PREFIX}program", "").partition(" · ")[0].strip()
        one = self.step.task.service_request
        return spec.name == "cost" and requests.is_unpriced(one, **({"program": program} if program else {}))

    @property
    def rejects(self) -> bool:
        """Whether one of the results ends the request."""
        return self.step.task.kind not in {Kind.QUALITY, Kind.IDENTITY} and bool(
            wording.REJECTING.intersection(self.step.form.outcomes)
        )

    @property
    def shown(self) -> list[forms.BoundField]:
        """The fields in order, but for those of exits; the result is chosen by buttons."""
        elsewhere = {PREFIX + spec.name for specs in self._exits.values() for spec in specs}
        return [self[name] for name in self.fields if name != "outcome" and name not in elsewhere]

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """The results as buttons, the one that goes forward first."""
        kind = self.step.task.kind
        return [(one, wording.button(kind, one)) for one in self.step.form.outcomes if one not in self._exits]

    @property
    def exits(self) -> list[dict[str, Any]]:
        """Results that ask for something of their own: each opens on demand, with its fields and its button."""
        kind = self.step.task.kind
        return [
            {
                "value": one,
                "title": wording.EXITS.get(one, wording.button(kind, one)),
                "button": wording.button(kind, one),
                "fields": [self[PREFIX + spec.name] for spec in specs],
                "open": self.is_bound and self.data.get("outcome") == one,
            }
            for one, specs in self._exits.items()
        ]

    @cached_property
    def _exits(self) -> dict[str, list[FieldSpec]]:
        """The fields that belong to one other result than the first alone."""
        asked = self.step.form.fields
        own = {one: [spec for spec in asked if spec.outcomes == (one,)] for one in self.step.form.outcomes[1:]}
        return {one: specs for one, specs in own.items() if specs}

    def outputs(self) -> dict[str, Any]:
        """The fields of the step that the result asks for, as they were filled in; of files, their ids."""
        chosen = self.cleaned_data["outcome"] or self.step.form.outcomes[0]
        asked = [spec.name for spec in self.step.form.fields if spec.asked_by(chosen)]
        sent = {name: fields.plain(self.cleaned_data.get(PREFIX + name)) for name in asked}
        sent = {name: ", ".join(value)[:MAX_IDS] if isinstance(value, list) else value for name, value in sent.items()}
        return {name: value for name, value in sent.items() if value not in (None, "")}

    def uploads(self) -> list[str]:
        """The uploads that the result brings, by public id."""
        chosen = self.cleaned_data["outcome"] or self.step.form.outcomes[0]
        asked = [spec.name for spec in self.step.form.fields if spec.type == "file" and spec.asked_by(chosen)]
        return [one for name in asked for one in self.cleaned_data.get(PREFIX + name) or ()]


def _shown(value: Any) -> Any:
    """A stored value as a field shows it."""
    return ("no", "yes")[value] if isinstance(value, bool) else value


def _reason(*, required: bool) -> forms.Field:
    choices = [("", _("Please choose")), *((one.value, str(words.REASON[one])) for one in Reason)]
    return forms.ChoiceField(
        label=_("Reason, if it is rejected") if not required else _("Reason"), choices=choices, required=required
    )


class AssignForm(VerbForm):
    verb = "assign"

    def arrange(self) -> None:
        members = [(one.public_id, one.full_name) for one in self.step.members]
        self.fields["person"] = forms.ChoiceField(label=_("Who does it?"), choices=[("", _("Please choose")), *members])


class TeamForm(VerbForm):
    """Another team, and what it needs to know."""

    text_name, text_label = "reason", gettext_lazy("Why?")

    def arrange(self) -> None:
        own = getattr(self.step, "task", None)
        here = own.team.key if own is not None and own.team else ""
        others = [(key, name) for key, name in teams(self.user, self.now) if key != here]
        self.fields["team"] = forms.ChoiceField(label=_("Team"), choices=[("", _("Please choose")), *others])
        self.fields[self.text_name] = fields.paragraph(MAX_REASON, rows=2, label=self.text_label)


class HandOverForm(TeamForm):
    verb = "hand-over"


class CallInForm(TeamForm):
    verb = "call-in"
    text_name, text_label = "what", gettext_lazy("What shall they do?")


class TimeField(forms.Field):
    """A time of day, typed as 9, 9:30 or 930."""

    default_error_messages = {"invalid": gettext_lazy("Enter a time, for example 9:30.")}

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"class": "is-short", "inputmode": "numeric", "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def to_python(self, value: Any) -> time | None:
        if value in self.empty_values:
            return None
        if isinstance(value, time):
            return value
        hit = _TIME.fullmatch(str(value).strip())
        if hit is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return time(int(hit[1]), int(hit[2] or 0))


class PlanForm(VerbForm):
    """When, where and by whom (R57)."""

    verb = "plan"

    day = DateField(label=gettext_lazy("Day"), help_text=gettext_lazy("For example 3.12. or 2026-12-03"))
    start = TimeField(label=gettext_lazy("From"))
    end = TimeField(label=gettext_lazy("Until"), required=False)
    last_day = DateField(label=gettext_lazy("Last day, if it takes several"), required=False)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200, required=False)

    def filled(self, step: Step) -> dict[str, Any]:
        task = step.task
        known: dict[str, Any] = {"place": task.planned_place or step.task.service_request.place}
        if task.assignee:
            known["person"] = task.assignee.public_id
        return known

    def arrange(self) -> None:
        zone = ZoneInfo(self.user.time_zone)
        start, end = self.step.task.planned_start, self.step.task.planned_end
        if start:
            here = start.astimezone(zone)
            self.initial.update({"day": here.date(), "start": here.strftime("%H:%M")})
        if end:
            here = end.astimezone(zone)
            self.initial.update({"end": here.strftime("%H:%M")})
            if start and here.date() != start.astimezone(zone).date():
                self.initial["last_day"] = here.date()
        if self.step.members:
            members = [(one.public_id, one.full_name) for one in self.step.members]
            self.fields["person"] = forms.ChoiceField(
                label=_("Who does it?"), choices=[("", _("Not decided yet")), *members], required=False
            )

    def moments(self) -> tuple[datetime, datetime | None]:
        """Start and end in the zone of the person. Only of a valid form."""
        sent = self.cleaned_data
        zone = ZoneInfo(self.user.time_zone)
        start = _at(sent["day"], sent["start"], zone)
        end = _at(sent["last_day"] or sent["day"], sent["end"], zone) if sent["end"] else None
        return start, end


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone)


class AskForm(VerbForm):
    verb = "ask"

    text = fields.paragraph(MAX_MESSAGE, label=gettext_lazy("Your question"))


class AnswerForm(VerbForm):
    verb = "answer"

    text = fields.paragraph(MAX_MESSAGE, label=gettext_lazy("What was answered"))
