"""How dates, times, durations and money are written in German and English. Pure; the language is a parameter.

Rules: relative words only within seven days ("heute", "morgen", "Do., 26. Nov."), the year only if it is another one,
a 24-hour clock, a true minus, a fixed space between number and unit.
"""

from datetime import date, datetime

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
DAYS = {
    "de": ("Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa.", "So."),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
LONG_DAYS = {
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "de": ("Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"),
}
LONG_MONTHS = {
    "de": (
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
NEAR = {
    "de": {-1: "gestern", 0: "heute", 1: "morgen"},
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
}


def language(lang: str | None) -> str:
    """ "en" for any kind of English, else "de"."""
    return "en" if (lang or "").lower().startswith("en") else "de"


def _written(day: date, today: date, lang: str, days: tuple[str, ...], months: tuple[str, ...]) -> str:
    dot = "." if lang == "de" else ""
    text = f"{days[day.weekday()]}, {day.day}{dot}{NBSP}{months[day.month - 1]}"
    if lang == "en":
        text = text.replace(",", "", 1)
    return text if day.year == today.year else f"{text}{NBSP}{day.year}"


def day(value: date, today: date, lang: str) -> str:
    """ "heute", "morgen", "Do., 3. Dez."; in English "today", "Thu 3 Dec"."""
    near = NEAR[lang].get((value - today).days)
    return near or _written(value, today, lang, DAYS[lang], MONTHS[lang])


def long_day(value: date, today: date, lang: str) -> str:
    """ "Donnerstag, 3. Dezember", "Thursday 3 December", for the large date of a page."""
    return _written(value, today, lang, LONG_DAYS[lang], LONG_MONTHS[lang])


def time_of(value: datetime) -> str:
    return f"{value.hour:02}:{value.minute:02}"


def moment(value: datetime, now: datetime, lang: str) -> str:
    """ "heute, 10:05", "Mo., 09:12" within six days back, else "Mo., 23. Nov., 09:12". Both in the reader's zone."""
    gap = (value.date() - now.date()).days
    text = DAYS[lang][value.weekday()] if -6 <= gap < -1 else day(value.date(), now.date(), lang)
    return f"{text}, {time_of(value)}"


def stamp(value: datetime, today: date, lang: str) -> str:
    """ "Mo., 23. Nov., 09:12": day and time that stay true however late they are read; the year if it is another."""
    return f"{_written(value.date(), today, lang, DAYS[lang], MONTHS[lang])}, {time_of(value)}"


def minutes(value: int) -> str:
    """ "42 min", "1:10 h", "−18 min"."""
    sign, rest = (MINUS if value < 0 else ""), abs(value)
    if rest < 60:
        return f"{sign}{rest}{NBSP}min"
    return f"{sign}{rest // 60}:{rest % 60:02}{NBSP}h"


def cents(value: int, lang: str) -> str:
    """Euro: "1.150 €" and "59,99 €" in German, "€1,150.00" in English."""
    sign, rest = (MINUS if value < 0 else ""), abs(value)
    whole, part = f"{rest // 100:,}", rest % 100
    if lang == "en":
        return f"{sign}€{whole}.{part:02}"
    whole = whole.replace(",", ".")
    return f"{sign}{whole},{part:02}{NBSP}€" if part else f"{sign}{whole}{NBSP}€"


def size(value: int, lang: str) -> str:
    """ "240 KB", "1,2 MB"."""
    if value < 1_000_000:
        return f"{max(1, round(value / 1000))}{NBSP}KB"
    text = f"{value / 1_000_000:.1f}"
    return f"{text if lang == 'en' else text.replace('.', ',')}{NBSP}MB"


def initials(name: str) -> str:
    """ "JS" for Jana Sommer, "JH" for Jan van der Heide."""
    words = [word for word in name.replace("-", " ").split() if word[:1].isalnum()]
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:])) or "?"
