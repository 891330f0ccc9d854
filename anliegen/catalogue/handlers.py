"""What people find by search: the items on offer, put in when they are published."""

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from anliegen.catalogue.events import CategorySaved, ItemEvent
from anliegen.catalogue.models import Category, Item, ItemVersion
from anliegen.catalogue.queries import form
from anliegen.lib.text import LANGUAGES, LocalText
from anliegen.search import actions as search
from anliegen.search.actions import Doc

ITEM = "item"
EVERYBODY = "everyone"  # rights are asked again by who shows the items


def item_changed(event: ItemEvent) -> None:
    """An item was published, or is no longer offered."""
    item = _items().filter(pk=event.subject_id).first()
    if item is None or item.current is None or item.retired_at is not None:
        search.drop(ITEM, Item.objects.values_list("key", flat=True).get(pk=event.subject_id))
    else:
        search.put(*_docs(item, item.current))


def category_saved(event: CategorySaved) -> None:
    """Its items are found by its name too."""
    search.put(*_all(_items().filter(category=event.subject_id, retired_at=None)))


def all_docs() -> Iterator[Doc]:
    """Every item on offer, in both languages."""
    yield from _all(_items().filter(retired_at=None))


def _items() -> QuerySet[Item]:
    return Item.objects.select_related("category__parent", "current").order_by("pk")


def _all(items: Iterable[Item]) -> Iterator[Doc]:
    for item in items:
        if item.current is not None:
            yield from _docs(item, item.current)


def _docs(item: Item, version: ItemVersion) -> Iterator[Doc]:
    for lang in LANGUAGES:
        yield Doc(
            kind=ITEM,
            object_id=item.key,
            lang=lang,
            title=LocalText.of(version.title).to(lang),
            keywords=version.synonyms.get(lang, []),
            text="\n".join(_texts(item.category, version, lang)),
            access=(EVERYBODY,),
        )


def _texts(category: Category, version: ItemVersion, lang: str) -> Iterator[str]:
    """What is written about it: summary, description, subject, questions and what may be chosen."""
    yield LocalText.of(version.summary).to(lang)
    yield LocalText.of(version.description).to(lang)
    yield LocalText.of(category.name).to(lang)
    yield LocalText.of(category.description).to(lang)
    for question in form(version).questions:
        yield question.label.to(lang)
        yield from (option.label.to(lang) for option in question.options)
