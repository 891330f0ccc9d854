"""Automatic steps that a model may name, and the registry of them.

An automation is a function of a `Context` that returns the step's outputs. It runs inside the command's transaction: no
network, no files. A domain error that it raises becomes a fault. `outputs` are their CEL types, for the checker.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import zip_longest
from typing import Any

from anliegen.assets import actions as assets
from anliegen.assets import queries as assets_queries
from anliegen.lib import cel
from anliegen.lib.errors import Refused
from anliegen.lib.text import LocalText, Sentence
from anliegen.people import actions as people
from anliegen.people import queries as people_queries
from anliegen.requests import lifecycle
from anliegen.requests.models import ServiceRequest
from anliegen.workflow.actions._field_rules import listed
from anliegen.workflow.engine import Node
from anliegen.workflow.queries.case import Case


@dataclass
class Context:
    """What an automation knows. It may tell sentences, with what it read."""

    service_request: ServiceRequest
    case: Case
    node: Node
    data: Mapping[str, Any]
    now: datetime
    told: list[Sentence] = field(default_factory=list)
    told_desk: list[Sentence] = field(default_factory=list)
    inputs: dict[str, Any] = field(default_factory=dict)

    def tell(self, key: str, **params: Any) -> None:
        self.told.append(Sentence(key, params))

    def tell_desk(self, key: str, **params: Any) -> None:
        """A sentence that only those read who work on it: an internal entry."""
        self.told_desk.append(Sentence(key, params))

    def read(self, *names: str) -> Any:
        """The first of these fields that has a value: at top level, or among the answers."""
        answers = self.data.get("answers", {})
        for name in names:
            value = self.data.get(name, answers.get(name))
            if value not in (None, ""):
                self.inputs[name] = value
                return value
        return None


type Automation = Callable[[Context], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Registered:
    function: Automation
    outputs: Mapping[str, cel.Type]


_registry: dict[str, Registered] = {}


def register(key: str, function: Automation, outputs: Mapping[str, cel.Type] | None = None) -> None:
    """Make an automation known to models; called once, at start."""
    _registry[key] = Registered(function, outputs or {})


def known() -> dict[str, dict[str, cel.Type]]:
    """Every automation with its outputs."""
    return {key: dict(one.outputs) for key, one in _registry.items()}


def run(key: str, context: Context) -> dict[str, Any]:
    """The outputs of an automation. Raises Refused for an unknown one."""
    found = _registry.get(key)
    if found is None:
        raise Refused("", f"There is no automation '{key}'.")
    return dict(found.function(context))


def _quantity(context: Context) -> int:
    value = context.read("quantity")
    return value if isinstance(value, int) and value > 0 else context.case.order.quantity


def _reserve(context: Context) -> Mapping[str, Any]:
    """Keep what is wanted, if it lies somewhere."""
    wanted = str(context.read("product", "model", "build") or "")
    product, quantity = assets_queries.find(wanted), _quantity(context)
    name = LocalText.of(product.name).json() if product else wanted
    if product is None:
        context.tell("not-in-stock", product=name, quantity=quantity)
        return {"reserved": False}
    kept = assets.reserve(context.service_request.code, product.key, quantity, now=context.now)
    if kept is None:
        context.tell("not-in-stock", product=name, quantity=quantity)
        return {"reserved": False}
    context.tell("reserved", product=name, quantity=quantity, place=kept.stock.place)
    return {"reserved": True, "stock_place": kept.stock.place}


def _issue(context: Context) -> Mapping[str, Any]:
    issued = assets.issue(context.service_request.code, now=context.now)
    if issued:
        context.tell("issued", quantity=issued)
    return {"issued": issued}


def _release(context: Context) -> Mapping[str, Any]:
    released = assets.release(context.service_request.code)
    if released:
        context.tell("released", quantity=released)
    return {"released": released}


def _order(context: Context) -> Mapping[str, Any]:
    """Note what purchasing has ordered: the fields supplier, order_number, delivery_date and the cost."""
    day = context.read("delivery_date")
    bought = assets.Bought(
        product=str(context.read("product", "program") or ""),
        supplier=str(context.read("supplier") or ""),
        order_number=str(context.read("order_number") or ""),
        quantity=_quantity(context),
        price_cents=context.service_request.cost_cents,
        confirmed_on=date.fromisoformat(str(day)) if day else None,
    )
    assets.buy(context.service_request.code, bought, now=context.now)
    context.tell(
        "ordered",
        quantity=bought.quantity,
        supplier=bought.supplier,
        number=bought.order_number,
        cents=bought.price_cents,
        day=str(day or ""),
    )
    return {"ordered": bought.quantity}


def _receive(context: Context) -> Mapping[str, Any]:
    """Note what has arrived: the fields received and delivery_note. `missing` is what is still to come."""
    received = context.read("received")
    quantity = received if isinstance(received, int) else 0
    note = str(context.read("delivery_note") or "")
    so_far, ordered = assets.arrived(context.service_request.code, quantity, note, now=context.now)
    context.tell("delivered", quantity=quantity, received=so_far, ordered=ordered)
    return {"received_so_far": so_far, "missing": max(ordered - so_far, 0)}


def _assign_device(context: Context) -> Mapping[str, Any]:
    """The devices of the fields inventory_number and serial belong to the recipient; old_device was given back."""
    numbers, serials = listed(context.read("inventory_number")), listed(context.read("serial"))
    recipient, code = context.case.recipient, context.service_request.code
    wanted = str(context.read("place") or "")
    place = people_queries.place(wanted) if wanted else recipient.place
    product = str(context.read("product") or "")
    for number, serial in zip_longest(numbers, serials[: len(numbers)], fillvalue=""):
        assets.assign_device(
            number, holder=recipient, place=place, now=context.now, serial=serial, product=product, code=code
        )
        context.tell("device-assigned", number=number, name=recipient.full_name, place=place.code if place else "")
    old = listed(context.read("old_device"))
    for number in old:
        assets.take_back(number, now=context.now)
        context.tell("device-returned", number=number)
    return {"devices": len(numbers), "taken_back": len(old)}


_DEVICES = frozenset({"pc", "phone", "special"})  # the answers of a move that mean devices


def _move_person(context: Context) -> Mapping[str, Any]:
    """The recipient works at another place from now on, and devices that move along stand there (R122, R125)."""
    code = str(context.read("new_place", "place", "to") or "")
    place = people_queries.place(code)
    recipient = context.case.recipient
    people.update_person(recipient.pk, acting_user=None, now=context.now, place=place)
    context.tell("place-changed", name=recipient.full_name, place=f"{place.code} {place.name}".strip())
    things = context.read("things")
    devices_too = things is None or bool(_DEVICES.intersection(things))
    if devices_too and (moved := assets.move_devices(recipient, place, now=context.now)):
        context.tell("devices-moved", quantity=moved, place=place.code)
    return {"place_changed": True}


def _look_up_place(context: Context) -> Mapping[str, Any]:
    """What is known about the place where somebody will work: secured, and in the building where they are now.

    `new_place` is the place that was agreed: proposed when it was last checked, else as asked for. From then on it is
    the answer too, so that title and plans name it.
    """
    asked = str(context.data["answers"].get("new_place") or "")
    code = str(context.data.get("steps", {}).get("check", {}).get("new_place") or asked)
    context.inputs["new_place"] = code
    place, request = people_queries.place(code), context.service_request
    if code != asked:
        answers = {**request.answers, "new_place": code}
        lifecycle.set_answers(request, answers, acting_user=request.requester, now=context.now)
    before = context.case.recipient.place
    same = before is not None and before.site_id == place.site_id and _building(before.code) == _building(place.code)
    return {"secured": place.secured, "same_building": same, "new_place": code}


def _building(code: str) -> str:
    """The building in a code such as "B 3.14"; a code in one word stands for a building of its own."""
    return code.split(" ", 1)[0]


register("stock.reserve", _reserve, {"reserved": cel.BOOL, "stock_place": cel.STRING})
register("stock.issue", _issue, {"issued": cel.INT})
register("stock.release", _release, {"released": cel.INT})
register("purchase.order", _order, {"ordered": cel.INT})
register("purchase.receive", _receive, {"received_so_far": cel.INT, "missing": cel.INT})
register("device.assign", _assign_device, {"devices": cel.INT, "taken_back": cel.INT})
register("people.move", _move_person, {"place_changed": cel.BOOL})
register("place.look", _look_up_place, {"secured": cel.BOOL, "same_building": cel.BOOL, "new_place": cel.STRING})
