"""Reserved for workflow: an item version is offered only together with the model that fulfils it."""

from datetime import datetime

from anliegen.catalogue.events import ItemPublished
from anliegen.catalogue.models import Item, ItemVersion
from anliegen.lib import bus


def set_current(item: Item, item_version: ItemVersion, *, actor_id: int | None, now: datetime) -> None:
    """Offer this version from now on. Call inside a transaction; locks the item."""
    locked = Item.objects.select_for_update().get(pk=item.pk)
    if item_version.item_id != locked.pk:
        raise ValueError("The version belongs to another item.")
    old = locked.current_id
    locked.current, locked.retired_at = item_version, None
    locked.save(update_fields=["current", "retired_at"])
    item.current, item.retired_at = item_version, None
    changes = {"version": item_version.number, "current": [old, item_version.pk]}
    bus.publish(ItemPublished(subject_id=item.pk, actor_id=actor_id, now=now, changes=changes))
