"""What waits in somebody's cart, as it would be sent now."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anliegen.catalogue import access
from anliegen.catalogue.models import Draft, ItemVersion
from anliegen.catalogue.queries.answers import default_answers, form, price
from anliegen.catalogue.rules import Price, Question, QuestionType, possible_id
from anliegen.people.models import User
from anliegen.reads.prepared import Prepared, Slot

MAX_CART = 50
MAX_RECIPIENTS = 500


@dataclass(frozen=True, slots=True)
class CartLine:
    """A line of the cart with what is offered now, for whom, and what one of it costs."""

    draft: Draft
    version: ItemVersion
    offered: bool
    people: tuple[User, ...]
    price: Price

    @property
    def cents(self) -> int:
        return self.price.cents * len(self.people)

    @property
    def monthly_cents(self) -> int:
        return self.price.monthly_cents * len(self.people)

    @property
    def dearer(self) -> bool:
        """Whether the price is another one than when it was put into the cart."""
        before = (self.draft.told_cents, self.draft.told_monthly_cents)
        return None not in before and before != (self.price.cents, self.price.monthly_cents)


def cart(owner: User) -> list[CartLine]:
    """The lines of a cart, in the order in which they came. Two statements, and one for each program that is named."""
    rows = access.own_drafts(owner).filter(in_cart=True).order_by("id")
    rows = rows.select_related(
        "item_version__item__category__parent",
        "item_version__item__current",
        "recipient__department",
        "recipient__place",
    )
    return [line_of(draft, owner) for draft in rows.prefetch_related("several")]


def line_of(draft: Draft, owner: User) -> CartLine:
    """One line as it would be sent now; the item as it was put in, where it is not offered any more."""
    item = draft.item_version.item
    offered = item.current is not None and item.retired_at is None
    version = item.current if offered and item.current else draft.item_version
    version.item = item
    return CartLine(draft, version, offered, recipients_of(draft, owner), price(version, draft.answers))


def recipients_of(draft: Draft, owner: User) -> tuple[User, ...]:
    """Who gets it: each of several, by name, or one person."""
    several = sorted(draft.several.all(), key=lambda one: (one.last_name.casefold(), one.first_name.casefold(), one.pk))
    return tuple(several) or (draft.recipient or owner,)


def seen(lines: Sequence[CartLine]) -> str:
    """A mark of what somebody saw: another one as soon as a line, its price or its people change."""
    parts = [
        f"{line.draft.public_id}:{line.draft.version}:{line.price.cents}:{line.price.monthly_cents}:{len(line.people)}"
        for line in lines
    ]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]


def cart_count(owner: User) -> int:
    """How many lines wait in a cart. One statement."""
    return len(_COUNT(owner=owner.pk))


_COUNT = Prepared(
    lambda: Draft.objects.filter(owner=Slot("owner"), in_cart=True, removed_at=None, sending=False).values_list("id")
)


def has_draft(public_id: str, owner: User) -> bool:
    """Whether this draft or cart line is there and theirs."""
    return bool(public_id) and access.own_drafts(owner).filter(public_id=possible_id(public_id)).exists()


def is_for_several(public_id: str, owner: User) -> bool:
    """Whether this line of the cart is for several people, who are chosen in the cart. One statement."""
    rows = access.own_drafts(owner).filter(public_id=possible_id(public_id))
    return rows.filter(several__isnull=False).exists()


def was_removed(public_id: str, owner: User) -> bool:
    """Whether this line was taken out of the cart and can still be put back."""
    rows = Draft.objects.filter(owner=owner, in_cart=True, sending=False, removed_at__isnull=False)
    return bool(public_id) and rows.filter(public_id=possible_id(public_id)).exists()


def follow(
    item_version: ItemVersion, answers: Mapping[str, Any], owner: User, change: tuple[User, User], now: datetime
) -> dict[str, Any]:
    """The answers when somebody else gets it: what was filled in from the one person is filled in from the other.

    What was typed by hand stays.
    """
    before, after = change
    questions = [one for one in form(item_version).questions if one.default.startswith("recipient.")]
    if before.pk == after.pk or not questions:
        return dict(answers)
    old, new = (default_answers(item_version, owner, one, now) for one in change)
    found = dict(answers)
    for question in questions:
        _refill(found, question, old, new)
    return found


def _refill(found: dict[str, Any], question: Question, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    key = question.key
    if found.get(key) not in (None, "", old.get(key)):
        return
    if key in new:
        found[key] = new[key]
    else:
        found.pop(key, None)


def has_files(item_version: ItemVersion, answers: Mapping[str, Any]) -> bool:
    """Whether files are among the answers: each belongs to one request."""
    return any(answers.get(one.key) for one in form(item_version).questions if one.type is QuestionType.FILE)
