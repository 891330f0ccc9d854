"""Reads of the catalogue. Each takes a constant number of queries."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import get_language

from anliegen.catalogue import access
from anliegen.catalogue.access import Offered
from anliegen.catalogue.models import Category, Draft, Item, ItemVersion, Policy, Target
from anliegen.catalogue.queries.answers import (
    FIELD,
    bind_registers,
    check,
    default_answers,
    form,
    matching,
    message,
    price,
    refusal,
    so_far,
    unpriced,
    visible_questions,
)
from anliegen.catalogue.queries.bundles import BundleCard, bundle, bundles
from anliegen.catalogue.queries.cart import (
    MAX_RECIPIENTS,
    CartLine,
    cart,
    cart_count,
    follow,
    has_draft,
    has_files,
    is_for_several,
    line_of,
    recipients_of,
    seen,
    was_removed,
)
from anliegen.catalogue.queries.shelf import awaits, favourites, shelf
from anliegen.catalogue.rules import possible_id
from anliegen.lib.errors import NotFound
from anliegen.lib.text import LocalText
from anliegen.people.models import User
from anliegen.people.rules import search_words
from anliegen.reads.prepared import Prepared, Slot

__all__ = [
    "FIELD",
    "MAX_RECIPIENTS",
    "BundleCard",
    "CartLine",
    "CategoryCard",
    "ItemCard",
    "Offered",
    "awaits",
    "bind_registers",
    "bundle",
    "bundles",
    "cart",
    "cart_count",
    "categories",
    "categories_of",
    "category",
    "category_names",
    "check",
    "default_answers",
    "draft",
    "drafts",
    "favourites",
    "follow",
    "form",
    "has_draft",
    "has_files",
    "is_for_several",
    "item",
    "items",
    "line_of",
    "matching",
    "message",
    "options",
    "policies",
    "price",
    "recipients_of",
    "refusal",
    "seen",
    "shelf",
    "so_far",
    "targets",
    "unfinished",
    "unpriced",
    "versions",
    "visible_questions",
    "was_removed",
]


@dataclass(frozen=True, slots=True)
class ItemCard:
    """An item as it stands in a list; `reason` says why somebody may not get it."""

    key: str
    version: ItemVersion
    category: Category
    allowed: bool
    reason: LocalText


@dataclass(frozen=True, slots=True)
class CategoryCard:
    """A subject with its sub-categories and the number of items in all of them."""

    category: Category
    children: tuple[Category, ...]
    items: int


def categories(user: User, now: datetime) -> list[CategoryCard]:
    """The subjects in which there is something for this person to see (R26, R27)."""
    return categories_of(access.offered(user, now)[0])


def categories_of(offered: Iterable[Offered]) -> list[CategoryCard]:
    """The subjects of these items. One statement."""
    everything = _CATEGORIES()
    counts = Counter(one.category_id for one in offered)
    cards = []
    for top in everything:
        if top.parent_id is not None:
            continue
        below = [child for child in everything if child.parent_id == top.pk and counts[child.pk]]
        total = counts[top.pk] + sum(counts[child.pk] for child in below)
        if total:
            cards.append(CategoryCard(top, tuple(below), total))
    return cards


_CATEGORIES = Prepared(Category.objects.all)


def category_names() -> dict[int, LocalText]:
    """What all subjects are called, by id. One statement."""
    return {row.pk: LocalText.of(row.name) for row in _CATEGORIES()}


def areas() -> list[tuple[Category, tuple[Category, ...]]]:
    """Every subject with its sub-categories, also those without items, for what was asked for. One statement."""
    everything = _CATEGORIES()
    return [
        (top, tuple(child for child in everything if child.parent_id == top.pk))
        for top in everything
        if top.parent_id is None
    ]


def category(key: str) -> Category:
    """A category by its key. Raises NotFound."""
    found = Category.objects.select_related("parent").filter(key=possible_id(key)).first()
    if found is None:
        raise NotFound
    return found


def items(user: User, now: datetime, *, category: str = "", kind: str = "", text: str = "") -> list[ItemCard]:
    """What is on offer, also what this person may not get, with the reason. `category` includes its sub-categories."""
    offered = access.visible_items(user, now).order_by("category__position", "position", "key")
    if category:
        subject = possible_id(category)
        offered = offered.filter(category__key=subject) | offered.filter(category__parent__key=subject)
    if kind:
        offered = offered.filter(current__kind=possible_id(kind))
    rows = [(item, item.current) for item in offered if item.current and _speaks_of(item.current, text)]
    able = access.allowed([version for _item, version in rows], user, now)
    return [_card(item, version, user, able=version.pk in able) for item, version in rows]


def _card(item: Item, version: ItemVersion, user: User, *, able: bool) -> ItemCard:
    reason = LocalText() if able else access.reason_against(version, user)
    return ItemCard(item.key, version, item.category, able, reason)


def _speaks_of(version: ItemVersion, text: str) -> bool:
    """Whether title, summary or a synonym holds every word."""
    if not text.strip():
        return True
    words: list[str] = []
    for part in (version.title, version.summary):
        words += LocalText.of(part).json().values()
    for synonyms in version.synonyms.values():
        words += synonyms
    known = search_words(*words)
    return all(search_words(word).split(" ")[0] in known for word in text.split()[:8])


def item(key: str, user: User, now: datetime) -> ItemVersion:
    """What is offered under that key, with its item and category. Raises NotFound."""
    return access.item_to_see(key, user, now)


def options(
    user: User, now: datetime, *, channel: str = "portal"
) -> list[tuple[LocalText, list[tuple[str, LocalText]]]]:
    """The plain drop-down list of everything that may be requested this way: groups of (key, title) (R22)."""
    groups: dict[int, tuple[LocalText, list[tuple[str, LocalText]]]] = {}
    for card in items(user, now):
        if channel not in card.version.channels or not card.allowed:
            continue
        group = groups.setdefault(card.category.pk, (LocalText.of(card.category.name), []))
        group[1].append((card.key, LocalText.of(card.version.title)))
    lang = get_language() or "de"
    for _name, choices in groups.values():
        choices.sort(key=lambda choice: choice[1].to(lang).casefold())
    return list(groups.values())


def targets(item_version: ItemVersion) -> list[Target]:
    """All agreed times, as they are shown with the item (R28, R154)."""
    return list(item_version.targets.all())


def policies(item_version: ItemVersion) -> list[Policy]:
    """The rules of the organisation that the item names (R145)."""
    return _POLICIES(item_version=item_version.pk)


_POLICIES = Prepared(lambda: Policy.objects.filter(item_versions=Slot("item_version")).order_by("key"))


def versions(ids: Iterable[int]) -> dict[int, ItemVersion]:
    """Item versions by id, with their items and categories."""
    return ItemVersion.objects.select_related("item__category").in_bulk(list(ids))


def drafts(owner: User, limit: int = 50) -> list[Draft]:
    """What somebody began to fill in, the latest first; what waits in the cart is no draft any more."""
    return list(access.own_drafts(owner).filter(in_cart=False)[:limit])


def unfinished(owner: User, now: datetime, limit: int, *, item_id: int | None = None) -> list[Draft]:
    """What somebody began in the last 30 days and left, the latest first; also of one item only. One statement."""
    since = now - UNFINISHED
    rows = _UNFINISHED(owner=owner.pk, since=since)
    return [row for row in rows if item_id is None or row.item_version.item_id == item_id][:limit]


UNFINISHED = timedelta(days=30)
_UNFINISHED = Prepared(
    lambda: (
        Draft.objects.filter(owner=Slot("owner"), in_cart=False, changed_at__gte=Slot("since"))
        .select_related("item_version__item")
        .only("public_id", "changed_at", "item_version__title", "item_version__item__key")
        .order_by("-changed_at", "-id")[:50]
    )
)


def draft(public_id: str, owner: User) -> Draft:
    """One's own draft. Raises NotFound for everybody else's."""
    found = access.own_drafts(owner).filter(public_id=possible_id(public_id)).first()
    if found is None:
        raise NotFound
    return found
