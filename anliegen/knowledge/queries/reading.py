"""What readers see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from anliegen.knowledge import access
from anliegen.knowledge.models import Article, ArticleUse, Helpful, Picture
from anliegen.knowledge.rules import ArticleState, Helps
from anliegen.lib import markdown
from anliegen.lib.text import LocalText
from anliegen.people.models import User
from anliegen.reads.prepared import Prepared, Slot
from anliegen.search import queries as search

MOST = 5


@dataclass(frozen=True, slots=True)
class Card:
    """An article as it stands in a list; its answer without marks."""

    key: str
    category_key: str
    kind: str
    internal: bool
    title: LocalText
    answer: LocalText


def article(key: str, user: User, now: datetime) -> Article:
    """A published article with its current version and owner. Raises NotFound."""
    return access.to_read(key, user, now)


def cards(user: User, now: datetime, *, category: str = "") -> list[Card]:
    """The articles that somebody may read, of one category or all."""
    rows = access.visible_to(user, now).order_by("category_key", "key")
    if category:
        rows = rows.filter(category_key=category[:60])
    return [_card(row) for row in rows]


def found(text: str, user: User, now: datetime, *, lang: str, limit: int = 20, typing: bool = False) -> list[Card]:
    """The articles that fit a text best. `typing`: the last word may not be finished. Two statements."""
    words = access.search_words(user, now)
    hits = search.suggest(text, lang=lang, kinds={"article"}, access=words, limit=limit, typing=typing)
    return cards_by_keys([hit.object_id for hit in hits], user, now)


def cards_by_keys(keys: Sequence[str], user: User, now: datetime) -> list[Card]:
    """These articles in this order, as far as somebody may read them."""
    if not keys:
        return []
    rows = {row.key: _card(row) for row in access.visible_to(user, now).filter(key__in=keys)}
    return [rows[key] for key in keys if key in rows]


def related(of: Article, user: User, now: datetime) -> list[Card]:
    """What else to read: the named ones; without names others of the same category."""
    version = of.current
    if version is None:
        return []
    if version.related:
        return cards_by_keys(version.related[:MOST], user, now)
    rows = access.visible_to(user, now).filter(category_key=of.category_key).exclude(pk=of.pk)
    return [_card(row) for row in rows.order_by("key")[:3]]


def for_item(item_key: str, user: User, now: datetime, most: int = 3) -> list[Card]:
    """The articles that help before this service is asked for."""
    return _for(Helps.ITEM, item_key, user, now)[:most]


def for_step(step: str, user: User, now: datetime, most: int = 3) -> list[Card]:
    """The articles that help with a step of the work."""
    return _for(Helps.STEP, step, user, now)[:most]


def _for(helps: Helps, key: str, user: User, now: datetime) -> list[Card]:
    found = _USES(helps=helps.value, key=key)
    if not found:
        return []
    may = access.audiences(user, now)
    return [_card(row.article) for row in found if row.article.audience in may]


def _uses() -> QuerySet[ArticleUse]:
    rows = ArticleUse.objects.filter(helps=Slot("helps"), key=Slot("key"), article__state=ArticleState.PUBLISHED)
    return rows.select_related("article__current").order_by("position", "article__key")


_USES = Prepared(_uses)


def _card(row: Article) -> Card:
    version = row.current
    assert version is not None
    return Card(
        row.key,
        row.category_key,
        row.kind,
        row.audience != "all",
        LocalText.of(version.title),
        LocalText(*(markdown.plain(text) for text in LocalText.of(version.answer).json().values())),
    )


def picture_names(of: Article) -> frozenset[str]:
    """The names of the pictures that an article has."""
    return frozenset(Picture.objects.filter(article=of).values_list("name", flat=True))


def vote_of(of: Article, user: User) -> Helpful | None:
    """What somebody said about the version that is read."""
    return Helpful.objects.filter(version=of.current_id, person=user).first()
