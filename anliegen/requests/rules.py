"""The words of the record, and what its texts and amounts may be. Pure."""

from enum import StrEnum

TERM_MONTHS = 12  # what a monthly price counts for where no term is agreed (R92)


class Status(StrEnum):
    """The single list that people see (ux/spec 3.2); stored after each command by one pure rule of workflow."""

    RECEIVED = "received"
    CHECKED = "being-checked"
    APPROVAL = "waiting-for-approval"
    PROGRESS = "in-progress"
    WAITING = "waiting-for-you"
    HOLD = "on-hold"
    DONE = "done"  # done, please confirm
    FULFILLED = "fulfilled"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


ENDED = frozenset({Status.FULFILLED, Status.REJECTED, Status.CANCELLED})


class EndKind(StrEnum):
    """How a request ended (R65, R67)."""

    FULFILLED = "fulfilled"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class ClosedBy(StrEnum):
    """How a fulfilled request was confirmed (R115): three different records, and at once."""

    PERSON = "person"
    PHONE = "phone"
    TIME = "time"
    AT_ONCE = "at-once"


class Reason(StrEnum):
    """Why a request was rejected (R66)."""

    BUDGET = "budget"
    AUTHORISATION = "authorisation"
    UNAVAILABLE = "unavailable"
    NOT_PERMITTED = "not-permitted"
    DUPLICATE = "duplicate"
    OTHER = "other"


class EntryKind(StrEnum):
    """What a journal entry is."""

    EVENT = "event"  # a sentence: key and parameters
    DECISION = "decision"  # a sentence plus rule, version, inputs, result, basis
    MESSAGE = "message"  # text between requester and those who work on it
    NOTE = "note"  # internal text, never seen by the requester


class Visibility(StrEnum):
    ALL = "all"
    INTERNAL = "internal"


class ParticipantRole(StrEnum):
    REQUESTER = "requester"
    RECIPIENT = "recipient"
    RECORDER = "recorder"
    NAMED = "named"  # by requester or recipient
    WORKER = "worker"  # has or had an open task, as person or team
    APPROVER = "approver"
