from datetime import date, datetime

import pytest

from anliegen.ui import dates, words

TODAY = date(2026, 11, 24)  # a Tuesday
NOW = datetime(2026, 11, 24, 11, 2)


@pytest.mark.parametrize(
    ("day", "de", "en"),
    [
        (date(2026, 11, 24), "heute", "today"),
        (date(2026, 11, 25), "morgen", "tomorrow"),
        (date(2026, 11, 23), "gestern", "yesterday"),
        (date(2026, 12, 3), "Do., 3. Dez.", "Thu 3 Dec"),
        (date(2027, 1, 4), "Mo., 4. Jan. 2027", "Mon 4 Jan 2027"),
    ],
)
def test_a_day_is_relative_only_when_it_is_near(day: date, de: str, en: str) -> None:
    assert words.day(day, TODAY, "de").replace(words.NBSP, " ") == de
    assert words.day(day, TODAY, "en").replace(words.NBSP, " ") == en


def test_the_large_date_is_written_out() -> None:
    assert words.long_day(date(2026, 11, 26), TODAY, "de") == f"Donnerstag, 26.{words.NBSP}November"


def test_a_moment_of_this_week_has_only_its_weekday() -> None:
    assert words.moment(datetime(2026, 11, 20, 9, 12), NOW, "de") == "Fr., 09:12"
    assert words.moment(datetime(2026, 11, 24, 9, 3), NOW, "de") == "heute, 09:03"


@pytest.mark.parametrize(("value", "text"), [(42, "42 min"), (70, "1:10 h"), (-18, "−18 min"), (0, "0 min")])
def test_minutes_have_a_true_minus(value: int, text: str) -> None:
    assert words.minutes(value).replace(words.NBSP, " ") == text


@pytest.mark.parametrize(
    ("value", "de", "en"),
    [(115000, "1.150 €", "€1,150.00"), (5999, "59,99 €", "€59.99"), (-500, "−5 €", "−€5.00"), (0, "0 €", "€0.00")],
)
def test_money_follows_the_language(value: int, de: str, en: str) -> None:
    assert words.cents(value, "de").replace(words.NBSP, " ") == de
    assert words.cents(value, "en") == en


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("3.12.", date(2026, 12, 3)),
        (" 3. 12. ", date(2026, 12, 3)),
        ("3.12.26", date(2026, 12, 3)),
        ("3.12.2027", date(2027, 12, 3)),
        ("2026-12-03", date(2026, 12, 3)),
        ("5.1.", date(2027, 1, 5)),
        ("20.11.", date(2026, 11, 20)),
        ("29.2.", date(2028, 2, 29)),
        ("31.2.", None),
        ("morgen", None),
        ("", None),
    ],
)
def test_dates_are_taken_as_people_type_them(typed: str, meant: date | None) -> None:
    assert dates.parse(typed, TODAY) == meant


@pytest.mark.parametrize(
    ("name", "letters"), [("Jana Sommer", "JS"), ("Jan van der Heide", "JH"), ("Cher", "C"), ("", "?")]
)
def test_initials(name: str, letters: str) -> None:
    assert words.initials(name) == letters
