"""Reads of devices."""

from anliegen.assets.models import Device


def devices_of(code: str) -> list[Device]:
    """The devices that came by a request, by inventory number."""
    return list(Device.objects.filter(code=code).select_related("place").order_by("inventory_number"))
