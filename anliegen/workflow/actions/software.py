"""Automatic steps of a request for a program: look it up, keep licences, book them at the roll-out (R127-R133)."""

from collections.abc import Mapping
from typing import Any

from anliegen.assets import actions as assets
from anliegen.assets import queries as assets_queries
from anliegen.lib import cel
from anliegen.workflow.actions.automations import Context, register
from anliegen.workflow.queries import registers


def _look(context: Context) -> Mapping[str, Any]:
    """What the software register says about the program that was asked for."""
    name = registers.wanted_program(context.data)
    context.inputs["program"] = name
    context.told.append(registers.program_told(assets_queries.program(name), name))
    return registers.program_facts(context.data, context.case)


def _reserve(context: Context) -> Mapping[str, Any]:
    """Keep licences of an approved program if enough are free; else it has to be decided and bought."""
    name, quantity = registers.wanted_program(context.data), registers.quantity(context.data, context.case)
    context.inputs |= {"program": name, "quantity": quantity}
    one = assets_queries.program(name)
    if one is None:
        context.tell("program-unknown", program=name)
        return {"kept": False}
    code, recipient = context.service_request.code, context.case.recipient
    kept = one.approved and assets.reserve_licences(code, one.key, quantity, person=recipient, now=context.now)
    context.tell("licence-kept" if kept else "licence-missing", program=one.name, quantity=quantity)
    return {"kept": bool(kept)}


def _book(context: Context) -> Mapping[str, Any]:
    """The program is rolled out: its licences are in use, and the register has what was bought."""
    name, quantity = registers.wanted_program(context.data), registers.quantity(context.data, context.case)
    code, recipient = context.service_request.code, context.case.recipient
    if assets.book_licences(code, now=context.now):
        done = name
    elif assets_queries.booked([code]):
        return {"booked": True}  # rolled out before; the confirmation said no, and it was put right
    else:
        done = assets.roll_out(code, name, quantity, person=recipient, now=context.now).name
    context.inputs |= {"program": name, "quantity": quantity}
    context.tell("licence-booked", program=done, quantity=quantity)
    return {"booked": True}


register(
    "software.look",
    _look,
    {
        "program": cel.STRING,
        "listed": cel.BOOL,
        "approved": cel.BOOL,
        "used_here": cel.BOOL,
        "licence_free": cel.BOOL,
    },
)
register("software.reserve", _reserve, {"kept": cel.BOOL})
register("software.book", _book, {"booked": cel.BOOL})
