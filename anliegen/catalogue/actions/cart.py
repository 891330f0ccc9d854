"""The cart: drafts that wait to be sent together, each for one person or for several."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anliegen.catalogue import access, queries, rules
from anliegen.catalogue.actions.drafts import require_room, told
from anliegen.catalogue.models import Draft
from anliegen.catalogue.queries.cart import MAX_RECIPIENTS
from anliegen.lib.errors import NotFound, TooLarge
from anliegen.lib.ids import public_id
from anliegen.people import access as people_access
from anliegen.people.models import User

KEPT = timedelta(hours=1)  # so long can a removed line be put back


@transaction.atomic
def put_bundle(key: str, *, owner: User, now: datetime, days: Mapping[str, date | None] | None = None) -> list[Draft]:
    """Put each part of a bundle into the cart, its form filled as for the owner.

    `days` says when each item is told to be there. Raises NotFound, TooLarge.
    """
    parts = queries.bundle(key, owner, now).parts
    require_room(owner, len(parts))
    made = []
    for part, version in parts:
        filled = queries.default_answers(version, owner, owner, now) | dict(part.answers)
        kept, _wrong = rules.tidy(queries.form(version), filled)
        draft = Draft(owner=owner, item_version=version, answers=kept, in_cart=True, created_at=now, changed_at=now)
        told(draft, (days or {}).get(part.item_key))
        draft.save()
        made.append(draft)
    return made


@transaction.atomic
def remove_line(draft_id: str, *, owner: User, now: datetime) -> Draft:
    """Take a line out of the cart; it can be put back for a while. Raises NotFound for everybody else's."""
    Draft.objects.filter(owner=owner, removed_at__lt=now - KEPT).delete()
    draft = _line(draft_id, owner)
    draft.removed_at = now
    draft.save(update_fields=["removed_at"])
    return draft


@transaction.atomic
def restore_line(draft_id: str, *, owner: User) -> Draft:
    """Put a removed line back. Raises NotFound when it is gone for good, TooLarge."""
    rows = access.own_drafts_locked(owner).filter(public_id=rules.possible_id(draft_id), in_cart=True)
    draft = rows.first()
    if draft is None:
        raise NotFound
    if draft.removed_at is not None:
        require_room(owner)
        draft.removed_at = None
        draft.save(update_fields=["removed_at"])
    return draft


@transaction.atomic
def duplicate_line(draft_id: str, *, owner: User, now: datetime) -> Draft:
    """The same once more, to be changed. Files stay with the first. Raises NotFound, TooLarge."""
    require_room(owner)
    draft = _line(draft_id, owner)
    people = list(draft.several.all())
    asked = queries.form(draft.item_version).by_key
    kept = {key: value for key, value in draft.answers.items() if not _is_file(asked, key)}
    draft.pk, draft.public_id, draft.version = None, public_id(), 1
    draft._state.adding = True
    draft.answers, draft.files, draft.created_at, draft.changed_at = kept, [], now, now
    draft.save()
    draft.several.set(people)
    return draft


def _is_file(asked: Mapping[str, rules.Question], key: str) -> bool:
    return key in asked and asked[key].type is rules.QuestionType.FILE


@transaction.atomic
def set_recipients(
    draft_ids: Iterable[str], people: Sequence[User], *, owner: User, now: datetime, confirms: bool = False
) -> int:
    """Say who gets these lines: one person, or each of several. Their own place and such follow. How many lines.

    Raises NotFound (a line, somebody for whom the owner may not order), TooLarge.
    """
    if len(people) > MAX_RECIPIENTS:
        raise TooLarge(_("At most %(limit)s persons are possible at once.") % {"limit": MAX_RECIPIENTS})
    wanted = {one.pk for one in people}
    allowed = people_access.may_order_for(owner, now).in_bulk(wanted)
    if not wanted or wanted - set(allowed):
        raise NotFound
    lines = [_line(draft_id, owner) for draft_id in draft_ids]
    for draft in lines:
        _give_to(draft, list(allowed.values()), confirms, now)
    return len(lines)


def _give_to(draft: Draft, people: list[User], confirms: bool, now: datetime) -> None:
    owner, alone = draft.owner, people[0] if len(people) == 1 else None
    before, after = draft.recipient or owner, alone or owner
    draft.answers = queries.follow(draft.item_version, draft.answers, owner, (before, after), now)
    draft.recipient = None if after.pk == owner.pk else after
    draft.recipient_confirms = confirms and (alone is None or after.pk != owner.pk)
    draft.version += 1
    draft.changed_at = now
    draft.save()
    draft.several.set([] if alone else people)


def _line(draft_id: str, owner: User) -> Draft:
    draft = access.draft_to_change(draft_id, owner)
    if not draft.in_cart:
        raise NotFound
    return draft


# Reserved for the checkout, inside its transaction


def lines_to_send(owner: User) -> list[Draft]:
    """The cart's lines, locked, in their order."""
    return list(access.own_drafts_locked(owner).filter(in_cart=True, removed_at=None).prefetch_related("several"))


def keep_for(draft: Draft, people: Sequence[User], now: datetime) -> None:
    """What could not be sent stays in the cart, for these people; a line that was sent for everybody is spent."""
    if not people:
        draft.delete()
        return
    draft.sending = False
    draft.version += 1
    if len(people) == 1 and draft.several.exists():
        owner, alone = draft.owner, people[0]
        draft.answers = queries.follow(draft.item_version, draft.answers, owner, (owner, alone), now)
        draft.recipient = alone if alone.pk != owner.pk else None
    draft.save()
    draft.several.set(people if len(people) > 1 else [])


def hold_for_job(drafts: Iterable[Draft]) -> None:
    """A job makes requests from these lines; until it has, they are not in the cart."""
    Draft.objects.filter(pk__in=[draft.pk for draft in drafts]).update(sending=True)
