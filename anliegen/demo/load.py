"""Loading the demo, all or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection, transaction

from anliegen.demo import articles, organisation, stories, wiping
from anliegen.people.models import User
from anliegen.workflow.actions import library

HISTORY = timedelta(days=45)  # so long has the company been here when the first request comes in


def load(*, now: datetime, small: bool = False) -> None:
    """Nordwerk with its people, services, stock and requests; `small`: with a handful of requests only.

    The database must have no people yet. Each request runs in transactions of its own, as in real life; whatever goes
    wrong leaves an empty database.
    """
    try:
        with _without_waiting_for_the_disk():
            persons = _company(now)
            articles.load(persons, now=now, small=small)
            stories.load(persons, now=now, small=small)
            if not small:
                organisation.load_cart(persons, now=now)
    except BaseException:
        wiping.wipe()
        raise


@contextmanager
def _without_waiting_for_the_disk() -> Iterator[None]:
    """Some hundred commits that nobody was promised: a power cut may lose them, the demo is loaded again then."""
    if connection.in_atomic_block:  # commits nothing: a test, or a larger whole
        yield
        return
    lite = connection.vendor == "sqlite"
    off, on = (
        ("PRAGMA synchronous=OFF", "PRAGMA synchronous=FULL")
        if lite
        else ("SET synchronous_commit TO off", "SET synchronous_commit TO on")
    )
    with connection.cursor() as cursor:
        cursor.execute(off)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(on)
            if lite:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@transaction.atomic
def _company(now: datetime) -> organisation.Persons:
    begin = now - HISTORY
    persons = organisation.load(begin=begin, now=now)
    organisation.load_catalogue(now=begin)
    organisation.load_stock()
    organisation.load_programs()
    organisation.load_systems(persons, now=begin)
    for _key, _release in library.load(acting_user=None, now=begin):
        pass
    organisation.load_bundles(now=begin)
    return persons


def is_empty() -> bool:
    """Whether nobody is here yet."""
    return not User.objects.exists()
