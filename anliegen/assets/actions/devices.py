"""Writes of devices: whose they are and where they stand."""

from datetime import datetime

from anliegen.assets.models import Device
from anliegen.people.models import Place, User


def assign_device(  # noqa: PLR0913 - what is known of a device
    inventory_number: str,
    *,
    holder: User,
    place: Place | None,
    now: datetime,
    serial: str = "",
    product: str = "",
    code: str = "",
) -> Device:
    """A device belongs to somebody and stands at a place from now on; one that is not known yet is made known."""
    values = {"holder": holder, "place": place, "since": now, "serial": serial, "product": product, "code": code}
    device, _ = Device.objects.update_or_create(inventory_number=inventory_number, defaults=values)
    return device


def take_back(inventory_number: str, *, now: datetime) -> Device:
    """A device was given back: nobody has it any more."""
    device, _ = Device.objects.update_or_create(
        inventory_number=inventory_number, defaults={"holder": None, "place": None, "since": now}
    )
    return device


def move_devices(holder: User, place: Place, *, now: datetime) -> int:
    """Somebody's devices stand at another place from now on; how many they are."""
    devices = Device.objects.filter(holder=holder).exclude(place=place)
    return devices.update(place=place, since=now)
