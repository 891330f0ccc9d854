"""Callers whom nobody knows: persons without sign-in in a company of their own, joined to a known one later."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from anliegen.lib import bus
from anliegen.lib.errors import Refused
from anliegen.people import access
from anliegen.people.events import PersonCreated
from anliegen.people.models import Company, User
from anliegen.people.rules import Capability

UNKNOWN = "unknown"


@transaction.atomic
def note_caller(name: str, phone: str, *, acting_user: User, now: datetime) -> User:
    """A caller whom the directory does not know, by name and number (R84).

    Raises Refused at the field, Forbidden without the right to record for callers.
    """
    access.require(acting_user, Capability.RECORD_FOR_CALLERS, now=now)
    names, number = _plain(name), _plain(phone)
    if not names:
        raise Refused("name", _("Please enter the name of the caller."))
    if not number:
        raise Refused("phone", _("Please enter a number for calling back."))
    if len(names) > 100 or len(number) > 40:
        raise Refused("name", _("This is too long. Please shorten it."))
    company, _made = Company.objects.get_or_create(key=UNKNOWN, defaults={"name": "Unbekannt"})
    first, _gap, last = names.rpartition(" ")
    person = User(company=company, first_name=first, last_name=last, phone=number, can_sign_in=False, created_at=now)
    person.set_unusable_password()
    person.save()
    changes = {"company": [None, UNKNOWN], "can_sign_in": [None, False]}
    bus.publish(PersonCreated(subject_id=person.pk, actor_id=acting_user.pk, now=now, changes=changes))
    return person


def _plain(text: str) -> str:
    return " ".join("".join(c for c in text if c.isprintable()).split())
