"""Requests that cannot go on, for those who put them right."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from anliegen.desk import wording
from anliegen.lib.errors import NotFound
from anliegen.lib.text import LocalText
from anliegen.people.models import User
from anliegen.requests import access as requests_access
from anliegen.workflow import access
from anliegen.workflow import queries as workflow
from anliegen.workflow.models import Fault
from anliegen.workflow.queries import releases

FIXED = frozenset({"request", "requester", "recipient", "rejection", "confirmed"})  # facts that nobody may bend
MOST_FIELDS = 50


@dataclass(frozen=True, slots=True)
class FaultRow:
    """A fault in a list; a confidential request shows no title."""

    code: str
    node: str
    step: str
    title: str
    text: str
    since: datetime
    readable: bool


@dataclass(frozen=True, slots=True)
class FaultPage:
    """A fault with what its rules may read."""

    fault: Fault
    row: FaultRow
    data: Mapping[str, Any]  # dotted path -> plain value
    may_repair: bool


def rows(user: User, now: datetime) -> list[FaultRow]:
    """Open faults, oldest first."""
    found = workflow.faults(user, now)
    ids = [fault.run.service_request_id for fault in found]
    readable = set(requests_access.visible_to(user, now).filter(pk__in=ids).values_list("pk", flat=True))
    return [_row(fault, readable=fault.run.service_request_id in readable) for fault in found]


def load(code: str, node: str, user: User, now: datetime) -> FaultPage:
    """An open fault by request and step. Raises NotFound."""
    found = next(
        (one for one in workflow.faults(user, now) if one.run.service_request.code == code and one.node == node), None
    )
    if found is None:
        raise NotFound
    service_request = found.run.service_request
    readable = requests_access.visible_to(user, now).filter(pk=service_request.pk).exists()
    data = dict(list(_flat({k: v for k, v in found.run.data.items() if k not in FIXED}))[:MOST_FIELDS])
    return FaultPage(
        fault=found,
        row=_row(found, readable=readable),
        data=data if readable else {},
        may_repair=access.is_process_owner(user, service_request, now),
    )


def _row(fault: Fault, *, readable: bool) -> FaultRow:
    node = releases.graph_of(fault.run.release.model_version).nodes.get(fault.node)
    name = LocalText.of(node.name).to(get_language() or "de") if node else ""
    service_request = fault.run.service_request
    return FaultRow(
        code=service_request.code,
        node=fault.node,
        step=name or fault.node,
        title=service_request.title if readable else "",
        text=wording.fault(fault),
        since=fault.created_at,
        readable=readable,
    )


def _flat(data: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """The plain values below a mapping by dotted path, at most four parts deep."""
    for key, value in sorted(data.items()):
        here = f"{path}.{key}" if path else str(key)
        if isinstance(value, Mapping):
            if here.count(".") < 3:
                yield from _flat(value, here)
        elif value is None or isinstance(value, (str, int, float, bool)):
            yield here, value
