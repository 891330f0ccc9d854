"""Which mails may wait or stay away, and when the one mail of a day goes out. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class When(StrEnum):
    """How soon somebody wants to be told."""

    NOW = "now"
    DAILY = "daily"  # all of a day in one mail
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Kind:
    """Mails of one kind. What is told at the latest on the same day cannot be turned off."""

    key: str
    templates: frozenset[str]
    choices: tuple[When, ...]


_SOON = (When.NOW, When.DAILY)
CLASSES = (
    Kind("progress", frozenset({"received", "progress", "forecast", "reclassified"}), (*_SOON, When.OFF)),
    Kind("ends", frozenset({"fulfilled", "rejected", "cancelled", "handed-over"}), _SOON),
    Kind("messages", frozenset({"message"}), _SOON),
    Kind("approvals", frozenset({"approval"}), _SOON),
    Kind("tasks", frozenset({"task", "withdrawn"}), (*_SOON, When.OFF)),
)
"""Everything else is told at once, whatever somebody chose: without them it does not go on, or it is about safety."""

_OF = {template: one for one in CLASSES for template in one.templates}


def when(template: str, chosen: Mapping[str, object]) -> When:
    """How soon somebody with these choices is told; at once where they chose nothing, or what is not offered."""
    found = _OF.get(template)
    choice = chosen.get(found.key) if found else None
    return When(choice) if found and isinstance(choice, str) and choice in found.choices else When.NOW


def next_digest(now: datetime, zone: str, hour: int) -> datetime:
    """The next time that it is this hour where the person is, later than now."""
    here = now.astimezone(ZoneInfo(zone))
    today = datetime.combine(here.date(), time(hour), ZoneInfo(zone))
    return today if today > here else datetime.combine(here.date() + timedelta(days=1), time(hour), ZoneInfo(zone))
