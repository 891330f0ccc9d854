"""What surrounds a page: the product's name, the ways to other pages, help, language and look.

A face describes its own surroundings as a `Shell`, and hands it to its templates as `shell`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from anliegen.lib import clock
from anliegen.lib.text import LocalText
from anliegen.ui import words

THEME_COOKIE = "anliegen_theme"
THEMES = ("light", "dark")
LINKS: tuple[tuple[Mapping[str, str], str], ...] = (
    ({"de": "Barrierefreiheit", "en": "Accessibility"}, "/accessibility"),
    ({"de": "Datenschutz", "en": "Privacy"}, "/privacy"),
)


MANY = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One way to another page. `short` is the word for the phone's tab bar; `urgent` colours the count."""

    url: str
    label: object
    icon: str = ""
    count: int = 0
    current: bool = False
    urgent: bool = False
    short: object = ""
    key: str = ""  # by which an open page renews the count

    @property
    def counted(self) -> str:
        """The count as it is shown: beside a word nobody reads more than two digits."""
        return f"{MANY - 1}+" if self.count >= MANY else str(self.count)


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of the desk's side bar under one heading; the first group has none."""

    title: object
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in, and where the account page is."""

    name: str
    url: str
    detail: object = ""
    sign_out_url: str = ""

    @property
    def initials(self) -> str:
        return words.initials(self.name)


@dataclass(frozen=True, slots=True)
class Notice:
    """The strip under the top bar. With `dismiss_url` somebody can put it away; `what` is spoken before it."""

    title: object
    text: object = ""
    url: str = ""
    icon: str = "speakerphone"
    what: object = ""
    dismiss_url: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything around one page for one person. Empty parts are not shown."""

    home: str = "/"
    entries: Sequence[Entry] = ()
    tabs: Sequence[Entry] = ()
    groups: Sequence[Group] = ()
    create: Entry | None = None
    bell: Entry | None = None
    cart: Entry | None = None
    search_url: str = ""
    person: Person | None = None
    notice: Notice | None = None


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `ui` (names, help, links, language, look) and, where `UI_SHELL` is set, `shell`.

    `UI_SHELL` names a function (request) -> Shell | None; it is called only if a template asks.
    A view's own `shell` wins.
    """
    found: dict[str, Any] = {
        "ui": SimpleLazyObject(lambda: surroundings(request)),
        "session_left": SimpleLazyObject(lambda: session_left(request)),
    }
    builder = getattr(settings, "UI_SHELL", None)
    if builder:
        found["shell"] = SimpleLazyObject(lambda: import_string(builder)(request) or Shell())
    return found


def _other_languages() -> Iterator[tuple[Mapping[str, str], str]]:
    """The places for easy language and sign language; not there while nothing is behind them."""
    if url := settings.ANLIEGEN.easy_language_url:
        yield {"de": "Leichte Sprache", "en": "Easy language"}, url
    if url := settings.ANLIEGEN.sign_language_url:
        yield {"de": "Gebärdensprache", "en": "Sign language"}, url


def session_left(request: HttpRequest) -> int:
    """Seconds until the session ends, as it was read for this page; 0 where there is none."""
    row = getattr(getattr(request, "session", None), "row", None)
    return max(0, int((row.expire_date - clock.now()).total_seconds())) if row is not None else 0


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """The same for every page: from the settings UI_NAME, UI_PHONE, UI_HOURS, UI_LINKS."""
    lang = get_language() or "de"
    other = "de" if lang.startswith("en") else "en"
    phone = str(settings.ANLIEGEN.phone)
    links = [*getattr(settings, "UI_LINKS", LINKS), *_other_languages()]
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "name": getattr(settings, "UI_NAME", "Nordwerk Service"),
        "phone": phone,
        "phone_url": "tel:" + "".join(c for c in phone if c in "+0123456789"),
        "hours": LocalText.of(getattr(settings, "UI_HOURS", {"de": "Mo–Fr 7–18 Uhr", "en": "Mon–Fri 7:00–18:00"})).to(
            lang
        ),
        "links": [(LocalText.of(label).to(lang), url) for label, url in links],
        "lang": lang,
        "other": other,
        "other_name": {"de": "Deutsch", "en": "English"}[other],
        "theme": theme if theme in THEMES else "",
    }
