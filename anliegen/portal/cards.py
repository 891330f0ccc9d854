"""Items as cards: when one has it, who decides, what it costs. A constant number of statements for any number."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anliegen.catalogue import queries as catalogue
from anliegen.catalogue.models import Category, ItemVersion
from anliegen.catalogue.queries import CategoryCard, ItemCard
from anliegen.lib.text import LocalText
from anliegen.portal.shown import summary
from anliegen.portal.words import euros
from anliegen.tracking import queries as tracking
from anliegen.workflow.queries.releases import graph_of


def item_cards(found: Sequence[ItemCard], limit: int) -> list[dict[str, Any]]:
    """What `ui/c/item_card.html` shows of each. `limit`: cents up to which orders of the reader need no approval."""
    prefetch_related_objects([card.version for card in found], "targets", "release__model_version")
    days: dict[str, int] = {}
    return [_card(card, days, limit) for card in found]


def _card(card: ItemCard, days: dict[str, int], limit: int) -> dict[str, Any]:
    lang, version = get_language() or "de", card.version
    return {
        "url": reverse("item", args=[card.key]),
        "picture": version.picture or "ui/img/report.svg",
        "title": LocalText.of(version.title).to(lang),
        "text": LocalText.of(version.summary).to(lang),
        "facts": _facts(card, days, lang, limit),
        "price": _price(version),
        "price_unit": _("a month") if version.monthly_cents and not version.price_cents else "",
        "action_label": _("Request") if card.allowed else "",
    }


def _price(version: ItemVersion) -> str:
    """The lowest price; answers may add to it, or it depends on the program that is named."""
    if catalogue.unpriced(version, {}):
        return _("depends on the program")
    cents = version.price_cents or version.monthly_cents
    offered = (one for question in catalogue.form(version).questions for one in question.options)
    if any(one.price_cents or one.monthly_cents for one in offered):
        return _("from %(amount)s") % {"amount": euros(cents)}
    return euros(cents) if cents else _("free of charge")


def _facts(card: ItemCard, days: dict[str, int], lang: str, limit: int) -> list[dict[str, str]]:
    facts = []
    if amount := summary.fulfilment(tracking.agreed(card.version, days)):
        facts.append({"icon": "truck", "text": amount})
    if not card.allowed:
        return [*facts, {"icon": "lock", "text": card.reason.to(lang)}]
    approval = approval_words(card.version, limit)
    return [*facts, {"icon": "user-check", "text": approval}] if approval else facts


def approval_words(version: ItemVersion, limit: int) -> str:
    """Whether somebody has to approve it, by the steps of its model and the reader's limit; "" without a model."""
    release = getattr(version, "release", None)
    if release is None:
        return ""
    nodes = graph_of(release.model_version).nodes.values()
    approvals = [node for node in nodes if node.task_kind == "approval"]
    if not approvals:
        return _("without approval")
    if all(node.automation for node in approvals):
        dear = version.price_cents + 12 * version.monthly_cents > limit
        return _("needs an approval") if dear else _("approved automatically within your limit")
    if all(node.condition or node.automation for node in approvals):
        return _("approval only if needed")
    return _("needs an approval")


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
