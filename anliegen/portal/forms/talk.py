"""The small forms of a request's page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anliegen.files.forms import UploadField
from anliegen.people.models import User
from anliegen.portal import lookups
from anliegen.requests.rules import FOLLOWING, MAX_MESSAGE, MAX_RATING, ParticipantRole
from anliegen.tracking.words import REASON, ROLE, SCORE
from anliegen.ui.fields import PersonField
from anliegen.workflow.rules import MAX_REASON

_CHOOSE = _("Please choose one of the five answers.")


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def needed(*fields: forms.Field) -> None:
    """Not called optional: with one of the form's buttons they are compulsory, which the action says."""
    for field in fields:
        field.needed = True  # type: ignore[attr-defined]


class MessageForm(forms.Form):
    """A message to everybody who takes part."""

    use_required_attribute = False
    text = forms.CharField(label=_("Message to the team"), widget=_area(2), max_length=MAX_MESSAGE)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "message_%s", **kwargs})
        self.fields["files"] = UploadField(user.pk, label=_("Attach files"), required=False)


class AnswerForm(forms.Form):
    """The answer to a question of a team: in words, or with one click."""

    use_required_attribute = False
    task = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**53)
    quick = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    text = forms.CharField(label=_("Your answer"), widget=_area(2), max_length=MAX_MESSAGE, required=False)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "answer_%s", **kwargs})
        self.fields["files"] = UploadField(user.pk, label=_("Attach files"), required=False)


class AcceptForm(forms.Form):
    """Yes, it is all right; or no, with what is missing."""

    use_required_attribute = False
    verdict = forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.HiddenInput)
    text = forms.CharField(label=_("What is missing?"), widget=_area(2), max_length=MAX_MESSAGE, required=False)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "accept_%s", **kwargs})
        needed(self.fields["text"])
        self.fields["files"] = UploadField(user.pk, label=_("Picture or file"), required=False)


class ReopenForm(forms.Form):
    """What is missing after all."""

    use_required_attribute = False
    reason = forms.CharField(label=_("What is missing?"), widget=_area(3), max_length=MAX_REASON)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "reopen_%s", **kwargs})
        self.fields["files"] = UploadField(user.pk, label=_("Picture or file"), required=False)


class RatingForm(forms.Form):
    """How content one is: one click; and a sentence, if one likes."""

    use_required_attribute = False
    score = forms.TypedChoiceField(
        choices=list(SCORE.items()), coerce=int, widget=forms.HiddenInput, error_messages={"invalid_choice": _CHOOSE}
    )
    sentence = forms.CharField(
        label=_("What was good, or what was not?"), widget=_area(2), max_length=MAX_RATING, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "rating_%s", **kwargs})


class CancelForm(forms.Form):
    """Why it is not needed any more."""

    use_required_attribute = False
    reason = forms.CharField(
        label=_("Why is it not needed any more?"), widget=_area(2), max_length=1_000, required=False
    )


class FollowerForm(forms.Form):
    """Whom to let follow."""

    use_required_attribute = False

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "follower_%s", **kwargs})
        self.fields["person"] = PersonField(
            label=_("Who else should see this request?"),
            help_text=_("Name, e-mail address, telephone or personnel number"),
            lookup=lookups.persons(user),
            url="/suggest/persons",
        )
        self.fields["role"] = forms.ChoiceField(
            label=_("As what?"), choices=[(role.value, PARTS[role]) for role in FOLLOWING], required=False
        )


PARTS = {
    ParticipantRole.NAMED: _("colleague"),
    ParticipantRole.COUNCIL: ROLE[ParticipantRole.COUNCIL],
    ParticipantRole.DISABILITY: ROLE[ParticipantRole.DISABILITY],
}
"""As what somebody follows, as the requester says it."""


class DecisionForm(forms.Form):
    """Yes; or no with a reason from the list and a sentence."""

    use_required_attribute = False
    task = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**53)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**31)
    verdict = forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.HiddenInput)
    reject_reason = forms.ChoiceField(
        label=_("Reason"), choices=[("", _("Please choose")), *REASON.items()], required=False
    )
    comment = forms.CharField(label=_("A sentence to the requester"), widget=_area(2), max_length=2_000, required=False)

    def __init__(self, *args: Any, own_words: int = 0, **kwargs: Any) -> None:
        """`own_words`: how long the approver's own justification of a yes must be, 0 for none.

        Whether it is long enough, the action says.
        """
        super().__init__(*args, **kwargs)
        if own_words:
            self.fields["comment"] = forms.CharField(
                label=_("Your justification"),
                help_text=_("In your own words, at least %(least)s characters. The requester can read it.")
                % {"least": own_words},
                widget=_area(4),
                max_length=2_000,
                required=False,
            )
        needed(self.fields["comment"], self.fields["reject_reason"])


class QuestionForm(forms.Form):
    """Asking back before deciding."""

    use_required_attribute = False
    task = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**53)
    text = forms.CharField(label=_("Your question"), widget=_area(2), max_length=MAX_MESSAGE)
