"""Everything about one person as JSON, written while it is read: for themselves (Art. 15 and 20 GDPR)."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from anliegen.notifications import queries as notifications
from anliegen.people import queries as people
from anliegen.people import sessions
from anliegen.people.models import User
from anliegen.requests import access, queries

FORMAT = 1
MOST_MAILS = 1000


def stream(user: User, now: datetime) -> Iterator[str]:
    """The file in pieces; each request as its own export holds it, and as this person may see it."""
    head = {"format": FORMAT, "made": now.isoformat(), **_about(user, now)}
    yield json.dumps(head, ensure_ascii=False, indent=1)[:-2] + ',\n "requests": ['
    for number, code in enumerate(access.own(user).order_by("id").values_list("code", flat=True)):
        one = queries.as_json(access.to_read(code, user, now), user, now)
        yield (",\n" if number else "\n") + json.dumps(one, ensure_ascii=False)
    yield "\n ]\n}\n"


def _about(user: User, now: datetime) -> dict[str, Any]:
    me = people.person(user.pk)
    return {
        "person": {
            "id": me.public_id,
            "first_name": me.first_name,
            "last_name": me.last_name,
            "email": me.email,
            "phone": me.phone,
            "mobile": me.mobile,
            "personnel_number": me.personnel_number,
            "job_title": me.job_title,
            "company": me.company.name,
            "department": me.department.name if me.department else None,
            "place": me.place.code if me.place else None,
            "cost_centre": me.cost_centre.code if me.cost_centre else None,
            "joined_on": _day(me.joined_on),
        },
        "settings": {
            "language": me.language,
            "time_zone": me.time_zone,
            "theme": me.theme,
            "live_updates": me.live_updates,
            "single_keys": me.single_keys,
            "mails": me.mail_choices,
        },
        "rights": {
            "roles": sorted(people.roles_of(me, now)),
            "teams": sorted(team.key for team in people.teams_of(me, now)),
            "clearances": sorted(people.clearances(me, now)),
            "orders_up_to_cents": people.order_limit(me, now),
            "approves_up_to_cents": people.approve_limit(me, now),
        },
        "absences": [{"from": _day(one.valid_from), "to": _day(one.valid_to)} for one in people.absences_of(me, now)],
        "signed_in": [
            {
                "browser": one.browser,
                "in_our_network": one.inside,
                "seen": one.seen_at.isoformat() if one.seen_at else None,
            }
            for one in sessions.of(me, now)
        ],
        "mails": [
            {"about": one.template, "subject": one.subject, "sent": one.sent_at.isoformat() if one.sent_at else None}
            for one in notifications.inbox(me, limit=MOST_MAILS)
        ],
    }


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None
