"""The icons as inline SVG, from the committed subset of Tabler's outline icons (MIT)."""

import json
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_FRAME = (
    '<svg class="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" '
    'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>'
)


@cache
def drawings() -> dict[str, str]:
    """The shapes by name."""
    found: dict[str, str] = json.loads(Path(__file__).with_name("icons.json").read_text(encoding="utf-8"))
    return found


@cache
def icon(name: str, classes: str = "") -> SafeString:
    """One icon, hidden from screen readers: a word always stands beside it.

    Raises KeyError for an unknown name: add it to icons.txt and run tools/icons.py.
    """
    # the shapes come from our own committed file
    return format_html(_FRAME, f"icon {classes}".strip(), mark_safe(drawings()[name]))  # noqa: S308
