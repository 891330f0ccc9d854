"""The words of the record, and what its texts and amounts may be. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

TERM_MONTHS = 12  # what a monthly price counts for where no term is agreed (R92)
MAX_TITLE = 200
MAX_MESSAGE = 10_000
MAX_JUSTIFICATION = 2_000
MAX_RATING = 1_000  # characters of the sentence beside a rating
RATING_DAYS = 30  # after the end, in which whoever confirms may rate and change the rating
SCORES = range(1, 6)  # 5 is very good
MAX_LINES = 25  # of one checkout
MAX_CENTS = 10**11
FIRST_NUMBER = 1000
PREFIX = "SR-"


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
    """How a fulfilled request was confirmed (R115): three different records, and at once.

    A cancelled one may be handed over: it was a disruption, and goes on in the tool for those (R2).
    """

    PERSON = "person"
    PHONE = "phone"
    TIME = "time"
    AT_ONCE = "at-once"
    HANDED_OVER = "handed-over"


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


class LineState(StrEnum):
    """How far a job is with one line of a large order."""

    WAITING = "waiting"
    MADE = "made"  # the request is there, its run has not begun
    SENT = "sent"
    REFUSED = "refused"


class LinkKind(StrEnum):
    """How a request belongs to an earlier one."""

    RENEWAL = "renewal"  # asks whether what the other gave is still needed
    WITHDRAWAL = "withdrawal"  # takes back what the other gave
    DUPLICATE = "duplicate"  # asks for the same
    SPLIT = "split"  # a part of what the other asked for
    COPY = "copy"  # asks for it once more


class Visibility(StrEnum):
    ALL = "all"
    INTERNAL = "internal"


class ParticipantRole(StrEnum):
    REQUESTER = "requester"
    RECIPIENT = "recipient"
    RECORDER = "recorder"
    NAMED = "named"  # by requester or recipient
    COUNCIL = "council"  # of the staff council, named by them too
    DISABILITY = "disability"  # representative of severely disabled people, named by them too
    WORKER = "worker"  # has or had an open task, as person or team
    APPROVER = "approver"


FOLLOWING = (ParticipantRole.NAMED, ParticipantRole.COUNCIL, ParticipantRole.DISABILITY)
"""As what requester or recipient let others follow; they see a confidential request, too."""

# Sentences that the record itself writes into the journal, with their parameters; tracking has the words.
SENTENCES: Mapping[str, frozenset[str]] = {
    "received": frozenset({"channel"}),
    "received-for-caller": frozenset({"channel", "requester"}),
    "attached": frozenset({"names"}),
    "participant-named": frozenset({"name"}),
    "participant-named-as": frozenset({"name", "part"}),
    "participant-removed": frozenset({"name"}),
    "promised": frozenset({"promise"}),
    "promise-moved": frozenset({"promise", "before"}),
    "forecast": frozenset({"forecast"}),
    "cost-changed": frozenset({"cents", "before", "monthly_cents", "monthly_before"}),
    "answers-changed": frozenset({"questions"}),
    "answered-by-article": frozenset({"article"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One item for one recipient, as it was filled in. Persons are named by database id or public id.

    There is no price here: prices come from the item only.
    """

    item_key: str
    recipient_id: int | str | None = None  # None: the requester
    answers: Mapping[str, Any] = field(default_factory=dict)
    justification: str = ""
    wish_date: date | None = None
    file_ids: Sequence[str] = ()
    draft_id: str | None = None
    recipient_confirms: bool = False  # the recipient, not the requester, is asked whether it is done
    together: bool = False  # the wish date is that of the whole order, also where the item asks for none


def code(number: int) -> str:
    """The public code of a request (R34)."""
    return f"{PREFIX}{number}"


def retitled(stored: str, item_title: Mapping[str, str], lang: str) -> tuple[str, bool]:
    """A title with its item's part in the reader's language, and whether that part was exchanged.

    What names the request (an answer) stays as it was written; a title that does not begin with its item stays whole.
    """
    there = item_title.get(lang, "")
    for other, name in item_title.items():
        begins = stored == name or stored.startswith(f"{name} – ")
        if name and there and other != lang and begins and name != there:
            return title(there, [stored[len(name) :].removeprefix(" – ")]), True
    return stored, False


def title(item_title: str, naming: Sequence[str]) -> str:
    """What a request is called: the item, then the answers that name it, on one line of at most 200 characters."""
    parts = [" ".join(part.split()) for part in (item_title, *naming)]
    whole = " – ".join(part for part in parts if part)
    return whole if len(whole) <= MAX_TITLE else whole[: MAX_TITLE - 1].rstrip() + "…"
