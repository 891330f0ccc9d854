"""Dates and greetings in the language and time zone of who reads them."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anliegen.lib import clock
from anliegen.ui import words

NOON, EVENING = 11, 18


def here(value: datetime) -> datetime:
    """The moment in the reader's time zone."""
    return timezone.localtime(value)


def today() -> date:
    return here(clock.now()).date()


def _lang() -> str:
    return words.language(get_language())


def day_words(value: date | datetime) -> str:
    """ "heute", "morgen", "Do., 3. Dez." """
    day = here(value).date() if isinstance(value, datetime) else value
    return words.day(day, today(), _lang())


def long_day_words(value: date | datetime) -> str:
    """ "Donnerstag, 3. Dezember" """
    day = here(value).date() if isinstance(value, datetime) else value
    return words.long_day(day, today(), _lang())


def moment_words(value: datetime) -> str:
    """ "heute, 10:05" """
    return words.moment(here(value), here(clock.now()), _lang())


def span_words(start: datetime | None, end: datetime | None) -> str:
    """ "Mo., 23. Nov., 14:00–15:00"; "" without a plan."""
    if start is None:
        return ""
    first = moment_words(start)
    if end is None:
        return first
    same = here(start).date() == here(end).date()
    return f"{first}\N{EN DASH}{words.time_of(here(end)) if same else moment_words(end)}"


def greeting(name: str) -> str:
    """A greeting that fits the time of day."""
    hour = here(clock.now()).hour
    if hour < NOON:
        return _("Good morning, %(name)s. What do you need?") % {"name": name}
    if hour < EVENING:
        return _("Hello %(name)s. What do you need?") % {"name": name}
    return _("Good evening, %(name)s. What do you need?") % {"name": name}


def euros(cents: int) -> str:
    """ "1.150 €", "59,99 €" """
    return words.cents(cents, _lang())
