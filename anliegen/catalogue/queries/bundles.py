"""Bundles: several services that usually go together."""

from dataclasses import dataclass
from datetime import datetime

from anliegen.catalogue import access
from anliegen.catalogue.models import Bundle, ItemVersion
from anliegen.catalogue.rules import BundlePart, possible_id, read_parts
from anliegen.lib.errors import NotFound
from anliegen.people.models import User
from anliegen.reads.prepared import Prepared


@dataclass(frozen=True, slots=True)
class BundleCard:
    """A bundle as it stands in a list: its parts that are on offer now; `allowed` says whether this person gets all."""

    bundle: Bundle
    parts: tuple[tuple[BundlePart, ItemVersion], ...]
    allowed: bool

    @property
    def cents(self) -> int:
        """The lowest price of all parts, once; answers may add to it."""
        return sum(version.price_cents for _part, version in self.parts)

    @property
    def monthly_cents(self) -> int:
        return sum(version.monthly_cents for _part, version in self.parts)


def bundles(user: User, now: datetime) -> list[BundleCard]:
    """What this person is shown. A bundle of which a part is not on offer any more is left out. Few statements."""
    rows = [row for row in _BUNDLES() if access.sees_bundle(row, user, now)]
    if not rows:
        return []
    offered = {item.key: item.current for item in access.visible_items(user, now) if item.current}
    able = access.allowed(list(offered.values()), user, now)
    return [card for row in rows if (card := _card(row, offered, able))]


def bundle(key: str, user: User, now: datetime) -> BundleCard:
    """One of them. Raises NotFound."""
    wanted = possible_id(key)
    for card in bundles(user, now):
        if card.bundle.key == wanted:
            return card
    raise NotFound


_BUNDLES = Prepared(lambda: Bundle.objects.filter(retired_at=None))


def _card(row: Bundle, offered: dict[str, ItemVersion], able: set[int]) -> BundleCard | None:
    parts = read_parts(row.parts)
    if any(part.item_key not in offered for part in parts):
        return None
    found = tuple((part, offered[part.item_key]) for part in parts)
    return BundleCard(row, found, all(version.pk in able for _part, version in found))
