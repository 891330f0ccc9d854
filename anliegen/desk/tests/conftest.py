from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from anliegen.catalogue.tests.factories import NOW
from anliegen.lib import clock
from anliegen.people.models import User
from anliegen.workflow.tests import factories
from anliegen.workflow.tests.factories import Stage


@pytest.fixture
def stage(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A firm with one service; the clock of the pages is the stage's."""
    cache.clear()
    found = factories.stage(wired=True)
    factories.publish()
    monkeypatch.setattr(clock, "now", lambda: found.now)
    yield found


@pytest.fixture
def at(stage: Stage) -> Callable[[User], Client]:
    """A browser in which that person is signed in, with the second factor that some roles need."""

    def sign_in(user: User) -> Client:
        Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "x"}})
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def now() -> datetime:
    return NOW
