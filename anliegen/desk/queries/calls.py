"""What an agent tells a caller: who they are, what will happen, and what was noted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from anliegen.catalogue.models import ItemVersion
from anliegen.desk.queries import case
from anliegen.people.models import User
from anliegen.requests import access
from anliegen.requests import queries as requests
from anliegen.requests.models import Order
from anliegen.tracking import queries as tracking
from anliegen.tracking.shapes import Preview

OPEN_SHOWN = 3


def caller(found: User, user: User, now: datetime) -> dict[str, Any]:
    """A known caller with what they have open."""
    ids = (
        access.visible_to(user, now).filter(requester=found, ended_at=None).order_by("-id").values_list("id", flat=True)
    )
    return {**case.contact(found), "open": requests.by_ids(list(ids[:OPEN_SHOWN]))}


def ahead(item_version: ItemVersion, who: User, answers: Mapping[str, Any], now: datetime) -> Preview:
    """The date to tell, and the steps."""
    return tracking.preview(item_version, requester=who, recipient=who, answers=answers, now=now)


def made(order: Order, now: datetime) -> dict[str, Any]:
    """What was noted just now, as the session keeps it."""
    service_request = order.service_requests.select_related("requester").get()
    return {
        "code": service_request.code,
        "title": service_request.title,
        "name": service_request.requester.full_name,
        "promise": service_request.promise.isoformat() if service_request.promise else "",
        "confidential": service_request.confidential,
        "routed_to": service_request.routed_to,
        "at": now.isoformat(),
    }


def shown(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The same with its dates as moments."""
    promise = kept.get("promise")
    return {**kept, "promise": datetime.fromisoformat(promise) if promise else None}
