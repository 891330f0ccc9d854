"""Reading what people send with an action: texts and the fields of a step."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anliegen.catalogue import queries as catalogue
from anliegen.catalogue.rules import Problem, text_problem
from anliegen.lib.errors import NotFound, Refused
from anliegen.people import queries as people
from anliegen.workflow import rules
from anliegen.workflow.engine import FieldSpec

FIELD = "f_"  # what a field of a step is called in forms and errors
MAX_TEXT = 200
MAX_PARAGRAPH = 4_000
MAX_AMOUNT = 10**11
_YESNO = frozenset({"yesno", "bool", "check"})
_MONEY_TYPES = frozenset({"amount", "cents"})
_NUMBERS = _MONEY_TYPES | {"number", "int"}
_MISSING = {"check": gettext_lazy("This must be ticked before the step is done.")}
_WORDS: dict[bool | str, bool] = {
    True: True, False: False, "yes": True, "on": True, "true": True, "1": True, "no": False, "false": False, "0": False,
}  # fmt: skip


def text_of(text: str, limit: int, field: str) -> str:
    """A text that may be stored. Raises Refused at the field."""
    said = str(text or "").replace("\r\n", "\n").strip()
    if problem := text_problem(said, limit):
        raise Refused(field, catalogue.message(Problem(field, *problem)))
    return said


def outputs_of(fields: tuple[FieldSpec, ...], given: Mapping[str, Any], *, outcome: str) -> dict[str, Any]:
    """The values of the fields that a result asks for, typed. Raises Refused with a message per field, "f_<name>".

    A step that is declined may leave required fields open, but for those that this very result asks for.
    """
    errors: dict[str, object] = {}
    unknown = set(given) - {field.name for field in fields}
    if unknown:
        errors[""] = _("This field does not belong to the step. Please open the page again.")
    values: dict[str, Any] = {}
    for field in (one for one in fields if one.asked_by(outcome)):
        needed = rules.is_positive(outcome) or bool(field.outcomes)
        try:
            value = _value(field, given.get(field.name))
        except Refused as refused:
            errors[FIELD + field.name] = refused.message
            continue
        if field.type == "check" and field.required and not value:
            value = None  # what must be ticked was not
        if value is not None:
            values[field.name] = value
        elif field.required and needed:
            errors[FIELD + field.name] = _MISSING.get(field.type) or _("Please fill in this field.")
    if errors:
        first = next(iter(errors))
        raise Refused(first, errors[first], more=errors)
    return values


def _value(field: FieldSpec, raw: Any) -> Any:
    if raw is None or raw == "":
        return False if field.type == "check" and not field.required else None
    if field.type in _YESNO:
        return _yesno(raw)
    if field.type == "check":
        return _yesno(raw) or None
    if field.type in _NUMBERS:
        return _number(field, raw)
    if field.type == "date":
        return _date(raw)
    if field.options and raw not in {option.value for option in field.options}:
        raise Refused(field.name, _("This choice is not on offer. Please choose one from the list."))
    limit = MAX_PARAGRAPH if field.type == "paragraph" else MAX_TEXT
    text = text_of(_string(raw), limit, field.name) or None
    if text and field.type == "place":
        _known_place(text)
    return text


def _known_place(code: str) -> None:
    try:
        people.place(code)
    except NotFound:
        raise Refused("", _("There is no such place. Please choose one from the list.")) from None


def _string(raw: Any) -> str:
    if not isinstance(raw, str):
        raise Refused("", _("This answer has the wrong form. Please enter it again."))
    return raw


def _yesno(raw: Any) -> bool:
    if not isinstance(raw, (bool, str)) or raw not in _WORDS:
        raise Refused("", _("This answer has the wrong form. Please enter it again."))
    return _WORDS[raw]


def _number(field: FieldSpec, raw: Any) -> int:
    """A whole number; an amount of money is in cents, or in text with a comma or point for euros."""
    if isinstance(raw, int) and not isinstance(raw, bool):
        value = raw
    elif isinstance(raw, str) and field.type in _MONEY_TYPES and (hit := _MONEY.fullmatch(raw.strip())):
        value = int(hit[1].replace(".", "").replace(" ", "")) * 100 + int((hit[2] or "0").ljust(2, "0"))
    elif isinstance(raw, str) and raw.strip().isascii() and raw.strip().isdigit():
        value = int(raw.strip()[:15])
    else:
        raise Refused(field.name, _("Please enter a number."))
    if not 0 <= value <= MAX_AMOUNT:
        raise Refused(field.name, _("This number is too large."))
    return value


_MONEY = re.compile(r"([0-9]{1,3}(?:[. ][0-9]{3})*|[0-9]{1,9})(?:,([0-9]{1,2}))?(?: ?(?:€|EUR))?", re.ASCII)


def _date(raw: Any) -> str:
    if isinstance(raw, date):
        return raw.isoformat()[:10]
    try:
        return date.fromisoformat(_string(raw).strip()).isoformat()
    except ValueError:
        raise Refused("", _("Please enter a date, such as 24.12.2026.")) from None
