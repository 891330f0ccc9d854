"""A laptop: who approves, what is bought, in how many parts it comes, and who checks and confirms it."""

import pytest

from anliegen.assets.models import Device, Stock
from anliegen.catalogue import queries as catalogue
from anliegen.lib.errors import Forbidden, Refused
from anliegen.requests import queries
from anliegen.tracking import queries as tracking
from anliegen.workflow import actions as workflow
from anliegen.workflow.models import Task
from anliegen.workflow.queries import quality, steps_after
from tests.company import NOW, Company, person, signed_in
from tests.devices.play import Play, bought, handed_over, laptop

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("bad-input")]


def without_stock() -> None:
    Stock.objects.filter(product__key__startswith="laptop").update(quantity=0, reserved=0)


# Who approves


def test_within_the_limit_nobody_is_asked_and_a_sentence_says_so(nordwerk: Company) -> None:
    play = laptop("Lena Hahn", "laptop-13")
    assert play.open == ["assemble"]
    assert len(play.said("approved-by-limit")) == 1
    assert play.row.approved_cents == 79_900


def test_up_to_1000_the_cost_centre_decides_alone(nordwerk: Company) -> None:
    play = laptop("Jana Sommer", "laptop-13")
    assert play.asked("approve_centre") == ["Tom Brandt"]
    play.vote("approve_centre", "Tom Brandt")
    assert play.open == ["assemble"]
    assert play.task("assemble").cost_seen_cents is None


def test_whoever_holds_the_cost_centre_and_heads_the_department_is_asked_once(nordwerk: Company) -> None:
    play = laptop("Jana Sommer", "laptop-14")
    play.vote("approve_centre", "Tom Brandt")
    assert play.open == ["assemble"]
    assert "Tom Brandt" in play.said("approved-already")[0]


def test_whoever_is_asked_now_is_not_named_again_further_on(nordwerk: Company) -> None:
    play = laptop("Jana Sommer", "laptop-14")
    [head] = [step for step in steps_after(play.row, now=NOW) if step.node == "approve_head"]
    assert (head.automatic, head.who) == (True, ())


def test_above_2500_the_it_budget_decides_too_and_nothing_is_reserved_before(nordwerk: Company) -> None:
    play = laptop("Jana Sommer", "laptop-16-cad", quantity=2)
    play.vote("approve_centre", "Tom Brandt")
    assert play.open == ["approval"]
    assert play.said("reserved") + play.said("not-in-stock") == []
    play.vote("approval", "Silke Marten")
    assert play.open == ["buy"]  # one is in stock, two are wanted


def test_a_no_ends_it_with_the_reason(nordwerk: Company) -> None:
    play = laptop("Jana Sommer", "laptop-14")
    play.vote("approve_centre", "Tom Brandt", "no", comment="Das alte ist ein Jahr alt.", reject_reason="budget")
    assert (play.row.end_kind, play.row.reject_sentence) == ("rejected", "Das alte ist ein Jahr alt.")


def test_a_broken_device_is_looked_at_first(nordwerk: Company) -> None:
    play = laptop("Lena Hahn", "laptop-13", reason="broken", disruption="no")
    assert play.open == ["check"]


# The promise


@pytest.mark.parametrize("stock", [True, False])
def test_the_promise_is_the_date_that_was_told_before_ordering(nordwerk: Company, stock: bool) -> None:
    if not stock:
        without_stock()
    jana = person("Jana Sommer")
    answers = {"model": "laptop-13", "quantity": 1, "reason": "new", "handover": "office", "place": "B 3.14"}
    version = catalogue.item("laptop", jana, NOW)
    told = tracking.preview(version, requester=jana, recipient=jana, answers=answers, now=NOW).expected
    play = laptop("Jana Sommer", "laptop-13")
    assert play.open == ["approve_centre"]
    assert play.row.promise == told
    play.vote("approve_centre", "Tom Brandt")
    assert play.row.promise == told
    assert play.said("promise-moved") == []


# Buying


def test_it_comes_in_parts_and_the_rest_stays_open(nordwerk: Company) -> None:
    without_stock()
    play = laptop("Henrike Voss", "laptop-13", quantity=5)
    bought(play)
    play.do("goods-in", "Finn Jensen", received=2, delivery_note="L-1")
    assert play.open == ["goods-in"]
    assert play.said("delivered") == ["2 geliefert, bisher 2 von 5."]
    play.do("goods-in", "Finn Jensen", received=3, delivery_note="L-2")
    assert play.open == ["assemble"]
    assert play.said("delivered")[1] == "3 geliefert, bisher 5 von 5."


def test_the_confirmed_date_moves_the_forecast_and_leaves_the_promise(nordwerk: Company) -> None:
    without_stock()
    play = laptop("Lena Hahn", "laptop-13")
    promise = play.row.promise
    bought(play, delivery_date="2026-12-04")
    assert play.row.promise == promise
    # delivered on Friday 4 December, then two days to set up and one to hand over: Tuesday evening
    assert play.row.forecast is not None
    assert play.row.forecast.date().isoformat() == "2026-12-08"
    assert len(play.said("forecast")) == 1


def test_dearer_than_approved_is_asked_again_with_both_amounts(nordwerk: Company) -> None:
    without_stock()
    play = laptop("Jana Sommer", "laptop-13")
    play.vote("approve_centre", "Tom Brandt")
    bought(play, "dearer", cost=104_900)
    assert play.open == ["approve_centre"]
    row = play.row
    assert (row.approved_cents, row.own_cents, row.order.total_cents) == (79_900, 104_900, 104_900)
    assert play.task("approve_centre").cost_seen_cents == 104_900
    play.vote("approve_centre", "Tom Brandt")
    assert play.open == ["buy"]
    bought(play, cost=104_900)
    assert play.open == ["goods-in"]


def test_nothing_is_ordered_above_what_was_approved(nordwerk: Company) -> None:
    without_stock()
    play = laptop("Jana Sommer", "laptop-13")
    play.vote("approve_centre", "Tom Brandt")
    with pytest.raises(Refused) as refused:
        bought(play, cost=104_900)
    assert set(refused.value.errors) == {"f_cost"}
    assert (play.open, play.row.cost_cents) == (["buy"], 79_900)
    bought(play, "dearer", cost=104_900)
    play.vote("approve_centre", "Tom Brandt", "no", comment="Zu teuer.", reject_reason="budget")
    assert (play.row.end_kind, play.row.reject_sentence) == ("rejected", "Zu teuer.")


def test_a_delivery_is_neither_before_today_nor_more_than_was_bought(nordwerk: Company) -> None:
    without_stock()
    play = laptop("Lena Hahn", "laptop-13")
    with pytest.raises(Refused) as refused:
        bought(play, delivery_date="2020-01-01")
    assert set(refused.value.errors) == {"f_delivery_date"}
    bought(play)
    with pytest.raises(Refused) as refused:
        play.do("goods-in", "Finn Jensen", received=7, delivery_note="L-1")
    assert set(refused.value.errors) == {"f_received"}
    assert play.said("delivered") == []


@pytest.mark.parametrize("numbers", ["A, B, C", ","])
def test_each_device_has_one_number(nordwerk: Company, numbers: str) -> None:
    play = laptop("Lena Hahn", "laptop-13")
    with pytest.raises(Refused) as refused:
        play.do("assemble", "Mats Koch", serial=numbers, inventory_number="NW-1", tick_disk_encrypted=True,
                tick_updated=True)  # fmt: skip
    assert set(refused.value.errors) == {"f_serial"}


def test_what_is_needed_depends_on_the_result(nordwerk: Company) -> None:
    without_stock()
    play = laptop("Lena Hahn", "laptop-13")
    with pytest.raises(Refused) as refused:
        play.do("buy", "Martin Berger", "ordered", supplier="X", cost=79_900)
    assert set(refused.value.errors) == {"f_order_number", "f_delivery_date"}
    with pytest.raises(Refused) as refused:
        play.do("buy", "Martin Berger", "dearer", cost=79_900)
    assert set(refused.value.errors) == {"f_supplier"}


# Setting up, handing over, checking


def test_the_disk_must_be_encrypted_before_it_is_set_up(nordwerk: Company) -> None:
    play = laptop("Lena Hahn", "laptop-13")
    values = {"serial": "5CD1", "inventory_number": "NW-5001"}
    with pytest.raises(Refused) as refused:
        play.do("assemble", "Mats Koch", tick_updated=True, **values)
    assert set(refused.value.errors) == {"f_tick_disk_encrypted"}
    assert [one["de"] for one in play.task("assemble").checklist] == [
        "Festplatte ist verschlüsselt",
        "Alle Updates sind installiert",
    ]
    with pytest.raises(Refused):
        play.do("assemble", "Mats Koch", tick_disk_encrypted="no", tick_updated=True, **values)


def test_the_device_belongs_to_its_recipient_and_the_old_one_is_back(nordwerk: Company) -> None:
    play = laptop("Lena Hahn", "laptop-13")
    handed_over(play)
    device = Device.objects.get(inventory_number="NW-5001")
    assert (device.holder, device.serial, device.code) == (person("Lena Hahn"), "5CD1", play.code)
    assert play.open == ["accept"]


def test_an_address_is_seen_by_who_sends_the_parcel(nordwerk: Company) -> None:
    play = laptop("Lena Hahn", "laptop-13", handover="post", address="Deichweg 4, Husum")
    seen = {
        name: any("Deichweg" in shown.de for _label, shown in queries.answers(play.row, person(name), NOW))
        for name in ("Lena Hahn", "Finn Jensen", "Mats Koch", "Nele Krüger", "Frauke Lorenzen")
    }
    assert seen == {
        "Lena Hahn": True, "Finn Jensen": True, "Mats Koch": False, "Nele Krüger": False, "Frauke Lorenzen": False,
    }  # fmt: skip
    exported = queries.as_json(play.row, person("Nele Krüger"), NOW)
    assert "Deichweg" not in str(exported)


def checked(play: Play) -> None:
    """To the quality check: this one costs more than 2,500 €."""
    play.vote("approve_centre", "Tom Brandt")
    play.vote("approval", "Silke Marten")
    bought(play)
    play.do("goods-in", "Finn Jensen", received=2, delivery_note="L-1")
    play.do(
        "assemble",
        "Mats Koch",
        serial="A, B",
        inventory_number="NW-1, NW-2",
        tick_disk_encrypted=True,
        tick_updated=True,
        tick_cad_tested=True,
    )
    play.do("hand-over", "Sven Jacobs")


def test_dear_ones_are_checked_and_go_back_with_the_reason(nordwerk: Company) -> None:
    play = laptop("Jana Sommer", "laptop-16-cad", quantity=2)
    checked(play)
    assert play.open == ["quality"]
    assert "die Regel dafür trifft zu" in play.said("quality-needed")[0]
    with pytest.raises(Refused):
        play.do("quality", "Ines Albrecht", "no")
    play.do("quality", "Ines Albrecht", "no", note="Ein Netzteil fehlt.")
    assert play.task("hand-over").note == "Ein Netzteil fehlt."
    play.do("hand-over", "Sven Jacobs")
    assert "nach einer Nacharbeit" in play.said("quality-needed")[1]
    play.do("quality", "Ines Albrecht", "yes")
    assert play.open == ["accept"]


def test_whoever_did_the_work_does_not_check_it(nordwerk: Company) -> None:
    play = laptop("Jana Sommer", "laptop-16-cad", quantity=2)
    checked(play)
    Task.objects.filter(service_request=play.row, node="hand-over").update(done_by=person("Ines Albrecht"))
    with pytest.raises(Forbidden):
        play.do("quality", "Ines Albrecht", "yes")
    with pytest.raises(Forbidden):
        workflow.take(play.task("quality").pk, acting_user=person("Ines Albrecht"), now=NOW)
    with pytest.raises(Refused):
        workflow.assign(
            play.task("quality").pk, person("Ines Albrecht").pk, acting_user=person("Henrik Thomsen"), now=NOW
        )
    play.do("quality", "Henrik Thomsen", "yes")


def test_a_sample_draws_the_same_lot_for_the_same_code() -> None:
    lots = [quality.draw(f"SR-{number}") for number in range(1000, 3000)]
    assert lots == [quality.draw(f"SR-{number}") for number in range(1000, 3000)]
    assert 150 < sum(lot < 10 for lot in lots) < 250
    assert [quality.share(text) for text in ("10 %", "5%", "always", "reopened")] == [10, 5, None, None]


# The receipt


def test_the_receipt_names_who_when_where_and_how_it_was_confirmed(nordwerk: Company) -> None:
    play = laptop("Lena Hahn", "laptop-13")
    lena, outsider = signed_in(person("Lena Hahn")), signed_in(person("Arne Ketelsen"))
    address = f"/requests/{play.code}/receipt"
    assert lena.get(address).status_code == 404
    handed_over(play)
    page = lena.get(address).content.decode()
    for text in ("Lena Hahn", "Sven Jacobs", "NW-5001", "5CD1", "Noch nicht bestätigt"):
        assert text in page
    assert outsider.get(address).status_code == 404
    assert address in lena.get(f"/requests/{play.code}/").content.decode()
    workflow.accept(play.code, acting_user=person("Lena Hahn"), verdict="yes", now=NOW)
    page = lena.get(address).content.decode()
    assert "Lena Hahn hat bestätigt" in page
    assert "Noch nicht bestätigt" not in page
