"""The summary beside an item's form: date, cost, who decides, what happens."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from anliegen.catalogue.rules import Measure
from anliegen.portal.words import euros, long_day_words
from anliegen.tracking.shapes import Agreed, Ahead, Preview


def of(preview: Preview, questions: int, early: str = "", limit: str = "") -> dict[str, Any]:
    """What `portal/parts/summary.html` shows. `seen` changes when the person should hear of it."""
    date = long_day_words(preview.expected) if preview.expected else ""
    cost = _cost(preview)
    return {
        "date": date,
        "cost": cost,
        "yearly": euros(preview.monthly_cents * 12) if preview.monthly_cents else "",
        "approvers": ", ".join(dict.fromkeys(preview.approvers)),
        "free_of_approval": preview.free_of_approval,
        "steps": [step(one) for one in preview.steps],
        "early": early,
        "limit": limit,
        "agreed": agreed(preview.agreed),
        "seen": "|".join((date, cost, ", ".join(dict.fromkeys(preview.approvers)), str(questions), early)),
    }


def changes(before: str, now: str) -> str:
    """What has changed between two `seen`, in sentences; "" for nothing, or where the first one is none."""
    old, new = before.split("|"), now.split("|")
    if len(old) != len(new) or old == new:
        return ""
    told = []
    if new[0] and new[0] != old[0]:
        told.append(_("New date: %(date)s.") % {"date": new[0]})
    if new[1] != old[1]:
        told.append(_("New cost: %(cost)s.") % {"cost": new[1]})
    if new[2] != old[2]:
        told.append(_("Decided by: %(names)s.") % {"names": new[2]} if new[2] else _("Nobody has to decide."))
    if more := _number(new[3]) - _number(old[3]):
        told.append(
            ngettext("%(n)s more question.", "%(n)s more questions.", more) % {"n": more}
            if more > 0
            else _("Fewer questions.")
        )
    if new[4] and new[4] != old[4]:
        told.append(new[4])
    return " ".join(told)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _cost(preview: Preview) -> str:
    if preview.unpriced:
        return _("We find out what it costs.")
    parts = [euros(preview.cents)] if preview.cents else []
    if preview.monthly_cents:
        parts.append(_("%(amount)s a month") % {"amount": euros(preview.monthly_cents)})
    return " + ".join(parts) or _("free of charge")


def agreed(found: Sequence[Agreed]) -> list[tuple[str, str]]:
    """Each agreed time once; where it depends on the case, from the shortest to the longest (R28)."""
    rows: dict[str, list[Agreed]] = {}
    for one in found:
        rows.setdefault(one.word, []).append(one)
    return [(word, _amounts(times)) for word, times in rows.items()]


def _amounts(times: Sequence[Agreed]) -> str:
    """One agreed time in words, the same on the card and on the page of the item."""
    if len(times) == 1:
        return times[0].amount
    ends = {"first": times[0].amount, "last": times[-1].amount}
    if len(times) == 2 and times[0].from_stock:
        return _("%(first)s from stock, otherwise %(last)s") % ends
    return _("%(first)s to %(last)s") % ends


def fulfilment(found: Sequence[Agreed]) -> str:
    """How long it takes, in words; "" where nothing is agreed."""
    return _amounts(times) if (times := [one for one in found if one.measure == Measure.FULFILMENT]) else ""


def step(ahead: Ahead) -> dict[str, str]:
    """One line of "so geht es weiter": what, then when, and why this person."""
    meta = [
        _("at the same time") if ahead.together else "",
        ahead.when,
        ahead.reason,
        "" if ahead.certain else _("only if needed"),
    ]
    return {"text": ahead.text, "meta": " · ".join(part for part in meta if part)}
