"""What an article needs before people read it (EN 301 549 11.8: the tool helps to write what everybody can read)."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Any

from anliegen.knowledge.rules.content import MAX_ANSWER, MAX_BODY, MAX_KEYWORDS, MAX_TITLE, ArticleContent
from anliegen.knowledge.rules.words import Audience, Kind
from anliegen.lib import markdown
from anliegen.lib.text import LANGUAGES

LONG_SENTENCE = 25  # words
_VAGUE = frozenset({
    "hier", "klicken sie hier", "hier klicken", "link", "dieser link", "mehr", "weiterlesen", "here", "click here",
    "this link", "more", "read more", "this page", "diese seite",
})  # fmt: skip
_SENTENCE = re.compile(r"[.!?:]\s+")
_PARTS = ("title", "answer", "body")


class CheckLevel(StrEnum):
    """Whether it must be put right before publishing, or is only worth a look."""

    MUST = "must"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, in which part and language; `code` has its words in the editor."""

    code: str
    part: str
    lang: str = ""
    level: CheckLevel = CheckLevel.MUST
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def must(self) -> bool:
        return self.level is CheckLevel.MUST


def problems(content: ArticleContent, pictures: Collection[str] = ()) -> list[Problem]:
    """Everything that the check finds; `pictures` are the names of those that the article has."""
    return [*_frame(content), *(found for lang in LANGUAGES for found in _language(content, lang, pictures))]


def _frame(content: ArticleContent) -> Iterator[Problem]:
    if content.kind not in set(Kind):
        yield Problem("unknown-word", "kind", params={"word": content.kind})
    if content.audience not in set(Audience):
        yield Problem("unknown-word", "audience", params={"word": content.audience})
    if not content.category:
        yield Problem("no-category", "category")


def _language(content: ArticleContent, lang: str, pictures: Collection[str]) -> Iterator[Problem]:
    limits = {"title": MAX_TITLE, "answer": MAX_ANSWER, "body": MAX_BODY}
    for part in _PARTS:
        text = str(getattr(content, part).get(lang, ""))
        if not text.strip():
            yield Problem("language-missing", part, lang)
        elif len(text) > limits[part]:
            yield Problem("too-long", part, lang, params={"limit": limits[part]})
    if len(content.keywords.get(lang, ())) > MAX_KEYWORDS:
        yield Problem("too-many", "keywords", lang, params={"limit": MAX_KEYWORDS})
    body = str(content.body.get(lang, ""))
    yield from _shape(body, lang, pictures)
    yield from _sentences(str(content.answer.get(lang, "")), lang)


def _shape(body: str, lang: str, pictures: Collection[str]) -> Iterator[Problem]:
    found = markdown.outline(body)
    levels = [1, *(level for level, _words in found.headings)]
    for (before, level), (_level, words) in zip(pairwise(levels), found.headings, strict=True):
        if level == 1:
            yield Problem("heading-first", "body", lang, params={"heading": words})
        elif level > before + 1:
            yield Problem("heading-order", "body", lang, params={"heading": words})
    if any(not words for _level, words in found.headings):
        yield Problem("heading-empty", "body", lang)
    for name, words in found.pictures:
        if not words.strip():
            yield Problem("picture-without-words", "body", lang, params={"picture": name})
        if name not in pictures:
            yield Problem("picture-unknown", "body", lang, params={"picture": name})
    for target, words in found.links:
        if not words or words.casefold().strip(" .…") in _VAGUE:
            yield Problem("link-words", "body", lang, params={"link": words or target})


def _sentences(answer: str, lang: str) -> Iterator[Problem]:
    longest = max((len(part.split()) for part in _SENTENCE.split(markdown.plain(answer))), default=0)
    if longest > LONG_SENTENCE:
        yield Problem("long-sentence", "answer", lang, CheckLevel.HINT, {"words": longest})
