"""Loading the demo, all or nothing."""

from datetime import datetime, timedelta

from django.db import transaction

from anliegen.demo import organisation, stories, wiping
from anliegen.people.models import User
from anliegen.workflow.actions import library

HISTORY = timedelta(days=45)  # so long has the company been here when the first request comes in


def load(*, now: datetime, small: bool = False) -> None:
    """Nordwerk with its people, services, stock and requests; `small`: with a handful of requests only.

    The database must have no people yet. Each request runs in transactions of its own, as in real life; whatever goes
    wrong leaves an empty database.
    """
    try:
        persons = _company(now)
        stories.load(persons, now=now, small=small)
    except BaseException:
        wiping.wipe()
        raise


@transaction.atomic
def _company(now: datetime) -> organisation.Persons:
    begin = now - HISTORY
    persons = organisation.load(begin=begin, now=now)
    organisation.load_catalogue(now=begin)
    organisation.load_stock()
    for _key, _release in library.load(acting_user=None, now=begin):
        pass
    return persons


def is_empty() -> bool:
    """Whether nobody is here yet."""
    return not User.objects.exists()
