"""Answers to an item's form: its questions, the check with words for people, the price."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils import formats
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from anliegen.catalogue import rules
from anliegen.catalogue.models import ItemVersion
from anliegen.catalogue.rules import CheckedAnswers, Form, Price, Problem, Question, QuestionType
from anliegen.files import queries as files
from anliegen.lib.errors import NotFound, Refused
from anliegen.lib.text import LocalText
from anliegen.people import access as people_access
from anliegen.people import queries as people
from anliegen.people.models import User

FIELD = "q_"  # what a question's field is called in forms and errors

_MESSAGES: dict[str, Any] = {
    "required": _("Please answer this question."),
    "wrong-type": _("This answer has the wrong form. Please enter it again."),
    "bad-character": _("This text contains a character that cannot be stored. Please type it again."),
    "not-offered": _("This choice is not on offer. Please choose one from the list."),
    "unknown-question": _("This question does not belong to the form. Please open the page again."),
    "unknown-person": _("There is no such person. Please choose one from the list."),
    "unknown-place": _("There is no such place. Please choose one from the list."),
    "unknown-right": _("There is no such right. Please choose one from the list."),
    "over": _("This day is over. Please choose a later one."),
    "unknown-file": _("This file does not exist any more. Please upload it again."),
    "not-a-date": _("Please enter a date, such as 24.12.2026."),
    "not-a-number": _("Please enter a number."),
    "not-a-phone-number": _("Please enter a telephone number, such as 0431 1234-312."),
}


def _show(value: int | str, kind: str) -> str:
    """A bound as people write it in their language."""
    if kind == QuestionType.DATE:
        return str(formats.date_format(date.fromisoformat(str(value)), "SHORT_DATE_FORMAT"))
    if kind == "cents":
        return f"{formats.localize(Decimal(value) / 100)} €"
    return str(value)


_shown = lazy(_show, str)


def message(problem: Problem) -> object:
    """What is wrong with an answer, for the person who gave it."""
    limits = problem.params
    match problem.code:
        case "too-long":
            return ngettext_lazy(
                "At most %(limit)s character is possible here.",
                "At most %(limit)s characters are possible here.",
                "limit",
            ) % {"limit": limits["limit"]}
        case "too-many":
            return _("At most %(limit)s choices are possible here.") % {"limit": limits["limit"]}
        case "too-small":
            return _("The smallest possible value is %(min)s.") % {"min": _shown(limits["min"], limits["kind"])}
        case "too-large":
            return _("The largest possible value is %(max)s.") % {"max": _shown(limits["max"], limits["kind"])}
    return _MESSAGES[problem.code]


@lru_cache(maxsize=256)
def _parsed(text: str) -> Form:
    return rules.parse(json.loads(text))


def form(item_version: ItemVersion) -> Form:
    """The questions of an item version."""
    return _parsed(json.dumps(item_version.form, sort_keys=True))


def visible_questions(item_version: ItemVersion, answers: Mapping[str, Any]) -> tuple[Question, ...]:
    """The questions that are shown with these answers, which may be unfinished."""
    return rules.visible(form(item_version), answers)


def default_answers(item_version: ItemVersion, requester: User, recipient: User, now: datetime) -> dict[str, Any]:
    """What the form is filled with when it is opened."""
    questions = form(item_version)
    if not any("." in question.default for question in questions.questions):
        return rules.defaults(questions, {})
    known = {"requester": people.facts(requester, now)}
    known["recipient"] = known["requester"] if recipient.pk == requester.pk else people.facts(recipient, now)
    return rules.defaults(questions, known)


type Registers = Mapping[str, Callable[[str], str | LocalText | None]]

type PriceOf = Callable[[str], tuple[int, int] | None]

_registers: Registers = {}
_price_of: PriceOf | None = None


def bind_registers(registers: Registers, price_of: PriceOf | None = None) -> None:
    """Say who knows programs, rights and what a program costs: a sibling of this stage. Called once, at start."""
    global _registers, _price_of
    _registers, _price_of = registers, price_of


def lookups(viewer: User, now: datetime, kept_files: Mapping[str, str]) -> rules.Lookup:
    """What answers may stand for: persons whom the viewer sees, places, their uploads or `kept_files`.

    Programs and rights are known where they are bound (`bind_registers`); else every one is taken.
    """

    def person(public_id: str) -> str | None:
        found = people_access.visible_to(viewer, now).filter(public_id=public_id, is_active=True).first()
        return found.full_name if found else None

    def place(code: str) -> str | None:
        try:
            found = people.place(code)
        except NotFound:
            return None
        return f"{found.code} {found.name}" if found.name and found.name != found.code else found.code

    def file(public_id: str) -> str | None:
        if public_id in kept_files:
            return kept_files[public_id]
        staged = files.staged([public_id], owner_id=viewer.pk)
        return staged[0].name if staged else None

    return {**rules.TRUST, **_registers, "person": person, "place": place, "file": file}


def check(
    item_version: ItemVersion,
    answers: Mapping[str, Any],
    *,
    viewer: User,
    now: datetime,
    kept_files: Mapping[str, str] | None = None,
) -> CheckedAnswers:
    """Answers that are safe to store. Raises Refused with a message per field, "q_<key>".

    `viewer` is who fills the form in: only persons whom they see and files that they uploaded may be named.
    `kept_files` are files (public id -> name) that belong to the request already.
    """
    checked = rules.check(form(item_version), answers, lookups(viewer, now, kept_files or {}))
    checked.problems.extend(_over(form(item_version), checked.values, now))
    if checked.problems:
        raise refusal(checked.problems)
    return checked


def _over(questions: Form, values: Mapping[str, Any], now: datetime) -> list[Problem]:
    """Days that must not be over, and are."""
    today = people_access.day(now).isoformat()
    return [Problem(q.key, "over") for q in questions.questions if q.future and values.get(q.key, today) < today]


def so_far(
    item_version: ItemVersion,
    answers: Mapping[str, Any],
    *,
    viewer: User,
    now: datetime,
    kept_files: Mapping[str, str] | None = None,
) -> CheckedAnswers:
    """Those answers that are right; what is missing or wrong is among its problems, what is unknown left out."""
    questions = form(item_version)
    known = {key: value for key, value in answers.items() if key in questions.by_key}
    checked = rules.check(questions, known, lookups(viewer, now, kept_files or {}))
    checked.problems.extend(_over(questions, checked.values, now))
    return checked


def matching(old: ItemVersion, new: ItemVersion, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to one item that also answer questions of another: same key, same type, for the same eyes (R139)."""
    before, after = form(old).by_key, form(new).by_key
    both = [key for key in answers if key in after and key in before]
    return {key: answers[key] for key in both if _alike(before[key], after[key])}


def _alike(one: Question, other: Question) -> bool:
    return one.type is other.type and set(one.seen_by) == set(other.seen_by)


def refusal(problems: list[Problem]) -> Refused:
    """The problems as errors of form fields; unknown questions are an error of the whole form."""
    errors: dict[str, object] = {}
    for problem in problems:
        name = "" if problem.code == "unknown-question" else FIELD + problem.element
        errors.setdefault(name, message(problem))
    first = next(iter(errors))
    return Refused(first, errors[first], more=errors)


def price(item_version: ItemVersion, values: Mapping[str, Any]) -> Price:
    """What the item costs with these answers, with the program that they name.

    Prices come from the item and the software register, never from whoever asks.
    """
    cents, monthly = item_version.price_cents, item_version.monthly_cents
    for found in _program_prices(item_version, values):
        cents, monthly = cents + (found or (0, 0))[0], monthly + (found or (0, 0))[1]
    return rules.price(form(item_version), values, Price(cents, monthly))


def unpriced(item_version: ItemVersion, values: Mapping[str, Any]) -> bool:
    """Whether nobody can say yet what it costs: no program is named, or one that the register does not have."""
    return None in _program_prices(item_version, values)


def _program_prices(item_version: ItemVersion, values: Mapping[str, Any]) -> list[tuple[int, int] | None]:
    asked = [q.key for q in form(item_version).questions if q.type is QuestionType.PROGRAM and q.priced]
    return [_price_of(str(values[key])) if _price_of and values.get(key) else None for key in asked]
