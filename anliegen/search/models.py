"""Tables of search. On SQLite the full text of requests is a virtual table beside them (`store`)."""

from django.db import models
from django.db.models import Q


class Document(models.Model):
    """The words of one text in one language, and who may find it; a copy that can be built anew from its owner."""

    kind = models.CharField(max_length=20)
    object_id = models.CharField(max_length=80)
    lang = models.CharField(max_length=5)
    title = models.TextField(blank=True)  # words, folded, without stop words
    keywords = models.TextField(blank=True)
    text = models.TextField(blank=True)
    access = models.TextField(blank=True)  # access words

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "object_id", "lang"), name="search_document_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} {self.lang}"


class State(models.Model):
    """One row: another token after every change of documents or synonyms, so that each process knows to look again."""

    token = models.CharField(max_length=22)

    def __str__(self) -> str:
        return self.token


class Synonym(models.Model):
    """Words that mean the same in this organisation, beside those that are shipped."""

    words = models.TextField(unique=True)  # separated by commas, sorted

    def __str__(self) -> str:
        return self.words


class Gap(models.Model):
    """What was looked for and not found, without who looked."""

    text = models.CharField(max_length=100)  # small letters, single spaces
    lang = models.CharField(max_length=5)
    count = models.PositiveIntegerField(default=0)
    first = models.DateTimeField()
    last = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("text", "lang"), name="search_gap_once"),
            models.CheckConstraint(condition=~Q(text=""), name="search_gap_says_something"),
        )
        indexes = (models.Index(fields=("-count", "text"), name="search_gap_most"),)

    def __str__(self) -> str:
        return self.text


class RequestText(models.Model):
    """That a request is in the index. Its words are beside it: on PostgreSQL the column `words`, on SQLite the virtual
    table `search_requestwords`; neither is known to Django.
    """

    id = models.BigIntegerField(primary_key=True)  # of the request
    access_digest = models.CharField(max_length=32)  # who may find it: what is unchanged is not written again

    def __str__(self) -> str:
        return str(self.pk)
