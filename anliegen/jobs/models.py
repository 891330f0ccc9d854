import secrets

from django.db import models
from django.db.models import Q


def new_fence() -> int:
    """A number that no earlier row of this key has borne; from there it is counted up."""
    return secrets.randbits(60)


class Job(models.Model):
    """One piece of work to be done; the row is deleted by the transaction that does it."""

    kind = models.CharField(max_length=80)
    key = models.CharField(max_length=200, null=True, unique=True)
    payload = models.JSONField(default=dict)
    due = models.DateTimeField()
    priority = models.SmallIntegerField(default=0)
    fence = models.BigIntegerField(default=new_fence)
    leased_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=80, blank=True, default="")
    attempts = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True, default="")
    dead_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-priority", "due", "id"], name="jobs_job_ready", condition=Q(dead_at=None)),
            models.Index(fields=["due"], name="jobs_job_due", condition=Q(dead_at=None)),
            models.Index(fields=["worker"], name="jobs_job_held", condition=Q(leased_until__isnull=False)),
            models.Index(fields=["dead_at"], name="jobs_job_dead", condition=Q(dead_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(key=None) | ~Q(key=""), name="jobs_job_key_not_empty"),
        ]

    def __str__(self) -> str:
        return self.key or f"{self.kind}#{self.pk}"


class Worker(models.Model):
    """A running worker process, as it was last seen (on the database's clock)."""

    name = models.CharField(max_length=80, unique=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Mute(models.Model):
    """There is one row while this database is a restored copy that nobody released: no job runs then (H11)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    since = models.DateTimeField()
    origin = models.CharField(max_length=200)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="jobs_mute_only_one")]

    def __str__(self) -> str:
        return f"mute since {self.since}: {self.origin}"
