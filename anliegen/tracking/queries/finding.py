"""What somebody finds who types a few words: services, texts and their own requests, of one viewer's rights."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from anliegen.catalogue import queries as catalogue
from anliegen.catalogue.queries import Offered
from anliegen.catalogue.queries.docs import EVERYBODY
from anliegen.knowledge import access as knowledge_access
from anliegen.knowledge import queries as knowledge
from anliegen.knowledge.models import Announcement
from anliegen.knowledge.queries import Card
from anliegen.people.models import User
from anliegen.requests import queries as requests
from anliegen.search import queries as search
from anliegen.search.queries import Hit
from anliegen.tracking.queries.lines import lines
from anliegen.tracking.shapes import Line

KINDS = ("item", "article", "announcement")
MOST, ANSWERS = 200, 6  # hits that are looked at; articles that are shown
NEAR = 0.45  # of the best score: what fits worse is not suggested while somebody types
SURE, LEADING = 2.4, 0.7  # the score of a title or another name that fits (a text alone gives 2), and of the best one


@dataclass(frozen=True, slots=True)
class Finds:
    """What fits, the best first. `able`: the versions that the viewer may get; `stems`: by which it was found."""

    text: str
    items: Sequence[Offered] = ()
    able: frozenset[int] = frozenset()
    articles: Sequence[Card] = ()
    announcements: Sequence[Announcement] = ()
    lines: Sequence[Line] = ()
    own: int = 0  # how many own requests fit
    stems: frozenset[str] = frozenset()
    sure: bool = False  # whether the first service fits so well that Enter may open it
    answers_first: bool = False  # whether articles fit much better than services

    @property
    def known(self) -> bool:
        """Whether there is an answer beside one's own requests; if not, it is a gap."""
        return bool(self.items or self.articles or self.announcements)

    def marked(self, text: str) -> list[tuple[str, bool]]:
        """A title in pieces, each with whether it was looked for."""
        return search.marked(text, self.text, self.stems)


def discover(text: str, viewer: User, *, now: datetime, limit: int, typing: bool = False) -> Finds:
    """What this person finds, at most `limit` of each kind; `typing`: only what fits nearly as well as the best.

    A constant number of statements: for the index, for rights, for each kind of which there is something.
    """
    hits, offered, able, told = _visible(text, viewer, now, typing=typing)
    best = _best(hits)
    if typing:
        hits = [hit for hit in hits if hit.score >= NEAR * best]
    first = {kind: [hit for hit in hits if hit.kind == kind][:limit] for kind in KINDS}
    own = requests.my_requests(viewer, text=text, size=limit, typing=typing)
    return Finds(
        text,
        items=[offered[hit.object_id] for hit in first["item"]],
        able=able,
        articles=knowledge.cards_by_keys([hit.object_id for hit in first["article"][:ANSWERS]], viewer, now),
        announcements=[told[hit.object_id] for hit in first["announcement"]],
        lines=lines(own.ids, viewer, now=now) if own.ids else [],
        own=own.total,
        stems=frozenset(one for hit in hits for one in hit.stems),
        sure=is_sure(_best(first["item"]), best),
        answers_first=_best(first["item"]) < NEAR * _best(first["article"]),
    )


def is_sure(score: float, best: float) -> bool:
    """Whether a service may be opened unseen: it fits by a name, and hardly worse than the best of all."""
    return score >= max(SURE, LEADING * best)


def _best(hits: Sequence[Hit]) -> float:
    return hits[0].score if hits else 0.0


def _visible(
    text: str, viewer: User, now: datetime, *, typing: bool
) -> tuple[list[Hit], dict[str, Offered], frozenset[int], dict[str, Announcement]]:
    """The hits that this person may see, with the services and announcements among them."""
    words = (EVERYBODY, *knowledge_access.search_words(viewer, now))
    lang = get_language() or "de"
    hits = search.suggest(text, lang=lang, kinds=KINDS, access=words, limit=MOST, typing=typing)
    kinds = {hit.kind for hit in hits}
    offered, able = catalogue.shelf(viewer, now) if "item" in kinds else ((), set())
    items = {one.key: one for one in offered}
    told = {one.public_id: one for one in knowledge.running(viewer, now)} if "announcement" in kinds else {}
    there: dict[str, Collection[str]] = {"item": items, "announcement": told}
    seen = [hit for hit in hits if hit.kind not in there or hit.object_id in there[hit.kind]]
    return seen, items, frozenset(able), told


def item_keys(text: str, *, limit: int = MOST) -> list[str]:
    """The keys of services that fit, the best first, of whatever anybody may see: for lists that ask rights again."""
    lang = get_language() or "de"
    hits = search.suggest(text, lang=lang, kinds=("item",), access=(EVERYBODY,), limit=limit)
    return [hit.object_id for hit in hits]
