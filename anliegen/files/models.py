from django.db import models
from django.db.models import Q

from anliegen.files import rules
from anliegen.lib.ids import public_id


class StoredFile(models.Model):
    """One uploaded file: whose it is, what it belongs to, and where its content lies (by `sha256`)."""

    public_id = models.CharField(max_length=22, unique=True, default=public_id, editable=False)
    name = models.CharField(max_length=rules.MAX_NAME)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    owner_id = models.BigIntegerField()
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    kind = models.CharField(max_length=60, blank=True, default="")
    object_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "object_id"], name="files_claimed", condition=Q(claimed_at__isnull=False)),
            models.Index(fields=["created_at"], name="files_staged", condition=Q(claimed_at=None)),
            models.Index(fields=["owner_id"], name="files_staged_owner", condition=Q(claimed_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(claimed_at=None, kind="", object_id=None)
                | (Q(claimed_at__isnull=False, object_id__isnull=False) & ~Q(kind="")),
                name="files_claimed_by_something",
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="files_not_empty"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def inline(self) -> bool:
        """Whether a browser may show it in a page: pictures without script only, everything else is a download."""
        return self.media_type in rules.INLINE
