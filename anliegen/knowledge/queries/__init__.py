"""Reads of knowledge. Each takes a constant number of statements."""

from anliegen.knowledge.queries.announcing import announcements, by_public_id, every_announcement, running
from anliegen.knowledge.queries.editing import ArticleRow, articles, checked, content_of, kept_names, missing_words
from anliegen.knowledge.queries.reading import (
    Card,
    article,
    cards,
    cards_by_keys,
    for_item,
    for_step,
    found,
    picture_names,
    related,
    vote_of,
)

__all__ = [
    "ArticleRow",
    "Card",
    "announcements",
    "article",
    "articles",
    "by_public_id",
    "cards",
    "cards_by_keys",
    "checked",
    "content_of",
    "every_announcement",
    "for_item",
    "for_step",
    "found",
    "kept_names",
    "missing_words",
    "picture_names",
    "related",
    "running",
    "vote_of",
]
