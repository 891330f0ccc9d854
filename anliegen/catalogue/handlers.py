"""What people find by search: the items on offer, put in when they are published."""

from anliegen.catalogue.events import CategorySaved, ItemEvent
from anliegen.catalogue.models import Item
from anliegen.catalogue.queries import docs
from anliegen.search import actions as search


def item_changed(event: ItemEvent) -> None:
    """An item was published, or is no longer offered."""
    item = docs.on_shelf().filter(pk=event.subject_id).first()
    if item is None or item.current is None or item.retired_at is not None:
        search.drop(docs.ITEM, Item.objects.values_list("key", flat=True).get(pk=event.subject_id))
    else:
        search.put(*docs.docs(item, item.current))


def category_saved(event: CategorySaved) -> None:
    """Its items are found by its name too."""
    search.put(*docs.docs_of_all(docs.on_shelf().filter(category=event.subject_id, retired_at=None)))
