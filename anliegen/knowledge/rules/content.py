"""What an article and an announcement hold."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self

from anliegen.lib import markdown
from anliegen.lib.text import LANGUAGES

FORMAT = 1
MAX_TITLE = 120
MAX_ANSWER = 600
MAX_BODY = 30_000
MAX_KEYWORDS = 30
MAX_MISSING = 1_000
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_KEY = re.compile(r"[^a-z0-9]+")

type Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleContent:
    """Everything that people read of an article; texts are {"de": ..., "en": ...}, `body` is Markdown.

    `answer` says in one or two sentences what most people need.
    """

    category: str = ""
    kind: str = "information"
    audience: str = "all"
    title: Texts = field(default_factory=dict)
    answer: Texts = field(default_factory=dict)
    body: Texts = field(default_factory=dict)
    keywords: Mapping[str, Sequence[str]] = field(default_factory=dict)
    items: Sequence[str] = ()
    steps: Sequence[str] = ()
    related: Sequence[str] = ()

    def json(self) -> dict[str, Any]:
        """As it is kept in a draft."""
        return {
            "format": FORMAT,
            "category": self.category,
            "kind": self.kind,
            "audience": self.audience,
            "title": dict(self.title),
            "answer": dict(self.answer),
            "body": dict(self.body),
            "keywords": {lang: list(self.keywords.get(lang, ())) for lang in LANGUAGES},
            "items": list(self.items),
            "steps": list(self.steps),
            "related": list(self.related),
        }

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """From a draft."""
        return cls(**{name: stored[name] for name in cls.__dataclass_fields__ if name in stored})


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementContent:
    """What is told to everybody, or to those who work on requests, from when until when."""

    kind: str
    title: Texts
    text: Texts
    starts_at: datetime
    ends_at: datetime
    audience: str = "all"
    link: str = ""


def key_of(title: str) -> str:
    """What an article is called in its address, from its title; "" if no letter is left."""
    plain = unicodedata.normalize("NFKD", title.casefold().translate(_UMLAUTS))
    bare = "".join(character for character in plain if not unicodedata.combining(character))
    return _KEY.sub("-", bare).strip("-")[:50].strip("-")


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def search_words(answer: str, body: str) -> str:
    """The words of a text without its marks, for the search."""
    return markdown.plain(f"{answer}\n\n{body}")
