"""Sessions in the database that know their person (setting SESSION_ENGINE).

Django's own session row hides the person in its data; a leaver's sessions could then only be ended by reading all.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, override

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import InterfaceError, OperationalError

from anliegen.lib import clock
from anliegen.people.models import Session, User
from anliegen.reads.prepared import Prepared, Slot

SEEN_EVERY = timedelta(minutes=15)  # how exactly "last used" is kept: writing it with every page would cost too much


class SessionStore(db.SessionStore):
    """Like Django's, with the person's id beside the data. `row` is what was read, once it was."""

    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session = super().create_model_instance(data)
        assert isinstance(session, Session)
        session.user_id = int(data[SESSION_KEY]) if data.get(SESSION_KEY) else None
        return session

    def _get_session_from_db(self) -> Session | None:
        found = self.row = _LIVE.first(key=self.session_key, now=clock.now())
        if found is None:
            self._session_key = None
        return found

    @override
    def save(self, must_create: bool = False) -> None:
        """As Django's, but a database that does not answer is not taken for a session that has ended (400)."""
        try:
            super().save(must_create)
        except UpdateError as error:
            cause = error.__context__
            if isinstance(cause, OperationalError | InterfaceError):
                raise cause from None
            raise

    @classmethod
    def clear_expired(cls) -> None:
        # A day of grace: a clock that was put back must not find rows that are still in use gone.
        Session.objects.filter(expire_date__lt=clock.now() - timedelta(days=1)).delete()


_LIVE = Prepared(lambda: Session.objects.filter(session_key=Slot("key"), expire_date__gt=Slot("now")))


def seen(row: Session, *, browser: str, inside: bool | None, now: datetime) -> None:
    """Note that a browser was used, at most every quarter of an hour; one statement."""
    if row.seen_at is None or row.seen_at + SEEN_EVERY < now:
        Session.objects.filter(session_key=row.session_key).update(browser=browser, inside=inside, seen_at=now)


def ran_out(key: str, grace: timedelta, now: datetime) -> int | None:
    """Whose session of that key ended by itself a short while ago; None for every other key. One query."""
    rows = Session.objects.filter(session_key=key[:40], user__is_active=True)
    return rows.filter(expire_date__lte=now, expire_date__gt=now - grace).values_list("user_id", flat=True).first()


def of(user: User, now: datetime) -> Sequence[Session]:
    """The browsers in which a person is signed in now, used last first."""
    rows = Session.objects.filter(user=user, expire_date__gt=now)
    return sorted(rows, key=lambda row: row.seen_at or now, reverse=True)
