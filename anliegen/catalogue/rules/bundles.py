"""What a bundle is made from: several items that usually go together, with answers that fit the occasion."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from anliegen.catalogue.rules.audience import AUDIENCE
from anliegen.catalogue.rules.forms import KEY, Problem
from anliegen.catalogue.rules.items import TITLE_LENGTH
from anliegen.lib import cel
from anliegen.lib.text import LocalText

BUNDLE_FORMAT = 1
MAX_PARTS = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class BundlePart:
    """An item of a bundle, and what its form is filled with."""

    item_key: str
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleContent:
    """Everything that a bundle holds; texts are {"de": ..., "en": ...}. `audience`: to whom it is shown, "" = all."""

    key: str
    title: Mapping[str, str]
    summary: Mapping[str, str]
    parts: Sequence[BundlePart]
    picture: str = ""
    audience: str = ""
    position: int = 100


def stored_parts(parts: Sequence[BundlePart]) -> dict[str, Any]:
    """The parts as they are kept."""
    rows = [{"item": part.item_key, "answers": dict(part.answers)} for part in parts]
    return {"format": BUNDLE_FORMAT, "parts": rows}


def read_parts(stored: Mapping[str, Any]) -> tuple[BundlePart, ...]:
    """The parts as they were kept."""
    return tuple(BundlePart(item_key=row["item"], answers=row["answers"]) for row in stored.get("parts", ()))


def bundle_problems(content: BundleContent) -> list[Problem]:
    """What is wrong with a bundle, each with its place; empty for a good one."""
    return [*_words(content), *_parts(content), *_audience(content)]


def _words(content: BundleContent) -> Iterator[Problem]:
    if not KEY.fullmatch(content.key.replace("-", "_")):
        yield Problem("key", "bad-key")
    for name in ("title", "summary"):
        text = LocalText.of(getattr(content, name))
        for lang in text.missing():
            yield Problem(name, "language-missing", {"language": lang})
    if max(len(part) for part in LocalText.of(content.title).json().values()) > TITLE_LENGTH:
        yield Problem("title", "too-long", {"limit": TITLE_LENGTH})


def _parts(content: BundleContent) -> Iterator[Problem]:
    if not content.parts:
        yield Problem("parts", "empty")
    if len(content.parts) > MAX_PARTS:
        yield Problem("parts", "too-long", {"limit": MAX_PARTS})


def _audience(content: BundleContent) -> Iterator[Problem]:
    try:
        if content.audience:
            cel.compile(content.audience, AUDIENCE, cel.BOOL)
    except cel.CelError as error:
        yield Problem("audience", "condition", {"error": error.code, "condition": content.audience, **error.params})
