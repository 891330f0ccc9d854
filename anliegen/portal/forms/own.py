"""What people set for themselves on their profile."""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

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


class WhichForm(forms.Form):
    """An absence, by the number that its own form holds."""

    absence = forms.IntegerField(min_value=1, max_value=2**53)
