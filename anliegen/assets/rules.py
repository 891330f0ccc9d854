"""What may be said about licences and rights without asking the database. Pure."""

import re

KEY_LENGTH = 60
_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def key_of(name: str) -> str:
    """A key made from a name, such as "adobe-acrobat-pro"; "" where the name has no letter or digit."""
    words = re.findall(r"[a-z0-9]+", name.casefold().translate(_PLAIN))
    return "-".join(words)[:KEY_LENGTH].strip("-")


def free(owned: int | None, used: int, reserved: int) -> int | None:
    """How many licences could be promised now; None where the program needs none."""
    return None if owned is None else owned - used - reserved


def fits(free_licences: int | None, quantity: int) -> bool:
    """Whether so many people can get it from what there is."""
    return free_licences is None or free_licences >= quantity
