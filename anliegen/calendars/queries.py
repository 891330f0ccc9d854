"""Reading calendars; what was built once is kept in the process until its version changes."""

from functools import lru_cache

from django.db.models import QuerySet

from anliegen.calendars import models, rules
from anliegen.calendars.worktime import Calendar
from anliegen.lib.errors import NotFound
from anliegen.lib.text import LocalText

_kept: dict[str, tuple[int, Calendar]] = {}


def calendar_for(key: str = rules.DEFAULT_KEY) -> Calendar:
    """Business time by the calendar of that key: one statement, which asks for its version.

    The key "default" always has an answer, also before anybody saved it. Raises NotFound for another unknown key.
    """
    version = models.Calendar.objects.filter(key=key).values_list("version", flat=True).first()
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
