"""Bundles as cards among the services: what is in them, and from how much on."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anliegen.catalogue import queries
from anliegen.catalogue.queries import BundleCard, Offered
from anliegen.lib.text import LocalText
from anliegen.people.models import User
from anliegen.portal.words import euros


def cards(user: User, offered: Sequence[Offered], now: datetime) -> list[dict[str, Any]]:
    """What `portal/parts/bundle_card.html` shows of each bundle of which this person may get all parts."""
    shelf = {one.key: one for one in offered}
    return [_card(one, shelf, now) for one in queries.bundles(user, now) if one.allowed]


def _card(one: BundleCard, shelf: Mapping[str, Offered], now: datetime) -> dict[str, Any]:
    lang = get_language() or "de"
    titles = {part.item_key: LocalText.of(version.title).to(lang) for part, version in one.parts}
    many = Counter(part.item_key for part, _version in one.parts)
    away = (title for key, title in titles.items() if key in shelf and shelf[key].away(now))
    return {
        "key": one.bundle.key,
        "title": LocalText.of(one.bundle.title).to(lang),
        "text": LocalText.of(one.bundle.summary).to(lang),
        "picture": one.bundle.picture or "ui/img/report.svg",
        "number": len(one.parts),
        "parts": [f"{n} × {titles[key]}" if n > 1 else titles[key] for key, n in many.items()],
        "away": next(away, ""),
        **_price(one),
    }


def _price(one: BundleCard) -> dict[str, str]:
    """The lowest price, for answers add to it; "" where only answers cost something."""
    if not (cents := one.cents or one.monthly_cents):
        return {"price": "", "price_unit": ""}
    return {"price": _("from %(amount)s") % {"amount": euros(cents)}, "price_unit": "" if one.cents else _("a month")}


def among(items: Sequence[dict[str, Any]], found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Bundles after the favourites, which stand first."""
    first = next((n for n, item in enumerate(items) if not item["marked"]), len(items))
    return [*items[:first], *found, *items[first:]]
