"""Reads of devices."""

from anliegen.assets.models import Device


def is_device(number: str) -> bool:
    """Whether there is a device with that inventory number. One statement."""
    return 0 < len(number) <= 60 and Device.objects.filter(inventory_number=number).exists()


def devices_of(code: str) -> list[Device]:
    """The devices that came by a request, by inventory number."""
    return list(Device.objects.filter(code=code).select_related("place").order_by("inventory_number"))
