"""Publishing decision tables that several services use, such as `routing` (R52, R53): versioned, from a day on."""

import hashlib
import json
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from anliegen.lib import bus, tables
from anliegen.lib.tables import TableRefused
from anliegen.people import access as people_access
from anliegen.people.access import day
from anliegen.people.models import Team, User
from anliegen.people.rules import Capability
from anliegen.workflow.actions.publishing import ServiceRefused, unknown_teams
from anliegen.workflow.events import TablePublished
from anliegen.workflow.models import SharedTable
from anliegen.workflow.queries.case import COMMON

type Problems = list[tuple[str, str]]


def check_table(key: str, text: str, *, lang: str = "en") -> Problems:
    """Everything that is wrong with a shared table, as (file#row, sentence); empty for one that can be published.

    It reads what every request has: `request.*`, `requester.*`, `recipient.*`.
    """
    try:
        table = tables.parse_csv(text)
    except TableRefused as refused:
        return [(place(key, p.row), tables.say(p, lang)) for p in refused.problems]
    found = [p for p in tables.check(table, COMMON) if p.severity == "error"]
    told = [(place(key, p.row), tables.say(p, lang)) for p in found]
    teams = frozenset(Team.objects.values_list("key", flat=True))
    return told or list(unknown_teams(key, table, teams, lang))


def place(key: str, row: int | None) -> str:
    """Where something is in a table, for people: its file, and the rule counted from 1."""
    return f"tables/{key}.csv" + ("" if row is None else f"#{row + 1}")


@transaction.atomic
def publish_table(
    key: str,
    text: str,
    *,
    acting_user: User | None,
    now: datetime,
    valid_from: date | None = None,
    lang: str = "en",
) -> SharedTable:
    """Put a table into force from a day on, by default today; every decision from then on asks it.

    The same content again is the version that is there. `acting_user` None is the system. Raises ServiceRefused with
    every problem, Forbidden without the right to publish.
    """
    if acting_user is not None:
        people_access.require(acting_user, Capability.PUBLISH, now=now)
    if found := check_table(key, text, lang=lang):
        raise ServiceRefused(found)
    stored = tables.parse_csv(text).to_json()
    rows = SharedTable.objects.filter(key=key)
    latest = rows.order_by("-valid_from", "-number").first()
    if latest is not None and latest.table == stored:
        return latest
    made = SharedTable.objects.create(
        key=key,
        number=(rows.aggregate(last=Max("number"))["last"] or 0) + 1,
        valid_from=valid_from or day(now),
        table=stored,
        sha256=hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest(),
        published_at=now,
        published_by=acting_user,
    )
    changes = {"key": key, "number": made.number, "valid_from": made.valid_from.isoformat()}
    actor_id, rule = (acting_user.pk, "") if acting_user else (None, "library")
    bus.publish(TablePublished(subject_id=made.pk, actor_id=actor_id, now=now, rule=rule, changes=changes))
    return made
