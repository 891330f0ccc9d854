"""Looking through the catalogue: what the address filters and how it sorts (ux spec S2)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from anliegen.catalogue.queries import Offered
from anliegen.catalogue.rules import Kind
from anliegen.portal.cards import NONE, Face, Reader
from anliegen.portal.shown.kinds import KINDS
from anliegen.tracking.queries import Popular

PAGE = 24
SORTS = ("popular", "az", "fastest")
type Faces = Mapping[int, Face]
type Fits = Callable[[Offered, Face, Reader], bool]

FITS: Mapping[str, Fits] = {
    "direct": lambda _one, face, _who: face.approval == NONE,
    "free": lambda _one, face, _who: face.free,
    "fast": lambda _one, face, _who: face.within_a_day,
    "mine": lambda one, _face, who: one.version_id in who.able,
    "starred": lambda one, _face, who: one.item_id in who.marked,
}
_LABELS = {
    "direct": lambda: _("without approval"),
    "free": lambda: _("free of charge"),
    "fast": lambda: _("within one working day"),
    "mine": lambda: _("only for me"),
    "starred": lambda: _("my favourites"),
}
_SORT_LABELS = {"popular": lambda: _("Popular"), "az": lambda: _("A to Z"), "fastest": lambda: _("Fastest first")}


@dataclass(frozen=True, slots=True)
class Wish:
    """What an address asks for; everything that it cannot mean is left out."""

    kind: str
    on: frozenset[str]
    sort: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Wish":
        get = request.GET
        kind, sort = get.get("kind", ""), get.get("sort", "")
        return cls(
            kind if kind in set(Kind) else "",
            frozenset(name for name in FITS if get.get(name) == "1"),
            sort if sort in SORTS else SORTS[0],
        )

    @property
    def filtered(self) -> bool:
        return bool(self.kind or self.on)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What may be looked through: the items with their faces, for whom, and what others ask for."""

    offered: Sequence[Offered]
    faces: Faces
    reader: Reader
    popular: Popular

    def fitting(self, wish: Wish) -> list[Offered]:
        """What is asked for, in the order that is asked for."""
        found = [one for one in self.offered if not wish.kind or one.kind == wish.kind]
        for name in wish.on:
            found = [one for one in found if FITS[name](one, self.faces[one.version_id], self.reader)]
        return sorted(found, key=self._order(wish.sort))

    def _order(self, sort: str) -> Callable[[Offered], Any]:
        if sort == "az":
            return lambda one: self.faces[one.version_id].title.casefold()
        if sort == "fastest":
            return lambda one: self.faces[one.version_id].minutes
        ranks = {key: number for number, key in enumerate((*self.popular.own, *self.popular.all))}
        recent = {pk: number for number, pk in enumerate(self.reader.recent)}
        return lambda one: (
            one.item_id not in self.reader.marked,
            recent.get(one.item_id, len(recent)),
            ranks.get(one.key, len(ranks)),
        )


def chips(request: HttpRequest, shelf: Shelf, wish: Wish) -> list[dict[str, Any]]:
    """The filters that would change something here, each as a link that turns it on or off."""
    found = []
    for name, fits in FITS.items():
        many = sum(fits(one, shelf.faces[one.version_id], shelf.reader) for one in shelf.offered)
        if name in wish.on or 0 < many < len(shelf.offered):
            on = name in wish.on
            found.append({"label": _LABELS[name](), "on": on, "url": address(request, **{name: "" if on else "1"})})
    return found


def kinds(request: HttpRequest, shelf: Shelf, wish: Wish) -> list[dict[str, Any]]:
    """The kinds that are there, where there are several."""
    there = {one.kind for one in shelf.offered}
    words = [(value.value, str(word)) for value, word in KINDS.items() if value.value in there]
    return [
        {"url": address(request, kind=value), "label": label, "on": value == wish.kind}
        for value, label in ([("", _("All kinds")), *words] if len(words) > 1 else ())
    ]


def sorts(request: HttpRequest, wish: Wish) -> list[dict[str, Any]]:
    """The orders, as links."""
    return [
        {
            "url": address(request, sort="" if name == SORTS[0] else name),
            "label": _SORT_LABELS[name](),
            "on": name == wish.sort,
        }
        for name in SORTS
    ]


def address(request: HttpRequest, **changes: str) -> str:
    """This page with other filters, from its first page."""
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}" if query else request.path
