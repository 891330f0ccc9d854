"""What people set for themselves on their profile."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from anliegen.notifications.rules import CLASSES, When
from anliegen.people.models import User
from anliegen.portal import lookups
from anliegen.ui.fields import DateField, PersonField

SWITCHES = ("live_updates", "single_keys")


class AbsenceForm(forms.Form):
    """Days away, and who decides meanwhile."""

    use_required_attribute = False
    valid_from = DateField(label=_("First day away"))
    valid_to = DateField(label=_("Last day away"))

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "absence_%s", **kwargs})
        self.fields["deputy"] = PersonField(
            label=_("Who decides in your place?"),
            help_text=_("Nobody may approve more than you both may. We tell this person."),
            lookup=lookups.persons(user),
            url=str(reverse_lazy("suggest", args=["persons"])),
            required=False,
        )


class SwitchForm(forms.Form):
    """One switch, on or off."""

    name = forms.ChoiceField(choices=[(name, name) for name in SWITCHES])
    on = forms.BooleanField(required=False)


_MAILS = {
    "progress": _("Your request has arrived or moved on"),
    "ends": _("Your request is done or has ended"),
    "messages": _("Somebody has written to you"),
    "approvals": _("Something waits for your decision"),
    "tasks": _("New tasks for your team"),
}
_WHEN = {When.NOW: _("At once"), When.DAILY: _("Once a day"), When.OFF: _("Not at all")}


class MailsForm(forms.Form):
    """Which mails come when."""

    use_required_attribute = False

    def __init__(self, chosen: Mapping[str, str], *args: Any, team: bool, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "mails_%s", **kwargs})
        for one in CLASSES:
            if one.key != "tasks" or team:
                self.fields[one.key] = forms.ChoiceField(
                    label=_MAILS[one.key],
                    choices=[(when.value, _WHEN[when]) for when in one.choices],
                    initial=chosen.get(one.key, When.NOW.value),
                )


class WhichForm(forms.Form):
    """An absence, by the number that its own form holds."""

    absence = forms.IntegerField(min_value=1, max_value=2**53)
