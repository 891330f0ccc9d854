"""Answers to read instead of asking, whether they helped, and what is announced (ux spec S14)."""

from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anliegen.catalogue import actions as drafts
from anliegen.catalogue import queries as catalogue
from anliegen.catalogue.actions import DraftContent
from anliegen.catalogue.rules import Kind, QuestionType
from anliegen.files import queries as files
from anliegen.knowledge import access, actions, queries
from anliegen.lib import clock
from anliegen.lib.text import LocalText, one_line
from anliegen.portal.doors import Person, came_from, person, signed_in
from anliegen.portal.forms.knowledge import MissingForm
from anliegen.portal.shell import notice
from anliegen.portal.shown import articles as shown
from anliegen.ui.act import act
from anliegen.ui.files import picture_response
from anliegen.ui.htmx import is_fragment


@require_GET
@signed_in
def knowledge(request: HttpRequest) -> HttpResponse:
    """All articles by subject; with `?q=` what fits, with `?category=` those of one subject."""
    user, now = person(request), clock.now()
    text = one_line(request.GET.get("q", ""))
    subject = one_line(request.GET.get("category", ""), 60)
    found = queries.found(text, user, now, lang=get_language() or "de") if text else []
    groups = [] if text else shown.groups(queries.cards(user, now), catalogue.categories(user, now))
    context = {
        "text": text,
        "subject": subject,
        "groups": [group for group in groups if not subject or group.key == subject],
        "subjects": groups,
        "found": found,
        "announcements": [shown.announcement(one) for one in queries.running(user, now)],
        "asking": asking_url(user, now),
        "edits": access.may_edit(user, now),
    }
    return render(request, "portal/knowledge.html", context)


@require_GET
@signed_in
def article(request: HttpRequest, key: str) -> HttpResponse:
    """One article: the answer first, then the steps, whether it helped, what to request and what else to read."""
    user, now = person(request), clock.now()
    return render(request, "portal/article.html", _context(key, user, now))


def _context(key: str, user: Person, now: datetime) -> dict[str, Any]:
    found = queries.article(key, user, now)
    context = shown.article(found, now)
    items = {card.key: card for card in catalogue.items(user, now)} if found.current and found.current.items else {}
    wanted = found.current.items if found.current else ()
    names = {card.category.key: LocalText.of(card.category.name) for card in catalogue.categories(user, now)}
    return context | {
        "category": names.get(found.category_key, LocalText()).to(get_language() or "de"),
        "items": [shown.offer(items[name]) for name in wanted if name in items and items[name].allowed],
        "related": queries.related(found, user, now),
        "vote": queries.vote_of(found, user),
        "form": MissingForm(),
        "edits": access.may_edit(user, now),
    }


@require_POST
@signed_in
def vote(request: HttpRequest, key: str) -> HttpResponse:
    """Say whether it helped: one click is enough (B20)."""
    user, now = person(request), clock.now()
    actions.vote(key, request.POST.get("helped") == "yes", acting_user=user, now=now)
    return _voted(request, key, user, now)


def _voted(request: HttpRequest, key: str, user: Person, now: datetime) -> HttpResponse:
    if is_fragment(request):
        return render(request, "portal/parts/helpful.html", _context(key, user, now) | {"fresh": True})
    return redirect(reverse("article", args=[key]) + "#helpful")


@require_POST
@signed_in
def missing(request: HttpRequest, key: str) -> HttpResponse:
    """Say what was missing, and with the other button ask it as a question."""
    user, now = person(request), clock.now()
    form = MissingForm(request.POST)
    text = request.POST.get("missing", "")
    said = act(form, lambda: actions.say_missing(key, text, acting_user=user, now=now))
    if said is None:
        context = _context(key, user, now) | {"form": form, "fresh": True}
        page = "portal/parts/helpful.html" if is_fragment(request) else "portal/article.html"
        return render(request, page, context, status=422)
    if "ask" in request.POST and (url := _question(text, user, now)):
        return redirect(url)
    messages.success(request, _("Thank you. Whoever looks after this article reads it."))
    return redirect("article", key=key)


def asking_url(user: Person, now: datetime) -> str:
    """Where somebody asks a question; "" if no service for it is on offer."""
    key = _question_item(user, now)
    return reverse("item", args=[key]) if key else ""


def _question_item(user: Person, now: datetime) -> str:
    offered = (card for card in catalogue.items(user, now, kind=Kind.INFORMATION) if card.allowed)
    return next((card.key for card in offered if "portal" in card.version.channels), "")


def _question(text: str, user: Person, now: datetime) -> str:
    """The form for questions with this text filled in, as a draft; "" if no service for it is on offer."""
    key = _question_item(user, now)
    if not key:
        return ""
    questions = catalogue.form(catalogue.item(key, user, now)).questions
    first = next((q.key for q in questions if q.type in {QuestionType.PARAGRAPH, QuestionType.TEXT}), "")
    draft = _kept(key, {first: text.strip()} if first else {}, user, now)
    return f"{reverse('item', args=[key])}?draft={draft}"


def _kept(key: str, answers: dict[str, str], user: Person, now: datetime) -> str:
    content = DraftContent(answers=answers)
    return drafts.save_draft(content, owner=user, item_key=key, now=now).public_id


@require_GET
@signed_in
def picture(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """A picture of an article, for those who read or write it."""
    stored = access.picture(key, name, person(request), clock.now()).file
    response: HttpResponse = picture_response(files.open_stored(stored), stored.media_type)  # type: ignore[assignment]
    return response


@require_POST
@signed_in
def dismiss(request: HttpRequest, announcement_id: str) -> HttpResponse:
    """Put an announcement away; it stays on the page of articles."""
    user, now = person(request), clock.now()
    act(django_forms.Form({}), lambda: actions.dismiss(announcement_id, acting_user=user, now=now))
    if is_fragment(request):
        return render(request, "ui/notice.html", {"notice": notice(user, now), "put_away": True})
    return redirect(came_from(request, "start"))
