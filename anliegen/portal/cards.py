"""Items as cards: when one has it, who decides, what it costs. A constant number of statements for any number.

What a card says of a published version stays true for minutes and is kept in the process; who may get it is not.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anliegen.catalogue import access
from anliegen.catalogue import queries as catalogue
from anliegen.catalogue.models import Category, ItemVersion
from anliegen.catalogue.queries import CategoryCard, Offered
from anliegen.lib import clock
from anliegen.lib.text import LocalText
from anliegen.people.models import User
from anliegen.portal.shown import summary
from anliegen.portal.words import day_words, euros
from anliegen.tracking import queries as tracking
from anliegen.workflow.queries.releases import graph_of

KEPT_S = 300
MAX_KEPT = 5_000
NONE, DEAR, LIMIT, MAYBE, ALWAYS = "none", "dear", "limit", "maybe", "always"  # whether somebody approves it


@dataclass(frozen=True, slots=True)
class Face:
    """What a card says of one version, in one language, to who may order for so much without approval."""

    title: str
    text: str
    picture: str
    price: str
    price_unit: str
    free: bool
    lasts: str  # how long it takes, in words
    minutes: int  # the least that is agreed, to sort by
    within_a_day: bool
    approval: str


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom cards are made: their limit in cents, what they marked, wait for and had lately (ids of items)."""

    user: User
    limit: int
    marked: frozenset[int] = frozenset()
    awaited: frozenset[int] = frozenset()
    recent: tuple[int, ...] = ()
    able: frozenset[int] = field(default_factory=frozenset)  # versions that they may get


type _Key = tuple[int, str, int]
_kept: dict[_Key, tuple[float, Face]] = {}


def forget() -> None:
    """Draw every card anew: for tests, whose rows are rolled back."""
    _kept.clear()


def faces(version_ids: Iterable[int], limit: int) -> dict[int, Face]:
    """What the cards of these versions say. No statement for those that are kept, four for all others."""
    lang, now = get_language() or "de", time.monotonic()
    found: dict[int, Face] = {}
    missing = []
    for pk in version_ids:
        kept = _kept.get((pk, lang, limit))
        if kept and now - kept[0] < KEPT_S:
            found[pk] = kept[1]
        else:
            missing.append(pk)
    if missing:
        if len(_kept) > MAX_KEPT:
            _kept.clear()
        versions = catalogue.versions(missing)
        prefetch_related_objects(list(versions.values()), "targets", "release__model_version")
        days: dict[str, int] = {}
        for pk, version in versions.items():
            found[pk] = _face(version, days, limit, lang)
            _kept[pk, lang, limit] = (now, found[pk])
    return found


def _face(version: ItemVersion, days: dict[str, int], limit: int, lang: str) -> Face:
    agreed = tracking.agreed(version, days)
    minutes = min((one.minutes for one in version.targets.all() if one.measure == "fulfilment"), default=10**7)
    return Face(
        title=LocalText.of(version.title).to(lang),
        text=LocalText.of(version.summary).to(lang),
        picture=version.picture or "ui/img/report.svg",
        price=_price(version),
        price_unit=_("a month") if version.monthly_cents and not version.price_cents else "",
        free=_is_free(version),
        lasts=summary.fulfilment(agreed),
        minutes=minutes,
        within_a_day=_within_a_day(version, days),
        approval=approval(version, limit),
    )


def _within_a_day(version: ItemVersion, days: Mapping[str, int]) -> bool:
    """Whether it is there within one working day whatever is answered."""
    rows = [one for one in version.targets.all() if one.measure == "fulfilment"]
    return bool(rows) and all(one.minutes <= days.get(one.calendar_key, 0) for one in rows)


def item_cards(found: Sequence[Offered], reader: Reader) -> list[dict[str, Any]]:
    """What `ui/c/item_card.html` shows of each, in this order."""
    drawn = faces([one.version_id for one in found], reader.limit)
    return [_card(one, drawn[one.version_id], reader) for one in found if one.version_id in drawn]


def _card(one: Offered, face: Face, reader: Reader) -> dict[str, Any]:
    url = reverse("item", args=[one.key])
    able, away = one.version_id in reader.able, one.away(clock.now())
    return {
        "key": one.key,
        "url": url,
        "picture": face.picture,
        "title": face.title,
        "text": face.text,
        "facts": _facts(one, face, reader, able=able, away=away),
        "price": face.price,
        "price_unit": face.price_unit,
        "action_label": _("Request") if able and not away else "",
        "marked": one.item_id in reader.marked,
        "away": away,
        "awaited": one.item_id in reader.awaited,
    }


def _facts(one: Offered, face: Face, reader: Reader, *, able: bool, away: bool) -> list[dict[str, str]]:
    if away and one.unavailable_until:
        back = _("again from %(day)s") % {"day": day_words(one.unavailable_until)}
        why = LocalText.of(one.unavailable_reason).to(get_language() or "de")
        return [{"icon": "calendar-event", "text": back}, {"icon": "info-circle", "text": why}]
    facts = [{"icon": "truck", "text": face.lasts}] if face.lasts else []
    if not able:
        reason = access.reason_against(one, reader.user).to(get_language() or "de")
        return [*facts, {"icon": "lock", "text": reason}]
    if face.approval:
        facts.append({"icon": "user-check", "text": _WORDS[face.approval]()})
    if one.item_id in reader.recent:
        facts.append({"icon": "history", "text": _("you requested this lately")})
    return facts


def _price(version: ItemVersion) -> str:
    """The lowest price; answers may add to it, or it depends on the program that is named."""
    if catalogue.unpriced(version, {}):
        return _("depends on the program")
    cents = version.price_cents or version.monthly_cents
    if _answers_add(version):
        return _("from %(amount)s") % {"amount": euros(cents)}
    return euros(cents) if cents else _("free of charge")


def _answers_add(version: ItemVersion) -> bool:
    offered = (one for question in catalogue.form(version).questions for one in question.options)
    return any(one.price_cents or one.monthly_cents for one in offered)


def _is_free(version: ItemVersion) -> bool:
    costs = version.price_cents or version.monthly_cents or _answers_add(version)
    return not costs and not catalogue.unpriced(version, {})


_WORDS = {
    NONE: lambda: _("without approval"),
    LIMIT: lambda: _("approved automatically within your limit"),
    MAYBE: lambda: _("approval only if needed"),
    DEAR: lambda: _("needs an approval"),
    ALWAYS: lambda: _("needs an approval"),
}


def approval(version: ItemVersion, limit: int) -> str:
    """Whether somebody has to approve it, by the steps of its model and the reader's limit; "" without a model."""
    release = getattr(version, "release", None)
    if release is None:
        return ""
    nodes = graph_of(release.model_version).nodes.values()
    approvals = [node for node in nodes if node.task_kind == "approval"]
    if not approvals:
        return NONE
    if all(node.automation for node in approvals):
        return DEAR if version.price_cents + 12 * version.monthly_cents > limit else LIMIT
    if all(node.condition or node.automation for node in approvals):
        return MAYBE
    return ALWAYS


def approval_of(face: Face) -> str:
    """Whether somebody has to approve it, in words; "" without a model."""
    return str(_WORDS[face.approval]()) if face.approval else ""


def approval_words(version: ItemVersion, limit: int) -> str:
    """The same in words."""
    found = approval(version, limit)
    return _WORDS[found]() if found else ""


def category_tiles(found: Iterable[CategoryCard]) -> list[dict[str, Any]]:
    """What `ui/c/category.html` shows of each: its name, and what is in it."""
    lang = get_language() or "de"
    return [
        {
            "url": reverse("category", args=[card.category.key]),
            "icon": card.category.icon,
            "title": LocalText.of(card.category.name).to(lang),
            "text": _examples(card.category, card.children, lang),
        }
        for card in found
    ]


def _examples(category: Category, children: Sequence[Category], lang: str) -> str:
    own = LocalText.of(category.description).to(lang)
    return own or ", ".join(LocalText.of(child.name).to(lang) for child in children)
