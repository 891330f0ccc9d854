"""The words of running state, and its pure rules: status, quorum, carry-over, automatic approval."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import combinations
from typing import Any

from anliegen.catalogue.rules import CategoryContent, ItemContent
from anliegen.requests.rules import Status

CONFIRMATION_DAYS = 5  # working days until a request is accepted by time, unless the release says otherwise
REOPEN_DAYS = 10  # working days in which a fulfilled request may be reopened
DETAILS = "details"  # the task of a requester whose request was moved to another service: complete what is missing
MAX_NOTE = 4_000
MAX_REASON = 1_000
SECURITY_TEAM = "it-security"  # takes up alarms about accounts
HINT_AFTER, HINT_DAYS = 3, 60  # so many requests of one kind in so many days suggest a training (R78, R119)


class VersionState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class RunStatus(StrEnum):
    RUNNING = "running"
    ENDED = "ended"
    REPLACED = "replaced"  # a later pass of the same request took over


class TaskState(StrEnum):
    """Forward only, but for the undo window, which opens a settled task again."""

    OPEN = "open"
    SETTLED = "settled"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class Begun(StrEnum):
    """Why a pass began. Only a revise carries over what was decided before."""

    START = "start"
    REVISE = "revise"
    REOPEN = "reopen"
    RECLASSIFY = "reclassify"


class Verdict(StrEnum):
    WAITING = "waiting"  # in sequence: not asked yet
    OPEN = "open"
    YES = "yes"
    NO = "no"
    VOID = "void"  # decided by others before this vote was needed


class Kind(StrEnum):
    """What a task asks for: the engine's kinds, and side work, which has no token."""

    CHECK = "check"
    APPROVAL = "approval"
    WORK = "work"
    IDENTITY = "identity"
    PLAN = "plan"
    QUALITY = "quality"
    ACCEPTANCE = "acceptance"
    ANSWER = "answer"
    SIDE = "side"


ALIVE = (TaskState.OPEN, TaskState.SETTLED)
CHECKS = frozenset({Kind.CHECK, Kind.IDENTITY})
WORK = frozenset({Kind.WORK, Kind.PLAN, Kind.SIDE})  # who did such a step does not check it afterwards
NEVER_CARRIED = frozenset({Kind.QUALITY, Kind.ACCEPTANCE})
NEGATIVE = frozenset({"no", "incomplete", "taken", "rejected", "declined", "failed", "unavailable", "invalid"})

# Sentences that the workflow writes into the journal, with their parameters; tracking has the words.
SENTENCES: Mapping[str, frozenset[str]] = {
    "started": frozenset(),
    "task-opened": frozenset({"task", "who"}),
    "task-done": frozenset({"task", "outcome"}),
    "task-withdrawn": frozenset({"task"}),
    "task-carried-over": frozenset({"task", "outcome", "by"}),
    "task-undone": frozenset({"task"}),
    "taken": frozenset({"task", "name"}),
    "given-back": frozenset({"task"}),
    "assigned": frozenset({"task", "name"}),
    "handed-over": frozenset({"task", "team", "reason"}),
    "rerouted": frozenset({"task", "who"}),
    "planned": frozenset({"task", "start_at", "end_at", "place", "name"}),
    "clash": frozenset({"tasks", "team"}),
    "clash-over": frozenset(),
    "called-in": frozenset({"team", "what"}),
    "asked": frozenset({"task", "name"}),
    "answered": frozenset({"name"}),
    "voted-yes": frozenset({"task", "name"}),
    "voted-no": frozenset({"task", "name"}),
    "voted-for": frozenset({"task", "name", "principal", "verdict"}),
    "approved": frozenset({"task", "name", "cents"}),
    "justified": frozenset({"task", "name", "text"}),
    "program-known": frozenset({"program", "vendor", "approved", "used_here", "licences", "cents", "monthly_cents"}),
    "program-known-open": frozenset({"program", "vendor", "approved", "used_here", "cents", "monthly_cents"}),
    "program-unknown": frozenset({"program"}),
    "licence-kept": frozenset({"program", "quantity"}),
    "licence-missing": frozenset({"program", "quantity"}),
    "licence-booked": frozenset({"program", "quantity"}),
    "licence-released": frozenset({"quantity"}),
    "right-known": frozenset({"right", "owner", "team"}),
    "clearance-held": frozenset({"name", "clearance", "until"}),
    "clearance-held-open": frozenset({"name", "clearance"}),
    "clearance-missing": frozenset({"name", "clearance"}),
    "clearance-expired": frozenset({"name", "clearance", "until"}),
    "pair-forbidden": frozenset({"right", "held", "reason"}),
    "granted": frozenset({"name", "right", "until"}),
    "granted-open": frozenset({"name", "right"}),
    "withdrawn-right": frozenset({"name", "right"}),
    "not-held": frozenset({"name", "right"}),
    "made-renewal": frozenset({"code", "until"}),
    "made-withdrawal": frozenset({"code"}),
    "made-withdrawal-left": frozenset({"code", "name"}),
    "not-approved": frozenset({"task", "name", "reason"}),
    "approved-by-limit": frozenset({"cents", "limit_cents"}),
    "limit-exceeded": frozenset({"cents", "limit_cents", "exceeded"}),
    "approved-already": frozenset({"task", "name", "cents"}),
    "approved-once": frozenset({"task", "name"}),
    "approved-free": frozenset({"task"}),
    "decided-by-table": frozenset({"task", "result", "reason"}),
    "routed": frozenset({"team", "reason"}),
    "routed-no-rule": frozenset({"team"}),
    "routed-nobody-there": frozenset({"team", "wanted"}),
    "decided-by-rule": frozenset({"task", "result"}),
    "not-needed": frozenset({"task"}),
    "quality-needed": frozenset({"task", "why"}),
    "quality-not-needed": frozenset({"task", "why"}),
    "ordered": frozenset({"quantity", "supplier", "number", "cents", "day"}),
    "delivered": frozenset({"quantity", "received", "ordered"}),
    "device-assigned": frozenset({"number", "name", "place"}),
    "device-returned": frozenset({"number"}),
    "devices-moved": frozenset({"quantity", "place"}),
    "reserved": frozenset({"product", "quantity", "place"}),
    "not-in-stock": frozenset({"product", "quantity"}),
    "issued": frozenset({"quantity"}),
    "released": frozenset({"quantity"}),
    "place-changed": frozenset({"name", "place"}),
    "number-changed": frozenset({"contact_kind", "name", "valid_at", "proves_at"}),
    "training-hint": frozenset({"name", "count", "days"}),
    "security-alarm": frozenset(),
    "not-me": frozenset({"name"}),
    "accepted": frozenset({"name"}),
    "accepted-by-phone": frozenset({"name", "agent"}),
    "accepted-by-time": frozenset({"days"}),
    "not-accepted": frozenset({"name", "text"}),
    "fulfilled": frozenset(),
    "rejected": frozenset({"reason", "text"}),
    "cancelled": frozenset({"name", "reason"}),
    "handed-off": frozenset({"reference"}),
    "held": frozenset({"reason", "until"}),
    "resumed": frozenset(),
    "revised": frozenset({"name"}),
    "reopened": frozenset({"name", "reason"}),
    "reclassified": frozenset({"name", "old", "new", "reason", "asked"}),
    "timer-fired": frozenset({"task"}),
    "fault": frozenset({"task", "code"}),
    "fault-repaired": frozenset({"task", "name"}),
    # Why somebody is asked: reasons of votes and of assignments
    "who-manager": frozenset({"name", "of"}),
    "who-cost-centre": frozenset({"name", "of"}),
    "who-department": frozenset({"name", "of"}),
    "who-role": frozenset({"name", "role"}),
    "who-person": frozenset({"name"}),
    "who-table": frozenset({"name", "table"}),
    "who-step": frozenset({"name"}),
    "who-team": frozenset({"team"}),
    "who-requester": frozenset({"name"}),
    "who-recipient": frozenset({"name"}),
    "who-deputy": frozenset({"name", "of"}),
    "who-instead": frozenset({"name", "of"}),
    "who-process-owner": frozenset({"name"}),
    "who-own": frozenset({"name", "of"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFiles:
    """One service as it is published: the item, its model, its own decision tables, and options of the release."""

    key: str
    name: Mapping[str, str]
    item: ItemContent
    xml: bytes
    category: CategoryContent | None = None
    tables: Mapping[str, str] = field(default_factory=dict)  # key -> CSV
    options: Mapping[str, Any] = field(default_factory=dict)
    model_key: str = ""  # of a model that several items share; "" = the item's key


@dataclass(frozen=True, slots=True)
class Standing:
    """What the status rule reads of one open or settled task."""

    kind: str
    with_owner: bool  # assigned to requester or recipient


def status(
    *,
    previous: Status | str,
    tasks: Iterable[Standing],
    automatic: bool = False,
    held: bool = False,
    ended: Status | str = "",
) -> Status:
    """The status that people see; the first rule that applies (domain: Running).

    `automatic`: a step without people waits: a timer, the gate. Where nothing is open the last stage stays; "received"
    holds only before the first node.
    """
    standing = tuple(tasks)
    kinds = {task.kind for task in standing}
    if ended:
        return Status(ended)
    if held:
        return Status.HOLD
    if Kind.ACCEPTANCE in kinds:
        return Status.DONE
    if any(task.with_owner for task in standing):
        return Status.WAITING
    if automatic or kinds - CHECKS - {Kind.APPROVAL}:
        return Status.PROGRESS
    if Kind.APPROVAL in kinds:
        return Status.APPROVAL
    if kinds or previous in {Status.RECEIVED, Status.HOLD, Status.WAITING, Status.DONE}:
        return Status.CHECKED
    return Status(previous)


def tally(verdicts: Sequence[str], quorum: str) -> str:
    """What the votes decide: "yes", "no", or "" while it is open.

    `quorum` is all, one, majority or a number of yes votes. "no" is decided once the quorum cannot be reached.
    """
    count, yes, no = len(verdicts), verdicts.count(Verdict.YES), verdicts.count(Verdict.NO)
    match quorum:
        case "" | "all":
            needed = count
        case "one":
            needed = 1
        case "majority":
            needed = count // 2 + 1
        case _:
            needed = min(int(quorum), count)
    if count and yes >= needed:
        return "yes"
    return "no" if count - no < needed else ""


def is_positive(outcome: str) -> bool:
    """Whether an outcome goes forward. The words that do not are few, and the same in every model."""
    return outcome not in NEGATIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What an automatic approval looks at (R92, R96)."""

    total_cents: int
    monthly_cents: int = 0
    term_months: int = 12
    quantity: int = 1
    data_class: str = ""


def exceeded(order: Order, limit_cents: int, bounds: Mapping[str, Any]) -> tuple[str, ...]:
    """The parameters by which an order is above what is approved automatically; empty means: automatic (R96).

    `bounds` are further limits of the release: yearly_cents, quantity, term_months, data_classes (those allowed).
    Without a limit of money (0) only an order that costs nothing is within.
    """
    over = []
    if order.total_cents > limit_cents:
        over.append("amount")
    if order.monthly_cents * 12 > bounds.get("yearly_cents", limit_cents):
        over.append("yearly")
    if order.quantity > bounds.get("quantity", order.quantity):
        over.append("quantity")
    if order.monthly_cents and order.term_months > bounds.get("term_months", order.term_months):
        over.append("term")
    if order.data_class and order.data_class not in bounds.get("data_classes", [order.data_class]):
        over.append("data-class")
    return tuple(over)


def basis_of(data: Mapping[str, Any], fields: Sequence[str], who: Sequence[Any]) -> dict[str, Any]:
    """What a step was decided from, for carry-over: the declared fields, by default all answers, cost and total."""
    request = data.get("request", {})
    paths = fields or ("answers", "request.cost_cents", "request.monthly_cents", "request.total_cents")
    found = {path: look_up(data, path) for path in paths} if request or fields else {}
    return {"format": 1, "reads": found, "who": list(who)}


RENEWAL_DAYS = 14  # so long before its end is asked whether a right is still needed


def renewal_days(today: date, until: date) -> tuple[date, date]:
    """On which day it is asked whether a right is still needed, and on which day it is taken back.

    14 days before the end; of less than 28 days, half of them.
    """
    before = min(RENEWAL_DAYS, (until - today).days // 2)
    return until - timedelta(days=max(before, 0)), until + timedelta(days=1)


def own_words_problem(text: str, least: int, other: str) -> str:
    """Why a text is no justification of one's own: "too-short", "copied" from the other text, or "" for a good one."""
    plain = " ".join(text.split())
    if len(plain) < least:
        return "too-short"
    return "copied" if plain.casefold() == " ".join(other.split()).casefold() else ""


def look_up(data: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path, or None where there is none."""
    value: Any = data
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def put(data: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The same data with another value at a dotted path."""
    head, _, rest = path.partition(".")
    inner = data.get(head)
    below = put(inner if isinstance(inner, Mapping) else {}, rest, value) if rest else value
    return {**data, head: below}


@dataclass(frozen=True, slots=True)
class Planned:
    """When and where a step is planned; without an end it takes an hour."""

    key: str
    start: datetime
    end: datetime | None = None
    place: str = ""

    @property
    def until(self) -> datetime:
        return self.end or self.start + timedelta(hours=1)


def clashes(plans: Iterable[Planned]) -> list[tuple[str, str]]:
    """The pairs of steps that are planned at the same time and place, each pair once, in the order of their keys."""
    found = sorted(plans, key=lambda plan: plan.key)
    return [
        (one.key, other.key)
        for one, other in combinations(found, 2)
        if one.start < other.until and other.start < one.until and one.place.casefold() == other.place.casefold()
    ]


def may_carry(kind: str, outcome: str, *, with_owner: bool) -> bool:
    """Whether a finished step of an earlier pass may count again (domain: Carry-over)."""
    return kind not in NEVER_CARRIED and not with_owner and is_positive(outcome)


@dataclass(frozen=True, slots=True)
class Duration:
    """A time of a model: working days and minutes in business time, how often, and after the first time again."""

    days: int = 0
    minutes: int = 0
    times: int = 1


_DURATION = re.compile(r"(?:R(\d+)/)?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")


def duration(text: str) -> Duration | None:
    """The duration that an ISO 8601 text such as P2D, PT8H or R3/P1D names, or None for another text.

    A day is a working day of the calendar, a week five of them.
    """
    hit = _DURATION.fullmatch(text.strip())
    if hit is None or text.strip().endswith(("P", "T")):
        return None
    times, weeks, days, hours, minutes = (int(part or 0) for part in hit.groups())
    return Duration(days + 5 * weeks, hours * 60 + minutes, max(times, 1))
