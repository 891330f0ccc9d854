"""Dates as people type them."""

import re
from datetime import date, timedelta

_GERMAN = re.compile(r"^(\d{1,2})\.\s*(\d{1,2})\.?\s*(\d{2}|\d{4})?$")
_SLASH = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})$")
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
# A date without a year that lies further back than this means next year's.
_BACK = timedelta(days=60)


def parse(text: str, today: date) -> date | None:
    """The day meant by `3.12.`, `3.12.26`, `3.12.2026`, `3/12/2026` or `2026-12-03`; None if it is none.

    Without a year it is the next such day, except that the last sixty days count as past.
    """
    text = text.strip()
    iso = _ISO.match(text)
    if iso:
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    found = _GERMAN.match(text) or _SLASH.match(text)
    if not found:
        return None
    day, month, year = int(found[1]), int(found[2]), found[3]
    if year:
        return _day(int(year) + (2000 if len(year) == 2 else 0), month, day)
    for candidate in range(today.year, today.year + 9):  # nine years: the next 29 February at the latest
        made = _day(candidate, month, day)
        if made and made >= today - _BACK:
            return made
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
