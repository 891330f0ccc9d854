"""The promise block of a request's page: the date, who has it, what comes next (ux spec S7)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from anliegen.people.models import User
from anliegen.portal.shown.lines import pill
from anliegen.portal.words import day_words, here, long_day_words, moment_words
from anliegen.requests.models import ServiceRequest
from anliegen.requests.rules import ENDED
from anliegen.tracking import queries as tracking
from anliegen.tracking.shapes import Story
from anliegen.ui import words as ui_words

type Cell = dict[str, Any]


def of(one: ServiceRequest, story: Story, viewer: User, now: datetime) -> list[Cell]:
    """What `ui/c/promise.html` shows. At most three statements."""
    ended = one.status in ENDED
    return [_date(one, story, now), _turn(story, ended=ended), _next(story, viewer, ended=ended)]


def _date(one: ServiceRequest, story: Story, now: datetime) -> Cell:
    if one.ended_at:
        state = pill(story.tone, story.icon, story.word)
        return {"term": _("Ended"), "value": long_day_words(one.ended_at), "state": state}
    if not story.promise:
        return {"term": _("Promised by"), "value": _("No date is agreed yet")}
    on_track = {"kind": "late", "label": _("Late")} if story.late else {"kind": "ok", "label": _("On track")}
    if not story.forecast or story.forecast < now:
        at = _("at the latest at %(time)s") % {"time": ui_words.time_of(here(story.promise))}
        return {"term": _("Promised by"), "value": long_day_words(story.promise), "state": on_track, "meta": at}
    cell = {"term": _("Probably done"), "value": long_day_words(story.forecast)}
    if story.forecast > story.promise:
        moved = {"now": day_words(story.forecast), "before": day_words(story.promise)}
        meta = _("now %(now)s instead of %(before)s") % moved
        return {**cell, "state": {"kind": "risk", "label": _("Delayed")}, "meta": meta}
    return {**cell, "state": on_track, "meta": _("promised by %(at)s") % {"at": moment_words(story.promise)}}


def _turn(story: Story, *, ended: bool) -> Cell:
    turn, term = story.turn, _("Who has it now")
    if ended:
        return {"term": term, "value": _("Nobody any more")}
    if turn.kind == "you":
        return {"term": term, "value": _("You"), "meta": turn.detail}
    since = _("since %(at)s") % {"at": moment_words(turn.since)} if turn.since else ""
    usual = tracking.usual(turn.task_id) if turn.kind == "team" and turn.task_id else ""
    usual = _("usually takes %(time)s") % {"time": usual} if usual else ""
    meta = " · ".join(part for part in (turn.detail, usual or since) if part)
    person = turn.person or (turn.name if turn.kind == "person" and "," not in turn.name else "")
    return {"term": term, "value": turn.name, "person": person, "meta": meta}


def _next(story: Story, viewer: User, *, ended: bool) -> Cell:
    term = _("What comes next")
    ahead = [one for one in story.ahead if one.certain] or list(story.ahead)
    if ahead and not ended:
        own = ahead[0].who == viewer.full_name
        text = ahead[0].text.replace(f"{ahead[0].who}: ", _("You: "), 1) if own else ahead[0].text
        return {"term": term, "value": text, "meta": ahead[0].when}
    return {"term": term, "value": _("Nothing more") if ended else _("The end: you are told at once")}
