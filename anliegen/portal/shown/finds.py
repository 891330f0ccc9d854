"""What was found, as suggestions show it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from anliegen.knowledge.models import Announcement
from anliegen.knowledge.queries import Card
from anliegen.portal.shown.articles import announcement
from anliegen.tracking.queries import Finds
from anliegen.tracking.shapes import Line


def answer(found: Finds, card: Card) -> dict[str, Any]:
    """An article."""
    lang = get_language() or "de"
    return {
        "url": reverse("article", args=[card.key]),
        "pieces": found.marked(card.title.to(lang)),
    }


def told(found: Finds, one: Announcement) -> dict[str, Any]:
    """Something that is announced."""
    said = announcement(one)
    return {
        "url": f"{reverse('knowledge')}#a-{said['id']}",
        "icon": said["icon"],
        "pieces": found.marked(said["title"]),
        "word": said["word"],
        "ends_at": said["ends_at"],
    }


def own(found: Finds, line: Line) -> dict[str, Any]:
    """One of their own requests."""
    return {
        "url": reverse("request", args=[line.code]),
        "pieces": found.marked(line.title),
        "lang": line.lang,
        "meta": f"{line.code} · {line.word}",
    }
