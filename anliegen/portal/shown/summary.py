"""The summary beside an item's form: date, cost, who decides, what happens."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from anliegen.catalogue.rules import Measure
from anliegen.portal.words import euros, long_day_words
from anliegen.tracking.shapes import Agreed, Ahead, Preview


def of(preview: Preview, questions: int) -> dict[str, Any]:
    """What `portal/parts/summary.html` shows. `seen` changes when the person should hear of it."""
    date = long_day_words(preview.expected) if preview.expected else ""
    cost = _cost(preview)
    spoken = [_("Expected: %(date)s.") % {"date": date}] if date else []
    spoken.append(_("Cost: %(cost)s.") % {"cost": cost})
    spoken += [_("Decided by: %(names)s.") % {"names": ", ".join(preview.approvers)}] if preview.approvers else []
    return {
        "date": date,
        "cost": cost,
        "yearly": euros(preview.monthly_cents * 12) if preview.monthly_cents else "",
        "approvers": ", ".join(dict.fromkeys(preview.approvers)),
        "free_of_approval": preview.free_of_approval,
        "steps": [step(one) for one in preview.steps],
        "seen": f"{date}|{cost}|{','.join(preview.approvers)}|{questions}",
        "spoken": " ".join(spoken),
    }


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
