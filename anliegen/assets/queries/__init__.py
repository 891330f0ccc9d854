"""Reads of what the organisation has. Each takes a constant number of statements."""

from anliegen.assets.queries.devices import devices_of, is_device
from anliegen.assets.queries.purchases import still_to_come
from anliegen.assets.queries.rights import forbidden_with, grant_of, grants_of, right, right_labels, systems
from anliegen.assets.queries.software import booked, find_programs, program, program_named, program_price
from anliegen.assets.queries.stock import available, available_of, find, reservation

__all__ = [
    "available",
    "available_of",
    "booked",
    "devices_of",
    "find",
    "find_programs",
    "forbidden_with",
    "grant_of",
    "grants_of",
    "is_device",
    "program",
    "program_named",
    "program_price",
    "reservation",
    "right",
    "right_labels",
    "still_to_come",
    "systems",
]
