"""Business time of a release: durations of its steps as minutes and as moments."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import formats, timezone

from anliegen.calendars.queries import calendar_for
from anliegen.workflow import rules
from anliegen.workflow.models import Release


def calendar_key(release: Release) -> str:
    """The calendar by which a release counts."""
    return str(release.options.get("calendar", "default"))


def day_minutes(key: str) -> int:
    """The business minutes of a full working day. One statement."""
    return max(sum(span.end - span.start for span in hours) for hours in calendar_for(key).week)


def minutes_of(text: str, key: str) -> int:
    """The business minutes of an ISO duration, 0 for none."""
    found = rules.duration(text) if text else None
    return 0 if found is None else found.days * day_minutes(key) + found.minutes


def after(start: datetime, minutes: int, key: str) -> datetime:
    """The moment at which so many business minutes have passed."""
    return calendar_for(key).add(start, minutes)


def remaining(now: datetime, due: datetime, key: str) -> int:
    """The business minutes until a moment; 0 when it is over."""
    return calendar_for(key).between(now, due)


def moment(text: str, data: Mapping[str, Any]) -> datetime | None:
    """The moment that a timer names as a date, or as a field that holds one; None where there is none."""
    value = text if text[:1].isdigit() else rules.look_up(data, text)
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    if len(str(value)) <= len("2026-01-01"):
        found = datetime.combine(found.date(), time(7), ZoneInfo(settings.TIME_ZONE))
    if found.tzinfo is None:
        found = found.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
    return found.astimezone(UTC)


def local(at: datetime | None) -> str:
    """A moment as people read it, in the active language and zone."""
    return formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else ""


def working_days(start: datetime, end: datetime, key: str) -> int:
    """How many working days lie between two moments, rounded."""
    return round(calendar_for(key).between(start, end) / max(day_minutes(key), 1))
