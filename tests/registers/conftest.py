"""The people, registers and services of Nordwerk, made once for these tests; each test's transaction is taken back."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import transaction

from anliegen.demo.load import _company
from anliegen.lib import bus
from anliegen.project import wiring
from tests.company import NOW
from tests.registers.play import Stage


@pytest.fixture(scope="module")
def nordwerk(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False):
        bound = bus.bound()
        wiring.bind()
        outside = transaction.atomic()
        outside._from_testcase = True  # type: ignore[attr-defined]  # as in Django's TestCase
        outside.__enter__()
        try:
            _company(NOW)
            yield
        finally:
            transaction.set_rollback(True)
            outside.__exit__(None, None, None)
            bus.bind(bound)


@pytest.fixture
def stage(nordwerk: None, db: None) -> Stage:
    return Stage()
