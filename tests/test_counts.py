"""Pages cost the same number of statements with ten requests and with a thousand (every list is bounded)."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anliegen.lib import bus
from anliegen.project import wiring
from anliegen.requests.models import Attachment, Order, Participant, ServiceRequest
from bench import crowd
from bench.copies import STRIDE, Plan, multiply
from bench.house import Crowd
from tests import company

pytestmark = pytest.mark.django_db
FEW, MANY = 10, 1_000
PAGES = (
    ("owner", "/"),
    ("owner", "/requests/"),
    ("owner", "/requests/?q=Desktop&state=all"),
    ("owner", "/requests/{own}/"),
    ("owner", "/requests/{own}/archive.zip"),
    ("owner", "/catalogue/"),
    ("owner", "/catalogue/devices/"),
    ("owner", "/catalogue/item/desktop/"),
    ("owner", "/knowledge/"),
    ("owner", "/knowledge/vpn/"),
    ("approver", "/"),
    ("approver", "/approvals/"),
    ("agent", "/desk/"),
    ("agent", "/desk/?view=all"),
    ("agent", "/desk/search/?q=desktop"),
    ("agent", "/desk/requests/{own}/"),
    ("fulfiller", "/desk/?view=team"),
    ("fulfiller", "/desk/{own}/tasks/{step}/"),
)
MOST = 40  # of one page; the target for frequent ones is 20, but more than this is always a mistake


@pytest.fixture
def made(db: None) -> Iterator[company.Company]:
    with time_machine.travel(company.NOW, tick=False):
        bound = bus.bound()
        wiring.bind()
        found = company.found()
        Attachment.objects.all().delete()  # a file belongs to one request and is not copied
        yield found
        bus.bind(bound)


def test_statements_do_not_grow(made: company.Company) -> None:
    plan, jana = made.own.pk, made.person("owner")
    people = crowd.gather(company.NOW, people=40, agents=20)
    _copy(Plan(plan, FEW, open=True), people, jana.pk)
    before = _counts(made)
    _copy(Plan(plan, MANY - FEW, open=True), people, jana.pk)
    assert ServiceRequest.objects.filter(requester=jana).count() > MANY
    after = _counts(made)
    grown = {page: (before[page], after[page]) for page in before if after[page] > before[page]}
    assert grown == {}
    assert {page: count for page, count in after.items() if count > MOST} == {}


def _copy(plan: Plan, people: Crowd, owner: int) -> None:
    """More requests like that one, of the same person."""
    multiply([plan], people)
    copies = ServiceRequest.objects.filter(pk__gt=STRIDE)
    copies.update(requester=owner, recipient=owner)
    Order.objects.filter(pk__gt=STRIDE).update(requester=owner)
    Participant.objects.filter(service_request__in=copies, role__in=("requester", "recipient")).update(person=owner)


def _counts(made: company.Company) -> dict[str, int]:
    """Statements of each page, asked a second time, when what is kept in memory is there."""
    found = {}
    for role, address in PAGES:
        client: Any = company.signed_in(made.person(role))
        where = address.format(own=made.own.code, step=made.side_step())
        assert client.get(where).status_code == 200, f"{where} as {role}"
        with CaptureQueriesContext(connection) as seen:
            client.get(where)
        found[f"{where} as {role}"] = sum(not re.match(r"(SAVEPOINT|RELEASE)", one["sql"]) for one in seen)
    return found
