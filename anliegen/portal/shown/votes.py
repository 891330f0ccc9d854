"""An approval as a card with everything that is needed to decide (ux spec S9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from anliegen.assets import queries as assets
from anliegen.lib import clock
from anliegen.lib.text import LocalText
from anliegen.people import queries as people
from anliegen.people.models import User
from anliegen.portal.shown.page import cost_words
from anliegen.portal.words import euros
from anliegen.requests import queries
from anliegen.requests.models import ServiceRequest
from anliegen.tracking import sentences
from anliegen.workflow import queries as workflow
from anliegen.workflow.models import Vote
from anliegen.workflow.rules import Verdict


@dataclass(frozen=True)
class Around:
    """What is known about several votes, read once for all of them."""

    viewer: User
    now: datetime
    others: Mapping[int, Sequence[Vote]] = field(default_factory=dict)
    stock: Mapping[int, int] = field(default_factory=dict)
    limits: Mapping[int, int] = field(default_factory=dict)
    own_words: Mapping[int, int] = field(default_factory=dict)


def cards(found: Sequence[Vote], viewer: User) -> list[dict[str, Any]]:
    """What `portal/parts/vote.html` shows of each, in their order; a constant number of statements per approver."""
    around = _around(found, viewer)
    return [_card(vote, around) for vote in found]


def card(vote: Vote, viewer: User) -> dict[str, Any]:
    """The same for one."""
    return cards([vote], viewer)[0]


def _around(found: Sequence[Vote], viewer: User) -> Around:
    now = clock.now()
    products = workflow.products_by_run({vote.task.run_id for vote in found})
    free = assets.available_of(set(products.values()))
    approvers = {vote.approver_id: vote.approver for vote in found}
    return Around(
        viewer,
        now,
        others=workflow.votes_by_task([vote.task_id for vote in found]),
        stock={run: free.get(product, 0) for run, product in products.items()},
        own_words=workflow.own_words_by_task([vote.task_id for vote in found]),
        limits={pk: people.approve_limit(one, now) for pk, one in approvers.items()},
    )


def _card(vote: Vote, around: Around) -> dict[str, Any]:
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
        "late": bool((vote.due or task.due) and (vote.due or task.due) < around.now),  # type: ignore[operator]
        "cost": cost_words(one) if one.cost_cents or one.monthly_cents or queries.is_unpriced(one) else "",
        "total": _order_words(vote),
        "dearer": dearer_words(one),
        "within": _within(vote, around),
        "stock": _stock_words(around.stock.get(task.run_id)),
        "others": [_other(other) for other in around.others.get(task.pk, ()) if other.pk != vote.pk],
        "justification": one.justification,
        "note": one.order.note if one.order.note != one.justification else "",
        "recipient": _("for %(name)s") % {"name": one.recipient.full_name}
        if one.recipient_id != one.requester_id
        else "",
        "own_words": around.own_words.get(task.pk, 0),
        "why": sentences.render(reason["key"], reason.get("params", {}), lang) if reason.get("key") else "",
        "for_other": vote.approver.full_name if vote.approver_id != around.viewer.pk else "",
        "answers": [(term.to(lang), value.to(lang)) for term, value in queries.answers(one, around.viewer, around.now)],
    }


def _within(vote: Vote, around: Around) -> str:
    """Whether the whole order stays within what the approver may decide alone; "" where there is no such limit."""
    limit = around.limits.get(vote.approver_id, 0)
    if not 0 < vote.task.service_request.order.total_cents <= limit:
        return ""
    if vote.approver_id == around.viewer.pk:
        return _("Within your limit of %(amount)s") % {"amount": euros(limit)}
    params = {"name": vote.approver.full_name, "amount": euros(limit)}
    return _("Within the limit of %(name)s, %(amount)s") % params


def _stock_words(free: int | None) -> str:
    if free is None:
        return ""
    if free <= 0:
        return _("Not in stock, has to be bought")
    return ngettext("%(n)s in stock", "%(n)s in stock", free) % {"n": free}


def _other(vote: Vote) -> str:
    """Another approver of the same decision, and what they have said so far."""
    said = {
        Verdict.YES: _("%(name)s said yes"),
        Verdict.NO: _("%(name)s said no"),
        Verdict.OPEN: _("%(name)s has not decided yet"),
        Verdict.WAITING: _("%(name)s is asked after you"),
    }
    template = said.get(Verdict(vote.verdict), "")
    return template % {"name": (vote.by or vote.approver).full_name} if template else ""


def dearer_words(one: ServiceRequest) -> str:
    """What was approved before and what it costs now, where it has become dearer; else ""."""
    if not one.is_dearer or one.approved_cents is None:
        return ""
    amounts = {"before": euros(one.approved_cents), "after": euros(one.own_cents)}
    return _("Approved were %(before)s, now it is %(after)s") % amounts


def _order_words(vote: Vote) -> str:
    """What the approval looks at where the whole order costs more than this line."""
    one = vote.task.service_request
    total = one.order.total_cents
    year = _("over 12 months") if one.monthly_cents else ""
    return f"{euros(total)} {year}".strip() if total and total != one.cost_cents else ""
