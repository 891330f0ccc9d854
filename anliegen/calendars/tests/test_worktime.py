"""Business time: examples that people would work out by hand, then random calendars against counting each minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from anliegen.calendars import rules
from anliegen.calendars.worktime import BadHours, Calendar, NeverOpen, Span, hours
from anliegen.lib.text import LocalText

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = Calendar(week=((Span.of("08:00", "17:00"),),) * 5 + ((), ()))
ALWAYS = Calendar(week=((Span(0, 1440),),) * 7)
BREAK = Calendar(week=(hours([["08:00", "12:00"], ["13:00", "17:00"]]),) * 5 + ((), ()))
MINUTE = timedelta(minutes=1)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def test_the_night_and_the_weekend_do_not_count() -> None:
    assert OFFICE.add(berlin("2026-11-27T16:30"), 60) == berlin("2026-11-30T08:30")
    assert OFFICE.between(berlin("2026-11-27T16:30"), berlin("2026-11-30T08:30")) == 60


def test_the_break_does_not_count() -> None:
    assert BREAK.add(berlin("2026-11-25T11:30"), 60) == berlin("2026-11-25T13:30")
    assert not BREAK.is_open(berlin("2026-11-25T12:00"))
    assert BREAK.next_open(berlin("2026-11-25T12:00")) == berlin("2026-11-25T13:00")


def test_a_promise_ends_with_the_day_not_with_the_next_morning() -> None:
    assert OFFICE.add(berlin("2026-11-27T16:00"), 60) == berlin("2026-11-27T17:00")


def test_nothing_to_wait_for_is_now_even_at_night() -> None:
    at = berlin("2026-11-28T03:00")
    assert OFFICE.add(at, 0) == at


def test_seconds_are_kept() -> None:
    assert OFFICE.add(berlin("2026-11-25T10:00:30"), 1) == berlin("2026-11-25T10:01:30")


@pytest.mark.parametrize(("day", "always"), [("2026-10-25", 1500), ("2027-03-28", 1380), ("2026-11-25", 1440)])
def test_the_days_on_which_the_clocks_change_are_exact(day: str, always: int) -> None:
    start = berlin(f"{day}T00:00")
    end = (start.astimezone(BERLIN).replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=BERLIN)
    assert ALWAYS.between(start, end) == always
    office = Calendar(week=((Span.of("08:00", "17:00"),),) * 7)
    assert office.between(start, end) == 540


def test_the_hour_that_comes_twice_counts_twice() -> None:
    night = Calendar(week=((Span.of("02:00", "03:00"),),) * 7)
    start = datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert night.between(start, start + timedelta(hours=25)) == 120
    assert night.add(start, 120) == datetime(2026, 10, 25, 2, tzinfo=UTC)


def test_the_hour_that_is_missing_does_not_count() -> None:
    night = Calendar(week=((Span.of("02:00", "03:00"),),) * 7)
    start = datetime(2027, 3, 27, 23, tzinfo=UTC)
    assert night.between(start, start + timedelta(hours=23)) == 0


def test_half_of_an_hour_that_comes_twice_is_open_shut_and_open_again() -> None:
    late = Calendar(week=((Span.of("02:30", "03:00"),),) * 7)
    start, end = datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 22, tzinfo=UTC)
    assert [(a.strftime("%H:%M"), b.strftime("%H:%M")) for a, b in late.intervals(start, end)] == [
        ("00:30", "01:00"),
        ("01:30", "02:00"),
    ]


def test_holidays_and_company_days_of_schleswig_holstein() -> None:
    content = rules.CalendarContent(
        "desk",
        LocalText("a", "b"),
        rules.DEFAULT.hours,
        company_days=({"day": "12-24", "hours": [["07:00", "12:00"]]}, {"day": "2026-12-28", "hours": []}),
    )
    calendar = rules.build(content)
    assert not calendar.is_open(berlin("2026-12-25T10:00"))  # Christmas
    assert calendar.is_open(berlin("2026-12-24T11:59"))
    assert calendar.next_open(berlin("2026-12-24T12:00")) == berlin("2026-12-29T07:00")
    assert not calendar.is_open(berlin("2028-10-31T10:00"))  # Reformation Day is one there


def test_a_calendar_that_never_opens_says_so() -> None:
    shut = Calendar(week=((),) * 7)
    for question in (
        lambda: shut.add(berlin("2026-11-25T10:00"), 1),
        lambda: shut.next_open(berlin("2026-11-25T10:00")),
    ):
        with pytest.raises(NeverOpen):
            question()


@pytest.mark.parametrize(
    "pairs", [[["8:00", "9:00"]], [["09:00", "08:00"]], [["08:00", "24:01"]], [["08:00", "08:00"]]]
)
def test_hours_that_make_no_sense_are_refused(pairs: list[list[str]]) -> None:
    with pytest.raises(BadHours):
        hours(pairs)


def test_hours_that_overlap_are_refused() -> None:
    with pytest.raises(BadHours, match="overlap"):
        hours([["08:00", "12:00"], ["11:00", "13:00"]])


# Random calendars against the slow way. Without shrinking: a planted bug must be found, not made small.
QUICK = settings(
    max_examples=100,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
)


def minute_is_open(calendar: Calendar, at: datetime) -> bool:
    local = at.astimezone(ZoneInfo(calendar.zone))
    minute = local.hour * 60 + local.minute
    return any(span.start <= minute < span.end for span in calendar.hours_of(local.date()))


def slow_add(calendar: Calendar, start: datetime, minutes: int) -> datetime:
    at, left = start, minutes
    while left:
        left -= minute_is_open(calendar, at)
        at += MINUTE
    return at


def slow_between(calendar: Calendar, start: datetime, length: int) -> int:
    return sum(minute_is_open(calendar, start + number * MINUTE) for number in range(length))


@st.composite
def days(draw: st.DrawFn) -> tuple[Span, ...]:
    edges = sorted(draw(st.sets(st.integers(0, 96), min_size=2, max_size=6)))
    return tuple(Span(15 * a, 15 * b) for a, b in zip(edges[::2], edges[1::2], strict=False))


# A zone, and a moment shortly before its clocks change.
changes = st.sampled_from(
    [
        ("Europe/Berlin", datetime(2026, 10, 24, 12, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2027, 3, 27, 12, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 10, 31, 18, tzinfo=UTC)),
        ("America/Havana", datetime(2027, 3, 13, 18, tzinfo=UTC)),  # there is no midnight on that day
        ("Australia/Lord_Howe", datetime(2027, 4, 3, 6, tzinfo=UTC)),  # half an hour
        ("UTC", datetime(2026, 6, 1, tzinfo=UTC)),
    ]
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    zone, before = draw(changes)
    special = st.dictionaries(st.sampled_from([date(2026, 10, 25), date(2027, 3, 28)]), st.just(()), max_size=1)
    calendar = Calendar(draw(st.tuples(*[days()] * 7)), zone, company_days=draw(special))
    return calendar, before + draw(st.integers(0, 1000)) * MINUTE


def holds(kind: type[Calendar]) -> None:
    """The property: adding and counting agree with counting each minute, for calendars of that class."""

    @settings(QUICK)
    @given(cases(), st.integers(1, 300), st.integers(0, 3000))
    def check(case: tuple[Calendar, datetime], minutes: int, length: int) -> None:
        drawn, start = case
        calendar = kind(drawn.week, drawn.zone, company_days=drawn.company_days)
        due = calendar.add(start, minutes)
        assert due == slow_add(calendar, start, minutes)
        assert calendar.between(start, due) == minutes
        counted = calendar.between(start, start + length * MINUTE)
        assert counted == slow_between(calendar, start, length)
        assert calendar.add(start, counted) <= start + length * MINUTE
        assert calendar.is_open(start) == minute_is_open(calendar, start)

    check()


def test_random_calendars_agree_with_counting_each_minute() -> None:
    holds(Calendar)


def test_the_property_finds_a_calendar_that_forgets_summer_time() -> None:
    class Forgetful(Calendar):
        def _offsets(self, begins, ends):
            yield begins, ends, self._offset(begins)  # the planted bug: one offset for the whole day

    with pytest.raises(AssertionError):
        holds(Forgetful)


def test_the_property_finds_an_end_that_is_taken_for_open() -> None:
    class Late(Calendar):
        def add(self, start, minutes):
            return self.next_open(super().add(start, minutes))  # the planted bug: due on the next morning

    with pytest.raises(AssertionError):
        holds(Late)
