"""The words of knowledge."""

from enum import StrEnum


class Kind(StrEnum):
    """What an article is; the same words as the kinds of requests that it answers (R26)."""

    INFORMATION = "information"
    HOW_TO = "how-to"
    ADVICE = "advice"


class Audience(StrEnum):
    """Who reads it: everybody, or those only who work on requests."""

    ALL = "all"
    INTERNAL = "internal"


class ArticleState(StrEnum):
    """Where an article is. A published one may have a newer draft."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class AnnouncementKind(StrEnum):
    """What an announcement is about; the most urgent first."""

    OUTAGE = "outage"
    MAINTENANCE = "maintenance"
    NEWS = "news"


class Helps(StrEnum):
    """What an article helps with: a service before it is asked for, or a step of the work."""

    ITEM = "item"
    STEP = "step"
