"""What is told to people now."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from anliegen.knowledge import access
from anliegen.knowledge.models import Announcement, Dismissal
from anliegen.knowledge.rules import AnnouncementKind, Audience
from anliegen.lib.errors import NotFound
from anliegen.people.models import User
from anliegen.reads.prepared import Prepared, Slot

_ORDER = list(AnnouncementKind)


def announcements(user: User, now: datetime) -> list[Announcement]:
    """What this person is told now and has not put away: outages first, then maintenance, then news. One statement."""
    return _for_eyes(_NOT_DISMISSED(now=now, person=user.pk), user, now)


def running(user: User, now: datetime) -> list[Announcement]:
    """The same with what was put away, for the page of announcements."""
    return _for_eyes(_RUNNING(now=now), user, now)


def _for_eyes(rows: list[Announcement], user: User, now: datetime) -> list[Announcement]:
    if any(row.audience != Audience.ALL for row in rows):
        may = access.audiences(user, now)
        rows = [row for row in rows if row.audience in may]
    return sorted(rows, key=lambda row: (_ORDER.index(AnnouncementKind(row.kind)), -row.starts_at.timestamp()))


def _running() -> QuerySet[Announcement]:
    return Announcement.objects.filter(starts_at__lte=Slot("now"), ends_at__gt=Slot("now"))


_RUNNING = Prepared(_running)
_NOT_DISMISSED = Prepared(
    lambda: _running().filter(~Exists(Dismissal.objects.filter(announcement=OuterRef("pk"), person=Slot("person"))))
)


def every_announcement(limit: int = 50) -> list[Announcement]:
    """For who makes them: coming, running and past ones, the latest first."""
    return list(Announcement.objects.select_related("created_by").order_by("-ends_at", "-id")[:limit])


def by_public_id(public_id: str, user: User, now: datetime) -> Announcement:
    """One of them, for who makes them. Raises Forbidden, NotFound."""
    access.require_editor(user, now)
    found = Announcement.objects.filter(public_id=public_id[:22]).first()
    if found is None:
        raise NotFound
    return found
