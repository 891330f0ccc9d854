"""What fits to what somebody is typing: told now, asked already, answered in an article (R112)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from anliegen.catalogue import queries as catalogue
from anliegen.catalogue.models import ItemVersion
from anliegen.catalogue.queries import Offered
from anliegen.catalogue.queries.docs import EVERYBODY
from anliegen.knowledge import access as knowledge_access
from anliegen.knowledge import queries as knowledge
from anliegen.knowledge.models import Announcement
from anliegen.knowledge.queries import Card
from anliegen.people.models import User
from anliegen.requests import queries as requests
from anliegen.requests.actions import typed_words
from anliegen.requests.models import ServiceRequest
from anliegen.search import queries as search
from anliegen.search.queries import Hit
from anliegen.tracking.queries.finding import KINDS, is_sure

LEAST, MOST, SOUGHT = 3, 3, 12
NEAR = 0.7  # of the best score: what fits worse is left out, so that the list narrows with each word


@dataclass(frozen=True, slots=True)
class Fits:
    """At most three in all: announcements first, then one's own open request, articles, and a service that fits."""

    announcements: tuple[Announcement, ...] = ()
    requests: tuple[ServiceRequest, ...] = ()
    articles: tuple[Card, ...] = ()
    services: tuple[Offered, ...] = ()

    @property
    def count(self) -> int:
        return len(self.announcements) + len(self.requests) + len(self.articles) + len(self.services)


def fits(
    item_version: ItemVersion, answers: Mapping[str, Any], user: User, now: datetime, *, without: Collection[str] = ()
) -> Fits:
    """What fits to everything that was typed in own words so far; `without`: articles that did not help.

    A constant number of statements; none below three letters.
    """
    text = typed_words(item_version, answers)
    if len(text) < LEAST:
        return Fits()
    words = (EVERYBODY, *knowledge_access.search_words(user, now))
    found = search.suggest(text, lang=get_language() or "de", kinds=KINDS, access=words, limit=SOUGHT, typing=True)
    texts = [hit for hit in found if hit.kind != "item"]
    hits = [hit for hit in texts if hit.score >= NEAR * texts[0].score]
    told = {one.public_id: one for one in knowledge.running(user, now)}
    announcements = [told[hit.object_id] for hit in hits if hit.kind == "announcement" and hit.object_id in told][:MOST]
    mine = requests.by_ids(requests.my_requests(user, state="open", text=text, size=1).ids)
    same = [one for one in mine if one.item_version.item_id == item_version.item_id]
    left = max(0, MOST - len(announcements) - len(same))
    keys = [hit.object_id for hit in hits if hit.kind == "article" and hit.object_id not in without][:left]
    services = _better(found, item_version, user, now)[: left - len(keys)]
    return Fits(tuple(announcements), tuple(same[:MOST]), tuple(knowledge.cards_by_keys(keys, user, now)), services)


def _better(hits: Sequence[Hit], item_version: ItemVersion, user: User, now: datetime) -> tuple[Offered, ...]:
    """The service whose name was typed, if that is another one than this, and one that they may get."""
    best = hits[0].score if hits else 0.0
    keys = [hit.object_id for hit in hits if hit.kind == "item" and is_sure(hit.score, best)][:1]
    if not keys:
        return ()
    offered, able = catalogue.shelf(user, now)
    return tuple(
        one for one in offered if one.key in keys and one.version_id in able and one.version_id != item_version.pk
    )
