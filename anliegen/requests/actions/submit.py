"""Sending requests: everything is checked, then everything is written, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from anliegen.audit import actions as audit
from anliegen.catalogue import actions as catalogue_actions
from anliegen.catalogue import queries as catalogue
from anliegen.catalogue.access import current_version, item_to_order
from anliegen.catalogue.models import ItemVersion
from anliegen.catalogue.rules import Channel, CheckedAnswers, Price, Problem, possible_id, text_problem
from anliegen.lib import bus
from anliegen.lib.errors import Forbidden, NotFound, Refused, TooLarge
from anliegen.lib.text import Sentence
from anliegen.people.access import day, may_order_for
from anliegen.people.models import User
from anliegen.people.queries import person
from anliegen.requests import access, indexing, lifecycle, queries
from anliegen.requests.events import Submitted
from anliegen.requests.lifecycle import By
from anliegen.requests.models import Number, Order, Participant, ServiceRequest
from anliegen.requests.rules import (
    FIRST_NUMBER,
    MAX_CENTS,
    MAX_JUSTIFICATION,
    MAX_LINES,
    TERM_MONTHS,
    Line,
    ParticipantRole,
    code,
)

MAX_DAYS = 3650  # how far away a wish may be
ACTION = "requests.submit"
NUMBER = "service-request"


@dataclass(frozen=True, slots=True)
class Checked:
    """A line that may be written."""

    line: Line
    recipient: User
    item_version: ItemVersion
    answers: CheckedAnswers
    price: Price
    justification: str


@dataclass(frozen=True, slots=True)
class Sender:
    """Who asks, who types, how, and when."""

    requester: User
    acting_user: User
    channel: str
    now: datetime

    @property
    def actor(self) -> User | None:
        """Who is told to have sent it: nobody, where it was made by itself."""
        return None if self.channel == Channel.SYSTEM else self.acting_user

    @property
    def recorder(self) -> User | None:
        return self.acting_user if self.acting_user.pk != self.requester.pk else None


@audit.command
def submit(
    lines: Sequence[Line],
    *,
    acting_user: User,
    channel: str,
    key: str,
    now: datetime,
    requester_id: int | str | None = None,
) -> Order:
    """Send one or several lines: one service request each, in one order (R33).

    `requester_id` names the caller for whom an agent records (R84). The same `key` gives the same order again. Raises
    Refused (answers: "q_<key>"; wish_date, justification, recipient; with several lines "<number>.<field>"),
    NotOrderable, NotFound (item, draft, upload of somebody else), Forbidden (recording without the role), TooLarge:
    nothing is then stored.
    """
    before = audit.replayed(acting_user.pk, key, ACTION)
    if before is not None:
        return Order.objects.get(pk=before)
    if not lines:
        raise Refused("", _("There is nothing to send yet."))
    if len(lines) > MAX_LINES:
        raise TooLarge(_("At most %(limit)s requests can be sent at once.") % {"limit": MAX_LINES})
    sender = Sender(_requester(requester_id, acting_user, now), acting_user, channel, now)
    checked = [_check(line, sender, number if len(lines) > 1 else 0) for number, line in enumerate(lines, start=1)]
    total = sum(one.price.total(TERM_MONTHS) for one in checked)
    if total > MAX_CENTS:
        raise Refused("", _("This order is too large. Please ask the service desk."))
    order = Order.objects.create(
        requester=sender.requester, recorder=sender.recorder, total_cents=total, created_at=now
    )
    audit.remember(acting_user.pk, key, ACTION, "order", order.pk)
    made = [make(one, order, sender) for one in checked]
    for service_request in made:
        bus.publish(submitted(service_request, sender, alone=len(made) == 1))
    return order


def require_line(line: Line, *, acting_user: User, now: datetime) -> None:
    """Raise what sending this line through the portal would raise; nothing is written."""
    check_line(line, Sender(person(acting_user.pk), acting_user, Channel.PORTAL, now))


def make_linked(
    item_key: str,
    *,
    requester: User,
    recipient: User,
    answers: Mapping[str, Any],
    justification: str,
    now: datetime,
) -> ServiceRequest:
    """A request that the system makes by itself, such as the question whether a right is still needed.

    Nobody's entitlement is asked, and the recipient may have left. For jobs: a job makes it exactly once. Call inside
    a transaction. Raises NotFound for an item that is not offered, Refused for answers that do not fit its form.
    """
    item_version = current_version(item_key)
    checked = catalogue.check(item_version, answers, viewer=requester, now=now)
    sender = Sender(requester, requester, Channel.SYSTEM, now)
    order = Order.objects.create(requester=requester, recorder=None, total_cents=0, created_at=now)
    line = Line(item_key=item_key)
    made = make(Checked(line, recipient, item_version, checked, Price(), justification), order, sender)
    bus.publish(submitted(made, sender, alone=True))
    return made


def _requester(requester_id: int | str | None, acting_user: User, now: datetime) -> User:
    """Who asks: the acting user, or for an agent the caller."""
    if not acting_user.is_active:
        raise Forbidden
    if requester_id is None or requester_id in {acting_user.pk, acting_user.public_id}:
        return person(acting_user.pk)
    if not access.recorder_allowed(acting_user, now):
        raise Forbidden(_("Only the service desk notes requests for callers."))
    try:
        caller = person(requester_id if isinstance(requester_id, int) else possible_id(requester_id))
    except NotFound:
        caller = None
    if caller is None or not caller.is_active:
        raise Refused("requester", _("There is no such person. Please choose one from the list."))
    return caller


def _check(line: Line, sender: Sender, number: int) -> Checked:
    """One line, checked whole; `number` marks its errors among several lines."""
    try:
        return check_line(line, sender)
    except Refused as refused:
        if not number:
            raise
        errors = {f"{number}.{name}": message for name, message in refused.errors.items()}
        first = next(iter(errors))
        raise Refused(first, errors[first], more=errors) from refused


def check_line(line: Line, sender: Sender) -> Checked:
    recipient = _recipient(line, sender)
    item_version = item_to_order(line.item_key, sender.requester, recipient, sender.channel, sender.now)
    errors: dict[str, Any] = {}
    answers = CheckedAnswers()
    try:
        answers = catalogue.check(item_version, line.answers, viewer=sender.acting_user, now=sender.now)
    except Refused as refused:
        errors |= refused.errors
    justification = line.justification.replace("\r\n", "\n").strip()
    errors |= _frame_errors(line, item_version, justification, sender.now)
    if errors:
        first = next(iter(errors))
        raise Refused(first, errors[first], more=errors)
    price = catalogue.price(item_version, answers.values)
    if max(price.cents, price.monthly_cents) > MAX_CENTS:
        raise Refused("", _("This order is too large. Please ask the service desk."))
    return Checked(line, recipient, item_version, answers, price, justification)


def _recipient(line: Line, sender: Sender) -> User:
    wanted = line.recipient_id
    requester = sender.requester
    if wanted is None or wanted in {requester.pk, requester.public_id}:
        return requester
    which = {"pk": wanted} if isinstance(wanted, int) else {"public_id": possible_id(wanted)}
    found = may_order_for(sender.acting_user, sender.now).filter(**which).values_list("pk", flat=True).first()
    if found is None:
        raise Refused("recipient", _("You cannot order for this person. Please choose one from the list."))
    return person(found)


def _frame_errors(line: Line, item_version: ItemVersion, justification: str, now: datetime) -> dict[str, Any]:
    """What is wrong beside the answers: justification (R39) and wish date (R38)."""
    errors: dict[str, Any] = {}
    if problem := text_problem(justification, MAX_JUSTIFICATION):
        errors["justification"] = catalogue.message(Problem("justification", *problem))
    elif item_version.asks_justification and not justification:
        errors["justification"] = _("Please say in a sentence what you need it for.")
    if line.wish_date and line.wish_date < day(now):
        errors["wish_date"] = _("This day is over. Please choose a later one.")
    elif line.wish_date and (line.wish_date - day(now)).days > MAX_DAYS:
        errors["wish_date"] = _("This day is too far away. Please choose an earlier one.")
    return errors


def make(checked: Checked, order: Order, sender: Sender) -> ServiceRequest:
    """Write one request with its first entry, participants and files."""
    version, line = checked.item_version, checked.line
    lang = sender.requester.language
    called = queries.called(version, checked.answers, lang)
    number = code(_next_number())
    service_request = ServiceRequest.objects.create(
        code=number,
        order=order,
        item_version=version,
        kind=version.kind,
        category_key=version.item.category.key,
        title=called,
        requester=sender.requester,
        recipient=checked.recipient,
        recorder=sender.recorder,
        recipient_confirms=line.recipient_confirms,
        channel=Channel(sender.channel),
        lang=lang,
        answers=checked.answers.values,
        form={"format": 1, "answers": queries.asked(version, checked.answers)},
        justification=checked.justification if version.asks_justification else "",
        wish_date=line.wish_date if version.asks_wish_date or line.together else None,
        place=queries.place_text(version, checked.answers, checked.recipient),
        cost_cents=checked.price.cents,
        monthly_cents=checked.price.monthly_cents,
        confidential=version.confidential,
        received_at=sender.now,
    )
    _take_part(service_request, sender)
    uploads = dict.fromkeys(line.file_ids, "") | queries.answered_files(version, checked.answers)
    _received(service_request, sender, uploads)
    indexing.changed(service_request.pk)
    if line.draft_id:
        catalogue_actions.spend_draft(line.draft_id, sender.acting_user)
    return service_request


def _next_number() -> int:
    """The next number, under the lock of its row until the transaction ends: no gaps, no doubles (R34)."""
    rows = Number.objects.select_for_update().filter(name=NUMBER)
    row = rows.first()
    if row is None:
        Number.objects.bulk_create([Number(name=NUMBER, last=FIRST_NUMBER - 1)], ignore_conflicts=True)
        row = rows.get()
    row.last = F("last") + 1
    row.save(update_fields=["last"])
    return int(row.last)


def _take_part(service_request: ServiceRequest, sender: Sender) -> None:
    """Requester, recipient, recorder. Who recorded a confidential request does not see it any more."""
    people = [(service_request.requester, ParticipantRole.REQUESTER)]
    if service_request.recipient_id != service_request.requester_id:
        people.append((service_request.recipient, ParticipantRole.RECIPIENT))
    if sender.recorder and not service_request.confidential:
        people.append((sender.recorder, ParticipantRole.RECORDER))
    Participant.objects.bulk_create(
        Participant(service_request=service_request, person=user, role=role, since=sender.now) for user, role in people
    )


def _received(service_request: ServiceRequest, sender: Sender, uploads: Mapping[str, str]) -> None:
    """The first entry, which brings the files."""
    params = {"channel": service_request.channel}
    sentence = Sentence("received", params)
    if sender.recorder:
        sentence = Sentence("received-for-caller", {**params, "requester": sender.requester.full_name})
    by = By(sender.actor) if sender.actor else None
    if not uploads:
        lifecycle.log_later(service_request, sentence, now=sender.now, by=by)
        return
    entry = lifecycle.log(service_request, sentence, now=sender.now, by=by)
    lifecycle.claim_files(entry, uploads, owner=sender.acting_user)


def submitted(service_request: ServiceRequest, sender: Sender, *, alone: bool, many: bool = False) -> Submitted:
    return Submitted(
        subject_id=service_request.pk,
        actor_id=sender.actor.pk if sender.actor else None,
        rule="" if sender.actor else "requests.make_linked",
        now=sender.now,
        code=service_request.code,
        order_id=service_request.order_id,
        alone=alone,
        many=many,
        changes={
            "code": service_request.code,
            "item": service_request.item_version.item.key,
            "item_version": service_request.item_version.number,
            "recipient": service_request.recipient_id,
            "channel": service_request.channel,
        },
    )
