"""Days away, and who decides meanwhile: planned and ended early by the person (R95)."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from anliegen.audit.actions import command
from anliegen.lib import bus
from anliegen.lib.errors import NotFound, Refused
from anliegen.people import access
from anliegen.people.actions.rights import end_all, set_absence, set_deputy
from anliegen.people.events import AbsenceEnded, DeputyEnded
from anliegen.people.models import Absence, Deputy, User
from anliegen.people.rules import Days

LONGEST = timedelta(days=400)


@command
def plan_absence(user_id: int, days: Days, deputy_id: int | None, *, acting_user: User, now: datetime) -> Absence:
    """A person is away on those days; with a deputy, that one decides meanwhile and is told.

    Raises Refused at `valid_from`, `valid_to` or `deputy`, Forbidden for others than the person or an administrator.
    """
    person = access.to_change(user_id, acting_user, now, own=True)
    _check(person, days, now)
    absence = set_absence(user_id, days, acting_user=acting_user, now=now)
    if deputy_id is not None:
        _check_deputy(deputy_id, days)
        deputy = set_deputy(user_id, deputy_id, acting_user=acting_user, now=now, days=days)
        deputy.absence = absence
        deputy.save(update_fields=["absence"])
    return absence


def _check(person: User, days: Days, now: datetime) -> None:
    """Raise Refused for days that are over, have no end, are too many, or lie in another absence."""
    if days.valid_from < access.day(now):
        raise Refused("valid_from", _("This day is over. Enter today or a later day."))
    if days.valid_to is None or days.valid_to < days.valid_from:
        raise Refused("valid_to", _("The last day is before the first."))
    if days.valid_to - days.valid_from > LONGEST:
        raise Refused("valid_to", _("An absence may last up to a year. Enter an earlier day."))
    other = _overlapping(person.pk, days).first()
    if other is not None:
        words = _("You are already away from %(first)s to %(last)s. End that absence first, or choose other days.")
        first, last = (
            date_format(one, "SHORT_DATE_FORMAT") if one else "…" for one in (other.valid_from, other.valid_to)
        )
        raise Refused("valid_from", words % {"first": first, "last": last})


def _check_deputy(deputy_id: int, days: Days) -> None:
    """Raise Refused for somebody who is away on one of the days."""
    if _overlapping(deputy_id, days).exists():
        raise Refused("deputy", _("This person is away on some of these days. Choose somebody else."))


def _overlapping(user_id: int, days: Days) -> QuerySet[Absence]:
    rows = Absence.objects.filter(user=user_id, valid_from__lte=days.valid_to)
    return rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=days.valid_from))


@command
def end_absence(absence_id: int, *, acting_user: User, now: datetime) -> Absence:
    """Somebody is back, or does not go: the days from today on, and the deputy for them, are taken back.

    Raises NotFound for an absence of somebody else or one that is over.
    """
    person = access.to_change(acting_user.pk, acting_user, now, own=True)
    today = access.day(now)
    absence = Absence.objects.filter(pk=absence_id, user=person).first()
    if absence is None or (absence.valid_to is not None and absence.valid_to < today):
        raise NotFound
    facts = {"valid_from": absence.valid_from.isoformat()}
    for one in Deputy.objects.filter(absence=absence).select_related("deputy"):
        changes = {"deputy": one.deputy.public_id, **facts}
        bus.publish(DeputyEnded(subject_id=person.pk, actor_id=acting_user.pk, now=now, changes=changes))
    end_all(Deputy, Q(absence=absence), today)
    end_all(Absence, Q(pk=absence.pk), today)
    bus.publish(AbsenceEnded(subject_id=person.pk, actor_id=acting_user.pk, now=now, changes=facts))
    return absence
