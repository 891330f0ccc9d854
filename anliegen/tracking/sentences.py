"""Words for every sentence that the record keeps as key and parameters, rendered in the reader's language.

A sentence's parameters are JSON values. Names ending in `cents` become amounts, in `at` or `due` moments, and
{"de": ..., "en": ...} the reader's text, so that the record stays independent of language and format.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import formats, timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anliegen.lib.text import LocalText

type Words = str | Promise

SENTENCES: dict[str, Words] = {}  # filled below, one block per package that writes sentences


def render(key: str, params: Mapping[str, Any], lang: str) -> str:
    """The sentence in that language. An unknown key is told as such, never an error: old records must stay readable."""
    with translation.override("en" if lang.startswith("en") else "de"):
        pattern = SENTENCES.get(key)
        if pattern is None:
            return str(_("Recorded: %(key)s")) % {"key": key}
        return str(pattern) % _Shown(params, lang)


class _Shown(dict[str, str]):
    """Parameters as words; one that is missing in an old record is shown as an ellipsis."""

    def __init__(self, params: Mapping[str, Any], lang: str) -> None:
        super().__init__({name: _show(name, value, lang) for name, value in params.items()})

    def __missing__(self, name: str) -> str:
        return "…"


def _show(name: str, value: Any, lang: str) -> str:
    if isinstance(value, Mapping):
        return LocalText.of(value).to(lang)
    if isinstance(value, list):
        return ", ".join(_show("", item, lang) for item in value)
    if name.endswith("cents") and isinstance(value, int):
        return euros(value)
    if name.endswith(("_at", "due", "until")) and isinstance(value, str) and value:
        return moment(datetime.fromisoformat(value))
    return str(value)


def euros(cents: int) -> str:
    """An amount in the active language: 1.150 € or €1,150; cents are shown only where there are some."""
    whole = formats.number_format(cents / 100, decimal_pos=0 if cents % 100 == 0 else 2, force_grouping=True)
    return f"€{whole}" if (translation.get_language() or "de").startswith("en") else f"{whole} €"


def moment(value: datetime) -> str:
    """Day and time in the current time zone, in the active language."""
    return formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
