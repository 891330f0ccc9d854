"""Sending a cart: one order, a request for each line and person; what is wrong stays in the cart."""

from collections.abc import Iterator
from typing import Any

import pytest

from anliegen.catalogue import actions as catalogue
from anliegen.catalogue import queries
from anliegen.catalogue.actions.drafts import DraftContent
from anliegen.catalogue.models import Draft
from anliegen.catalogue.tests.factories import form, question
from anliegen.jobs.models import Job
from anliegen.lib import bus
from anliegen.lib.errors import Forbidden, Refused
from anliegen.people import actions as people
from anliegen.people.models import User
from anliegen.people.rules import OrderScope
from anliegen.requests import actions
from anliegen.requests.events import Submitted
from anliegen.requests.models import Order, ServiceRequest
from anliegen.requests.queries import progress
from anliegen.requests.rules import MAX_LINES
from anliegen.requests.tests.factories import NOW, SYSTEM, Firm, offer, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(who: Firm) -> Iterator[list[Submitted]]:
    found: list[Submitted] = []
    bound = bus.bound()
    bus.bind({Submitted: (found.append,)})
    yield found
    bus.bind(bound)


def put(owner: User, item: str = "desktop", **fields: Any) -> Draft:
    content = DraftContent(**{"answers": {"build": "standard"}, "in_cart": True, **fields})
    return catalogue.save_draft(content, owner=owner, item_key=item, now=NOW)


def send(owner: User, key: str = "once-and-only", **fields: Any) -> Order:
    seen = fields.pop("seen", "") or queries.seen(queries.cart(owner))
    return actions.checkout(actions.Checkout(seen=seen, **fields), acting_user=owner, key=key, now=NOW)


def for_all(owner: User) -> None:
    people.allow_ordering_for(owner.pk, OrderScope.ALL, **SYSTEM)


def test_two_lines_are_two_requests_of_one_order(who: Firm, told: list[Submitted]) -> None:
    put(who.owner)
    put(who.owner, answers={"build": "cad"})
    order = send(who.owner, note="Bitte bald.")
    made = list(order.service_requests.order_by("id"))
    assert [one.cost_cents for one in made] == [80_000, 130_000]
    assert (order.total_cents, order.note) == (210_000, "Bitte bald.")
    assert [event.alone for event in told] == [False, False]
    assert queries.cart(who.owner) == []
    assert Draft.objects.count() == 0


def test_one_line_begins_at_once(who: Firm, told: list[Submitted]) -> None:
    put(who.owner)
    send(who.owner)
    assert [event.alone for event in told] == [True]


def test_the_same_sending_again_is_the_same_order(who: Firm) -> None:
    put(who.owner)
    seen = queries.seen(queries.cart(who.owner))
    assert send(who.owner, seen=seen) == send(who.owner, seen=seen)
    assert ServiceRequest.objects.count() == 1


def test_a_wrong_line_stays_and_holds_nobody_up(who: Firm) -> None:
    put(who.owner, answers={})
    put(who.owner)
    order = send(who.owner)
    assert order.service_requests.count() == 1
    [left] = queries.cart(who.owner)
    assert "q_build" in actions.problems(left, who.owner, NOW)


def test_where_nothing_is_right_nothing_is_sent(who: Firm) -> None:
    put(who.owner, answers={})
    with pytest.raises(Refused):
        send(who.owner)
    assert (Order.objects.count(), queries.cart_count(who.owner)) == (0, 1)


def test_what_is_not_offered_any_more_says_so(who: Firm) -> None:
    put(who.owner)
    catalogue.retire("desktop", **SYSTEM)
    [line] = queries.cart(who.owner)
    assert "nicht mehr angeboten" in str(actions.problems(line, who.owner, NOW)[""])
    with pytest.raises(Refused, match="nicht mehr angeboten"):
        send(who.owner)


def test_a_cart_that_changed_in_another_window_is_shown_again(who: Firm) -> None:
    put(who.owner)
    seen = queries.seen(queries.cart(who.owner))
    put(who.owner)
    with pytest.raises(Refused, match="geändert"):
        send(who.owner, seen=seen)


def test_another_price_is_shown_before_it_is_sent(who: Firm) -> None:
    put(who.owner)
    seen = queries.seen(queries.cart(who.owner))
    offer(price_cents=90_000)
    with pytest.raises(Refused, match="Preis"):
        send(who.owner, seen=seen)
    assert send(who.owner).total_cents == 90_000


def test_nobody_sends_the_cart_of_somebody_else(who: Firm) -> None:
    put(who.owner)
    seen = queries.seen(queries.cart(who.owner))
    for other in (who.colleague, who.outsider):
        with pytest.raises(Refused):
            send(other, seen=seen)
    people.deactivate(who.owner.pk, **SYSTEM)
    with pytest.raises(Forbidden):
        send(User.objects.get(pk=who.owner.pk), seen=seen)
    assert Order.objects.count() == 0


def test_one_line_for_several_is_a_request_for_each(who: Firm) -> None:
    for_all(who.owner)
    draft = put(who.owner)
    catalogue.set_recipients([draft.public_id], [who.colleague, who.outsider], owner=who.owner, now=NOW, confirms=True)
    made = send(who.owner).service_requests.order_by("id")
    assert {(one.recipient, one.recipient_confirms) for one in made} == {(who.colleague, True), (who.outsider, True)}


def test_who_may_not_get_it_stays_in_the_line(who: Firm) -> None:
    for_all(who.owner)
    draft = put(who.owner)
    catalogue.set_recipients([draft.public_id], [who.colleague, who.external], owner=who.owner, now=NOW)
    assert send(who.owner).service_requests.get().recipient == who.colleague
    [left] = queries.cart(who.owner)
    assert left.people == (who.external,)


def test_each_of_several_gets_it_at_their_own_place(who: Firm) -> None:
    for_all(who.owner)
    offer("chair", form=form(question("place", "place", required=True, default="recipient.place")))
    draft = put(who.owner, "chair", answers={"place": "K-2.14"})
    catalogue.set_recipients([draft.public_id], [who.owner, who.colleague], owner=who.owner, now=NOW)
    assert send(who.owner).service_requests.get().answers == {"place": "K-2.14"}
    [left] = queries.cart(who.owner)  # nobody knows the colleague's place
    assert (left.people, left.draft.answers) == ((who.colleague,), {})


def test_a_file_goes_with_one_request_only(who: Firm) -> None:
    for_all(who.owner)
    draft = put(who.owner, answers={"build": "standard", "sketch": [upload(who.owner)]})
    catalogue.set_recipients([draft.public_id], [who.owner, who.colleague], owner=who.owner, now=NOW)
    with pytest.raises(Refused, match="Datei"):
        send(who.owner)


def test_the_upload_of_somebody_else_is_none(who: Firm) -> None:
    put(who.owner, answers={"build": "standard", "sketch": [upload(who.colleague)]})
    with pytest.raises(Refused, match="Datei"):
        send(who.owner)


def test_everything_together_is_wished_for_one_day(who: Firm) -> None:
    offer("chair", asks_wish_date=False)
    put(who.owner)
    put(who.owner, "chair")
    day = NOW.date().replace(month=12)
    assert {one.wish_date for one in send(who.owner, deliver_on=day).service_requests.all()} == {day}


def test_the_note_is_the_reason_where_none_was_given(who: Firm) -> None:
    offer("chair", asks_justification=True)
    put(who.owner, "chair")
    put(who.owner, "chair", justification="Der alte ist kaputt.")
    reasons = (
        send(who.owner, note="Neue Kollegin").service_requests.order_by("id").values_list("justification", flat=True)
    )
    assert list(reasons) == ["Neue Kollegin", "Der alte ist kaputt."]


def test_a_cost_centre_is_one_of_those_concerned(who: Firm) -> None:
    centre = people.put_cost_centre("4711", name="Vertrieb", **SYSTEM)
    people.put_department("sales", cost_centre=centre, **SYSTEM)
    people.put_cost_centre("9999", name="Fremde", **SYSTEM)
    put(who.owner)
    with pytest.raises(Refused) as told:
        send(who.owner, cost_centre="9999")
    assert "cost_centre" in told.value.errors
    assert send(who.owner, cost_centre="4711").cost_centre == centre


def test_more_than_25_are_made_by_a_job(who: Firm, told: list[Submitted]) -> None:
    for_all(who.owner)
    many = [
        people.create_person(email=f"p{n}@nordwerk.example", first_name=f"P{n}", last_name="X", **SYSTEM)
        for n in range(25)
    ]
    draft = put(who.owner)
    put(who.owner, answers={})
    everybody = [who.colleague, who.external, *many]
    catalogue.set_recipients([draft.public_id], everybody, owner=who.owner, now=NOW)
    assert len(everybody) > MAX_LINES
    order = send(who.owner)
    assert queries.cart_count(who.owner) == 0
    assert (progress(order).total, progress(order).done, told) == (28, 0, [])
    runs = _run(order, told)
    after = progress(order)
    assert (after.running, after.made, len(after.refused)) == (False, 26, 2)
    assert order.service_requests.count() == len(told) == 26
    order.refresh_from_db()
    assert order.total_cents == 26 * 80_000
    assert runs > 3
    assert [line.people for line in queries.cart(who.owner)] == [(who.external,), (who.owner,)]


def _run(order: Order, told: list[Submitted]) -> int:
    """The job until it is done; the total is frozen before anything begins."""
    for runs in range(1, 20):
        job = Job.objects.filter(key=f"order:{order.public_id}").first()
        if job is None:
            return runs
        payload = job.payload
        job.delete()
        actions.order_job(payload, NOW)
        if told:
            assert Order.objects.get(pk=order.pk).total_cents == 26 * 80_000
    raise AssertionError("the job does not end")
