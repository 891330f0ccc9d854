"""Keeping what somebody began to fill in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anliegen.catalogue import access, queries, rules
from anliegen.catalogue.models import Draft, ItemVersion
from anliegen.catalogue.queries.cart import MAX_CART
from anliegen.lib.errors import Conflict, NotFound, Refused, TooLarge
from anliegen.people import access as people_access
from anliegen.people.models import User

MAX_DRAFTS = 100
MAX_JUSTIFICATION = 2_000
MAX_FILES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftContent:
    """What a form holds at the moment, right or not; `recipient_id` is a database id or a public id."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    recipient_id: int | str | None = None
    justification: str = ""
    wish_date: date | None = None
    file_ids: Sequence[str] = ()
    in_cart: bool | None = None  # None: as it was
    recipient_confirms: bool | None = None
    told_day: date | None = None  # when it is said to be there, while it is put into the cart


@transaction.atomic
def save_draft(
    content: DraftContent,
    *,
    owner: User,
    item_key: str,
    now: datetime,
    draft_id: str | None = None,
    version: int | None = None,
) -> Draft:
    """Keep what was filled in so far; without `draft_id` a new draft begins. Locks the draft.

    Answers may be unfinished. Raises NotFound (item, draft of somebody else), Refused (text that cannot be stored),
    Conflict if `version` is not the draft's any more: it was changed elsewhere meanwhile.
    """
    item_version = queries.item(item_key, owner, now)
    if draft_id is None:
        if Draft.objects.filter(owner=owner).count() >= MAX_DRAFTS:
            raise TooLarge(_("You have %(limit)s drafts. Please delete some first.") % {"limit": MAX_DRAFTS})
        draft = Draft(owner=owner, created_at=now, version=0)
    else:
        draft = access.draft_to_change(draft_id, owner)
        if version is not None and version != draft.version:
            raise Conflict(_("This draft was changed in another window. Please open it again."))
    _fill(draft, item_version, content, now)
    if draft.in_cart:
        told(draft, content.told_day or draft.told_day)
    draft.version += 1
    draft.changed_at = now
    draft.save()
    return draft


def require_room(owner: User, more: int = 1) -> None:
    """Raise TooLarge where the cart cannot hold so many more lines."""
    if Draft.objects.filter(owner=owner, in_cart=True, removed_at=None).count() + more > MAX_CART:
        message = _("Your cart holds %(limit)s things. Please send or remove some first.")
        raise TooLarge(message % {"limit": MAX_CART})


def told(draft: Draft, day: date | None) -> None:
    """Note what the owner is told of price and date while this is put into the cart."""
    price = queries.price(draft.item_version, draft.answers)
    draft.told_cents, draft.told_monthly_cents, draft.told_day = price.cents, price.monthly_cents, day


@transaction.atomic
def keep_draft(
    content: DraftContent, *, owner: User, item_key: str, now: datetime, draft_id: str | None = None
) -> Draft | None:
    """The same while a form is filled in; None if its draft was sent or thrown away meanwhile: then nothing is kept."""
    if draft_id is not None:
        try:
            access.draft_to_change(draft_id, owner)
        except NotFound:
            return None
    return save_draft(content, owner=owner, item_key=item_key, now=now, draft_id=draft_id)


def _fill(draft: Draft, item_version: ItemVersion, content: DraftContent, now: datetime) -> None:
    kept, problems = rules.tidy(queries.form(item_version), content.answers)
    if problems:
        raise queries.refusal(problems)
    if wrong := rules.text_problem(content.justification, MAX_JUSTIFICATION):
        raise Refused("justification", queries.message(rules.Problem("justification", *wrong)))
    if len(content.file_ids) > MAX_FILES:
        raise TooLarge(_("At most %(limit)s files can be attached.") % {"limit": MAX_FILES})
    draft.item_version = item_version
    draft.answers = kept
    draft.recipient = _recipient(draft.owner, content.recipient_id, now)
    draft.justification = content.justification
    draft.wish_date = content.wish_date
    draft.files = [rules.possible_id(file_id) for file_id in content.file_ids]
    if content.recipient_confirms is not None:
        draft.recipient_confirms = content.recipient_confirms
    if content.in_cart and not draft.in_cart:
        require_room(draft.owner)
    if content.in_cart is not None:
        draft.in_cart = content.in_cart


def _recipient(owner: User, recipient_id: int | str | None, now: datetime) -> User | None:
    """The chosen person; one for whom the owner may not order is forgotten, as if none were chosen."""
    if recipient_id is None or recipient_id in {owner.pk, owner.public_id}:
        return None
    which = {"pk": recipient_id} if isinstance(recipient_id, int) else {"public_id": rules.possible_id(recipient_id)}
    return people_access.may_order_for(owner, now).filter(**which).first()


@transaction.atomic
def discard_draft(draft_id: str, *, owner: User) -> None:
    """Throw a draft away; its uploads are swept. Raises NotFound for everybody else's."""
    deleted, _details = Draft.objects.filter(public_id=rules.possible_id(draft_id), owner=owner).delete()
    if not deleted:
        raise NotFound


def spend_draft(draft_id: str, owner: User) -> None:
    """Delete a draft because it was sent, in the caller's transaction. Raises NotFound."""
    access.draft_to_change(draft_id, owner).delete()


def forget_draft(draft_id: str, owner: User) -> None:
    """Delete a draft that is needed no more, in the caller's transaction; one that is not there is none."""
    Draft.objects.filter(public_id=rules.possible_id(draft_id), owner=owner).delete()
