"""What happens to a request's record. Messages and notes travel by their entry's id, never by their text."""

from dataclasses import dataclass
from typing import ClassVar

from anliegen.lib.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEvent(Event):
    """Something about one request; `subject_id` is its database id."""

    subject_kind: ClassVar[str] = "service_request"

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted(RequestEvent):
    """A request came in. `alone`: its order has no other line, so that its run may begin in this transaction.

    `many`: it is one of so many that nobody wants a mail for each.
    """

    key: ClassVar[str] = "request.submitted"

    order_id: int
    alone: bool
    many: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredAtOnce(RequestEvent):
    """An article answered a question while it was being asked: a request without a run (R113)."""

    key: ClassVar[str] = "request.answered-at-once"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryEvent(RequestEvent):
    """An entry was written into the journal by a person."""

    entry_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(EntryEvent):
    """A text that requester and all who work on it can read."""

    key: ClassVar[str] = "request.message-sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWritten(EntryEvent):
    """An internal text (R60)."""

    key: ClassVar[str] = "request.note-written"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached(EntryEvent):
    key: ClassVar[str] = "request.attached"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantNamed(RequestEvent):
    """Requester or recipient let somebody else follow."""

    key: ClassVar[str] = "request.participant-named"

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantRemoved(RequestEvent):
    key: ClassVar[str] = "request.participant-removed"

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated(RequestEvent):
    """Whoever confirmed it said how content they are. The sentence stands in the row only."""

    key: ClassVar[str] = "request.rated"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseSet(RequestEvent):
    key: ClassVar[str] = "request.promise-set"
