"""What an article is made from, and what may be wrong with it, in pure values."""

from anliegen.knowledge.rules.checks import CheckLevel, Problem, problems
from anliegen.knowledge.rules.content import (
    FORMAT,
    MAX_ANSWER,
    MAX_BODY,
    MAX_KEYWORDS,
    MAX_MISSING,
    MAX_TITLE,
    AnnouncementContent,
    ArticleContent,
    key_of,
    months_later,
    search_words,
)
from anliegen.knowledge.rules.words import AnnouncementKind, ArticleState, Audience, Helps, Kind

__all__ = [
    "FORMAT",
    "MAX_ANSWER",
    "MAX_BODY",
    "MAX_KEYWORDS",
    "MAX_MISSING",
    "MAX_TITLE",
    "AnnouncementContent",
    "AnnouncementKind",
    "ArticleContent",
    "ArticleState",
    "Audience",
    "CheckLevel",
    "Helps",
    "Kind",
    "Problem",
    "key_of",
    "months_later",
    "problems",
    "search_words",
]
