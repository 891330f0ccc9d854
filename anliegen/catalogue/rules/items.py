"""What a version of an item is made from, and what may be wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from anliegen.catalogue.rules.audience import AUDIENCE
from anliegen.catalogue.rules.forms import KEY, MAX_AMOUNT, FormError, Problem, parse
from anliegen.catalogue.rules.words import Channel, Kind, Measure
from anliegen.lib import cel
from anliegen.lib.text import LocalText

MAX_CONDITION = 2_000
TITLE_LENGTH = 120
MAX_MINUTES = 10**7


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetContent:
    """An agreed time, in business minutes of a calendar."""

    measure: str
    minutes: int
    calendar_key: str = "default"
    condition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryContent:
    """A subject, or with a parent a sub-category."""

    key: str
    name: Mapping[str, str]
    description: Mapping[str, str] = field(default_factory=dict)
    parent: str = ""
    icon: str = "package"
    position: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemContent:
    """Everything that an item version holds; texts are {"de": ..., "en": ...}."""

    key: str
    category: str
    kind: str
    title: Mapping[str, str]
    summary: Mapping[str, str]
    form: Mapping[str, Any]
    description: Mapping[str, str] = field(default_factory=dict)
    picture: str = ""
    audience: str = ""
    audience_reason: Mapping[str, str] = field(default_factory=dict)
    confidential: bool = False
    channels: tuple[str, ...] = (Channel.PORTAL, Channel.PHONE, Channel.MAIL, Channel.PERSON)
    asks_wish_date: bool = True
    asks_justification: bool | None = None  # None: with a price, for access, for something new
    price_cents: int = 0
    monthly_cents: int = 0
    quality_check: str = "never"
    synonyms: Mapping[str, list[str]] = field(default_factory=dict)
    policies: tuple[str, ...] = ()
    targets: tuple[TargetContent, ...] = ()
    position: int = 100

    @property
    def justified(self) -> bool:
        """Whether the form asks why (R39)."""
        if self.asks_justification is not None:
            return self.asks_justification
        return bool(self.price_cents or self.monthly_cents) or self.kind == Kind.ACCESS


def problems(content: ItemContent) -> list[Problem]:
    """What is wrong with an item, each with its place; empty for a good one."""
    return [*_words(content), *_texts(content), *_figures(content), *_audience(content), *_form(content)]


def _words(content: ItemContent) -> Iterator[Problem]:
    if not KEY.fullmatch(content.key.replace("-", "_")):
        yield Problem("key", "bad-key")
    if content.kind not in set(Kind):
        yield Problem("kind", "unknown-word", {"word": content.kind, "known": [kind.value for kind in Kind]})
    for channel in content.channels:
        if channel not in set(Channel):
            yield Problem("channels", "unknown-word", {"word": channel, "known": [one.value for one in Channel]})
    if not content.channels:
        yield Problem("channels", "empty")


def _texts(content: ItemContent) -> Iterator[Problem]:
    for name in ("title", "summary", "description", "audience_reason"):
        text = LocalText.of(getattr(content, name))
        for lang in text.missing() if text or name in {"title", "summary"} else ():
            yield Problem(name, "language-missing", {"language": lang})
    if max(len(part) for part in LocalText.of(content.title).json().values()) > TITLE_LENGTH:
        yield Problem("title", "too-long", {"limit": TITLE_LENGTH})


def _figures(content: ItemContent) -> Iterator[Problem]:
    for name in ("price_cents", "monthly_cents"):
        value = getattr(content, name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_AMOUNT:
            yield Problem(name, "bad-price")
    for number, target in enumerate(content.targets, start=1):
        if target.measure not in set(Measure):
            yield Problem(f"targets.{number}", "unknown-word", {"word": target.measure, "known": list(Measure)})
        if not 0 < target.minutes < MAX_MINUTES:
            yield Problem(f"targets.{number}", "bad-minutes")
        if len(target.condition) > MAX_CONDITION:
            yield Problem(f"targets.{number}", "too-long", {"limit": MAX_CONDITION})


def _audience(content: ItemContent) -> Iterator[Problem]:
    if not content.audience:
        return
    if not LocalText.of(content.audience_reason):
        yield Problem("audience_reason", "language-missing", {"language": "de, en"})
    try:
        cel.compile(content.audience, AUDIENCE, cel.BOOL)
    except cel.CelError as error:
        yield Problem("audience", "condition", {"error": error.code, "condition": content.audience, **error.params})


def _form(content: ItemContent) -> Iterator[Problem]:
    try:
        parse(content.form)
    except FormError as error:
        for problem in error.problems:
            yield Problem(f"form.{problem.element}", problem.code, problem.params)
