"""Requests as rows of a list."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from anliegen.portal.words import day_words
from anliegen.tracking.shapes import Line

PILLS = {"neutral": "plain", "running": "run", "turn": "you", "ok": "ok", "bad": "late"}


def pill(tone: str, icon: str, word: str) -> dict[str, str]:
    """What `{% state %}` shows of a status."""
    return {"kind": PILLS.get(tone, "plain"), "icon": icon, "label": word}


def row(line: Line) -> dict[str, Any]:
    """What `portal/parts/request_line.html` shows."""
    ended = line.date_kind == "ended"
    return {
        "url": reverse("request", args=[line.code]) + (f"#turn-{line.turn.task_id}" if line.needs_you else ""),
        "code": line.code,
        "title": line.title,
        "lang": line.lang,
        "state": {"kind": "you", "icon": "user-question", "label": _needs_you(line)}
        if line.needs_you
        else pill(line.tone, line.icon, line.word),
        "meta": _meta(line),
        "done": line.steps if ended else max(0, line.step - 1),
        "total": line.steps,
        "step": _step(line),
        "when": day_words(line.date) if line.date else "",
        "when_meta": _("ended") if ended else _("late, promised") if line.late else _("promised"),
        "late": line.late,
    }


def _needs_you(line: Line) -> str:
    return _("Waiting for you: %(what)s") % {"what": line.turn.detail} if line.turn.detail else line.word


def _meta(line: Line) -> str:
    parts = [line.code]
    if line.recipient != line.requester:
        parts.append(_("for %(name)s") % {"name": line.recipient})
    if line.turn.kind in {"team", "person"}:
        who = [line.turn.name]
        if line.turn.kind == "team" and line.turn.detail:
            who.append(line.turn.detail)
        parts.append(_("with %(who)s") % {"who": ", ".join(who)})
    elif line.turn.kind == "system" and line.turn.detail:
        parts.append(line.turn.detail)
    return " · ".join(parts)


def _step(line: Line) -> str:
    if not line.steps:
        return ""
    return _("Step %(step)s of %(steps)s: %(phase)s") % {"step": line.step, "steps": line.steps, "phase": line.phase}
