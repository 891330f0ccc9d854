"""Reads of messages."""

from datetime import datetime

from anliegen.notifications.models import Message
from anliegen.people.models import User


def outbox(*, limit: int = 50) -> list[Message]:
    """The newest messages of everybody, for the demo's outbox page only."""
    return list(Message.objects.select_related("recipient", "service_request").order_by("-id")[:limit])


def inbox(user: User, *, limit: int = 20) -> list[Message]:
    """The newest messages to this person."""
    return list(Message.objects.filter(recipient=user).select_related("service_request").order_by("-id")[:limit])


def oldest_unsent(*, now: datetime) -> float:
    """Seconds that the oldest unsent message waits; 0 when none does. What waits for a digest is not late."""
    first = (
        Message.objects.filter(sent_at=None, digest=None, created_at__lte=now)
        .order_by("id")
        .values_list("created_at", flat=True)
        .first()
    )
    return (now - first).total_seconds() if first else 0.0
