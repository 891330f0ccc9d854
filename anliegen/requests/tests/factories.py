"""Requests for tests, also of other packages."""

import io
import itertools
from typing import Any

from anliegen.catalogue.tests.factories import NOW, SYSTEM, Firm, both, firm, offer
from anliegen.files import actions as files
from anliegen.people.models import User
from anliegen.requests import actions
from anliegen.requests.models import Order, ServiceRequest
from anliegen.requests.rules import Line

__all__ = ["NOW", "SYSTEM", "Firm", "both", "firm", "line", "offer", "submit", "submitted", "upload"]

_keys = itertools.count()


def line(**fields: Any) -> Line:
    return Line(**{"item_key": "desktop", "answers": {"build": "standard"}, **fields})


def submit(user: User, *lines: Line, **fields: Any) -> Order:
    sent = {"acting_user": user, "channel": "portal", "key": f"key-{next(_keys)}", "now": NOW, **fields}
    return actions.submit(lines or [line()], **sent)


def submitted(user: User, **fields: Any) -> ServiceRequest:
    """One request of this person."""
    return submit(user, line(**fields)).service_requests.get()


def upload(user: User, name: str = "plan.txt", content: bytes = b"Ein Plan") -> str:
    """The public id of a staged file."""
    return files.stage(io.BytesIO(content), name=name, media_type="text/plain", owner_id=user.pk, now=NOW).public_id
