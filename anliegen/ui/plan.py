"""From planned times to the bars of the plan table (ui/c/plan.html)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from anliegen.ui import words

OPENS, CLOSES = 7, 19  # the hours that a day's column shows
MOST_DAYS = 7


@dataclass(frozen=True, slots=True)
class Work:
    """One group's part. Times in the reader's zone; `look`: "d" done, "" running, "w" planned, "l" late."""

    name: object
    state: dict[str, object]
    when: object = ""
    start: datetime | None = None
    end: datetime | None = None
    look: str = ""
    meta: object = ""
    when_meta: object = ""


def plan(work: Sequence[Work], now: datetime, lang: str) -> dict[str, Any]:
    """The context of ui/c/plan.html: days, lines between them, where now is, and a bar per row.

    Only working days with work or up to seven from the first are drawn; without times there are no bars.
    """
    days = _days(work, now.date())
    rows = [_row(part, days) for part in work]
    return {
        "days": [{"label": _label(day, now.date(), lang), "today": day == now.date()} for day in days],
        "lines": [round(100 * n / len(days)) for n in range(len(days))],
        "now": _at(now, days) if now.date() in days else None,
        "rows": rows,
    }


def _days(work: Sequence[Work], today: date) -> list[date]:
    starts = [part.start.date() for part in work if part.start]
    ends = [part.end.date() for part in work if part.end]
    if not starts or not ends:
        return []
    first, last = min([*starts, *ends]), max(ends)
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    busy = {*starts, *ends}
    working = [day for day in span if day.weekday() < 5 or day in busy]
    if len(working) <= MOST_DAYS:
        return working
    # too many: begin with today if it lies in between
    at = next((n for n, day in enumerate(working) if day >= today), 0)
    at = min(at, len(working) - MOST_DAYS)
    return working[at : at + MOST_DAYS]


def _label(day: date, today: date, lang: str) -> str:
    name = words.DAYS[lang][day.weekday()].rstrip(".")
    return f"{name}, {words.NEAR[lang][0]}" if day == today else name


def _at(value: datetime, days: Sequence[date]) -> int:
    """Per cent from the left; what lies outside is drawn at the edge."""
    if value.date() < days[0]:
        return 0
    index = next((n for n, day in enumerate(days) if day >= value.date()), len(days))
    if index == len(days):
        return 100
    if days[index] != value.date():
        return round(100 * index / len(days))
    share = (value.hour + value.minute / 60 - OPENS) / (CLOSES - OPENS)
    return round(100 * (index + min(1.0, max(0.0, share))) / len(days))


def _row(part: Work, days: Sequence[date]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "name": part.name, "meta": part.meta, "when": part.when, "when_meta": part.when_meta,
        "state": part.state, "look": part.look, "start": 0, "width": 0,
    }  # fmt: skip
    if part.start and part.end and days:
        start, end = _at(part.start, days), _at(part.end, days)
        row |= {"start": min(start, 98), "width": max(2, end - start)}
    return row
