"""The people of Nordwerk, made once for all of these tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import transaction
from django.test import Client

from anliegen.lib import bus
from anliegen.project import wiring
from tests import company
from tests.company import NOW, Company, person, signed_in


@pytest.fixture(scope="module")
def nordwerk(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Company]:
    """Made once; each test's own transaction takes back what it did."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), _files_in(tmp_path_factory.mktemp("files")):
        bound = bus.bound()
        wiring.bind()
        outside = transaction.atomic()
        outside._from_testcase = True  # type: ignore[attr-defined]  # as in Django's TestCase
        outside.__enter__()
        try:
            yield company.found()
        finally:
            transaction.set_rollback(True)
            outside.__exit__(None, None, None)
            bus.bind(bound)


@contextmanager
def _files_in(folder: Path) -> Iterator[None]:
    before = settings.ANLIEGEN
    settings.ANLIEGEN = replace(before, data_dir=folder)
    yield
    settings.ANLIEGEN = before


@pytest.fixture
def jana(nordwerk: Company) -> Client:
    return signed_in(person("Jana Sommer"))


@pytest.fixture
def nele(nordwerk: Company) -> Client:
    return signed_in(person("Nele Krüger"))
