"""Whether the service desk answers the telephone now, by its calendar."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from anliegen.calendars import queries as calendars
from anliegen.calendars.worktime import NeverOpen
from anliegen.portal.words import here, moment_words
from anliegen.ui.words import time_of

LONGEST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """`open` now, and until when or from when again, in words."""

    open: bool
    text: str


def desk_hours(now: datetime) -> Hours | None:
    """The hours of the default calendar around now; None where it is never open. One statement a page."""
    calendar = calendars.calendar_for()
    try:
        opens = calendar.next_open(now)
    except NeverOpen:
        return None
    if opens > now:
        return Hours(False, _("closed, again from %(at)s") % {"at": moment_words(opens)})
    closes = next((end for _start, end in calendar.intervals(now, now + LONGEST)), now)
    return Hours(True, _("open now, until %(at)s") % {"at": time_of(here(closes))})
