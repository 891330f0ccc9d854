"""Tables of knowledge."""

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from anliegen.knowledge.rules import AnnouncementKind, ArticleState, Audience, Helps, Kind
from anliegen.lib.ids import public_id


def _choices(kinds: type[StrEnum]) -> list[tuple[str, str]]:
    return [(kind.value, kind.value) for kind in kinds]


class Article(models.Model):
    """One answer over all its versions. `draft` is what is being written, counted by `draft_number`.

    Category, kind and audience are those of the version that people read.
    """

    key = models.SlugField(max_length=60, unique=True)
    category_key = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=12, choices=_choices(Kind), default=Kind.INFORMATION.value)
    audience = models.CharField(max_length=10, choices=_choices(Audience), default=Audience.INTERNAL.value)
    state = models.CharField(max_length=10, choices=_choices(ArticleState), default=ArticleState.DRAFT.value)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    review_months = models.PositiveSmallIntegerField(default=12)
    review_on = models.DateField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    current = models.OneToOneField("ArticleVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    draft = models.JSONField(default=dict)  # rules.ArticleContent, format 1
    draft_number = models.PositiveIntegerField(default=0)  # counts every saving: detects two editors
    draft_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    draft_at = models.DateTimeField(null=True)
    published_draft = models.PositiveIntegerField(default=0)  # which saving people read
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("key",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(state=ArticleState.PUBLISHED.value) | Q(current__isnull=False),
                name="knowledge_published_is_there",
            ),
        )

    def __str__(self) -> str:
        return self.key


class ArticleVersion(models.Model):
    """What people read and what a decision names: never changed."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.JSONField()  # LocalText
    answer = models.JSONField()  # LocalText, one or two sentences
    body = models.JSONField()  # LocalText, Markdown
    keywords = models.JSONField(default=dict)  # {"de": [...], "en": [...]}
    items = models.JSONField(default=list)  # keys
    steps = models.JSONField(default=list)  # node keys
    related = models.JSONField(default=list)  # keys of articles
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("article", "number"), name="knowledge_article_version"),)

    def __str__(self) -> str:
        return f"{self.article_id}/{self.number}"


class ArticleUse(models.Model):
    """Which items and steps the version that is read helps with."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="uses")
    helps = models.CharField(max_length=10, choices=_choices(Helps))
    key = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("helps", "key", "article"), name="knowledge_use_once"),)

    def __str__(self) -> str:
        return f"{self.helps} {self.key}"


class Picture(models.Model):
    """A picture of an article, named in its text."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="pictures")
    name = models.CharField(max_length=60)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("article", "name"), name="knowledge_picture_name"),)

    def __str__(self) -> str:
        return self.name


class Helpful(models.Model):
    """Whether a version helped somebody. The person is forgotten after a month: then only the number is left."""

    version = models.ForeignKey(ArticleVersion, on_delete=models.CASCADE, related_name="votes")
    helped = models.BooleanField()
    missing = models.TextField(blank=True)
    lang = models.CharField(max_length=5, default="de")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("version", "person"), condition=Q(person__isnull=False), name="knowledge_vote_once"
            ),
        )
        indexes = (models.Index(fields=("at",), condition=Q(person__isnull=False), name="knowledge_vote_named"),)

    def __str__(self) -> str:
        return f"{self.version_id} {self.helped}"


class Announcement(models.Model):
    """What is told to everybody for a time."""

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    kind = models.CharField(max_length=12, choices=_choices(AnnouncementKind))
    audience = models.CharField(max_length=10, choices=_choices(Audience), default=Audience.ALL.value)
    title = models.JSONField()  # LocalText
    text = models.JSONField(default=dict)  # LocalText, Markdown
    link = models.CharField(max_length=300, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="knowledge_told_for_a_time"),
        )
        indexes = (models.Index(fields=("ends_at", "starts_at"), name="knowledge_told_now"),)

    def __str__(self) -> str:
        return self.public_id


class Dismissal(models.Model):
    """Somebody has read an announcement and does not want to see it on every page."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="dismissals")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "announcement"), name="knowledge_dismissed_once"),)

    def __str__(self) -> str:
        return f"{self.announcement_id} {self.person_id}"
