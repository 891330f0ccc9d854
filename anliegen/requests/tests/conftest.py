"""A small organisation with a desktop PC on offer, and a bus that keeps what was published."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from anliegen.audit import actions as audit
from anliegen.lib import bus
from anliegen.lib.events import Event
from anliegen.requests.tests.factories import Firm, firm, offer


@pytest.fixture
def published() -> Iterator[list[Any]]:
    """Every event, in order; the audit trail is written too."""
    before, seen = bus.bound(), []
    bus.bind({bus.Command: (audit.record,), Event: (seen.append,)})
    yield seen
    bus.bind(before)


@pytest.fixture
def who(db: None, published: list[Any], settings: Any, tmp_path: Path) -> Firm:
    settings.ANLIEGEN = replace(settings.ANLIEGEN, data_dir=tmp_path)
    organisation = firm()
    offer()
    published.clear()
    return organisation
