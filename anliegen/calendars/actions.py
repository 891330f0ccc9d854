"""Writes of calendars."""

from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anliegen.calendars import queries, rules
from anliegen.calendars.events import CalendarSaved
from anliegen.calendars.models import FORMAT, Calendar
from anliegen.lib import bus
from anliegen.lib.errors import Refused
from anliegen.people import access as people_access
from anliegen.people.models import Company, User
from anliegen.people.rules import Capability

_WORDS: dict[str, Promise] = {
    "never-open": _("Enter at least one day with hours."),
    "time": _("Enter times such as 08:00 to 17:00."),
    "order": _("The hours must end after they begin."),
    "overlap": _("The hours of a day overlap."),
    "weekday": _("This is no day of the week."),
    "day": _("Enter a day such as 2026-12-24, or 12-24 for every year."),
    "zone": _("This time zone is not known."),
    "country": _("The holidays of this country or region are not known."),
}


@transaction.atomic
def save_calendar(content: rules.CalendarContent, *, acting_user: User | None, now: datetime) -> Calendar:
    """Make a calendar known or replace what it says; clocks that run keep the date that they were promised.

    The system itself acts with `acting_user=None`. Raises Refused at the field: without hours, times that overlap, an
    unknown zone or country; and Forbidden.
    """
    if acting_user is not None:
        people_access.require(acting_user, Capability.SET_TARGETS, now=now)
    values = {**_values(content), "updated_at": now}
    row = Calendar.objects.select_for_update().filter(key=content.key).first()
    if row is None:
        row = Calendar.objects.create(key=content.key, **values)
        old: dict[str, object] = {}
    else:
        old = {name: getattr(row, name) for name in values}
        for name, value in values.items():
            setattr(row, name, value)
        row.version += 1
        row.save()
    changes = {
        name: [old.get(name), value]
        for name, value in values.items()
        if name not in ("company", "updated_at") and old.get(name) != value
    }
    actor_id = acting_user.pk if acting_user else None
    queries.forget(content.key)
    bus.publish(CalendarSaved(subject_id=row.pk, actor_id=actor_id, now=now, changes=changes))
    return row


def _values(content: rules.CalendarContent) -> dict[str, object]:
    try:
        rules.build(content)
    except rules.BadCalendar as error:
        raise Refused(error.field, _WORDS[error.code]) from None
    if content.name.missing():
        raise Refused("name", _("Enter the name in German and in English."))
    company = Company.objects.filter(key=content.company_key).first() if content.company_key else None
    if content.company_key and company is None:
        raise Refused("company_key", _("This company is not known."))
    return {
        "name": content.name.json(),
        "company": company,
        "zone": content.zone,
        "hours": {"format": FORMAT, "week": dict(content.hours)},
        "country": content.country,
        "subdivision": content.subdivision,
        "company_days": {"format": FORMAT, "days": [dict(day) for day in content.company_days]},
    }
