"""My requests as a list with filters: what the address asks for, and what the page says about it (ux spec S8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from anliegen.catalogue import queries as catalogue
from anliegen.lib.text import LocalText, one_line
from anliegen.tracking import words
from anliegen.tracking.queries import mine
from anliegen.tracking.queries.mine import Wanted

DAYS = (30, 90, 365)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; everything unknown in it counts as not there."""

    values: Mapping[str, str]
    categories: Mapping[str, tuple[str, frozenset[str]]]  # key -> its name, and its keys with those below it

    @property
    def wanted(self) -> Wanted:
        one = self.values
        return Wanted(
            text=one["q"],
            state=one["state"],
            whose=one["whose"],
            categories=self.categories[one["area"]][1] if one["area"] else (),
            days=int(one["days"] or 0),
            result=one["result"],
            sort=one["sort"],
        )

    def address(self, **changed: str) -> str:
        """The query of the same list with something changed; "" takes a filter off."""
        kept = {**self.values, **changed}
        return urlencode({name: value for name, value in kept.items() if value and value != _USUAL.get(name)})


_USUAL = {"sort": "new"}


def asked(query: Mapping[str, Any]) -> Asked:
    """Read the address. One statement, for the names of the areas."""
    lang = get_language() or "de"
    areas = {
        top.key: (LocalText.of(top.name).to(lang), frozenset({top.key, *(child.key for child in below)}))
        for top, below in catalogue.areas()
    }
    text = one_line(str(query.get("q", "")))
    result = _one(query, "result", mine.RESULTS)
    state = _one(query, "state", mine.STATES) or ("all" if text else "open")
    values = {
        "q": text,
        "state": "closed" if result and state in {"open", "waiting"} else state,
        "whose": _one(query, "whose", mine.WHOSE),
        "area": _one(query, "area", areas),
        "days": _one(query, "days", [str(days) for days in DAYS]),
        "result": result,
        "sort": _one(query, "sort", mine.SORTS) or "new",
    }
    return Asked(values, areas)


def _one(query: Mapping[str, Any], name: str, allowed: Any) -> str:
    value = str(query.get(name, ""))
    return value if value in allowed else ""


def tabs(one: Asked, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """The four lists as links, each with how many it holds."""
    labels = {"open": _("Open"), "waiting": _("Waiting for me"), "closed": _("Ended"), "all": _("All of them")}
    return [
        {
            "label": labels[state],
            "n": counts[state],
            "query": one.address(state=state, result=one.values["result"] if state in {"closed", "all"} else ""),
            "on": state == one.values["state"],
        }
        for state in mine.STATES
    ]


def filters(one: Asked, *, leads: bool) -> list[dict[str, Any]]:
    """What can be chosen: name, label, choices with the chosen one."""
    whose = [("", _("All of mine")), ("for-me", _("What I get")), ("from-me", _("What I asked for"))]
    if leads or one.values["whose"] == "team":
        whose.append(("team", _("Of my team")))
    areas = [("", _("All areas")), *((key, name) for key, (name, _keys) in one.categories.items())]
    sorts = [("new", _("newest first")), ("date", _("next date first"))]
    results = [("", _("Every result")), *((kind, words.STATUS[kind].word) for kind in mine.RESULTS if kind)]
    offered = (
        ("whose", _("Whose"), whose),
        ("area", _("Area"), areas),
        ("days", _("Received"), [("", _("At any time")), *((str(days), _days(days)) for days in DAYS)]),
        ("result", _("Result"), results),
        ("sort", _("Order"), sorts),
    )
    return [
        {"name": name, "label": label, "choices": choices, "now": one.values[name]} for name, label, choices in offered
    ]


def _days(days: int) -> str:
    if days == DAYS[-1]:
        return _("in the last year")
    return ngettext("in the last %(n)s day", "in the last %(n)s days", days) % {"n": days}


def active(one: Asked, shown: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The filters that are on, each with the address of the list without it."""
    found = []
    if words := one.values["q"]:
        found.append({"label": _("“%(words)s”") % {"words": words}, "query": one.address(q="")})
    for part in shown:
        if part["now"] and part["name"] != "sort":
            label = next(str(label) for value, label in part["choices"] if value == part["now"])
            found.append({"label": label, "query": one.address(**{part["name"]: ""})})
    return found
