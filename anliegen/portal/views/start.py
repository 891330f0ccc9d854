"""The start page: find something, see how mine is going, decide what waits (ux spec S1)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from anliegen.catalogue import queries as catalogue
from anliegen.lib import clock
from anliegen.lib.text import LocalText
from anliegen.portal import cards
from anliegen.portal.doors import Person, person, signed_in
from anliegen.portal.shown import lines, shelf, votes
from anliegen.portal.shown.hours import desk_hours
from anliegen.portal.shown.turns import is_quick
from anliegen.portal.words import greeting
from anliegen.tracking import queries as tracking
from anliegen.tracking.shapes import Line
from anliegen.workflow import queries as workflow

SHOWN_DRAFTS = 5


@require_GET
@signed_in
def start(request: HttpRequest) -> HttpResponse:
    """Greeting and search, my open requests, what waits for me, drafts, all subjects, what others ask for."""
    user, now = person(request), clock.now()
    mine, total = tracking.my_open(user, now=now)
    waiting = workflow.castable(user, now)
    offered, able = catalogue.shelf(user, now)
    popular = shelf.popular_cards(offered, shelf.reader(user, able, now, stars=False), tracking.popular(user, now), now)
    context = {
        "greeting": greeting(user.first_name or user.full_name),
        "hours": desk_hours(now),
        "rows": [lines.row(line) for line in mine],
        "total": total,
        "vote": votes.card(workflow.votes(waiting[:1])[0], user) if waiting else None,
        "votes": len(waiting),
        "asked": sum(1 for line in mine if line.needs_you),
        "questions": _questions(mine),
        "drafts": _drafts(user, now),
        "categories": cards.category_tiles(catalogue.categories_of(offered)),
        "popular": popular,
    }
    return render(request, "portal/start.html", context)


def _questions(mine: Sequence[Line]) -> list[dict[str, Any]]:
    """What teams ask me, each with one click where one click can answer it. Approvals have their own card."""
    return [_question(line) for line in mine if line.needs_you and line.turn.asks != "approve"]


def _question(line: Line) -> dict[str, Any]:
    turn = line.turn
    quick = turn.asks == "answer" and is_quick(turn.text)
    return {
        "url": lines.row(line)["url"],
        "post": reverse("request-accept" if turn.asks == "accept" else "request-answer", args=[line.code]),
        "task": turn.task_id,
        "title": line.title,
        "lang": line.lang,
        "what": turn.text or turn.detail or line.word,
        "own_words": bool(turn.text),
        "accept": turn.asks == "accept",
        "quick": quick,
    }


def _drafts(user: Person, now: datetime) -> list[dict[str, Any]]:
    """What I began in the last 30 days and did not send."""
    lang = get_language() or "de"
    return [
        {
            "id": draft.public_id,
            "title": LocalText.of(draft.item_version.title).to(lang),
            "url": f"{reverse('item', args=[draft.item_version.item.key])}?draft={draft.public_id}",
            "at": draft.changed_at,
        }
        for draft in catalogue.unfinished(user, now, SHOWN_DRAFTS)
    ]
