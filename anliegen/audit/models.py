import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

FORMAT = 1


class Pseudonym(models.Model):
    """The random id that stands for a person in entries; deleting the row makes that person's entries nobody's."""

    person_id = models.BigIntegerField(unique=True)
    pseudonym = models.UUIDField(default=uuid.uuid4, unique=True)

    def __str__(self) -> str:
        return str(self.pseudonym)


class Entry(models.Model):
    """One event. Written once; only the seal adds number and hash. `subject` is an id, or a person's random id."""

    number = models.BigIntegerField(null=True, unique=True)
    hash = models.CharField(max_length=64, blank=True, default="")
    format = models.PositiveSmallIntegerField(default=FORMAT)
    event = models.CharField(max_length=100)
    subject_kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=64)
    actor = models.UUIDField(null=True)
    rule = models.CharField(max_length=200, blank=True, default="")
    happened_at = models.DateTimeField()
    detail_hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="audit_entry_unsealed", condition=Q(number=None)),
            models.Index(fields=["subject_kind", "subject"], name="audit_entry_subject"),
            models.Index(fields=["actor"], name="audit_entry_actor"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(number=None) | Q(number__gt=0), name="audit_entry_number_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.number or '-'} {self.event}"


class Detail(models.Model):
    """What may be erased of an entry: the changed values, with the salt without which its hash tells nothing."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True)
    salt = models.CharField(max_length=32)
    text = models.TextField()

    def __str__(self) -> str:
        return f"detail of {self.entry_id}"


class Head(models.Model):
    """How far the chain goes: one row, kept apart from the entries."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    count = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="audit_head_only_one")]

    def __str__(self) -> str:
        return f"{self.count}:{self.hash}"


class Command(models.Model):
    """A command that was carried out: its key, and the object that a repeat is answered with."""

    actor_id = models.BigIntegerField()
    key = models.CharField(max_length=200)
    action = models.CharField(max_length=100)
    kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    created_at = models.DateTimeField(db_default=Now(), db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor_id", "key"], name="audit_command_once")]

    def __str__(self) -> str:
        return f"{self.action} {self.key}"
