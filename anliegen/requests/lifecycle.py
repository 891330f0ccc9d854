"""Reserved for workflow: status, end, journal, participation, cost and answers of a request.

Every function takes a request whose row is locked (`access.locked`) and counts `version` up. All write at once, but
`log_later`. Counters are counted in the database, so that two objects of one row in one transaction cannot disagree.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Case, F, Sum, Value, When
from django.utils.translation import gettext_lazy as _

from anliegen.catalogue import queries as catalogue
from anliegen.catalogue.models import ItemVersion
from anliegen.catalogue.rules import CheckedAnswers, Price, possible_id
from anliegen.files import actions as files
from anliegen.files.models import StoredFile
from anliegen.lib import bus
from anliegen.lib.errors import Refused
from anliegen.lib.text import Sentence
from anliegen.people.models import Team, User
from anliegen.requests import indexing, queries
from anliegen.requests.models import Attachment, JournalEntry, Link, Order, Participant, ServiceRequest
from anliegen.requests.rules import (
    MAX_CENTS,
    ClosedBy,
    EndKind,
    EntryKind,
    LinkKind,
    ParticipantRole,
    Reason,
    Status,
    Visibility,
)

__all__ = [
    "By",
    "Decision",
    "claim_files",
    "close_participation",
    "end",
    "hold",
    "link",
    "log",
    "log_later",
    "open_participation",
    "reopen",
    "save",
    "say",
    "set_answers",
    "set_approved",
    "set_cost",
    "set_forecast",
    "set_item",
    "set_status",
]


FILE_KIND = "service_request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Which rule decided, in which version, from what, and with which result."""

    rule: str
    rule_version: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    result: Any = None


@dataclass(frozen=True, slots=True)
class By:
    """Who did it, and for which team."""

    actor: User | None = None
    team_key: str = ""


def save(service_request: ServiceRequest, *fields: str) -> None:
    """Write these fields, and count the version up; with them what `log_later` holds."""
    entries = bus.take_gathered(_later(service_request))
    service_request.version = F("version") + 1
    if entries:
        service_request.journal_seq = F("journal_seq") + len(entries)
        fields = (*fields, "journal_seq")
    service_request.save(update_fields=["version", *fields])
    if entries:
        _insert(service_request, entries)


def _later(service_request: ServiceRequest) -> tuple[str, int]:
    return ("journal", service_request.pk)


def _insert(service_request: ServiceRequest, entries: list[JournalEntry]) -> None:
    """Write entries whose numbers the request has counted up already."""
    first = int(service_request.journal_seq) - len(entries) + 1
    for number, entry in enumerate(entries, first):
        entry.seq = number
    JournalEntry.objects.bulk_create(entries)


def set_status(service_request: ServiceRequest, status: Status | str, phase: str, routed_to: str) -> bool:
    """Store what the status rule says; whether anything changed. An ended request is ended by `end` only."""
    new = (Status(status).value, phase[:60], routed_to[:200])
    if (service_request.status, service_request.phase, service_request.routed_to) == new:
        return False
    service_request.status, service_request.phase, service_request.routed_to = new
    save(service_request, "status", "phase", "routed_to")
    return True


def hold(service_request: ServiceRequest, reason: str) -> None:
    """Store why a request is on hold; an empty reason takes it off."""
    service_request.held_reason = reason[:200]
    save(service_request, "held_reason")


def end(
    service_request: ServiceRequest,
    end_kind: EndKind | str,
    *,
    now: datetime,
    closed_by: ClosedBy | str = "",
    reject_reason: Reason | str = "",
    reject_sentence: str = "",
) -> None:
    """Close the record. A rejection needs a reason from the list and a sentence (R65, R66)."""
    kind = EndKind(end_kind)
    if kind is EndKind.REJECTED and not (reject_reason and reject_sentence.strip()):
        raise ValueError("A rejection needs a reason and a sentence.")
    service_request.status = Status(kind.value).value
    service_request.end_kind = kind.value
    service_request.closed_by = ClosedBy(closed_by).value if closed_by else ""
    service_request.reject_reason = Reason(reject_reason).value if reject_reason else ""
    service_request.reject_sentence = reject_sentence.strip()
    service_request.held_reason = service_request.routed_to = ""
    service_request.ended_at = now
    save(
        service_request,
        "status",
        "end_kind",
        "closed_by",
        "reject_reason",
        "reject_sentence",
        "held_reason",
        "routed_to",
        "ended_at",
    )


def reopen(service_request: ServiceRequest) -> None:
    """Take the end back: only a fulfilled request can go on (a rejected or cancelled one never)."""
    if service_request.end_kind != EndKind.FULFILLED:
        raise ValueError("Only a fulfilled request can be reopened.")
    service_request.end_kind = service_request.closed_by = ""
    service_request.ended_at = None
    service_request.status = Status.PROGRESS.value
    save(service_request, "end_kind", "closed_by", "ended_at", "status")


def log(
    service_request: ServiceRequest,
    sentence: Sentence,
    *,
    now: datetime,
    by: By | None = None,
    decision: Decision | None = None,
    visibility: Visibility | str = Visibility.ALL,
) -> JournalEntry:
    """Write the next entry: what happened, or with `decision` what was decided and why. No `by`: the system."""
    return _write(service_request, _event(service_request, sentence, now, by, decision, visibility))


def log_later(
    service_request: ServiceRequest,
    sentence: Sentence,
    *,
    now: datetime,
    by: By | None = None,
    decision: Decision | None = None,
    visibility: Visibility | str = Visibility.ALL,
) -> None:
    """The same, written together with the other entries of the command: before whatever else is written of the request,
    at the latest at the end of the command; outside of one at once.
    """
    entry = _event(service_request, sentence, now, by, decision, visibility)
    if not bus.gather(_later(service_request), entry, lambda entries: _write_all(service_request, entries)):
        _write(service_request, entry)


def _event(
    service_request: ServiceRequest,
    sentence: Sentence,
    now: datetime,
    by: By | None,
    decision: Decision | None,
    visibility: Visibility | str,
) -> JournalEntry:
    return _signed(
        JournalEntry(
            kind=EntryKind.DECISION if decision else EntryKind.EVENT,
            visibility=Visibility(visibility),
            sentence=sentence.key,
            params=dict(sentence.params),
            rule=decision.rule if decision else "",
            rule_version=decision.rule_version if decision else "",
            inputs=dict(decision.inputs) if decision else None,
            result=decision.result if decision else None,
        ),
        service_request,
        by,
        now,
    )


def say(
    service_request: ServiceRequest, text: str, *, kind: EntryKind, by: By, now: datetime, sentence: str = ""
) -> JournalEntry:
    """Write what a person says as the next entry: a message for all, or a note, which is always internal."""
    seen = Visibility.INTERNAL if kind is EntryKind.NOTE else Visibility.ALL
    lang = by.actor.language if by.actor else service_request.lang
    entry = JournalEntry(kind=kind, visibility=seen, text=text, lang=lang, sentence=sentence)
    written = _write(service_request, _signed(entry, service_request, by, now))
    if seen is Visibility.ALL:
        indexing.changed(service_request.pk)
    return written


def _signed(entry: JournalEntry, service_request: ServiceRequest, by: By | None, now: datetime) -> JournalEntry:
    entry.service_request, entry.at = service_request, now
    entry.actor, entry.team_key = (by.actor, by.team_key) if by else (None, "")
    return entry


def _write(service_request: ServiceRequest, entry: JournalEntry) -> JournalEntry:
    _write_all(service_request, [*bus.take_gathered(_later(service_request)), entry])
    return entry


def _write_all(service_request: ServiceRequest, entries: list[JournalEntry]) -> None:
    service_request.version = F("version") + 1
    service_request.journal_seq = F("journal_seq") + len(entries)
    service_request.save(update_fields=["version", "journal_seq"])
    _insert(service_request, entries)


type TakesPart = User | Team | Sequence[User]


def open_participation(
    service_request: ServiceRequest, who: TakesPart, role: ParticipantRole | str, *, now: datetime
) -> None:
    """Somebody, or a team, takes part from now on; once more for each task or vote that opens. Of several persons, each
    once; at most three statements however many.

    The entry or status that goes with it counts the version up.
    """
    name, ids = _ids(who)
    rows = Participant.objects.filter(service_request=service_request, role=role, **{f"{name}__in": ids})
    known = rows.update(open_count=F("open_count") + 1, until=None) if ids else 0
    if known < len(ids):
        there = set(rows.values_list(name, flat=True)) if known else set()
        new = [pk for pk in ids if pk not in there]
        Participant.objects.bulk_create(
            Participant(service_request=service_request, role=role, since=now, **{f"{name}_id": pk}) for pk in new
        )
        indexing.shared(service_request.pk)


def close_participation(
    service_request: ServiceRequest, who: TakesPart, role: ParticipantRole | str, *, now: datetime
) -> None:
    """One task or vote less, of several persons for each; with the last one they see a confidential request no more."""
    name, ids = _ids(who)
    if ids:
        part = {f"{name}__in": ids, "role": role, "open_count__gt": 0}
        last = Case(When(open_count=1, then=Value(now)), default=F("until"))
        rows = Participant.objects.filter(service_request=service_request, **part)
        rows.update(open_count=F("open_count") - 1, until=last)


def _ids(who: TakesPart) -> tuple[str, list[int]]:
    if isinstance(who, Team):
        return "team", [who.pk]
    return "person", [who.pk] if isinstance(who, User) else list(dict.fromkeys(person.pk for person in who))


def set_cost(
    service_request: ServiceRequest,
    cost_cents: int,
    monthly_cents: int,
    *,
    now: datetime,
    by: By | None = None,
) -> bool:
    """Replace the cost by what a task found out, with an entry; the order's total follows. Whether it changed."""
    before = Price(service_request.cost_cents, service_request.monthly_cents)
    after = Price(cost_cents, monthly_cents)
    if before == after:
        return False
    if min(cost_cents, monthly_cents) < 0 or max(cost_cents, monthly_cents) > MAX_CENTS:
        raise ValueError("A cost is between 0 and 10^11 cents.")
    months = service_request.term_months
    service_request.cost_cents, service_request.monthly_cents = cost_cents, monthly_cents
    save(service_request, "cost_cents", "monthly_cents")
    difference = after.total(months) - before.total(months)
    Order.objects.filter(pk=service_request.order_id).update(total_cents=F("total_cents") + difference)
    service_request.order.refresh_from_db(fields=["total_cents"])
    params = {
        "cents": cost_cents,
        "before": before.cents,
        "monthly_cents": monthly_cents,
        "monthly_before": before.monthly_cents,
    }
    log(service_request, Sentence("cost-changed", params), now=now, by=by)
    return True


def set_approved(service_request: ServiceRequest, cents: int) -> None:
    """Store the amount that was approved, in cents: one-off + monthly x months of the term."""
    if service_request.approved_cents != cents:
        service_request.approved_cents = cents
        save(service_request, "approved_cents")


def set_forecast(service_request: ServiceRequest, forecast: datetime, *, now: datetime) -> bool:
    """Store when it will probably be done, with an entry; whether anything changed. The promise stays."""
    before = service_request.forecast
    if before == forecast:
        return False
    service_request.forecast = forecast
    save(service_request, "forecast")
    log(service_request, Sentence("forecast", {"forecast": forecast.isoformat()}), now=now)
    return True


def set_answers(
    service_request: ServiceRequest, answers: Mapping[str, Any], *, acting_user: User, now: datetime
) -> None:
    """Replace what was answered (revise). Cost begins anew from the item; the order's total is what is not ended.

    Raises Refused with a message per field, "q_<key>"; uploads may be the acting user's or the request's own.
    """
    version = service_request.item_version
    kept = queries.kept_files(service_request)
    checked = catalogue.check(version, answers, viewer=acting_user, now=now, kept_files=kept)
    price = catalogue.price(version, checked.values)
    if max(price.cents, price.monthly_cents) > MAX_CENTS:
        raise Refused("", _("This order is too large. Please ask the service desk."))
    old = service_request.answers
    changed = sorted(key for key in {*old, *checked.values} if old.get(key) != checked.values.get(key))
    _write_answers(service_request, checked, price)
    by = By(acting_user)
    entry = log(service_request, Sentence("answers-changed", {"questions": changed}), now=now, by=by)
    claim_files(entry, queries.answered_files(version, checked), owner=acting_user, known=kept)


def _write_answers(service_request: ServiceRequest, checked: CheckedAnswers, price: Price, *more: str) -> None:
    """Store answers of the request's item, and what follows from them; `more` names further fields to be saved."""
    version = service_request.item_version
    service_request.answers = checked.values
    service_request.form = {"format": 1, "answers": queries.asked(version, checked)}
    service_request.title = queries.called(version, checked, service_request.lang)
    service_request.place = queries.place_text(version, checked, service_request.recipient)
    service_request.cost_cents, service_request.monthly_cents = price.cents, price.monthly_cents
    answered = ("answers", "form", "title", "place", "cost_cents", "monthly_cents")
    save(service_request, *answered, *more)
    indexing.changed(service_request.pk)
    _recount(service_request)


def set_item(
    service_request: ServiceRequest,
    item_version: ItemVersion,
    checked: CheckedAnswers,
    *,
    justification: str = "",
) -> None:
    """Move a request to another item (R139), with answers that were checked against it.

    Kind, subject, title and cost follow the item; number, journal, files, wish and receipt stay. What was confidential
    stays confidential. Raises Refused where it costs too much.
    """
    price = catalogue.price(item_version, checked.values)
    if max(price.cents, price.monthly_cents) > MAX_CENTS:
        raise Refused("", _("This order is too large. Please ask the service desk."))
    service_request.item_version = item_version
    service_request.kind, service_request.category_key = item_version.kind, item_version.item.category.key
    service_request.confidential = service_request.confidential or item_version.confidential
    service_request.phase = ""
    asked = item_version.asks_justification
    service_request.justification = (justification or service_request.justification) if asked else ""
    fields = ("item_version", "kind", "category_key", "confidential", "phase", "justification")
    _write_answers(service_request, checked, price, *fields)


def _recount(service_request: ServiceRequest) -> None:
    """The order's total over its requests that are not ended. Locks the order."""
    order = Order.objects.select_for_update().get(pk=service_request.order_id)
    running = order.service_requests.filter(ended_at=None)
    order.total_cents = running.aggregate(sum=Sum(F("cost_cents") + F("monthly_cents") * F("term_months")))["sum"] or 0
    order.save(update_fields=["total_cents"])
    service_request.order = order


def link(service_request: ServiceRequest, other: ServiceRequest, kind: LinkKind | str, *, now: datetime) -> None:
    """Note how a request belongs to an earlier one; once more changes nothing."""
    Link.objects.get_or_create(
        service_request=service_request, other=other, kind=LinkKind(kind).value, defaults={"created_at": now}
    )


def claim_files(
    entry: JournalEntry, questions: Mapping[str, str], *, owner: User, known: Collection[str] = ()
) -> list[StoredFile]:
    """Make uploads part of the request, as visible as the entry that brought them. The files, in order.

    `questions` maps public ids to the form question that they answer, or ""; `known` ones belong to it already. Raises
    NotFound for an upload that is not the owner's (A04), TooLarge.
    """
    ids = [possible_id(file_id) for file_id in questions if file_id not in known]
    stored = files.claim(ids, owner_id=owner.pk, kind=FILE_KIND, object_id=entry.service_request_id, now=entry.at)
    Attachment.objects.bulk_create(
        Attachment(
            service_request=entry.service_request,
            entry=entry,
            file=file,
            question=questions.get(file.public_id, ""),
            visibility=entry.visibility,
        )
        for file in stored
    )
    if stored and entry.visibility == Visibility.ALL:
        indexing.changed(entry.service_request_id)
    return stored
