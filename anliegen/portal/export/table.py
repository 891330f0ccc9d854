"""A list of requests as a table for office programs (CSV) and for people (PDF)."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from anliegen.portal.export import pdf
from anliegen.portal.export.told import moment
from anliegen.portal.words import here
from anliegen.tracking.shapes import Line

ROWS, PDF_ROWS = 1_000, 500  # at most, which the page says
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # the wide ones too: Excel in some languages


def as_csv(lines: Sequence[Line]) -> bytes:
    """Semicolons for German office programs, commas for the others; UTF-8 with its mark; no cell is a formula."""
    german = not (get_language() or "de").startswith("en")
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if german else ",", quoting=csv.QUOTE_ALL)
    stamp = "%d.%m.%Y %H:%M" if german else "%Y-%m-%d %H:%M"
    writer.writerow([*_columns(), _("Requested by"), _("For whom"), _("Ended")])
    for line in lines:
        ended = _at(line.date, stamp) if line.date_kind == "ended" else ""
        row = [*_cells(line, stamp), line.requester, line.recipient, ended]
        writer.writerow([safe(cell) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def safe(cell: str) -> str:
    """A cell that no office program runs as a formula: an apostrophe stands before it."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def as_pdf(lines: Sequence[Line], title: str, about: Sequence[str], now: datetime, name: str) -> bytes:
    """The same as a tagged PDF in the reader's language; `about` says which filters are on."""
    n = ngettext("%(n)s request", "%(n)s requests", len(lines)) % {"n": len(lines)}
    told: dict[str, Any] = {
        "lang": get_language() or "de",
        "title": title,
        "portal": settings.UI_NAME,
        "subtitle": " · ".join([n, *about]),
        "made": _("As of %(at)s, for %(name)s") % {"at": moment(now), "name": name},
        "page": pgettext("number of a page", "Page"),
        "of": pgettext("number of a page", "of"),
        "columns": _columns(),
        "rows": [_cells(line, "%d.%m.%Y") for line in lines],
    }
    return pdf.pdf(told, now, template="list.typ")


def _columns() -> list[str]:
    return [_("Number"), _("Title"), _("State"), _("Who has it now"), _("Received"), _("Promised by")]


def _cells(line: Line, stamp: str) -> list[str]:
    who = "" if line.date_kind == "ended" else _("You") if line.needs_you else line.turn.name
    promise = _at(line.date, stamp) if line.date_kind == "promise" else ""
    return [line.code, line.title, line.word, who, _at(line.received_at, stamp), promise]


def _at(value: datetime | None, stamp: str) -> str:
    return here(value).strftime(stamp) if value else ""
