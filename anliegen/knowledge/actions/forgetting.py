"""Forgetting who said what, and who put what away."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from anliegen.knowledge.actions.announcing import DOCUMENT
from anliegen.knowledge.models import Announcement, Dismissal, Helpful
from anliegen.search import actions as search

FORGET = "knowledge.forget"
KEEP_PERSONS = timedelta(days=30)
KEEP_WORDS = timedelta(days=365)


@transaction.atomic
def forget(payload: dict[str, Any], now: datetime) -> None:
    """Forget who rated an article a month ago, what was missing a year ago, and what is announced no more.

    The work of a job. The numbers stay.
    """
    Helpful.objects.filter(at__lt=now - KEEP_PERSONS, person__isnull=False).update(person=None)
    Helpful.objects.filter(at__lt=now - KEEP_WORDS).exclude(missing="").update(missing="")
    Dismissal.objects.filter(announcement__ends_at__lt=now).delete()
    over = Announcement.objects.filter(ends_at__lt=now, ends_at__gt=now - KEEP_PERSONS)
    for public_id in over.values_list("public_id", flat=True):
        search.drop(DOCUMENT, public_id)
