"""An order as it is shown: what was sent together, and for how long it can still be taken back without a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from anliegen.people.models import User
from anliegen.portal.shown import lines
from anliegen.portal.words import euros
from anliegen.requests import queries
from anliegen.requests.models import Order
from anliegen.requests.queries import Page, Progress
from anliegen.requests.rules import MAX_LINES
from anliegen.tracking import queries as tracking
from anliegen.workflow.actions.orders import UNDO


@dataclass(frozen=True)
class Shown:
    """One order for its page."""

    order: Order
    part: Page
    rows: Sequence[dict[str, Any]]
    progress: Progress
    may_undo: bool

    @property
    def title(self) -> str:
        n = self.progress.total or self.part.total
        if self.progress.running:
            return ngettext("%(n)s request is being made", "%(n)s requests are being made", n) % {"n": n}
        n = self.part.total
        return ngettext("Requested: %(n)s thing", "Requested: %(n)s things", n) % {"n": n}

    @property
    def percent(self) -> int:
        """How far the job is: half the way is made, the other half begun."""
        whole = self.progress
        return 100 * (whole.made + whole.begun + 2 * len(whole.refused)) // (2 * whole.total) if whole.total else 100

    @property
    def seen(self) -> int:
        return self.progress.made + self.progress.done

    @property
    def refused(self) -> list[tuple[str, str]]:
        """Who was left out, and why, the same reason together."""
        return [(person.full_name, problem) for person, problem in self.progress.refused]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Total, cost centre, note."""
        order = self.order
        found = [(_("Total of the order"), _total(order))] if order.total_cents else []
        if order.cost_centre:
            found.append((_("Cost centre"), f"{order.cost_centre.code} {order.cost_centre.name}"))
        if order.note:
            found.append((_("Your note"), order.note))
        return found


def _total(order: Order) -> str:
    return (
        _("%(amount)s over 12 months") % {"amount": euros(order.total_cents)}
        if _monthly(order)
        else euros(order.total_cents)
    )


def _monthly(order: Order) -> bool:
    return order.service_requests.filter(monthly_cents__gt=0).exists()


def read(order: Order, part: Page, viewer: User, now: datetime) -> Shown:
    """The order with the lines of one page. A constant number of statements."""
    progress = queries.progress(order)
    rows = [lines.row(line) for line in tracking.lines(part.ids, viewer, now=now)]
    return Shown(order, part, rows, progress, may_undo(order, viewer, now) and not progress.total)


def may_undo(order: Order, viewer: User, now: datetime) -> bool:
    """Whether it was sent just now, by this person, and something of it is still open."""
    fresh = order.requester_id == viewer.pk and now - order.created_at <= UNDO
    return fresh and 0 < still_open(order) <= MAX_LINES


def still_open(order: Order) -> int:
    """How many of its requests have not ended. One statement."""
    return order.service_requests.filter(ended_at=None).count()


def not_stopped_words(n: int) -> str:
    """That something is on its way already."""
    return ngettext(
        "%(n)s request cannot be cancelled here any more. Please look at its page.",
        "%(n)s requests cannot be cancelled here any more. Please look at their pages.",
        n,
    ) % {"n": n}
