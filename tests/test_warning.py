"""The strip that tells operators, and nobody else, that this is a mute copy."""

from collections.abc import Iterator

import pytest
import time_machine

from anliegen.jobs.models import Mute
from anliegen.lib import bus
from anliegen.project import wiring
from tests import company
from tests.company import NOW, ROLES, person, signed_in

WORDS = "Das ist eine wiederhergestellte Kopie."


@pytest.fixture
def nordwerk(db: None) -> Iterator[None]:
    bound = bus.bound()
    with time_machine.travel(NOW, tick=False):
        wiring.bind()
        company.found()
        yield
    bus.bind(bound)


def _reads(role: str, address: str) -> bool:
    answer = signed_in(person(ROLES[role])).get(address)
    assert answer.status_code == 200
    return WORDS in answer.content.decode()


def test_only_operators_read_it_and_only_while_it_is_so(nordwerk: None) -> None:
    Mute.objects.create(since=NOW, origin="a.zip")
    found = {role: _reads(role, "/") for role in ("owner", "approver", "administrator")}
    assert found == {"owner": False, "approver": False, "administrator": True}
    assert not _reads("agent", "/desk/")
    Mute.objects.all().delete()
    assert not _reads("administrator", "/")
