"""What those see who write articles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from anliegen.knowledge import access, rules
from anliegen.knowledge.models import Article, Helpful
from anliegen.knowledge.queries.reading import picture_names
from anliegen.knowledge.rules import ArticleContent, ArticleState
from anliegen.lib.text import LocalText
from anliegen.people.access import day
from anliegen.people.models import User


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article in the editors' list; `newer` is a draft that nobody reads yet."""

    article: Article
    title: LocalText
    newer: bool
    yes: int
    no: int

    def due(self, today: date) -> bool:
        """Whether somebody should look at it."""
        on = self.article.review_on
        return self.article.state == ArticleState.PUBLISHED and on is not None and on <= today


def articles(user: User, now: datetime, *, show: str = "") -> list[ArticleRow]:
    """All articles with their votes; `show` is a state, "due" (to be looked at) or "weak" (more no than yes).

    Two statements. Raises Forbidden.
    """
    access.require_editor(user, now)
    votes = {
        row["version__article"]: (row["yes"], row["no"])
        for row in Helpful.objects.values("version__article").annotate(
            yes=Count("id", filter=Q(helped=True)), no=Count("id", filter=Q(helped=False))
        )
    }
    rows = []
    for article in Article.objects.select_related("current", "owner").order_by("key"):
        title = LocalText.of(article.draft.get("title") or (article.current.title if article.current else None))
        newer = article.current is not None and article.draft_number != article.published_draft
        rows.append(ArticleRow(article, title, newer, *votes.get(article.pk, (0, 0))))
    return [row for row in rows if _shown(row, show, day(now))]


def _shown(row: ArticleRow, show: str, today: date) -> bool:
    if show == "due":
        return row.due(today)
    if show == "weak":
        return row.no > row.yes
    return not show or row.article.state == show


def content_of(article: Article) -> ArticleContent:
    """What is being written."""
    return ArticleContent.of(article.draft)


def checked(article: Article, content: ArticleContent) -> list[rules.Problem]:
    """What the check finds in a draft of this article, with names of others that are not there."""
    found = rules.problems(content, picture_names(article) if article.pk else ())
    unknown = set(content.related) - kept_names(content.related)
    return [*found, *(rules.Problem("unknown-article", "related", params={"key": key}) for key in sorted(unknown))]


def kept_names(keys: Sequence[str]) -> set[str]:
    """Those of the keys under which there is an article."""
    return set(Article.objects.filter(key__in=list(keys)[:50]).values_list("key", flat=True)) if keys else set()


def missing_words(article: Article, most: int = 20) -> list[Helpful]:
    """What readers of any version said was missing, the latest first."""
    rows = Helpful.objects.filter(version__article=article, helped=False).exclude(missing="")
    return list(rows.select_related("version").order_by("-at")[:most])
