"""Reads of the record: my requests, the journal for one reader, the export. Each takes a constant number of queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from anliegen.catalogue import queries as catalogue
from anliegen.catalogue.models import ItemVersion
from anliegen.catalogue.queries import form as form_of
from anliegen.catalogue.rules import CheckedAnswers, QuestionType
from anliegen.lib.text import LocalText
from anliegen.people import queries as people
from anliegen.people.models import User
from anliegen.reads.prepared import Ids, Prepared, Slot
from anliegen.requests import access
from anliegen.requests.models import Attachment, JournalEntry, Link, Order, Participant, Rating, ServiceRequest
from anliegen.requests.rules import FOLLOWING, EndKind, EntryKind, LineState, Status, Visibility, title
from anliegen.search import queries as search

PAGE = 25
EXPORT_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list; `number` counts from 1."""

    ids: list[int]
    number: int
    total: int
    size: int = PAGE

    @property
    def rows(self) -> list[ServiceRequest]:
        """Its requests, read now; who shows lines of them needs the ids only."""
        return by_ids(self.ids)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def has_next(self) -> bool:
        return self.number < self.pages

    @property
    def has_previous(self) -> bool:
        return self.number > 1


def my_requests(
    user: User, *, state: str = "all", text: str = "", page: int = 1, size: int = PAGE, typing: bool = False
) -> Page:
    """What somebody asked for, gets or follows, the newest first (R55). `state` is "open", "closed" or "all".

    `text` finds by number and by words of title, answers, messages and names of files, the newest 1,000.
    `typing`: its last word may not be finished.
    """
    rows = access.own(user)
    if text.strip():
        rows = rows.filter(pk__in=search.search_requests(text, access=access.own_words(user), typing=typing))
    return _page(_in_state(rows, state), page, size)


def find(user: User, now: datetime, *, state: str = "all", text: str = "", page: int = 1, size: int = PAGE) -> Page:
    """All requests that somebody may see, the newest first; for the desk.

    `text` finds as in `my_requests`, and by requester and recipient.
    """
    if text.strip():
        found = search.search_requests(text, access=access.found_by(user, now), named=True)
        rows = ServiceRequest.objects.filter(pk__in=access.among(found, user, now))
    else:
        rows = access.visible_to(user, now)
    return _page(_in_state(rows, state), page, size)


def _in_state(rows: QuerySet[ServiceRequest], state: str) -> QuerySet[ServiceRequest]:
    return rows.filter(ended_at__isnull=state == "open") if state in {"open", "closed"} else rows


def _page(rows: QuerySet[ServiceRequest], page: int, size: int, *, newest_first: bool = True) -> Page:
    """The ids first, then only their rows: a join before LIMIT costs thirty times as much."""
    total = rows.count()
    page = min(max(1, page), max(1, -(-total // size)))
    ids = list(
        rows.order_by("-id" if newest_first else "id").values_list("id", flat=True)[(page - 1) * size : page * size]
    )
    return Page(ids, page, total, size)


def asked_within(service_request: ServiceRequest, days: int) -> int:
    """How many requests of this kind its recipient has had in the days before it came in, itself included (R119)."""
    begin = service_request.received_at - timedelta(days=days)
    rows = ServiceRequest.objects.filter(
        recipient=service_request.recipient_id,
        item_version__item=service_request.item_version.item_id,
        received_at__gt=begin,
        received_at__lte=service_request.received_at,
    )
    return rows.exclude(status=Status.CANCELLED).count()


def by_ids(ids: Sequence[int]) -> list[ServiceRequest]:
    """These requests, in this order, with what lists show. The caller has checked who may see them."""
    rows = {row.pk: row for row in _ROWS(ids=ids)}
    return [rows[id_] for id_ in ids if id_ in rows]


_ROWS = Prepared(
    lambda: ServiceRequest.objects.select_related(
        "item_version__item__category", "requester__department", "recipient", "order"
    ).filter(pk__in=Ids("ids"))
)


def codes_of(order: Order) -> list[str]:
    """The codes of a checkout's requests, for who has just made it."""
    return list(order.service_requests.order_by("id").values_list("code", flat=True))


def order_of(service_request: ServiceRequest, viewer: User) -> str:
    """The order that this one was sent in with others, for who may open its page; "" for everybody else, or alone."""
    order = service_request.order
    if viewer.pk not in (order.requester_id, order.recorder_id):
        return ""
    return order.public_id if _SIBLINGS(order=order.pk, pk=service_request.pk) else ""


_SIBLINGS = Prepared(
    lambda: ServiceRequest.objects.filter(order=Slot("order")).exclude(pk=Slot("pk")).values_list("pk", flat=True)[:1]
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a large order is: lines in all, requests made and begun, and what could not be made, with the reason."""

    total: int = 0
    made: int = 0
    begun: int = 0
    refused: tuple[tuple[User, str], ...] = ()

    @property
    def done(self) -> int:
        return self.begun + len(self.refused)

    @property
    def running(self) -> bool:
        return self.done < self.total


def progress(order: Order) -> Progress:
    """How far its job is; nothing for an order that was made at once. One statement, and one for what was refused."""
    counted = dict(order.lines.order_by().values_list("state").annotate(n=Count("id")))
    if not counted:
        return Progress()
    begun = counted.get(LineState.SENT, 0)
    refused: tuple[tuple[User, str], ...] = ()
    if counted.get(LineState.REFUSED):
        rows = order.lines.filter(state=LineState.REFUSED).select_related("recipient")
        refused = tuple((row.recipient, row.problem) for row in rows)
    return Progress(sum(counted.values()), begun + counted.get(LineState.MADE, 0), begun, refused)


def in_order(order: Order, viewer: User, now: datetime, *, page: int = 1) -> Page:
    """The requests of a checkout that this reader may see, as they were made."""
    return _page(access.visible_to(viewer, now).filter(order=order), page, PAGE, newest_first=False)


def entries(service_request: ServiceRequest, viewer: User, now: datetime) -> list[JournalEntry]:
    """The journal as this reader may see it, oldest first, with actors and attachments."""
    return _entries(service_request, internal=access.may_see_internal(viewer, service_request, now))


def _entries(service_request: ServiceRequest, *, internal: bool) -> list[JournalEntry]:
    rows = (_ENTRIES if internal else _OPEN_ENTRIES)(service_request=service_request.pk)
    files: dict[int | None, list[Attachment]] = defaultdict(list)
    for file in (_FILES if internal else _OPEN_FILES)(service_request=service_request.pk):
        files[file.entry_id].append(file)
    for row in rows:
        row.shown_files = files[row.pk]
    return rows


def _journal() -> QuerySet[JournalEntry]:
    return JournalEntry.objects.filter(service_request=Slot("service_request")).select_related("actor").order_by("seq")


def _attached() -> QuerySet[Attachment]:
    rows = Attachment.objects.filter(service_request=Slot("service_request"), entry__isnull=False)
    return rows.select_related("file").order_by("id")


_ENTRIES = Prepared(_journal)
_OPEN_ENTRIES = Prepared(lambda: _journal().filter(visibility=Visibility.ALL))
_FILES = Prepared(_attached)
_OPEN_FILES = Prepared(lambda: _attached().filter(visibility=Visibility.ALL))


def attachments(service_request: ServiceRequest, viewer: User, now: datetime) -> list[Attachment]:
    """The files of a request that this reader may have."""
    return _attachments(service_request, internal=access.may_see_internal(viewer, service_request, now))


def _attachments(service_request: ServiceRequest, *, internal: bool) -> list[Attachment]:
    rows = Attachment.objects.filter(service_request=service_request).select_related("file", "entry").order_by("id")
    return list(rows if internal else rows.filter(visibility=Visibility.ALL))


def participants(service_request: ServiceRequest) -> list[Participant]:
    """Who takes or took part, as what, from when until when."""
    return _PARTICIPANTS(service_request=service_request.pk)


_PARTICIPANTS = Prepared(
    lambda: (
        Participant.objects.filter(service_request=Slot("service_request"))
        .select_related("person", "team")
        .order_by("id")
    )
)


def followers(service_request: ServiceRequest) -> list[User]:
    """Whom requester or recipient let follow."""
    rows = Participant.objects.filter(service_request=service_request, role__in=FOLLOWING, until=None)
    return [row.person for row in rows.select_related("person").order_by("id") if row.person]


def rating(service_request: ServiceRequest, viewer: User, now: datetime) -> Rating | None:
    """How content the requester was, for those who may know; None where nobody has said so. Few statements."""
    if service_request.end_kind != EndKind.FULFILLED:
        return None
    found = Rating.objects.filter(service_request=service_request).first()
    return found if found and access.may_see_rating(viewer, service_request, now) else None


def asked(item_version: ItemVersion, checked: CheckedAnswers) -> list[dict[str, Any]]:
    """Questions and answers as they were put, to be read when the item has long changed: see `ServiceRequest.form`."""
    return [
        {
            "key": question.key,
            "type": question.type.value,
            "label": question.label.json(),
            "value": checked.values[question.key],
            "shown": checked.labels[question.key].json(),
            **({"seen_by": list(question.seen_by)} if question.seen_by else {}),
        }
        for question in form_of(item_version).questions
        if question.key in checked.values and checked.labels[question.key]
    ]


def called(item_version: ItemVersion, checked: CheckedAnswers, lang: str) -> str:
    """What a request is called: the item and the answers that name it."""
    naming = [
        checked.labels[question.key].to(lang)
        for question in form_of(item_version).questions
        if question.names and question.key in checked.labels
    ]
    return title(LocalText.of(item_version.title).to(lang), naming)


def place_text(item_version: ItemVersion, checked: CheckedAnswers, recipient: User) -> str:
    """Where it is wanted (R49): the first place that was answered, else where the recipient works."""
    for question in form_of(item_version).questions:
        if question.type is QuestionType.PLACE and question.key in checked.labels:
            return checked.labels[question.key].to("de")[:200]
    place = recipient.place
    if place is None:
        return ""
    return (f"{place.code} {place.name}" if place.name and place.name != place.code else place.code)[:200]


def answered_files(item_version: ItemVersion, checked: CheckedAnswers) -> dict[str, str]:
    """The uploads among the answers, with the question that each answers."""
    found: dict[str, str] = {}
    for question in form_of(item_version).questions:
        if question.type is QuestionType.FILE:
            found |= dict.fromkeys(checked.values.get(question.key, ()), question.key)
    return found


def answers(service_request: ServiceRequest, viewer: User, now: datetime) -> list[tuple[LocalText, LocalText]]:
    """What was asked and answered, in words, as this reader may see it."""
    rows = answer_rows(service_request, viewer, now)
    return [(LocalText.of(row["label"]), LocalText.of(row["shown"])) for row in rows]


def answer_rows(service_request: ServiceRequest, viewer: User, now: datetime) -> list[dict[str, Any]]:
    """The answers as they are kept in `ServiceRequest.form`; what only some teams see stands there without its value.

    One statement for the reader's teams, where a question says who sees its answer.
    """
    rows: list[dict[str, Any]] = service_request.form.get("answers", [])
    if not any(row.get("seen_by") for row in rows) or access.is_owner(viewer, service_request):
        return rows
    teams = {team.key for team in people.teams_of(viewer, now)}
    return [row if _is_seen(row, teams) else {**row, "value": None, "shown": _HIDDEN.json()} for row in rows]


_HIDDEN = LocalText("Nur für das zuständige Team sichtbar", "Visible to the team in charge only")


def _is_seen(row: Mapping[str, Any], teams: set[str]) -> bool:
    return not row.get("seen_by") or bool(teams.intersection(row["seen_by"]))


def kept_files(service_request: ServiceRequest) -> dict[str, str]:
    """The files that belong to a request already, public id -> name; answers of `revise` may name them again."""
    rows = Attachment.objects.filter(service_request=service_request, visibility=Visibility.ALL)
    return dict(rows.values_list("file__public_id", "file__name"))


@dataclass(frozen=True, slots=True)
class Linked:
    """Another request that belongs to this one. `forward`: this one is the later of the two, as the kind reads."""

    kind: str
    forward: bool
    service_request: ServiceRequest


def links(service_request: ServiceRequest, viewer: User, now: datetime) -> list[Linked]:
    """The requests that belong to this one, of those that the reader may see, in the order in which they were linked.

    Two statements.
    """
    rows = list(Link.objects.filter(Q(service_request=service_request) | Q(other=service_request)).order_by("id"))
    if not rows:
        return []
    ids = {row.other_id if row.service_request_id == service_request.pk else row.service_request_id for row in rows}
    seen = access.visible_to(viewer, now).only("code", "title", "lang", "status").in_bulk(ids)
    found = []
    for row in rows:
        forward = row.service_request_id == service_request.pk
        one = seen.get(row.other_id if forward else row.service_request_id)
        if one is not None:
            found.append(Linked(row.kind, forward, one))
    return found


def as_json(service_request: ServiceRequest, viewer: User, now: datetime) -> dict[str, Any]:
    """The whole record as this reader may see it, for machines and the archive. No database ids.

    An entry's id is the code with its number; numbers of entries that the reader may not see are left out.
    """
    internal = access.may_see_internal(viewer, service_request, now)
    return {
        "format": EXPORT_FORMAT,
        **_head(service_request),
        **_money(service_request),
        **_state(service_request),
        "answers": answer_rows(service_request, viewer, now),
        "journal": [
            _entry(service_request.code, entry, internal) for entry in _entries(service_request, internal=internal)
        ],
        "attachments": [_attachment(row) for row in _attachments(service_request, internal=internal)],
        "links": [_link(one) for one in links(service_request, viewer, now)],
        "participants": [_participant(row) for row in participants(service_request)],
        **_rated(rating(service_request, viewer, now)),
    }


def _rated(found: Rating | None) -> dict[str, Any]:
    """Stands there only for those who may read it."""
    if found is None:
        return {}
    return {"rating": {"score": found.score, "sentence": found.sentence or None, "at": _time(found.changed_at)}}


def _person(user: User | None) -> dict[str, str] | None:
    return {"id": user.public_id, "name": user.full_name} if user else None


def _head(row: ServiceRequest) -> dict[str, Any]:
    return {
        "code": row.code,
        "order": row.order.public_id,
        "item": {"key": row.item_version.item.key, "version": row.item_version.number},
        "category": row.category_key,
        "kind": row.kind,
        "title": row.title,
        "language": row.lang,
        "requester": _person(row.requester),
        "recipient": _person(row.recipient),
        "recorder": _person(row.recorder),
        "recipient_confirms": row.recipient_confirms,
        "channel": row.channel,
        "justification": row.justification,
        "wish_date": row.wish_date.isoformat() if row.wish_date else None,
        "place": row.place,
        "confidential": row.confidential,
    }


def _money(row: ServiceRequest) -> dict[str, Any]:
    return {
        "cost_cents": row.cost_cents,
        "monthly_cents": row.monthly_cents,
        "term_months": row.term_months,
        "order_total_cents": row.order.total_cents,
        "approved_cents": row.approved_cents,
    }


def _state(row: ServiceRequest) -> dict[str, Any]:
    return {
        "status": row.status,
        "phase": row.phase,
        "routed_to": row.routed_to,
        "promise": _time(row.promise),
        "forecast": _time(row.forecast),
        "received_at": _time(row.received_at),
        "ended_at": _time(row.ended_at),
        "end_kind": row.end_kind or None,
        "closed_by": row.closed_by or None,
        "reject_reason": row.reject_reason or None,
        "reject_sentence": row.reject_sentence or None,
        "held_reason": row.held_reason or None,
        "version": row.version,
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _entry(code: str, entry: JournalEntry, internal: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": f"{code}/{entry.seq}",
        "sequence": entry.seq,
        "kind": entry.kind,
        "at": _time(entry.at),
        "actor": _person(entry.actor),
        "team": entry.team_key or None,
        "sentence": entry.sentence or None,
        "params": entry.params,
        "text": entry.text or None,
        "language": entry.lang or None,
        "files": [row.file.public_id for row in entry.shown_files],
    }
    if internal:
        told["visibility"] = entry.visibility
    if entry.kind == EntryKind.DECISION:
        told |= {"rule": entry.rule, "rule_version": entry.rule_version, "inputs": entry.inputs, "result": entry.result}
    return told


def _attachment(row: Attachment) -> dict[str, Any]:
    return {
        "id": row.file.public_id,
        "name": row.file.name,
        "media_type": row.file.media_type,
        "size": row.file.size,
        "sha256": row.file.sha256,
        "question": row.question or None,
        "entry": row.entry.seq if row.entry else None,
    }


def _link(one: Linked) -> dict[str, Any]:
    """`direction` "to": this request is the later one and the kind says what it does; "from": the other way round."""
    return {"kind": one.kind, "direction": "to" if one.forward else "from", "code": one.service_request.code}


def _participant(row: Participant) -> dict[str, Any]:
    team: Mapping[str, str] | None = {"key": row.team.key} if row.team else None
    return {
        "person": _person(row.person),
        "team": team,
        "role": row.role,
        "since": _time(row.since),
        "until": _time(row.until),
    }


def is_unpriced(one: ServiceRequest, **answers: str) -> bool:
    """Whether nobody knows yet what it costs: no price, and a program that the software register does not have.

    `answers`: what stands in place of the answers of the request, such as the program as a step put it right.
    """
    return not (one.cost_cents or one.monthly_cents) and catalogue.unpriced(
        one.item_version, {**one.answers, **answers}
    )
