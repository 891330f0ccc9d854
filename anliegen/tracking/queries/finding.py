"""What somebody finds who types a few words: services, texts and their own requests, of one viewer's rights."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from anliegen.catalogue import queries as catalogue
from anliegen.catalogue.queries import Offered
from anliegen.people.models import User
from anliegen.requests import queries as requests
from anliegen.search import queries as search
from anliegen.tracking.queries.lines import lines
from anliegen.tracking.shapes import Line

EVERYBODY = "everyone"
SPARE = 20  # hits more than are shown, because some are not for this person
MOST = 200


@dataclass(frozen=True, slots=True)
class Finds:
    """What fits, the best first. `able`: the versions that the viewer may get; `stems`: by which it was found."""

    text: str
    items: Sequence[Offered]
    able: frozenset[int]
    lines: Sequence[Line]
    own: int  # how many own requests fit
    stems: frozenset[str]

    @property
    def known(self) -> bool:
        """Whether there is an answer beside one's own requests; if not, it is a gap."""
        return bool(self.items)

    def marked(self, text: str) -> list[tuple[str, bool]]:
        """A title in pieces, each with whether it was looked for."""
        return search.marked(text, self.text, self.stems)


def discover(text: str, viewer: User, *, now: datetime, limit: int, typing: bool = False) -> Finds:
    """What this person finds. Statements: three of the search, two of the catalogue, one or four for own requests."""
    lang = get_language() or "de"
    hits = search.suggest(text, lang=lang, kinds=("item",), access=(EVERYBODY,), limit=limit + SPARE, typing=typing)
    items: list[Offered] = []
    able: set[int] = set()
    if hits:
        offered, able = catalogue.shelf(viewer, now)
        by_key = {one.key: one for one in offered}
        items = [by_key[hit.object_id] for hit in hits if hit.object_id in by_key][:limit]
    own = requests.my_requests(viewer, text=text, size=limit, typing=typing)
    shown = lines(own.ids, viewer, now=now) if own.ids else []
    stems = frozenset(one for hit in hits for one in hit.stems)
    return Finds(text, items, frozenset(able), shown, own.total, stems)


def item_keys(text: str, *, limit: int = MOST) -> list[str]:
    """The keys of services that fit, the best first, of whatever anybody may see: for lists that ask rights again."""
    lang = get_language() or "de"
    hits = search.suggest(text, lang=lang, kinds=("item",), access=(EVERYBODY,), limit=limit)
    return [hit.object_id for hit in hits]
