"""What people send about a request as a whole."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anliegen.desk.forms import fields
from anliegen.desk.forms.task import VerbForm
from anliegen.requests.rules import MAX_MESSAGE, Reason
from anliegen.tracking import words
from anliegen.ui.fields import DateField
from anliegen.workflow.rules import MAX_REASON

MORNING = time(7)


class MessageForm(VerbForm):
    """Goes to the requester."""

    verb = "message"

    text = fields.paragraph(MAX_MESSAGE, label=gettext_lazy("Message to the requester"))


class NoteForm(VerbForm):
    """Stays among those who work on it (R60)."""

    verb = "note"

    text = fields.paragraph(MAX_MESSAGE, label=gettext_lazy("Internal note"))


class HoldForm(VerbForm):
    verb = "hold"

    reason = fields.paragraph(200, rows=2, label=gettext_lazy("Why does it rest?"))
    until = DateField(label=gettext_lazy("Until"), required=False)

    def moment(self) -> datetime | None:
        """When it goes on by itself. Only of a valid form."""
        day = self.cleaned_data["until"]
        return datetime.combine(day, MORNING, ZoneInfo(self.user.time_zone)) if day else None


class ReasonForm(VerbForm):
    reason = fields.paragraph(MAX_REASON, rows=2, label=gettext_lazy("Why?"))


class CancelForm(ReasonForm):
    verb = "cancel"


class ReopenForm(ReasonForm):
    verb = "reopen"


class RejectForm(VerbForm):
    """A reason from the list and a sentence that the requester understands (R66)."""

    verb = "reject"

    sentence = fields.paragraph(MAX_REASON, rows=2, label=gettext_lazy("One sentence for the requester"))

    def arrange(self) -> None:
        choices = [("", _("Please choose")), *((one.value, str(words.REASON[one])) for one in Reason)]
        reason = forms.ChoiceField(label=_("Reason"), choices=choices)
        self.fields = {"reject_reason": reason, **self.fields}


class AcceptForm(VerbForm):
    """What somebody said by phone about what was done."""

    verb = "accept"

    text = fields.paragraph(
        MAX_MESSAGE, rows=2, label=gettext_lazy("What is missing, if it is not done"), required=False
    )

    def arrange(self) -> None:
        choices: list[tuple[str, Any]] = [("yes", _("Yes, it is done")), ("no", _("No, something is missing"))]
        answer = forms.ChoiceField(label=_("Is it done?"), choices=choices)
        self.fields = {"verdict": answer, **self.fields}
