"""Articles and announcements as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from anliegen.catalogue.queries import CategoryCard, ItemCard
from anliegen.catalogue.rules import ASKING
from anliegen.knowledge.models import Announcement, Article
from anliegen.knowledge.queries import Card, picture_names
from anliegen.knowledge.rules import AnnouncementKind
from anliegen.lib import markdown
from anliegen.lib.text import LocalText
from anliegen.people.access import day
from anliegen.portal.words import day_words
from anliegen.ui.shell import Notice

STRIP = 90  # letters of a text that fit beside a title in one line
ANNOUNCED = {
    AnnouncementKind.OUTAGE: ("alert-triangle", gettext_lazy("Outage")),
    AnnouncementKind.MAINTENANCE: ("clock-pause", gettext_lazy("Maintenance")),
    AnnouncementKind.NEWS: ("speakerphone", gettext_lazy("News")),
}


@dataclass(frozen=True, slots=True)
class Group:
    """The articles of one subject."""

    key: str
    name: str
    icon: str
    cards: Sequence[Card]


def groups(cards: Sequence[Card], categories: Sequence[CategoryCard]) -> list[Group]:
    """The articles by subject, in the catalogue's order; those without a known subject last."""
    lang = get_language() or "de"
    found, left = [], list(cards)
    for one in categories:
        keys = {one.category.key, *(child.key for child in one.children)}
        here = [card for card in left if card.category_key in keys]
        left = [card for card in left if card.category_key not in keys]
        if here:
            name = LocalText.of(one.category.name).to(lang)
            found.append(Group(one.category.key, name, one.category.icon, _sorted(here, lang)))
    return [*found, *([Group("other", _("Other"), "book", _sorted(left, lang))] if left else [])]


def _sorted(cards: Sequence[Card], lang: str) -> list[Card]:
    return sorted(cards, key=lambda card: card.title.to(lang).casefold())


def article(found: Article, now: datetime) -> dict[str, Any]:
    """What the page of an article shows."""
    version, lang = found.current, get_language() or "de"
    assert version is not None
    names = picture_names(found) if "![" in LocalText.of(version.body).to(lang) else frozenset()

    def picture(name: str) -> str:
        return reverse("article-picture", args=[found.key, name]) if name in names else ""

    return {
        "article": found,
        "title": LocalText.of(version.title).to(lang),
        "answer": SafeString(markdown.html(LocalText.of(version.answer).to(lang))),
        "body": SafeString(markdown.html(LocalText.of(version.body).to(lang), picture)),
        "reviewed": day_words(day(found.reviewed_at)) if found.reviewed_at else "",
        "old": found.review_on is not None and found.review_on < day(now),
    }


def offer(card: ItemCard) -> dict[str, str]:
    """A service that an article leads to."""
    lang = get_language() or "de"
    title = LocalText.of(card.version.title).to(lang)
    return {
        "url": reverse("item", args=[card.key]),
        "title": title,
        "label": title if card.version.kind in ASKING else _("Request: %(title)s") % {"title": title},
        "text": LocalText.of(card.version.summary).to(lang),
        "picture": card.version.picture or "ui/img/report.svg",
    }


def strip(one: Announcement) -> Notice:
    """An announcement as the line under the top bar: its title, and what its text begins with."""
    lang = get_language() or "de"
    kind = AnnouncementKind(one.kind)
    icon, word = ANNOUNCED[kind]
    return Notice(
        title=LocalText.of(one.title).to(lang),
        text=shorten(markdown.plain(LocalText.of(one.text).to(lang)), STRIP, placeholder=" …"),
        url=f"{reverse('knowledge')}#a-{one.public_id}",
        icon=icon,
        what=word,
        dismiss_url=reverse("announcement-dismiss", args=[one.public_id]),
        urgent=kind is AnnouncementKind.OUTAGE,
    )


def announcement(one: Announcement) -> dict[str, Any]:
    """An announcement in full."""
    lang = get_language() or "de"
    kind = AnnouncementKind(one.kind)
    icon, word = ANNOUNCED[kind]
    return {
        "id": one.public_id,
        "kind": kind.value,
        "icon": icon,
        "word": word,
        "title": LocalText.of(one.title).to(lang),
        "text": SafeString(markdown.html(LocalText.of(one.text).to(lang))),
        "link": one.link,
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
    }
