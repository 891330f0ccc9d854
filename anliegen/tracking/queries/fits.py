"""What fits to what somebody is typing: told now, asked already, answered in an article (R112)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from anliegen.catalogue.models import ItemVersion
from anliegen.knowledge import access as knowledge_access
from anliegen.knowledge import queries as knowledge
from anliegen.knowledge.models import Announcement
from anliegen.knowledge.queries import Card
from anliegen.people.models import User
from anliegen.requests import queries as requests
from anliegen.requests.actions import typed_words
from anliegen.requests.models import ServiceRequest
from anliegen.search import queries as search

LEAST, MOST, SOUGHT = 3, 3, 8
NEAR = 0.7  # of the best score: what fits worse is left out, so that the list narrows with each word


@dataclass(frozen=True, slots=True)
class Fits:
    """At most three in all: announcements first, then one's own open request, then articles."""

    announcements: tuple[Announcement, ...] = ()
    requests: tuple[ServiceRequest, ...] = ()
    articles: tuple[Card, ...] = ()

    @property
    def count(self) -> int:
        return len(self.announcements) + len(self.requests) + len(self.articles)


def fits(
    item_version: ItemVersion, answers: Mapping[str, Any], user: User, now: datetime, *, without: Collection[str] = ()
) -> Fits:
    """What fits to everything that was typed in own words so far; `without`: articles that did not help.

    A constant number of statements; none below three letters.
    """
    text = typed_words(item_version, answers)
    if len(text) < LEAST:
        return Fits()
    words = knowledge_access.search_words(user, now)
    kinds = {"announcement", "article"}
    hits = search.suggest(text, lang=get_language() or "de", kinds=kinds, access=words, limit=SOUGHT, typing=True)
    hits = [hit for hit in hits if hit.score >= NEAR * hits[0].score]
    told = {one.public_id: one for one in knowledge.running(user, now)}
    announcements = [told[hit.object_id] for hit in hits if hit.kind == "announcement" and hit.object_id in told][:MOST]
    mine = requests.by_ids(requests.my_requests(user, state="open", text=text, size=1).ids)
    same = [one for one in mine if one.item_version.item_id == item_version.item_id]
    left = max(0, MOST - len(announcements) - len(same))
    keys = [hit.object_id for hit in hits if hit.kind == "article" and hit.object_id not in without][:left]
    return Fits(tuple(announcements), tuple(same[:MOST]), tuple(knowledge.cards_by_keys(keys, user, now)))
