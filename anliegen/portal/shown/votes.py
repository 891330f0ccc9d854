"""An approval as a card with everything that is needed to decide (ux spec S9)."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anliegen.lib.text import LocalText
from anliegen.people.models import User
from anliegen.portal.shown.page import cost_words
from anliegen.portal.words import euros
from anliegen.requests import queries
from anliegen.tracking import sentences
from anliegen.workflow.models import Vote


def card(vote: Vote, viewer: User) -> dict[str, Any]:
    """What `portal/parts/vote.html` shows."""
    task, one = vote.task, vote.task.service_request
    lang = get_language() or "de"
    reason = vote.reason or {}
    department = one.requester.department
    return {
        "code": one.code,
        "task_id": task.pk,
        "version": task.version,
        "title": one.title,
        "lang": one.lang,
        "step": LocalText.of(task.name).to(lang),
        "who": one.requester.full_name,
        "department": LocalText.of(department.name).to(lang) if department else "",
        "since": task.opened_at,
        "due": vote.due or task.due,
        "cost": cost_words(one),
        "total": _order_words(vote),
        "justification": one.justification,
        "why": sentences.render(reason["key"], reason.get("params", {}), lang) if reason.get("key") else "",
        "for_other": vote.approver.full_name if vote.approver_id != viewer.pk else "",
        "answers": [(term.to(lang), value.to(lang)) for term, value in queries.answers(one)],
    }


def cards(found: Sequence[Vote], viewer: User) -> list[dict[str, Any]]:
    """The cards of several votes, in their order."""
    return [card(vote, viewer) for vote in found]


def _order_words(vote: Vote) -> str:
    """What the approval looks at where the whole order costs more than this line."""
    one = vote.task.service_request
    total = one.order.total_cents
    year = _("over 12 months") if one.monthly_cents else ""
    return f"{euros(total)} {year}".strip() if total and total != one.cost_cents else ""
