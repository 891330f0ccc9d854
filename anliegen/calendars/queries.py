"""Reading calendars; what was built once is kept in the process until its version changes."""

import time
from functools import lru_cache

from django.core.signals import request_started
from django.db import connection
from django.db.models import QuerySet

from anliegen.calendars import models, rules
from anliegen.calendars.worktime import Calendar
from anliegen.lib.errors import NotFound
from anliegen.lib.text import LocalText
from anliegen.reads.prepared import Prepared, Slot

FRESH_S = 2.0  # how long an answer stands before the version is asked for again; a new page always asks

_kept: dict[str, tuple[int, Calendar]] = {}
_asked: dict[str, tuple[float, object, Calendar]] = {}  # when, within which transaction, what was found


def calendar_for(key: str = rules.DEFAULT_KEY) -> Calendar:
    """Business time by the calendar of that key: one statement a page or transaction, which asks for its version.

    The key "default" always has an answer, also before anybody saved it. Raises NotFound for another unknown key.
    """
    inside = connection.atomic_blocks[0] if connection.atomic_blocks else None  # what is rolled back is not kept
    found = _asked.get(key)
    if found is None or found[1] is not inside or time.monotonic() - found[0] > FRESH_S:
        found = _asked[key] = (time.monotonic(), inside, _current(key))
    return found[2]


def forget(key: str) -> None:
    """Ask for this calendar anew: it was saved."""
    _asked.pop(key, None)


def _forget_all(**_signal: object) -> None:
    _asked.clear()


request_started.connect(_forget_all, dispatch_uid="calendars.forget")


def _current(key: str) -> Calendar:
    version = _VERSION.first(key=key)
    if version is None:
        _kept.pop(key, None)
        if key != rules.DEFAULT_KEY:
            raise NotFound(f"There is no calendar '{key}'.")
        return _default()
    kept = _kept.get(key)
    if kept is None or kept[0] != version:
        row = models.Calendar.objects.get(key=key)
        kept = _kept[key] = (row.version, rules.build(content_of(row)))
    return kept[1]


_VERSION = Prepared(lambda: models.Calendar.objects.filter(key=Slot("key")).values_list("version", flat=True))


@lru_cache(maxsize=1)
def _default() -> Calendar:
    return rules.build(rules.DEFAULT)


def content_of(row: models.Calendar) -> rules.CalendarContent:
    """The calendar as it was entered."""
    return rules.CalendarContent(
        key=row.key,
        name=LocalText.of(row.name),
        hours=row.hours["week"],
        zone=row.zone,
        country=row.country,
        subdivision=row.subdivision,
        company_days=tuple(row.company_days["days"]),
        company_key=row.company.key if row.company else "",
    )


def calendars() -> QuerySet[models.Calendar]:
    """All calendars by key."""
    return models.Calendar.objects.select_related("company").order_by("key")
