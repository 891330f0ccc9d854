"""What the search knows of the items on offer."""

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from anliegen.catalogue.models import Category, Item, ItemVersion
from anliegen.catalogue.queries.answers import form
from anliegen.lib.text import LANGUAGES, LocalText
from anliegen.search.actions import Doc

ITEM = "item"
EVERYBODY = "everyone"  # rights are asked again by who shows the items


def all_docs() -> Iterator[Doc]:
    """Every item on offer, in both languages."""
    yield from docs_of_all(on_shelf().filter(retired_at=None))


def on_shelf() -> QuerySet[Item]:
    """The items with what is read of them."""
    return Item.objects.select_related("category__parent", "current").order_by("pk")


def docs_of_all(items: Iterable[Item]) -> Iterator[Doc]:
    """Those of several items, in both languages."""
    for item in items:
        if item.current is not None:
            yield from docs(item, item.current)


def docs(item: Item, version: ItemVersion) -> Iterator[Doc]:
    """One for each language."""
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
