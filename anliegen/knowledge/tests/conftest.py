"""A small organisation and a knowledge manager."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from anliegen.audit import actions as audit
from anliegen.knowledge.tests.factories import SYSTEM, Firm, firm, person
from anliegen.lib import bus
from anliegen.lib.events import Event
from anliegen.people import actions as people
from anliegen.people.models import User
from anliegen.people.rules import Role


@pytest.fixture
def told() -> Iterator[list[Any]]:
    """Every event, in order; the audit trail is written too."""
    before, seen = bus.bound(), []
    bus.bind({bus.Command: (audit.record,), Event: (seen.append,)})
    yield seen
    bus.bind(before)


@pytest.fixture
def who(db: None, told: list[Any], settings: Any, tmp_path: Path) -> Firm:
    settings.ANLIEGEN = replace(settings.ANLIEGEN, data_dir=tmp_path)
    organisation = firm()
    told.clear()
    return organisation


@pytest.fixture
def editor(who: Firm) -> User:
    wanda = person("wanda")
    people.grant_role(wanda.pk, Role.KNOWLEDGE_MANAGER, **SYSTEM)
    return User.objects.get(pk=wanda.pk)
