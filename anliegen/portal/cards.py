"""Items as cards: when one has it, who decides, what it costs. A constant number of statements for any number."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anliegen.catalogue.models import Category, ItemVersion
from anliegen.catalogue.queries import CategoryCard, ItemCard
from anliegen.lib.text import LocalText
from anliegen.portal.shown import summary
from anliegen.portal.words import euros
from anliegen.tracking import queries as tracking
from anliegen.workflow.queries.releases import graph_of


def item_cards(found: Sequence[ItemCard]) -> list[dict[str, Any]]:
    """What `ui/c/item_card.html` shows of each."""
    prefetch_related_objects([card.version for card in found], "targets", "release__model_version")
    days: dict[str, int] = {}
    return [_card(card, days) for card in found]


def _card(card: ItemCard, days: dict[str, int]) -> dict[str, Any]:
    lang, version = get_language() or "de", card.version
    once, monthly = version.price_cents, version.monthly_cents
    price = euros(once) if once else euros(monthly) if monthly else _("free of charge")
    return {
        "url": reverse("item", args=[card.key]),
        "picture": version.picture or "ui/img/report.svg",
        "title": LocalText.of(version.title).to(lang),
        "text": LocalText.of(version.summary).to(lang),
        "facts": _facts(card, days, lang),
        "price": price,
        "price_unit": _("a month") if monthly and not once else "",
        "action_label": _("Request") if card.allowed else "",
    }


def _facts(card: ItemCard, days: dict[str, int], lang: str) -> list[dict[str, str]]:
    facts = []
    if amount := summary.fulfilment(tracking.agreed(card.version, days)):
        facts.append({"icon": "truck", "text": amount})
    if not card.allowed:
        return [*facts, {"icon": "lock", "text": card.reason.to(lang)}]
    approval = approval_words(card.version)
    return [*facts, {"icon": "user-check", "text": approval}] if approval else facts


def approval_words(version: ItemVersion) -> str:
    """Whether somebody has to approve it, by the steps of its model; "" for an item without one."""
    release = getattr(version, "release", None)
    if release is None:
        return ""
    nodes = graph_of(release.model_version).nodes.values()
    approvals = [node for node in nodes if node.task_kind == "approval"]
    if not approvals:
        return _("without approval")
    if all(node.automation for node in approvals):
        return _("approved automatically within your limit")
    if all(node.condition for node in approvals):
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
