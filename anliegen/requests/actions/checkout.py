"""Sending a cart: one order, one request for each line and person. What cannot be sent stays in the cart."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anliegen import jobs
from anliegen.audit import actions as audit
from anliegen.catalogue import actions as catalogue_actions
from anliegen.catalogue import queries as catalogue
from anliegen.catalogue.access import NotOrderable
from anliegen.catalogue.models import Draft
from anliegen.catalogue.queries import CartLine
from anliegen.catalogue.rules import Channel, Problem, text_problem
from anliegen.lib import bus
from anliegen.lib.errors import Forbidden, NotFound, Refused
from anliegen.lib.ids import public_id
from anliegen.people import queries as people
from anliegen.people.models import User
from anliegen.requests.actions.submit import Checked, Sender, check_line, make, submitted
from anliegen.requests.models import Order, OrderLine
from anliegen.requests.rules import MAX_CENTS, MAX_JUSTIFICATION, MAX_LINES, TERM_MONTHS, Line

ACTION = "requests.checkout"
JOB = "requests.order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """What is said once for the whole cart. `seen` is the mark of the cart that was shown, see catalogue.queries."""

    seen: str
    note: str = ""
    cost_centre: str = ""  # its code; "" = that of the requester
    deliver_on: date | None = None  # everything together, on this day


class One(NamedTuple):
    """A line of the cart for one of its people."""

    draft: Draft
    person: User


@dataclass
class _Kept:
    """What could not be sent, by line: for whom, and why."""

    people: dict[int, list[User]] = field(default_factory=dict)
    first: object = ""

    def add(self, one: One, why: object) -> None:
        self.people.setdefault(one.draft.pk, []).append(one.person)
        self.first = self.first or why


@audit.command
def checkout(wanted: Checkout, *, acting_user: User, key: str, now: datetime) -> Order:
    """Send the cart. Lines that are refused stay in it, the others are sent. The same `key` gives the same order again.

    Up to 25 requests are made at once; more are made by a job, see `requests.queries.progress`. Raises Refused (cart
    changed meanwhile, nothing can be sent, note, cost centre, too dear): nothing is then stored.
    """
    before = audit.replayed(acting_user.pk, key, ACTION)
    if before is not None:
        return Order.objects.get(pk=before)
    if not acting_user.is_active:
        raise Forbidden
    lines = _lines(wanted, acting_user)
    ones = [One(line.draft, person) for line in lines for person in line.people]
    if not ones:
        raise Refused("", _("There is nothing in your cart yet."))
    if sum(line.price.total(TERM_MONTHS) * len(line.people) for line in lines) > MAX_CENTS:
        raise Refused("", _("This order is too large. Please ask the service desk."))
    order = Order(requester=acting_user, note=wanted.note, deliver_on=wanted.deliver_on, created_at=now)
    order.public_id, order.cost_centre = public_id(), _cost_centre(wanted.cost_centre, acting_user, lines)
    if len(ones) > MAX_LINES:
        order.save()
        _leave_to_job(order, ones)
    else:
        _send(order, ones, Sender(people.person(acting_user.pk), acting_user, Channel.PORTAL, now))
    audit.remember(acting_user.pk, key, ACTION, "order", order.pk)
    return order


def _lines(wanted: Checkout, owner: User) -> list[CartLine]:
    """The cart, locked; as it was seen, else nothing is sent."""
    if problem := text_problem(wanted.note, MAX_JUSTIFICATION):
        raise Refused("note", catalogue.message(Problem("note", *problem)))
    lines = [catalogue.line_of(draft, owner) for draft in catalogue_actions.lines_to_send(owner)]
    if lines and catalogue.seen(lines) != wanted.seen:
        raise Refused("", _("Your cart has changed meanwhile, or a price has. Please look at it once more."))
    return lines


def _cost_centre(code: str, owner: User, lines: list[CartLine]) -> Any:
    """The chosen one of those that may pay: the requester's and the recipients'."""
    if not code:
        return None
    for one in people.cost_centres_of([owner, *(person for line in lines for person in line.people)]):
        if one.code == code:
            return one
    raise Refused("cost_centre", _("This cost centre is not on offer. Please choose one from the list."))


def to_line(one: One, order: Order, owner: User, now: datetime, *, several: bool) -> Line:
    """A line of the cart as it is sent for one person."""
    draft, person = one
    answers: Mapping[str, Any] = draft.answers
    if several:
        answers = catalogue.follow(draft.item_version, answers, owner, (owner, person), now)
    other = person.pk != owner.pk
    return Line(
        item_key=draft.item_version.item.key,
        recipient_id=person.pk if other else None,
        answers=answers,
        justification=draft.justification or order.note,
        wish_date=order.deliver_on or draft.wish_date,
        recipient_confirms=draft.recipient_confirms and other,
        together=order.deliver_on is not None,
    )


def checked(one: One, order: Order, sender: Sender, *, several: bool) -> Checked:
    """A line for one person, checked whole. Raises Refused with one sentence for people."""
    draft = one.draft
    try:
        if several and catalogue.has_files(draft.item_version, draft.answers):
            raise Refused("", _("A file belongs to one request. Please request this for each person singly."))
        return check_line(to_line(one, order, sender.requester, sender.now, several=several), sender)
    except NotFound:
        raise Refused("", _("This service is not offered any more.")) from None
    except NotOrderable as refused:
        raise Refused("", refused.message) from None


def problems(line: CartLine, owner: User, now: datetime, *, note: str = "") -> dict[str, object]:
    """Why a line of the cart could not be sent now: a sentence for each field; empty for a good one. Writes nothing.

    Of a line for several people the first is looked at; the others are when it is sent.
    """
    sender = Sender(owner, owner, Channel.PORTAL, now)
    order = Order(requester=owner, note=note)
    try:
        checked(One(line.draft, line.people[0]), order, sender, several=len(line.people) > 1)
    except Refused as refused:
        return refused.errors
    return {}


def _send(order: Order, ones: list[One], sender: Sender) -> None:
    """Everything at once: what is right is made, what is not stays in the cart."""
    kept, good = _Kept(), []
    people_of = Counter(one.draft.pk for one in ones)
    for one in ones:
        try:
            good.append(checked(one, order, sender, several=people_of[one.draft.pk] > 1))
        except Refused as refused:
            kept.add(one, next(iter(refused.errors.values())))
    if not good:
        raise Refused("", kept.first)
    order.total_cents = sum(line.price.total(TERM_MONTHS) for line in good)
    order.save()
    made = [make(line, order, sender) for line in good]
    for draft in {one.draft.pk: one.draft for one in ones}.values():
        catalogue_actions.keep_for(draft, kept.people.get(draft.pk, []), sender.now)
    for service_request in made:
        bus.publish(submitted(service_request, sender, alone=len(made) == 1))


def _leave_to_job(order: Order, ones: list[One]) -> None:
    catalogue_actions.hold_for_job({one.draft.pk: one.draft for one in ones}.values())
    OrderLine.objects.bulk_create(
        OrderLine(order=order, number=number, draft=one.draft, recipient=one.person)
        for number, one in enumerate(ones, start=1)
    )
    payload = {"order": order.pk, "lang": get_language() or "de"}
    jobs.schedule(JOB, key=f"order:{order.public_id}", due=order.created_at, payload=payload)
