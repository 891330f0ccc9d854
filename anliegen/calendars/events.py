"""What happens to calendars."""

from dataclasses import dataclass
from typing import ClassVar

from anliegen.lib.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSaved(Event):
    key: ClassVar[str] = "calendar.saved"
    subject_kind: ClassVar[str] = "calendar"
