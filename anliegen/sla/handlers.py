"""What the clocks do when something happens."""

from anliegen.catalogue.rules import Measure
from anliegen.lib import bus
from anliegen.requests.events import MessageSent, Submitted
from anliegen.requests.models import ServiceRequest
from anliegen.requests.rules import ENDED
from anliegen.sla import actions
from anliegen.workflow.events import (
    DecisionMade,
    Ended,
    Reclassified,
    Reopened,
    TaskDecided,
    TaskOpened,
    TaskSettled,
    TaskWithdrawn,
)


def start(event: Submitted) -> None:
    """A request came in: its clocks start, and it gets its promise."""
    actions.start_request(event.subject_id, now=event.now)


def task_opened(event: TaskOpened) -> None:
    """A task has its own clock, and its date."""
    opened = actions.Opened(event.task_id, event.subject_id, event.kind)
    actions.start_task(opened, event.due_minutes, calendar_key=event.calendar_key, now=event.now)


def task_settled(event: TaskSettled) -> None:
    """The clock stops when it is decided, not when its effect comes; and somebody has answered."""
    answered = event.subject_id if event.actor_id is not None else None
    actions.stop_task(event.task_id, counted=True, now=event.now, answered=answered)


def task_withdrawn(event: TaskWithdrawn) -> None:
    actions.stop_task(event.task_id, counted=False, now=event.now)


def message_sent(event: MessageSent) -> None:
    """The first word to the requester is the first answer."""
    service_request = ServiceRequest.objects.only("requester_id", "recipient_id").get(pk=event.subject_id)
    if event.actor_id not in {service_request.requester_id, service_request.recipient_id}:
        actions.stop_measure(event.subject_id, Measure.FIRST_ANSWER, now=event.now)


def decided(event: DecisionMade | TaskDecided) -> None:
    """A decision may change which target applies: from stock, or to be bought. Looked at once for a command."""
    bus.gather(
        ("target", event.subject_id),
        event,
        lambda events: actions.choose_again(event.subject_id, events[-1].item_version_id, now=event.now),
    )


def ended(event: Ended) -> None:
    actions.stop_request(event.subject_id, event.end_kind, now=event.now)


def reclassified(event: Reclassified) -> None:
    """Another item has other targets; all of them count from the receipt (R139)."""
    actions.choose_anew(event.subject_id, now=event.now)


def reopened(event: Reopened) -> None:
    service_request = ServiceRequest.objects.only("status").get(pk=event.subject_id)
    if service_request.status not in ENDED:
        actions.continue_request(event.subject_id, now=event.now)
