"""The words of what the check finds, and of states."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anliegen.knowledge.models import Article
from anliegen.knowledge.rules import AnnouncementKind, ArticleState, Problem

type Edited = Article
"""An article that is written, for views, which import no models."""

PARTS: Mapping[str, str | Promise] = {
    "title": _("Title"),
    "answer": _("Answer"),
    "body": _("Steps and more"),
    "keywords": _("Other words"),
    "category": _("Area"),
    "kind": _("What it is"),
    "audience": _("Who reads it"),
    "related": _("What else to read"),
}
PROBLEMS: Mapping[str, str | Promise] = {
    "language-missing": _("There is no text in this language yet."),
    "too-long": _("This is too long: at most %(limit)s characters."),
    "too-many": _("These are too many words: at most %(limit)s."),
    "no-category": _("Choose an area."),
    "unknown-word": _("“%(word)s” is not known here."),
    "heading-first": _("“%(heading)s”: begin headings with ##. The title is the only first one."),
    "heading-order": _("“%(heading)s”: a level of headings is left out before it."),
    "heading-empty": _("A heading is empty."),
    "picture-without-words": _("Say what the picture “%(picture)s” shows: ![what it shows](%(picture)s)."),
    "picture-unknown": _("There is no picture “%(picture)s”. Add it below, or take it out."),
    "link-words": _("“%(link)s”: say where the link leads, not “here”."),
    "long-sentence": _("The longest sentence has %(words)s words. Shorter ones are easier to read."),
    "unknown-article": _("There is no article “%(key)s”."),
}
STATES: Mapping[str, tuple[str, str | Promise]] = {
    ArticleState.DRAFT: ("draft", _("Draft")),
    ArticleState.PUBLISHED: ("plain", _("Published")),
    ArticleState.WITHDRAWN: ("off", _("Withdrawn")),
}
ANNOUNCED: Mapping[str, str | Promise] = {
    AnnouncementKind.OUTAGE: _("Outage"),
    AnnouncementKind.MAINTENANCE: _("Maintenance"),
    AnnouncementKind.NEWS: _("News"),
}
LANGUAGES: Mapping[str, str | Promise] = {"de": _("German"), "en": _("English")}


def told(problem: Problem) -> dict[str, object]:
    """A finding as the editor shows it."""
    text = str(PROBLEMS[problem.code])
    where = [str(PARTS.get(problem.part, problem.part)), *([str(LANGUAGES[problem.lang])] if problem.lang else [])]
    anchor = f"id_{problem.part}_{problem.lang}" if problem.lang else f"id_{problem.part}"
    return {
        "must": problem.must,
        "where": ", ".join(where),
        "anchor": anchor,
        "text": text % problem.params if problem.params else text,
    }


def state(article: Article) -> dict[str, object]:
    kind, word = STATES[article.state]
    return {"kind": kind, "label": word}
