"""Saying what an article lacks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from anliegen.knowledge.rules import MAX_MISSING


class MissingForm(forms.Form):
    """One field: what was missing."""

    use_required_attribute = False
    missing = forms.CharField(
        label=_("What was missing?"),
        help_text=_("A few words are enough. Please write nothing personal."),
        max_length=MAX_MISSING,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
