"""An announcement as it is typed."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from anliegen.knowledge.rules import AnnouncementContent
from anliegen.lib.text import LANGUAGES
from anliegen.studio.forms.articles import AUDIENCES, NAMES
from anliegen.studio.words import ANNOUNCED
from anliegen.ui.fields import DateField


class AnnouncementForm(forms.Form):
    """What is told, to whom, from when until when."""

    use_required_attribute = False

    kind = forms.ChoiceField(label=_("What it is"), choices=[(kind, word) for kind, word in ANNOUNCED.items()])
    audience = forms.ChoiceField(label=_("Who reads it"), choices=AUDIENCES)
    starts_on = DateField(label=_("From"), help_text=_("For example 3.12. or 2026-12-03"))
    starts_time = forms.TimeField(label=_("at"), help_text=_("For example 08:00"), initial="08:00")
    ends_on = DateField(label=_("Until"), help_text=_("For example 3.12. or 2026-12-03"))
    ends_time = forms.TimeField(label=_("at"), help_text=_("For example 18:00"), initial="18:00")
    link = forms.CharField(
        label=_("Where to read more"), help_text=_("An address that begins with https:// or with /"), required=False,
        max_length=300,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for lang, name in NAMES.items():
            self.fields[f"title_{lang}"] = forms.CharField(
                label=f"{_('Title')} ({name})", max_length=120, widget=forms.TextInput({"lang": lang})
            )
            self.fields[f"text_{lang}"] = forms.CharField(
                label=f"{_('Text')} ({name})", max_length=2_000, widget=forms.Textarea({"rows": 3, "lang": lang})
            )

    @property
    def columns(self) -> list[tuple[str, str, list[Any]]]:
        """The texts of each language."""
        return [(lang, str(NAMES[lang]), [self[f"title_{lang}"], self[f"text_{lang}"]]) for lang in LANGUAGES]

    def content(self) -> AnnouncementContent:
        """What was typed. Only of a valid form."""
        said = self.cleaned_data
        return AnnouncementContent(
            kind=said["kind"],
            audience=said["audience"],
            title={lang: said[f"title_{lang}"] for lang in LANGUAGES},
            text={lang: said[f"text_{lang}"].replace("\r\n", "\n") for lang in LANGUAGES},
            starts_at=_moment(said["starts_on"], said["starts_time"]),
            ends_at=_moment(said["ends_on"], said["ends_time"]),
            link=said["link"],
        )


def _moment(on: Any, at: time) -> datetime:
    return datetime.combine(on, at, ZoneInfo(settings.TIME_ZONE))
