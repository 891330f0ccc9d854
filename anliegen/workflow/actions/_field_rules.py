"""What the value of a field must keep, named by the model (`anl:field rule`), with the request before it.

A rule says what is wrong, or "" where nothing is.
"""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from anliegen.assets import queries as assets
from anliegen.lib.errors import Refused
from anliegen.people.access import day
from anliegen.ui import words
from anliegen.workflow.actions._inputs import FIELD
from anliegen.workflow.engine import FieldSpec

if TYPE_CHECKING:
    from anliegen.workflow.actions._running import Running

type Rule = Callable[["Running", Any], str]


def require(running: "Running", fields: tuple[FieldSpec, ...], values: Mapping[str, Any], outcome: str) -> None:
    """Check the values of a step. Raises Refused with a message per field, "f_<name>".

    `not-dearer` holds where the step goes on, not where somebody says that it costs more.
    """
    errors: dict[str, object] = {}
    for spec in fields:
        if spec.rule not in _RULES or spec.name not in values or (spec.rule == "not-dearer" and outcome == "dearer"):
            continue
        if wrong := _RULES[spec.rule](running, values[spec.name]):
            errors[FIELD + spec.name] = wrong
    if errors:
        first = next(iter(errors))
        raise Refused(first, errors[first], more=errors)


def listed(value: Any) -> list[str]:
    """Numbers that were typed with commas or spaces between them; each as long as the tables take."""
    return [part[:60] for part in re.split(r"[,;\s]+", str(value or "")) if part]


def _not_past(running: "Running", value: Any) -> str:
    over = str(value) < day(running.now).isoformat()
    return _("This day is over. Please choose a later one.") if over else ""


def _still_to_come(running: "Running", value: Any) -> str:
    most = assets.still_to_come(running.service_request.code)
    return "" if value <= most else _("Only %(most)s are still to come.") % {"most": most}


def _one_each(running: "Running", value: Any) -> str:
    wanted = running.case.order.quantity
    if len(listed(value)) == wanted:
        return ""
    text = ngettext("Please enter exactly one number.", "Please enter exactly %(wanted)s numbers.", wanted)
    return text % {"wanted": wanted}


def _not_dearer(running: "Running", value: Any) -> str:
    row = running.service_request
    costs = value + row.monthly_cents * row.term_months
    if row.approved_cents is None or costs <= row.approved_cents:
        return ""
    amount = words.cents(row.approved_cents, words.language(get_language() or "de"))
    return _("Only %(amount)s are approved. Please choose “Dearer than approved: ask again”.") % {"amount": amount}


_RULES: Mapping[str, Rule] = {
    "not-past": _not_past,
    "still-to-come": _still_to_come,
    "one-each": _one_each,
    "not-dearer": _not_dearer,
}
