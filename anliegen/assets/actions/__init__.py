"""Writes of what the organisation has: stock, purchases, devices, licences, who may do what in which system."""

from anliegen.assets.actions.devices import assign_device, move_devices, take_back
from anliegen.assets.actions.purchases import Bought, arrived, buy
from anliegen.assets.actions.rights import add_role, forbid_together, grant, put_system, withdraw
from anliegen.assets.actions.software import (
    ProgramContent,
    add_licences,
    book_licences,
    put_program,
    release_licences,
    reserve_licences,
    roll_out,
)
from anliegen.assets.actions.stock import add_product, issue, receive, release, reserve

__all__ = [
    "Bought",
    "ProgramContent",
    "add_licences",
    "add_product",
    "add_role",
    "arrived",
    "assign_device",
    "book_licences",
    "buy",
    "forbid_together",
    "grant",
    "issue",
    "move_devices",
    "put_program",
    "put_system",
    "receive",
    "release",
    "release_licences",
    "reserve",
    "reserve_licences",
    "roll_out",
    "take_back",
    "withdraw",
]
