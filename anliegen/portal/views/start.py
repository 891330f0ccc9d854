"""The start page: find something, see how mine is going, decide what waits (ux spec S1)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from anliegen.catalogue import queries as catalogue
from anliegen.lib import clock
from anliegen.lib.text import LocalText
from anliegen.portal import cards
from anliegen.portal.doors import person, signed_in
from anliegen.portal.shown import lines, votes
from anliegen.portal.words import greeting
from anliegen.tracking import queries as tracking
from anliegen.workflow import queries as workflow

SHOWN_DRAFTS = 5


@require_GET
@signed_in
def start(request: HttpRequest) -> HttpResponse:
    """Greeting and search, my open requests, what waits for me, drafts, all subjects."""
    user, now = person(request), clock.now()
    mine, total = tracking.my_open(user, now=now)
    waiting = workflow.castable(user, now)
    lang = get_language() or "de"
    drafts = [
        {
            "id": draft.public_id,
            "title": LocalText.of(draft.item_version.title).to(lang),
            "url": f"{reverse('item', args=[draft.item_version.item.key])}?draft={draft.public_id}",
            "at": draft.changed_at,
        }
        for draft in catalogue.drafts(user, SHOWN_DRAFTS)
    ]
    context = {
        "greeting": greeting(user.first_name or user.full_name),
        "rows": [lines.row(line) for line in mine],
        "total": total,
        "vote": votes.card(workflow.votes(waiting[:1])[0], user) if waiting else None,
        "votes": len(waiting),
        "asked": sum(1 for line in mine if line.needs_you),
        "questions": [
            {
                "url": lines.row(line)["url"],
                "title": line.title,
                "lang": line.lang,
                "what": line.turn.detail or line.word,
            }
            for line in mine
            if line.needs_you
        ],
        "drafts": drafts,
        "categories": cards.category_tiles(catalogue.categories(user, now)),
    }
    return render(request, "portal/start.html", context)
