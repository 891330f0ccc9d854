"""Several at once, on PostgreSQL: numbers without gaps, one order per key."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from anliegen.lib import bus
from anliegen.requests import actions
from anliegen.requests.models import JournalEntry, Order, ServiceRequest
from anliegen.requests.tests.factories import NOW, Firm, line, submit, submitted

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _postgres() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("runs on PostgreSQL")


def at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    barrier = Barrier(count)

    def one(number: int) -> Any:
        barrier.wait()
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_codes_have_no_gaps_and_no_doubles(who: Firm) -> None:
    bus.bind({})
    at_once(6, lambda _n: [submit(who.owner) for _ in range(3)])
    assert sorted(row.code for row in ServiceRequest.objects.all()) == [f"SR-{n}" for n in range(1000, 1018)]


def test_one_key_makes_one_order(who: Firm) -> None:
    bus.bind({})
    orders = at_once(4, lambda _n: submit(who.owner, line(), key="same").pk)
    assert len(set(orders)) == 1
    assert (Order.objects.count(), ServiceRequest.objects.count()) == (1, 1)


def test_messages_are_numbered_one_after_the_other(who: Firm) -> None:
    made = submitted(who.owner)
    bus.bind({})
    at_once(5, lambda n: actions.message(made.code, "x", acting_user=who.owner, key=f"m{n}", now=NOW))
    assert list(JournalEntry.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert ServiceRequest.objects.get().journal_seq == 6
