"""Business time, exact over summer time: pure, on aware UTC datetimes.

A minute counts when its *wall time* in the calendar's zone lies in the hours of its day. So a calendar that is
always open has 1,500 minutes on the day that summer time ends and 1,380 on the day that it begins, and one from 8 to
17 o'clock has 540 on either. Hours of a day: its company day if there is one, else nothing on a holiday, else those
of the weekday.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60
MAX_MINUTES = 5 * 366 * DAY_MINUTES
HORIZON = timedelta(days=3660)
KEPT_DAYS = 5_000
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_TIME = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")
_ONE_DAY = timedelta(days=1)
_WIDEST_OFFSET = timedelta(hours=15)


class NeverOpen(Exception):
    """A calendar without any open time in the next ten years."""


class BadHours(Exception):
    """Hours that make no sense: `code` is time, order, overlap or day; `found` is the text."""

    def __init__(self, code: str, found: str) -> None:
        super().__init__(code, found)
        self.code = code
        self.found = found


@dataclass(frozen=True, slots=True)
class Span:
    """Open from one minute of the day to another (0 to 1440), the end excluded."""

    start: int
    end: int

    @classmethod
    def of(cls, start: str, end: str) -> "Span":
        """From "08:00" and "16:30"; "24:00" is the end of the day. Raises BadHours."""
        span = cls(_minute(start), _minute(end))
        if span.start >= span.end:
            raise BadHours("order", f"{start}-{end}")
        return span


def _minute(text: str) -> int:
    hit = _TIME.fullmatch(text)
    minute = int(hit[1]) * 60 + int(hit[2]) if hit else DAY_MINUTES + 1
    if minute > DAY_MINUTES:
        raise BadHours("time", text)
    return minute


type Hours = tuple[Span, ...]


def hours(pairs: list[list[str]]) -> Hours:
    """The hours of one day from [["08:00", "12:00"], ["13:00", "17:00"]]. Raises BadHours."""
    spans = sorted((Span.of(str(start), str(end)) for start, end in pairs), key=lambda span: span.start)
    for before, after in pairwise(spans):
        if after.start < before.end:
            raise BadHours("overlap", f"{after.start // 60:02}:{after.start % 60:02}")
    return tuple(spans)


def no_holidays(_year: int) -> frozenset[date]:
    return frozenset()


@dataclass(frozen=True)
class Calendar:
    """When work is done: hours per weekday from Monday, a zone, the holidays of a year, company days with own hours."""

    week: tuple[Hours, ...]
    zone: str = "Europe/Berlin"
    holidays: Callable[[int], frozenset[date]] = no_holidays
    company_days: Mapping[date, Hours] = field(default_factory=dict)
    yearly_days: Mapping[tuple[int, int], Hours] = field(default_factory=dict)  # (month, day), for each year

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @cached_property
    def _kept(self) -> dict[date, tuple[tuple[datetime, datetime], ...]]:
        return {}

    def hours_of(self, day: date) -> Hours:
        """The hours of a day in the calendar's zone."""
        special = self.company_days.get(day)
        if special is None:
            special = self.yearly_days.get((day.month, day.day))
        if special is not None:
            return special
        return () if day in self.holidays(day.year) else self.week[day.weekday()]

    def is_open(self, at: datetime) -> bool:
        """Whether that moment is business time."""
        return any(start <= at < end for start, end in self._open(self._day(at)))

    def next_open(self, at: datetime) -> datetime:
        """That moment if it is business time, else the next opening. Raises NeverOpen."""
        for start, _ in self._from(at):
            return start
        raise NeverOpen

    def add(self, start: datetime, minutes: int) -> datetime:
        """The earliest moment by which so many business minutes have passed since `start`. Raises NeverOpen.

        It is the end of an interval rather than the beginning of the next; 0 minutes are `start` itself.
        """
        if not 0 <= minutes <= MAX_MINUTES:
            raise ValueError(minutes)
        left = timedelta(minutes=minutes)
        if not left:
            return start.astimezone(UTC)
        for opens, closes in self._from(start):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise NeverOpen

    def between(self, start: datetime, end: datetime) -> int:
        """Whole business minutes from `start` to `end`; 0 if `end` is not later."""
        total = sum((closes - opens for opens, closes in self.intervals(start, end)), timedelta())
        return int(total / timedelta(minutes=1))

    def intervals(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """What was counted from `start` to `end`, as pairs in UTC."""
        day, last = self._day(start), self._day(end)
        while day <= last:
            for opens, closes in self._open(day):
                first, until = max(opens, start), min(closes, end)
                if first < until:
                    yield first.astimezone(UTC), until.astimezone(UTC)
            day += _ONE_DAY

    def _from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """What is open from a moment on, until nothing was open for ten years."""
        day, seen = self._day(at), at
        while datetime.combine(day, time(), UTC) - seen < HORIZON:
            for opens, closes in self._open(day):
                if closes > at:
                    seen = closes
                    yield max(opens, at).astimezone(UTC), closes
            day += _ONE_DAY

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()

    def _open(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The open intervals of a local day in UTC, in order of time."""
        kept = self._kept.get(day)
        if kept is None:
            if len(self._kept) >= KEPT_DAYS:
                self._kept.clear()
            kept = self._kept[day] = tuple(self._measure(day))
        return kept

    def _measure(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        spans = self.hours_of(day)
        midnight = datetime.combine(day, time(), UTC)  # as if the zone were UTC; shifted back below
        for begins, ends, offset in self._offsets(midnight - _WIDEST_OFFSET, midnight + _ONE_DAY + _WIDEST_OFFSET):
            for span in spans:
                opens = max(midnight + timedelta(minutes=span.start) - offset, begins)
                closes = min(midnight + timedelta(minutes=span.end) - offset, ends)
                if opens < closes:
                    yield opens, closes

    def _offsets(self, begins: datetime, ends: datetime) -> Iterator[tuple[datetime, datetime, timedelta]]:
        """The pieces of a stretch of time in which the zone's offset stays the same."""
        first, last = self._offset(begins), self._offset(ends)
        if first == last:
            yield begins, ends, first
            return
        low, high = begins, ends
        while high - low > timedelta(seconds=1):
            middle = (low + (high - low) / 2).replace(microsecond=0)
            low, high = (middle, high) if self._offset(middle) == first else (low, middle)
        yield begins, high, first
        yield high, ends, last

    def _offset(self, at: datetime) -> timedelta:
        return at.astimezone(self._zone).utcoffset() or timedelta()
