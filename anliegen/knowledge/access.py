"""The only door to articles and announcements: who reads what, and who writes."""

from datetime import datetime

from django.db.models import QuerySet

from anliegen.knowledge.models import Announcement, Article, Picture
from anliegen.knowledge.rules import ArticleState, Audience
from anliegen.lib.errors import NotFound
from anliegen.people import access as people_access
from anliegen.people import queries as people
from anliegen.people.models import User
from anliegen.people.rules import Capability
from anliegen.reads.prepared import Prepared, Slot

MAX_KEY = 60


def sees_internal(user: User, now: datetime) -> bool:
    """Whether somebody works on requests, and so reads what is written for those."""
    return user.is_active and (people.uses_desk(user, now) or may_edit(user, now))


def may_edit(user: User, now: datetime) -> bool:
    """Whether somebody writes articles and announcements (R102)."""
    return people_access.can(user, Capability.EDIT_KNOWLEDGE, now=now)


def require_editor(user: User | None, now: datetime) -> None:
    """Raise Forbidden unless somebody writes articles; None is the system: the demo."""
    if user is not None:
        people_access.require(user, Capability.EDIT_KNOWLEDGE, now=now)


def audiences(user: User, now: datetime) -> tuple[Audience, ...]:
    """For whom an article may be written so that this person reads it; none for who has left."""
    if not user.is_active:
        return ()
    return (Audience.ALL, Audience.INTERNAL) if sees_internal(user, now) else (Audience.ALL,)


def search_words(user: User, now: datetime) -> tuple[str, ...]:
    """The words of the search index that this person holds."""
    return tuple(search_word(audience) for audience in audiences(user, now))


def search_word(audience: str) -> str:
    """The word of the search index that an article for this audience needs."""
    return f"article{Audience(audience).value}"


def visible_to(user: User, now: datetime) -> QuerySet[Article]:
    """The published articles that somebody may read, with what is read; every list begins here."""
    return Article.objects.filter(state=ArticleState.PUBLISHED, audience__in=audiences(user, now)).select_related(
        "current", "owner"
    )


def to_read(key: str, user: User, now: datetime) -> Article:
    """A published article by its key. Raises NotFound, alike for one that is not there and one for others only."""
    found = _BY_KEY.first(key=key) if _possible(key) else None
    if found is None or found.audience not in audiences(user, now):
        raise NotFound
    return found


_BY_KEY = Prepared(
    lambda: Article.objects.filter(key=Slot("key"), state=ArticleState.PUBLISHED).select_related("current", "owner")
)


def _possible(key: str) -> bool:
    return 0 < len(key) <= MAX_KEY and key.isascii() and "\x00" not in key


def picture(key: str, name: str, user: User, now: datetime) -> Picture:
    """A picture of an article that somebody reads, or writes. Raises NotFound."""
    found = Picture.objects.select_related("file", "article").filter(article__key=key[:MAX_KEY], name=name[:60]).first()
    if found is None:
        raise NotFound
    read = found.article.state == ArticleState.PUBLISHED and found.article.audience in audiences(user, now)
    if not read and not may_edit(user, now):
        raise NotFound
    return found


def to_edit(key: str, user: User, now: datetime) -> Article:
    """An article in whatever state, for who writes them. Raises Forbidden, NotFound."""
    require_editor(user, now)
    return there(key)


def there(key: str) -> Article:
    """An article in whatever state, after the caller's own check. Raises NotFound."""
    found = Article.objects.select_related("current", "owner", "draft_by").filter(key=key[:MAX_KEY]).first()
    if found is None:
        raise NotFound
    return found


def locked(key: str) -> Article:
    """An article, locked, after the caller's own check. Call inside a transaction. Raises NotFound."""
    found = Article.objects.select_for_update(of=("self",)).filter(key=key[:MAX_KEY]).first()
    if found is None:
        raise NotFound
    return found


def announcement(public_id: str, user: User, now: datetime) -> Announcement:
    """An announcement that is told to this person now. Raises NotFound."""
    rows = Announcement.objects.filter(public_id=public_id[:22], starts_at__lte=now, ends_at__gt=now)
    found = rows.filter(audience__in=audiences(user, now)).first()
    if found is None:
        raise NotFound
    return found
