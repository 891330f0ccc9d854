"""What somebody asked for before: lately, and what is still open."""

from django.db.models import Q

from anliegen.people.models import User
from anliegen.reads.prepared import Prepared, Slot
from anliegen.requests.models import ServiceRequest


def open_like(item_id: int, user: User, recipient: User) -> ServiceRequest | None:
    """The latest open request for an item and a recipient that the user asked for or gets. One statement."""
    return _LIKE.first(item=item_id, user=user.pk, recipient=recipient.pk)


_LIKE = Prepared(
    lambda: (
        ServiceRequest.objects.filter(
            Q(requester=Slot("user")) | Q(recipient=Slot("user")),
            recipient=Slot("recipient"),
            item_version__item=Slot("item"),
            ended_at=None,
        )
        .only("code", "status", "closed_by", "received_at")
        .order_by("-id")[:1]
    )
)


def lately_requested(user: User) -> list[int]:
    """The ids of the items that somebody asked for, the latest first; may name one twice. One statement."""
    return _LATELY(requester=user.pk)


_LATELY = Prepared(
    lambda: (
        ServiceRequest.objects.filter(requester=Slot("requester"))
        .order_by("-id")
        .values_list("item_version__item_id", flat=True)[:30]
    )
)
