"""A session that cannot be stored: because the database is away, or because somebody ended it."""

from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError

from anliegen.people.models import Session
from anliegen.people.sessions import SessionStore

pytestmark = pytest.mark.django_db


def stored() -> SessionStore:
    session = SessionStore()
    session["word"] = 1
    session.save()
    return session


def test_a_database_that_is_away_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    session = stored()

    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(Session, "save", away)
    with pytest.raises(OperationalError):
        session.save()


def test_a_session_that_was_ended_stays_ended() -> None:
    session = stored()
    Session.objects.all().delete()
    with pytest.raises(UpdateError):
        session.save()
