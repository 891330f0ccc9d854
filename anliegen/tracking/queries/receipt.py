"""The receipt of a device: who handed over what to whom, when and where, and how the receipt was confirmed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from anliegen.assets import queries as assets
from anliegen.lib.text import LocalText
from anliegen.requests.models import JournalEntry, ServiceRequest
from anliegen.tracking import sentences
from anliegen.tracking.shapes import Part
from anliegen.workflow.models import Task
from anliegen.workflow.queries import releases
from anliegen.workflow.rules import TaskState

_CONFIRMING = ("accepted", "accepted-by-phone", "accepted-by-time", "not-accepted")


@dataclass(frozen=True, slots=True)
class Handed:
    """A hand-over in the reader's language. `confirmation` is a sentence, "" while it is awaited; moments are UTC."""

    step: str
    by: str
    team: str
    at: datetime
    place: str
    to: str
    devices: tuple[tuple[str, str], ...]  # inventory number, serial number
    details: tuple[tuple[str, str], ...]  # what was written down at the hand-over
    confirmation: str = ""
    confirmed_at: datetime | None = None


def steps_with_receipt(service_request: ServiceRequest) -> frozenset[str]:
    """The steps of the request's model that hand something over against a receipt."""
    release = releases.release_of(service_request.item_version_id)
    if release is None:
        return frozenset()
    return frozenset(node.id for node in releases.graph_of(release.model_version).nodes.values() if node.receipt)


def has_receipt(service_request: ServiceRequest, parts: Iterable[Part]) -> bool:
    """Whether something was handed over already; nothing is read but the kept model."""
    done = {part.node for part in parts if part.done_at}
    return bool(done) and not done.isdisjoint(steps_with_receipt(service_request))


def receipt(service_request: ServiceRequest) -> Handed | None:
    """The latest hand-over, or None where there was none. The caller has checked the access. Four statements."""
    tasks = Task.objects.filter(service_request=service_request, state=TaskState.DONE)
    tasks = tasks.filter(node__in=steps_with_receipt(service_request)).select_related("team", "done_by")
    task = tasks.order_by("-done_at", "-id").first()
    if task is None or task.done_at is None:
        return None
    lang = get_language() or "de"
    devices = assets.devices_of(service_request.code)
    sentence, at = _confirmation(service_request, task.done_at, lang)
    stands = next((device.place.code for device in devices if device.place), "")
    return Handed(
        step=LocalText.of(task.name).to(lang),
        by=task.done_by.full_name if task.done_by else "",
        team=LocalText.of(task.team.name).to(lang) if task.team else "",
        at=task.done_at,
        place=task.planned_place or stands or service_request.place,
        to=str(task.outputs.get("received_by") or service_request.recipient.full_name),
        devices=tuple((device.inventory_number, device.serial) for device in devices),
        details=_details(service_request, task, lang),
        confirmation=sentence,
        confirmed_at=at,
    )


def _details(service_request: ServiceRequest, task: Task, lang: str) -> tuple[tuple[str, str], ...]:
    """The texts that were written down at the hand-over: the old device, the number of the parcel."""
    release = releases.release_of(service_request.item_version_id)
    node = releases.graph_of(release.model_version).nodes.get(task.node) if release else None
    specs = [spec for spec in node.form if spec.type == "text" and spec.name != "received_by"] if node else []
    return tuple((spec.label.to(lang), str(task.outputs[spec.name])) for spec in specs if task.outputs.get(spec.name))


def _confirmation(service_request: ServiceRequest, since: datetime, lang: str) -> tuple[str, datetime | None]:
    rows = JournalEntry.objects.filter(service_request=service_request, sentence__in=_CONFIRMING, at__gte=since)
    entry = rows.order_by("-seq").first()
    return (sentences.render(entry.sentence, entry.params, lang), entry.at) if entry else ("", None)
