"""For whom cards are made, and which of them stand first."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from anliegen.catalogue import queries as catalogue
from anliegen.catalogue.queries import Offered
from anliegen.people import queries as people
from anliegen.people.models import User
from anliegen.portal import cards
from anliegen.portal.cards import Reader
from anliegen.tracking import queries as tracking
from anliegen.tracking.queries import Popular

CARDS, CHIPS = 4, 4


def reader(user: User, able: Iterable[int], now: datetime, *, stars: bool = True) -> Reader:
    """For whom cards are made. Without `stars`, only what prices need: for pages with a few cards."""
    limit = people.order_limit(user, now)
    if not stars:
        return Reader(user, limit, able=frozenset(able))
    return Reader(
        user,
        limit,
        marked=frozenset(catalogue.favourites(user)),
        awaited=frozenset(catalogue.awaits(user)),
        recent=tuple(dict.fromkeys(tracking.lately_requested(user))),
        able=frozenset(able),
    )


def popular_cards(offered: Sequence[Offered], who: Reader, popular: Popular, now: datetime) -> dict[str, Any]:
    """Four cards of what colleagues ask for most, and up to four other services as chips."""
    by_key = {one.key: one for one in offered if one.version_id in who.able and not one.away(now)}
    own = [key for key in popular.own if key in by_key]
    shown = own if len(own) >= CARDS else [key for key in popular.all if key in by_key]
    first = shown[:CARDS]
    chips = [key for key in popular.lately if key in by_key and key not in first][:CHIPS]
    faces = cards.faces([by_key[key].version_id for key in chips], who.limit)
    return {
        "cards": cards.item_cards([by_key[key] for key in first], who),
        "own_department": bool(first) and shown is own,
        "chips": [
            {"url": reverse("item", args=[key]), "label": faces[by_key[key].version_id].title}
            for key in chips
            if by_key[key].version_id in faces
        ],
    }
