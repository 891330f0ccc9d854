"""Stock: what is promised once is not promised again."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from anliegen.assets import actions, queries
from anliegen.assets.models import Stock
from anliegen.lib.errors import Refused

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def two_in_stock():
    actions.add_product("pc-standard", {"de": "PC", "en": "PC"}, price_cents=89_000, aliases=("Standard-PC",))
    return actions.receive("pc-standard", "Lager Kiel", 2)


def test_two_requests_cannot_hold_the_same_piece(two_in_stock):
    assert actions.reserve("SR-1", "pc-standard", 1, now=NOW)
    assert actions.reserve("SR-2", "pc-standard", 1, now=NOW)
    assert actions.reserve("SR-3", "pc-standard", 1, now=NOW) is None
    assert queries.available("pc-standard") == 0


def test_asking_again_keeps_one_reservation(two_in_stock):
    first = actions.reserve("SR-1", "pc-standard", 1, now=NOW)
    assert actions.reserve("SR-1", "pc-standard", 1, now=NOW) == first
    assert queries.available("pc-standard") == 1


def test_another_quantity_replaces_the_reservation(two_in_stock):
    actions.reserve("SR-1", "pc-standard", 1, now=NOW)
    assert actions.reserve("SR-1", "pc-standard", 2, now=NOW).quantity == 2
    assert queries.available("pc-standard") == 0


def test_release_frees_what_was_not_issued(two_in_stock):
    actions.reserve("SR-1", "pc-standard", 1, now=NOW)
    assert actions.release("SR-1") == 1
    assert queries.available("pc-standard") == 2


def test_issued_pieces_leave_the_stock_once(two_in_stock):
    actions.reserve("SR-1", "pc-standard", 1, now=NOW)
    assert actions.issue("SR-1", now=NOW) == 1
    assert actions.issue("SR-1", now=NOW) == 0
    two_in_stock.refresh_from_db()
    assert (two_in_stock.quantity, two_in_stock.reserved) == (1, 0)
    assert actions.release("SR-1") == 0


def test_the_database_forbids_promising_more_than_there_is(two_in_stock):
    with pytest.raises(IntegrityError), transaction.atomic():
        Stock.objects.filter(pk=two_in_stock.pk).update(reserved=3)


def test_an_unknown_product_is_refused():
    with pytest.raises(Refused):
        actions.reserve("SR-1", "nothing", 1, now=NOW)


def test_a_product_is_found_by_its_other_name(two_in_stock):
    assert queries.find("standard-pc").key == "pc-standard"
