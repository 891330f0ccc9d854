"""What a calendar is written as, and how that becomes business time."""

import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import holidays

from anliegen.calendars.worktime import WEEKDAYS, BadHours, Calendar, Hours
from anliegen.calendars.worktime import hours as day_hours
from anliegen.lib.text import LocalText

FORMAT = 1
DEFAULT_KEY = "default"


class BadCalendar(Exception):
    """A calendar that cannot be used: the field, a code, and the text that was found."""

    def __init__(self, field_name: str, code: str, found: str = "") -> None:
        super().__init__(field_name, code, found)
        self.field = field_name
        self.code = code
        self.found = found


@dataclass(frozen=True, slots=True)
class CalendarContent:
    """A calendar as it is entered: hours as {"mon": [["08:00", "17:00"]]}, days as ({"day": "12-24", "hours": []},)."""

    key: str
    name: LocalText
    hours: Mapping[str, Any]
    zone: str = "Europe/Berlin"
    country: str = "DE"
    subdivision: str = "SH"
    company_days: tuple[Mapping[str, Any], ...] = field(default=())
    company_key: str = ""


def build(content: CalendarContent) -> Calendar:
    """Business time by that calendar. Raises BadCalendar naming the field, also where it is never open."""
    week = _week(content.hours)
    days, yearly = _days(content.company_days)
    if not any(week):
        raise BadCalendar("hours", "never-open")
    return Calendar(
        week=week,
        zone=_zone(content.zone),
        holidays=holidays_of(content.country, content.subdivision),
        company_days=days,
        yearly_days=yearly,
    )


def _zone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise BadCalendar("zone", "zone", name) from None
    return name


def _week(written: Mapping[str, Any]) -> tuple[Hours, ...]:
    unknown = next((day for day in written if day not in WEEKDAYS), None)
    if unknown is not None:
        raise BadCalendar("hours", "weekday", str(unknown))
    return tuple(_hours("hours", written.get(day) or []) for day in WEEKDAYS)


def _hours(field_name: str, pairs: Any) -> Hours:
    try:
        return day_hours(pairs)
    except BadHours as error:
        raise BadCalendar(field_name, error.code, error.found) from None
    except (TypeError, ValueError):
        raise BadCalendar(field_name, "time", str(pairs)) from None


def _days(written: tuple[Mapping[str, Any], ...]) -> tuple[dict[date, Hours], dict[tuple[int, int], Hours]]:
    days: dict[date, Hours] = {}
    yearly: dict[tuple[int, int], Hours] = {}
    for entry in written:
        text, opened = str(entry.get("day", "")), _hours("company_days", entry.get("hours") or [])
        try:
            # 2024 had a 29 February, so that every day of a year can be named.
            day = date.fromisoformat(text if len(text) > len("12-24") else f"2024-{text}")
        except ValueError:
            raise BadCalendar("company_days", "day", text) from None
        if len(text) > len("12-24"):
            days[day] = opened
        else:
            yearly[day.month, day.day] = opened
    return days, yearly


def holidays_of(country: str, subdivision: str) -> Callable[[int], frozenset[date]]:
    """The public holidays of a country's region by year; "" is nowhere. Raises BadCalendar."""
    if not country:
        return _none
    try:
        holidays.country_holidays(country, subdiv=subdivision or None)
    except NotImplementedError:
        raise BadCalendar("country", "country", f"{country} {subdivision}".strip()) from None

    @lru_cache(maxsize=50)
    def of_year(year: int) -> frozenset[date]:
        return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=year))

    return of_year


def _none(_year: int) -> frozenset[date]:
    return frozenset()


DEFAULT = CalendarContent(
    key=DEFAULT_KEY,
    name=LocalText("Servicezeit Montag bis Freitag", "Service hours Monday to Friday"),
    hours={day: [["07:00", "18:00"]] for day in WEEKDAYS[:5]},
)
