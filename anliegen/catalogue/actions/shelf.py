"""Stars, and things that cannot be had for a while."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anliegen.audit import actions as audit
from anliegen.catalogue import access, rules
from anliegen.catalogue.events import ItemReturned, ItemWithheld
from anliegen.catalogue.models import Awaited, Favourite, Item
from anliegen.lib import bus
from anliegen.lib.errors import NotFound, Refused, TooLarge
from anliegen.lib.text import LocalText
from anliegen.people import access as people_access
from anliegen.people.models import User
from anliegen.people.rules import Capability

MAX_FAVOURITES = 100
MAX_REASON = 300
MAX_DAYS = 730


@audit.command
def mark(item_key: str, *, user: User, on: bool, now: datetime) -> bool:
    """Give an item a star or take it away; again, nothing changes. Raises NotFound, TooLarge. Whether it has one."""
    version = access.item_to_see(item_key, user, now)
    mine = Favourite.objects.filter(person=user)
    if not on:
        mine.filter(item=version.item_id).delete()
        return False
    if mine.exclude(item=version.item_id).count() >= MAX_FAVOURITES:
        raise TooLarge(_("You have %(limit)s favourites. Please remove some first.") % {"limit": MAX_FAVOURITES})
    mine.get_or_create(item_id=version.item_id, defaults={"person": user, "since": now})
    return True


@audit.command
def await_return(item_key: str, *, user: User, on: bool, now: datetime) -> bool:
    """Be told when an item can be had again, or no longer. Raises NotFound. Whether somebody will be told.

    Locks the item, so that nobody begins to wait for what has just come back. What can be had is not waited for.
    """
    version = access.item_to_see(item_key, user, now)
    item = Item.objects.select_for_update().get(pk=version.item_id)
    mine = Awaited.objects.filter(person=user, item=item)
    if not on or item.unavailable_until is None:
        mine.delete()
        return False
    mine.get_or_create(defaults={"person": user, "item": item, "since": now})
    return True


@audit.command
def withhold(item_key: str, *, until: date | None, reason: LocalText, acting_user: User, now: datetime) -> None:
    """Say that an item cannot be had before that day, and why; None: it can be had at once.

    Running requests go on. Locks the item. Raises NotFound, Forbidden, Refused (until, reason_de, reason_en).
    """
    people_access.require(acting_user, Capability.EDIT_CATALOGUE, now=now)
    item = Item.objects.select_for_update().filter(key=rules.possible_id(item_key), retired_at=None).first()
    if item is None:
        raise NotFound
    if until is None:
        if item.unavailable_until is not None:
            _give_back(item, acting_user.pk, now)
        return
    _check(until, reason, now)
    item.unavailable_until, item.unavailable_reason = until, reason.json()
    item.save(update_fields=["unavailable_until", "unavailable_reason"])
    changes = {"key": item.key, "until": until.isoformat()}
    bus.publish(ItemWithheld(subject_id=item.pk, actor_id=acting_user.pk, now=now, changes=changes))


def _check(until: date, reason: LocalText, now: datetime) -> None:
    today = people_access.day(now)
    if not today < until <= today + timedelta(days=MAX_DAYS):
        raise Refused("until", _("Please name a day after today, at most two years ahead."))
    for lang, text in (("de", reason.de), ("en", reason.en)):
        if not text.strip():
            raise Refused(f"reason_{lang}", _("Please say in one sentence why, in both languages."))
        if wrong := rules.text_problem(text, MAX_REASON):
            raise Refused(
                f"reason_{lang}", _("This text is too long or cannot be stored: %(code)s.") % {"code": wrong[0]}
            )


@transaction.atomic
def give_back(payload: dict[str, object], now: datetime) -> None:
    """Recurring: what can be had again since today is offered, and who waited is told."""
    del payload
    for item in Item.objects.select_for_update().filter(unavailable_until__lte=people_access.day(now)).order_by("pk"):
        _give_back(item, None, now)


def _give_back(item: Item, actor_id: int | None, now: datetime) -> None:
    """Offer it again, and hand the names of those who waited to whoever tells them."""
    waited = list(Awaited.objects.filter(item=item).order_by("pk").values_list("person_id", flat=True))
    Awaited.objects.filter(item=item).delete()
    item.unavailable_until, item.unavailable_reason = None, {}
    item.save(update_fields=["unavailable_until", "unavailable_reason"])
    rule = "" if actor_id else "catalogue.give_back"
    bus.publish(
        ItemReturned(
            subject_id=item.pk, actor_id=actor_id, rule=rule, now=now, waited=tuple(waited), changes={"key": item.key}
        )
    )
