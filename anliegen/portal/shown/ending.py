"""How a request ended, and what can be done now: why not, or until when it can be taken up again (ux spec S7)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anliegen.lib.text import LocalText
from anliegen.people.models import User
from anliegen.portal.words import long_day_words, moment_words
from anliegen.requests import access, queries
from anliegen.requests.models import JournalEntry, ServiceRequest
from anliegen.requests.rules import Status
from anliegen.tracking import words
from anliegen.workflow import queries as workflow
from anliegen.workflow.models import Task


def again_words(relied: Sequence[tuple[Task, bool]]) -> list[str]:
    """What happens to each thing decided so far when the details are changed."""
    lang, found = get_language() or "de", []
    for task, cost_only in relied:
        who = task.done_by.full_name if task.done_by else LocalText.of(task.team.name).to(lang) if task.team else ""
        step = LocalText.of(task.name).to(lang)
        told = _("%(step)s (%(who)s)") % {"step": step, "who": who} if who else step
        stays = _("stays valid unless the cost changes") if cost_only else _("is asked again after any change")
        found.append(f"{told}: {stays}")
    return found


_DECIDED = ("rejected", "not-approved", "voted-no")


def of(service_request: ServiceRequest, viewer: User, now: datetime) -> dict[str, Any] | None:
    """What `portal/parts/ending.html` shows; None while it runs."""
    mine = access.is_owner(viewer, service_request)
    if service_request.status == Status.REJECTED:
        return {"kind": "rejected", "mine": mine, **_rejection(service_request, viewer, now)}
    if service_request.status == Status.FULFILLED and mine:
        until = workflow.reopen_until(service_request, now)
        return {"kind": "fulfilled", "until": long_day_words(until) if until else ""}
    return None


def _rejection(service_request: ServiceRequest, viewer: User, now: datetime) -> dict[str, Any]:
    entry = _entry(queries.entries(service_request, viewer, now))
    return {
        "reason": words.REASON[service_request.reject_reason],
        "sentence": service_request.reject_sentence,
        "who": entry.actor.full_name if entry and entry.actor else "",
        "at": moment_words(entry.at) if entry else "",
    }


def _entry(entries: Sequence[JournalEntry]) -> JournalEntry | None:
    """Where somebody said no: the last such entry that names a person, else the last."""
    said = [one for one in entries if one.sentence in _DECIDED]
    return next((one for one in reversed(said) if one.actor), said[-1] if said else None)
