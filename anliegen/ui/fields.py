"""Form fields that take what people type."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anliegen.lib import clock
from anliegen.ui import dates


class DateInput(forms.TextInput):
    """A text field, since native date inputs refuse `3.12.`."""

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({"class": "is-short", "inputmode": "text", "autocomplete": "off", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, (date, datetime)):
            return f"{value.day}.{value.month}.{value.year}"
        return None if value is None else str(value)


class DateField(forms.Field):
    """A day, typed as `3.12.`, `3.12.26` or `2026-12-03`."""

    widget = DateInput
    default_error_messages = {"invalid": _("Enter a date, for example 3.12. or 2026-12-03.")}

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        found = dates.parse(str(value), timezone.localtime(clock.now()).date())
        if found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class AmountInput(forms.TextInput):
    """Euro and cents; the unit stands beside the field."""

    suffix_text = "€"

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({"class": "is-money", "inputmode": "decimal", "autocomplete": "off", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        return f"{value // 100},{value % 100:02}" if isinstance(value, int) else super().format_value(value)


class AmountField(forms.Field):
    """Money, typed as `1.150`, `59,99`, `59.99` or `1,150.00`; gives integer cents."""

    widget = AmountInput
    default_error_messages = {
        "invalid": _("Enter an amount in euros, for example 59,99."),
        "min": _("Enter an amount of zero or more."),
        "max": _("This amount is too large."),
    }
    most = 100_000_000_00

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        if isinstance(value, int):
            return value
        cents = _cents(str(value))
        if cents is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return cents

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and value < 0:
            raise ValidationError(self.error_messages["min"], code="min")
        if value is not None and value > self.most:
            raise ValidationError(self.error_messages["max"], code="max")


def _cents(text: str) -> int | None:
    text = text.replace("€", "").replace("\N{NO-BREAK SPACE}", "").replace(" ", "").replace("\N{MINUS SIGN}", "-")
    sign = -1 if text.startswith("-") else 1
    text = text.lstrip("+-")
    found = _AMOUNT.fullmatch(text)
    if found is None or not text:
        return None
    whole, mark, part = found["whole"], found["mark"], found["part"] or ""
    grouped = "," if "," in whole else "." if "." in whole else ""
    if grouped and grouped == mark:
        return None
    if grouped == "," and not part and (get_language() or "de").startswith("de"):
        return None  # to Germans 12,345 is a slip of the pen, not twelve thousand
    digits = whole.replace(grouped, "") if grouped else whole
    return sign * (int(digits or 0) * 100 + int(part.ljust(2, "0") or 0))


# Thousands in groups of three behind points or commas, and at most two digits of cents behind the other mark.
_AMOUNT = re.compile(
    r"(?P<whole>[0-9]{0,15}|[0-9]{1,3}(?:\.[0-9]{3}){1,4}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:(?P<mark>[.,])(?P<part>[0-9]{1,2}))?"
)


@dataclass(frozen=True, slots=True)
class Match:
    """One thing that a lookup found: `value` identifies it, `label` is shown, `detail` tells alike ones apart."""

    value: str
    label: str
    detail: str = ""

    @property
    def text(self) -> str:
        return f"{self.label} · {self.detail}" if self.detail else self.label


class LookupInput(forms.TextInput):
    """A text field with suggestions; `url` answers `?q=` with ui/c/options.html and its `matches`."""

    def __init__(self, url: str = "", attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "spellcheck": "false", **(attrs or {})})
        self.url = url
        self.candidates: Sequence[Match] = ()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        own = dict(attrs or {})
        own["list"] = f"{own.get('id', 'id_' + name)}-list"
        if self.url:
            own["data-suggest"] = str(self.url)
        options = format_html_join("", '<option value="{}"></option>', ((match.text,) for match in self.candidates))
        typed = super().render(name, value, own, renderer)
        return format_html('{}<datalist id="{}">{}</datalist>', typed, own["list"], options)


class LookupField(forms.CharField):
    """Typed text that must mean exactly one thing. `lookup(text)` gives the matches the person may see; gives `Match`.

    Works without JavaScript: if several match, the form comes back with them as suggestions.
    """

    widget = LookupInput
    default_error_messages = {
        "unknown": _("We found nothing for “%(text)s”. Check the spelling."),
        "several": _("Several match “%(text)s”: %(names)s. Choose one."),
    }

    def __init__(self, *, lookup: Callable[[str], Sequence[Match]], url: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault("widget", LookupInput(url))
        super().__init__(**kwargs)
        self.lookup = lookup

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = list(self.lookup(text))
        exact = [match for match in found if text in (match.value, match.text, match.label)]
        best = [match for match in found if text in (match.value, match.text)] or exact
        if len(best) == 1 or len(found) == 1:
            return best[0] if len(best) == 1 else found[0]
        if not found:
            raise ValidationError(self.error_messages["unknown"], code="unknown", params={"text": text})
        self.widget.candidates = found[:20]
        names = "; ".join(match.text for match in found[:4])
        raise ValidationError(self.error_messages["several"], code="several", params={"text": text, "names": names})


class SuggestedField(forms.CharField):
    """Text that may, but need not, be one of the suggestions of `url`; gives the text without a suggestion's detail."""

    def __init__(self, *, url: str, **kwargs: Any) -> None:
        super().__init__(widget=LookupInput(url), **{"max_length": 200, **kwargs})

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).partition(" · ")[0].strip()


class PersonField(LookupField):
    """A person by name, mail, phone or personnel number."""

    default_error_messages = {
        "unknown": _("We found no person for “%(text)s”. Try the name, the mail address or the phone number."),
        "several": _("Several people match “%(text)s”: %(names)s. Choose one."),
    }


class PlaceField(LookupField):
    """A building or room by its name or number."""

    default_error_messages = {
        "unknown": _("We found no place for “%(text)s”. Try the building or the room number."),
        "several": _("Several places match “%(text)s”: %(names)s. Choose one."),
    }
