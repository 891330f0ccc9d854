"""One mail a day for who wants that: what is owed waits for it, and is sent with it, once."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.conf import settings

from anliegen import jobs
from anliegen.notifications.models import Message
from anliegen.notifications.rules import next_digest

TEMPLATE = "digest"


def hold(waiting: Sequence[Message], new_id: Callable[[], str], *, now: datetime) -> None:
    """Let these messages wait for their readers' next digests, which are made where there is none. Few statements.

    The rows of the digests are locked, so that one that is being finished gets no more; see `actions.finish`.
    """
    wanted: dict[str, Message] = {}
    for message in waiting:
        person = message.recipient
        due = next_digest(now, person.time_zone, settings.ANLIEGEN.digest_hour)
        event = f"{TEMPLATE}:{person.pk}:{due.date().isoformat()}"
        digest = Message(event_id=event, recipient=person, template=TEMPLATE, lang=person.language, created_at=due)
        message.digest = wanted.setdefault(event, digest)
    there = _locked(wanted)
    missing = [one for event, one in wanted.items() if event not in there]
    for one in missing:
        one.message_id = new_id()
    if missing:
        Message.objects.bulk_create(missing, ignore_conflicts=True)
        there = _locked(wanted)
        for one in missing:
            found = there[one.event_id]
            jobs.schedule(
                "notify", key=f"notify:{found.message_id}", due=found.created_at, payload={"message": found.message_id}
            )
    for message in waiting:
        assert message.digest is not None
        found = there[message.digest.event_id]
        message.digest = None if found.sent_at else found  # gone out at this very moment: then at once


def _locked(wanted: dict[str, Message]) -> dict[str, Message]:
    rows = Message.objects.select_for_update().filter(event_id__in=sorted(wanted)).order_by("id")
    return {row.event_id: row for row in rows}


def parts(digest: Message) -> list[Message]:
    """What waits for this digest, oldest first."""
    rows = Message.objects.select_related("recipient", "service_request").filter(digest=digest, sent_at=None)
    return list(rows.order_by("id"))


def finish(digest_message_id: str, told: Sequence[int], *, now: datetime) -> None:
    """Note that these were sent with the digest; what came too late for it goes out by itself."""
    digest = Message.objects.select_for_update().filter(message_id=digest_message_id).first()
    if digest is None:
        return
    Message.objects.filter(pk__in=told).update(sent_at=now)
    late = list(Message.objects.filter(digest=digest, sent_at=None).values_list("message_id", flat=True))
    if late:
        Message.objects.filter(message_id__in=late).update(digest=None)
        jobs.schedule_many("notify", [(f"notify:{one}", {"message": one}) for one in late], due=now)
