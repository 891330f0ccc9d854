"""Telephone numbers: changed on a day, and counted as a proof of who somebody is only a day later (R121)."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anliegen import jobs
from anliegen.lib import bus
from anliegen.lib.errors import Refused
from anliegen.people import access
from anliegen.people.events import PersonChanged
from anliegen.people.models import Contact, User
from anliegen.people.rules import PROVES_AFTER, ContactKind, is_phone_number

KIND = "people.contact"


@transaction.atomic
def change_number(
    user_id: int,
    kind: ContactKind,
    number: str,
    *,
    acting_user: User | None,
    now: datetime,
    valid_from: date | None = None,
) -> Contact:
    """A person has another number from that day on (the organisation's calendar; at once without one or if it is over).

    The person's row changes on the day, by a job where it has not come yet. Raises Refused("number"), NotFound,
    Forbidden.
    """
    person = access.to_change(user_id, acting_user, now)
    wanted = " ".join(number.split())
    if not is_phone_number(wanted):
        raise Refused("number", _("Enter a telephone number, for example 0431 1234-312."))
    contact = note(person, kind, wanted, starts=max(now, _first_instant(valid_from) or now), now=now)
    if contact.valid_from <= now:
        _apply(contact, person, actor_id=acting_user.pk if acting_user else None, now=now)
    else:
        jobs.schedule(KIND, key=f"contact:{contact.pk}", due=contact.valid_from, payload={"contact": contact.pk})
    return contact


def note(person: User, kind: ContactKind, number: str, *, starts: datetime, now: datetime) -> Contact:
    """Remember what a number replaces, and from when it proves anything; a change that was to come later is dropped.

    In the caller's transaction.
    """
    for pending in Contact.objects.filter(user=person, kind=kind.value, valid_from__gt=now):
        jobs.cancel(f"contact:{pending.pk}")
        pending.delete()
    return Contact.objects.create(
        user=person,
        kind=kind.value,
        number=number,
        before=getattr(person, kind.value),
        valid_from=starts,
        proves_from=starts + PROVES_AFTER,
    )


@transaction.atomic
def contact_job(payload: dict[str, Any], now: datetime) -> None:
    """The job `contact:<id>`: the day of a number has come."""
    contact = Contact.objects.filter(pk=payload["contact"]).first()
    if contact is not None:
        _apply(contact, access.to_change(contact.user_id, None, now), actor_id=None, now=now)


def _apply(contact: Contact, person: User, *, actor_id: int | None, now: datetime) -> None:
    before = getattr(person, contact.kind)
    if before == contact.number:
        return
    setattr(person, contact.kind, contact.number)
    person.save(update_fields=[contact.kind])
    changes = {contact.kind: [before, contact.number]}
    rule = "" if actor_id else "contact-change"
    bus.publish(PersonChanged(subject_id=person.pk, actor_id=actor_id, now=now, changes=changes, rule=rule))


def _first_instant(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE)) if day else None
