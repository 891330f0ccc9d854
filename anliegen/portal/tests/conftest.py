"""A firm with a service in force, and a browser without JavaScript for each of its people."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from anliegen.lib import bus
from anliegen.people.models import User
from anliegen.workflow.tests.factories import NOW, Stage, publish, stage


@pytest.fixture
def at_nine() -> Iterator[Any]:
    """Wednesday, 25 November 2026, 10:00 in Kiel."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def scene(db: None, at_nine: Any, bind_wiring: Callable[[], None]) -> Iterator[Stage]:
    before = bus.bound()
    bind_wiring()
    found = stage(wired=True)
    publish()
    yield found
    bus.bind(before)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="anliegen.portal.adapters.SignInBackend")
    return client
