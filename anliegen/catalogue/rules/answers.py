"""What was answered: checked against the form, read into plain JSON values, priced and put into words."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from anliegen.catalogue.rules.forms import MAX_AMOUNT, Form, Problem, Question, QuestionType
from anliegen.lib.text import LocalText
from anliegen.people.rules import is_phone_number

type Lookup = Mapping[str, Callable[[str], str | LocalText | None]]
"""By question type: the name of what an answer stands for, None if it does not exist; of a program, its name."""
TRUST: Lookup = {kind: lambda text: text for kind in ("person", "place", "program", "right", "file")}
"""Takes every reference for right: for answers that were checked, or are checked later."""

MAX_CHOSEN = 200
ID_LENGTH = 60
_YES_NO = {"yes": True, "no": False, "true": True, "false": False, "on": True, "1": True, "0": False}
YES, NO = LocalText("Ja", "Yes"), LocalText("Nein", "No")


@dataclass(frozen=True, slots=True)
class CheckedAnswers:
    """Answers that are safe to store where `problems` is empty.

    `values` holds the visible questions that were answered; yes/no, several and files are always there. `labels` holds
    the same for people. A problem's element is the question's key.
    """

    values: dict[str, Any] = field(default_factory=dict)
    labels: dict[str, LocalText] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Price:
    """What something costs: once, and each month."""

    cents: int = 0
    monthly_cents: int = 0

    def total(self, months: int) -> int:
        """What is compared with a limit (R92)."""
        return self.cents + self.monthly_cents * months


class _Wrong(Exception):
    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def text_problem(text: str, limit: int) -> tuple[str, dict[str, Any]] | None:
    """Why a text cannot be stored: a code with parameters; None for a good one (C11)."""
    if len(text) > limit:
        return "too-long", {"limit": limit, "length": len(text)}
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\r\t" for character in text):
        return "bad-character", {}
    return None


def possible_id(text: str) -> str:
    """A code, key or public id as it may be looked up; "" for one that cannot exist, so that it is not found."""
    return text if len(text) <= ID_LENGTH and text.isprintable() else ""


def check(form: Form, answers: Mapping[str, Any], lookup: Lookup) -> CheckedAnswers:
    """Read what was answered, question by question.

    Answers of hidden questions are dropped; unknown questions, wrong types and options that are not offered are
    problems. Values may be typed, or texts as a browser sends them.
    """
    checked = CheckedAnswers()
    for unknown in sorted(str(key)[:60] for key in set(answers) - set(form.by_key)):
        checked.problems.append(Problem(unknown, "unknown-question"))
    for question in form.questions:
        if question.type is QuestionType.NOTE or not form.holds(question.visible_if, checked.values):
            continue
        try:
            value, label = _read(form, question, answers.get(question.key), checked.values, lookup)
        except _Wrong as wrong:
            checked.problems.append(Problem(question.key, wrong.code, wrong.params))
            continue
        if value is not None:
            checked.values[question.key] = value
            checked.labels[question.key] = label
    return checked


def visible(form: Form, answers: Mapping[str, Any]) -> tuple[Question, ...]:
    """The questions that are shown with these answers, which may be unfinished or wrong."""
    values = check(form, answers, TRUST).values
    return tuple(question for question in form.questions if form.holds(question.visible_if, values))


def price(form: Form, values: Mapping[str, Any], base: Price) -> Price:
    """The item with the chosen options, times the quantity where the form asks for one."""
    cents, monthly, quantity = base.cents, base.monthly_cents, 1
    for question in form.questions:
        answer = values.get(question.key)
        if question.quantity and isinstance(answer, int):
            quantity *= max(answer, 0)
        chosen = answer if isinstance(answer, list) else [answer]
        for option in question.options:
            if option.value in chosen:
                cents += option.price_cents
                monthly += option.monthly_cents
    return Price(cents * quantity, monthly * quantity)


def defaults(form: Form, people: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What the form is filled with at first; `people` holds the facts of "requester" and "recipient"."""
    filled: dict[str, Any] = {}
    for question in form.questions:
        who, dot, what = question.default.partition(".")
        value = people[who].get(what, "") if dot and who in people else question.default
        if value:
            filled[question.key] = [value] if question.type is QuestionType.MULTIPLE else value
    return filled


def tidy(form: Form, answers: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """What may be kept in a draft: known questions with plain values of a sane size, right or not."""
    kept: dict[str, Any] = {}
    problems: list[Problem] = []
    for question in form.questions:
        value = answers.get(question.key)
        if value is None or value == "":
            continue
        if isinstance(value, date):
            value = value.isoformat()
        parts = value if isinstance(value, list) else [value]
        wrong = _untidy(parts, max(question.max_length, 200))
        if wrong:
            problems.append(Problem(question.key, wrong[0], wrong[1]))
        else:
            kept[question.key] = value
    return kept, problems


def _untidy(parts: list[Any], limit: int) -> tuple[str, dict[str, Any]] | None:
    if len(parts) > MAX_CHOSEN:
        return "too-many", {"limit": MAX_CHOSEN}
    for part in parts:
        if isinstance(part, str):
            if problem := text_problem(part, limit):
                return problem
        elif not isinstance(part, int) or abs(part) > MAX_AMOUNT:
            return "wrong-type", {}
    return None


def _read(
    form: Form, question: Question, raw: object, values: Mapping[str, Any], lookup: Lookup
) -> tuple[Any, LocalText]:
    match question.type:
        case QuestionType.CHOICE:
            return _choice(form, question, raw, values)
        case QuestionType.MULTIPLE:
            return _multiple(form, question, raw, values)
        case QuestionType.PROGRAM:
            return _program(question, raw, lookup)
        case QuestionType.FILE:
            return _files(question, raw, lookup)
        case kind if kind in _ALONE:
            return _ALONE[kind](question, raw)
        case _:
            return _reference(question, raw, lookup)


def _blank(question: Question, raw: object) -> bool:
    """Whether nothing was answered; a problem where something has to be."""
    blank = raw is None or raw == [] or (isinstance(raw, str) and not raw.strip(" \t\r\n"))
    if blank and question.required:
        raise _Wrong("required")
    return blank


def _string(raw: object, limit: int) -> str:
    if not isinstance(raw, str):
        raise _Wrong("wrong-type")
    text = unicodedata.normalize("NFC", raw).replace("\r\n", "\n").strip(" \t\r\n")
    if problem := text_problem(text, limit):
        raise _Wrong(problem[0], **problem[1])
    return text


def _text(question: Question, raw: object) -> tuple[str | None, LocalText]:
    if _blank(question, raw):
        return None, LocalText()
    text = _string(raw, question.max_length)
    if question.type is QuestionType.TEXT:
        text = " ".join(text.split())
    if question.unit == "phone" and not is_phone_number(text):
        raise _Wrong("not-a-phone-number")
    return text, LocalText(text, text)


def _choice(form: Form, question: Question, raw: object, values: Mapping[str, Any]) -> tuple[str | None, LocalText]:
    if _blank(question, raw):
        return None, LocalText()
    if not isinstance(raw, str):
        raise _Wrong("wrong-type")
    for option in form.options(question, values):
        if option.value == raw:
            return raw, option.label
    raise _Wrong("not-offered")


def _multiple(form: Form, question: Question, raw: object, values: Mapping[str, Any]) -> tuple[list[str], LocalText]:
    if _blank(question, raw):
        return [], LocalText()
    chosen = _strings(raw)
    offered = form.options(question, values)
    if set(chosen) - {option.value for option in offered}:
        raise _Wrong("not-offered")
    taken = [option for option in offered if option.value in chosen]
    label = LocalText(", ".join(o.label.to("de") for o in taken), ", ".join(o.label.to("en") for o in taken))
    return [option.value for option in taken], label


def _strings(raw: object) -> list[str]:
    parts = [raw] if isinstance(raw, str) else raw
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise _Wrong("wrong-type")
    if len(parts) > MAX_CHOSEN:
        raise _Wrong("too-many", limit=MAX_CHOSEN)
    return parts


def _date(question: Question, raw: object) -> tuple[str | None, LocalText]:
    if _blank(question, raw):
        return None, LocalText()
    text = raw.isoformat() if type(raw) is date else raw
    if not isinstance(text, str):
        raise _Wrong("wrong-type")
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise _Wrong("not-a-date") from None
    value = day.isoformat()
    _bounds(question, value)
    return value, LocalText(f"{day:%d.%m.%Y}", f"{day.day} {day:%B %Y}")


def _bounds(question: Question, value: int | str) -> None:
    if isinstance(question.min, type(value)) and value < question.min:  # type: ignore[operator]
        raise _Wrong("too-small", min=question.min, kind=question.unit or question.type.value)
    if isinstance(question.max, type(value)) and value > question.max:  # type: ignore[operator]
        raise _Wrong("too-large", max=question.max, kind=question.unit or question.type.value)


def _amount(question: Question, raw: object) -> tuple[int | None, LocalText]:
    if _blank(question, raw):
        return None, LocalText()
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        raise _Wrong("wrong-type")
    money = question.unit == "cents"
    value = raw if isinstance(raw, int) else _number(raw, money=money)
    if abs(value) > MAX_AMOUNT:
        raise _Wrong("too-large", max=MAX_AMOUNT, kind=question.unit or question.type.value)
    _bounds(question, value)
    if value < 0 and question.min is None:
        raise _Wrong("too-small", min=0, kind=question.type.value)
    if not money:
        return value, LocalText(str(value), str(value))
    plain = f"{value // 100}.{value % 100:02d}"
    return value, LocalText(plain.replace(".", ",") + " €", f"€ {plain}")


def _number(text: str, *, money: bool) -> int:
    """A whole number, or cents from euros with a comma or point and at most two digits behind it."""
    text = text.strip().replace("\u00a0", "").replace(" ", "")
    whole, _mark, rest = text.replace(",", ".").partition(".")
    digits = whole.removeprefix("-")
    right = rest.isdigit() and rest.isascii() and len(rest) <= 2 if rest else True
    if not (digits.isdigit() and digits.isascii() and right) or len(digits) > 12 or (rest and not money):
        raise _Wrong("not-a-number")
    value = int(digits) * 100 + int(rest.ljust(2, "0") or 0) if money else int(digits)
    return -value if whole.startswith("-") else value


def _yesno(question: Question, raw: object) -> tuple[bool, LocalText]:
    if _blank(question, raw):
        return False, NO
    value = _YES_NO.get(raw.strip().lower()) if isinstance(raw, str) else raw
    if not isinstance(value, bool):
        raise _Wrong("wrong-type")
    return value, YES if value else NO


def _reference(question: Question, raw: object, lookup: Lookup) -> tuple[str | None, LocalText]:
    if _blank(question, raw):
        return None, LocalText()
    text = _string(raw, ID_LENGTH)
    name = lookup[question.type](possible_id(text))
    if name is None:
        raise _Wrong("unknown-" + question.type)
    return text, name if isinstance(name, LocalText) else LocalText(name, name)


def _program(question: Question, raw: object, lookup: Lookup) -> tuple[str | None, LocalText]:
    """A program as the register calls it; one that it does not have keeps the name that was typed."""
    if _blank(question, raw):
        return None, LocalText()
    text = " ".join(_string(raw, question.max_length).split())
    name = str(lookup[question.type](text) or text)
    return name, LocalText(name, name)


def _files(question: Question, raw: object, lookup: Lookup) -> tuple[list[str], LocalText]:
    if _blank(question, raw):
        return [], LocalText()
    ids = list(dict.fromkeys(possible_id(part) for part in _strings(raw)))
    names = [lookup[QuestionType.FILE](file_id) for file_id in ids]
    if None in names:
        raise _Wrong("unknown-file")
    label = ", ".join(str(name) for name in names)
    return ids, LocalText(label, label)


_ALONE: Mapping[QuestionType, Callable[[Question, object], tuple[Any, LocalText]]] = {
    QuestionType.TEXT: _text,
    QuestionType.PARAGRAPH: _text,
    QuestionType.DATE: _date,
    QuestionType.AMOUNT: _amount,
    QuestionType.YESNO: _yesno,
}
"""What can be read without looking anything up."""
