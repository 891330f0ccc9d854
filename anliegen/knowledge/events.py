"""What happens to knowledge."""

from dataclasses import dataclass
from typing import ClassVar

from anliegen.lib.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleEvent(Event):
    """Something about one article; `subject_id` is its database id."""

    subject_kind: ClassVar[str] = "article"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleSaved(ArticleEvent):
    """Its draft was written; nobody reads it yet."""

    key: ClassVar[str] = "article.saved"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePublished(ArticleEvent):
    """People read this version from now on."""

    key: ClassVar[str] = "article.published"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleWithdrawn(ArticleEvent):
    """Nobody reads it any more."""

    key: ClassVar[str] = "article.withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleReviewed(ArticleEvent):
    """Somebody looked at it and found it still right."""

    key: ClassVar[str] = "article.reviewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureAdded(ArticleEvent):
    key: ClassVar[str] = "article.picture-added"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRated(ArticleEvent):
    """Somebody said whether it helped; who it was is nobody's business, so it names no actor."""

    key: ClassVar[str] = "article.rated"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementEvent(Event):
    subject_kind: ClassVar[str] = "announcement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced(AnnouncementEvent):
    """Something is told to people from now on, or was changed."""

    key: ClassVar[str] = "announcement.made"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementEnded(AnnouncementEvent):
    key: ClassVar[str] = "announcement.ended"
