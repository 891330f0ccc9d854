"""What happens while a request runs. `subject_id` is the service request's; texts travel by id, never in an event."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from anliegen.lib.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEvent(Event):
    """Something about the running of one request."""

    subject_kind: ClassVar[str] = "service_request"

    code: str
    item_version_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEvent(RunEvent):
    """Something about one task."""

    task_id: int
    node: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Published(Event):
    """A release is in force; `subject_id` is its id."""

    key: ClassVar[str] = "release.published"
    subject_kind: ClassVar[str] = "release"


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePublished(Event):
    """A version of a shared decision table is in force from a day on; `subject_id` is its id."""

    key: ClassVar[str] = "table.published"
    subject_kind: ClassVar[str] = "shared_table"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted(RunEvent):
    key: ClassVar[str] = "run.started"

    pass_no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOpened(TaskEvent):
    """Somebody has something to do now. `due_minutes` are business minutes of that calendar, 0 for none agreed."""

    key: ClassVar[str] = "task.opened"

    due_minutes: int = 0
    calendar_key: str = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteOpened(TaskEvent):
    """One approver is asked now."""

    key: ClassVar[str] = "task.vote-opened"

    approver_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskTaken(TaskEvent):
    """Somebody took it, or gave it back (`person_id` None)."""

    key: ClassVar[str] = "task.taken"

    person_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAssigned(TaskEvent):
    key: ClassVar[str] = "task.assigned"

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPlanned(TaskEvent):
    key: ClassVar[str] = "task.planned"

    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSettled(TaskEvent):
    """Decided or completed; its effect follows when the undo window is over."""

    key: ClassVar[str] = "task.settled"

    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReopened(TaskEvent):
    """Taken back within the undo window."""

    key: ClassVar[str] = "task.reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDecided(TaskEvent):
    """Done for good: the request has moved on."""

    key: ClassVar[str] = "task.decided"

    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskWithdrawn(TaskEvent):
    """No longer needed."""

    key: ClassVar[str] = "task.withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteCast(TaskEvent):
    """`principal_id` is for whom a deputy voted, else the voter."""

    key: ClassVar[str] = "task.vote-cast"

    principal_id: int
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionMade(RunEvent):
    """A rule decided; `rule` names it, `changes` hold what it read and its result."""

    key: ClassVar[str] = "run.decision-made"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastMoved(RunEvent):
    """A supplier confirmed a date; `changes` hold when the request will probably be done."""

    key: ClassVar[str] = "request.forecast-moved"

    task_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChanged(RunEvent):
    key: ClassVar[str] = "request.status-changed"

    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver(TaskEvent):
    key: ClassVar[str] = "task.handed-over"

    team_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledIn(TaskEvent):
    """A team helps beside the model (R51)."""

    key: ClassVar[str] = "task.called-in"

    team_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SideWorkDone(TaskEvent):
    key: ClassVar[str] = "task.side-work-done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(TaskEvent):
    """A question to a person waits for an answer."""

    key: ClassVar[str] = "task.asked"

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(TaskEvent):
    key: ClassVar[str] = "task.answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted(RunEvent):
    """`closed_by` person, phone or time; `verdict` yes or no."""

    key: ClassVar[str] = "request.accepted"

    verdict: str
    closed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(RunEvent):
    key: ClassVar[str] = "request.ended"

    end_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(RunEvent):
    key: ClassVar[str] = "request.held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(RunEvent):
    key: ClassVar[str] = "request.resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised(RunEvent):
    key: ClassVar[str] = "request.revised"

    pass_no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reclassified(RunEvent):
    """An agent moved it to another item (R139); `changes` name both. `incomplete`: the requester completes it first."""

    key: ClassVar[str] = "request.reclassified"

    pass_no: int
    incomplete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(RunEvent):
    key: ClassVar[str] = "request.reopened"

    pass_no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRaised(RunEvent):
    key: ClassVar[str] = "run.fault-raised"

    fault_id: int
    node: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRepaired(RunEvent):
    key: ClassVar[str] = "run.fault-repaired"

    fault_id: int
    node: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDue(RunEvent):
    """The model wants a message sent; `message` is the key of its text."""

    key: ClassVar[str] = "run.message-due"

    message: str
    node: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityAlarm(RunEvent):
    """Somebody may try to get at an account that is not theirs. `cause`: "identity" (not proven) or "not-me"."""

    key: ClassVar[str] = "request.security-alarm"

    cause: str
