"""Forms: the questions of an item, as they are stored (format 1) and read.

    {"format": 1, "questions": [{"key": "build", "type": "choice", "label": {"de": ..., "en": ...}, "options": [...]}]}

A condition (`visible_if`, of a question or of an option) is CEL over `answers`. It may read only the questions above
it. A condition that reads something unanswered is false.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from anliegen.lib import cel
from anliegen.lib.text import LocalText

FORMAT = 1
MAX_QUESTIONS = 50
MAX_OPTIONS = 200
TEXT_LENGTH = 200
PARAGRAPH_LENGTH = 4_000
MAX_LENGTH = 10_000
MAX_AMOUNT = 10**11  # cents; the most that the tables take
_NO_TEXT = LocalText()
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


class QuestionType(StrEnum):
    """What is asked for, and so how it is shown, checked and typed in conditions."""

    TEXT = "text"
    PARAGRAPH = "paragraph"
    CHOICE = "choice"
    MULTIPLE = "multiple"
    PERSON = "person"  # public id
    PLACE = "place"  # code
    DATE = "date"  # ISO text
    AMOUNT = "amount"  # whole number; cents with unit "cents"
    YESNO = "yesno"
    PROGRAM = "program"  # name as the software register has it, or free text
    RIGHT = "right"  # "<system>/<role>" of the register of systems
    FILE = "file"  # public ids of uploads
    NOTE = "note"  # a text to read, nothing to answer


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a definition that cannot be used: where, what (a code) and the code's parameters."""

    element: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


class FormError(Exception):
    """A form that cannot be used; `problems` names each place."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.element}: {problem.code}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose, with what it adds to the price."""

    value: str
    label: LocalText
    hint: LocalText = _NO_TEXT
    price_cents: int = 0
    monthly_cents: int = 0
    visible_if: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `routes`: its answer decides who does it; `names`: its answer goes into the request's title."""

    key: str
    type: QuestionType
    label: LocalText
    hint: LocalText = _NO_TEXT
    required: bool = False
    options: tuple[Option, ...] = ()
    visible_if: str = ""
    max_length: int = TEXT_LENGTH
    min: int | str | None = None
    max: int | str | None = None
    default: str = ""
    unit: str = ""  # amount: "" counts, "cents" is money; text: "phone" is a telephone number
    quantity: bool = False  # amount: how many of the item; multiplies its price
    routes: bool = False
    names: bool = False
    priced: bool = False  # program: what it costs in the register is part of the price
    future: bool = False  # date: the day must not be over
    seen_by: tuple[str, ...] = ()  # keys of teams: beside requester and recipient only they see the answer; () = all

    @property
    def cel_type(self) -> Any:
        """Its type in conditions, None for a note."""
        match self.type:
            case QuestionType.NOTE:
                return None
            case QuestionType.CHOICE:
                return cel.Enum(*(option.value for option in self.options))
            case QuestionType.MULTIPLE | QuestionType.FILE:
                return cel.List(cel.STRING)
            case QuestionType.AMOUNT:
                return cel.INT
            case QuestionType.YESNO:
                return cel.BOOL
            case _:
                return cel.STRING


@dataclass(frozen=True)
class Form:
    """The questions of an item, in order, with their compiled conditions."""

    questions: tuple[Question, ...] = ()

    @cached_property
    def by_key(self) -> dict[str, Question]:
        return {question.key: question for question in self.questions}

    @cached_property
    def conditions(self) -> dict[str, Any]:
        """Programs by their source."""
        whole = schema(self)
        return {source: cel.compile(source, whole, cel.BOOL) for _element, source in _conditions(self.questions)}

    def holds(self, condition: str, answers: Mapping[str, Any]) -> bool:
        """Whether a condition is true; one that reads something unanswered is false."""
        if not condition:
            return True
        try:
            return bool(self.conditions[condition]({"answers": answers}))
        except cel.EvaluationError:
            return False

    def options(self, question: Question, answers: Mapping[str, Any]) -> tuple[Option, ...]:
        """The options of a question that are offered with these answers."""
        return tuple(option for option in question.options if self.holds(option.visible_if, answers))


def schema(form: Form) -> Any:
    """The types of the answers, as `answers.<key>` in conditions and models."""
    return cel.Schema({"answers": answers_type(form)})


def answers_type(form: Form) -> Any:
    """The type of `answers`, to be put into a wider schema."""
    return cel.Object({question.key: question.cel_type for question in form.questions if question.cel_type})


def _conditions(questions: tuple[Question, ...]) -> Iterator[tuple[str, str]]:
    for question in questions:
        if question.visible_if:
            yield question.key, question.visible_if
        for option in question.options:
            if option.visible_if:
                yield f"{question.key}.{option.value}", option.visible_if


def parse(data: object) -> Form:
    """A form from its stored JSON. Raises FormError, which names every problem."""
    if not isinstance(data, Mapping) or data.get("format") != FORMAT or not isinstance(data.get("questions"), list):
        raise FormError([Problem("form", "not-a-form", {"format": FORMAT})])
    raw = data["questions"]
    if len(raw) > MAX_QUESTIONS:
        raise FormError([Problem("form", "too-many-questions", {"limit": MAX_QUESTIONS})])
    problems: list[Problem] = []
    questions = [_Reader(entry, number, problems).question() for number, entry in enumerate(raw, start=1)]
    keys = [question.key for question in questions]
    problems += [Problem(key, "key-twice") for key in sorted({key for key in keys if keys.count(key) > 1})]
    form = Form(tuple(questions))
    if not problems:
        problems = _condition_problems(form)
    if problems:
        raise FormError(problems)
    return form


def _condition_problems(form: Form) -> list[Problem]:
    """Conditions that do not compile, or that read their own question or a later one."""
    problems: list[Problem] = []
    for number, question in enumerate(form.questions):
        above = schema(Form(form.questions[:number]))
        for element, source in _conditions((question,)):
            try:
                cel.compile(source, above, cel.BOOL)
            except cel.CelError as error:
                params = {"error": error.code, "condition": source, **error.params}
                problems.append(Problem(element, "condition", params))
    return problems


_QUESTION_FIELDS = frozenset(Question.__dataclass_fields__)
_OPTION_FIELDS = frozenset(Option.__dataclass_fields__)
_CHOOSING = (QuestionType.CHOICE, QuestionType.MULTIPLE)
DEFAULTS = frozenset({
    f"{who}.{what}" for who in ("requester", "recipient") for what in ("place", "id", "department", "cost_centre")
})  # fmt: skip


class _Reader:
    """Reads one question and notes what is wrong with it."""

    def __init__(self, raw: object, number: int, problems: list[Problem]) -> None:
        self.raw: Mapping[str, Any] = raw if isinstance(raw, Mapping) else {}
        self.element = str(self.raw.get("key", "")) or f"question {number}"
        self.problems = problems
        if not self.raw:
            self.wrong("not-a-question")

    def wrong(self, code: str, **params: Any) -> None:
        self.problems.append(Problem(self.element, code, params))

    def question(self) -> Question:
        if not KEY.fullmatch(self.element):
            self.wrong("bad-key")
        for unknown in sorted(set(self.raw) - _QUESTION_FIELDS):
            self.wrong("unknown-field", field=unknown)
        try:
            kind = QuestionType(self.raw.get("type", ""))
        except ValueError:
            self.wrong("unknown-type", type=str(self.raw.get("type", "")))
            kind = QuestionType.TEXT
        question = Question(
            key=self.element,
            type=kind,
            label=self.text(self.raw, "label", needed=True),
            hint=self.text(self.raw, "hint"),
            required=self.flag("required"),
            options=self.options(kind),
            visible_if=self.source(self.raw),
            max_length=self.length(kind),
            min=self.bound(kind, "min"),
            max=self.bound(kind, "max"),
            default=self.default(),
            unit=self.unit(kind),
            quantity=self.flag("quantity"),
            routes=self.flag("routes"),
            names=self.flag("names"),
            priced=self.flag("priced"),
            future=self.flag("future"),
            seen_by=self.teams(),
        )
        self.together(question)
        return question

    def together(self, question: Question) -> None:
        """What does not fit together."""
        if question.quantity and question.type is not QuestionType.AMOUNT:
            self.wrong("quantity-needs-amount")
        if question.priced and question.type is not QuestionType.PROGRAM:
            self.wrong("priced-needs-program")
        if question.future and question.type is not QuestionType.DATE:
            self.wrong("future-needs-date")
        if question.seen_by and (question.names or question.type in {QuestionType.PLACE, QuestionType.FILE}):
            self.wrong("hidden-but-shown")  # titles and places stand in lists
        if question.required and question.type is QuestionType.NOTE:
            self.wrong("note-cannot-be-required")
        low, high = question.min, question.max
        if low is not None and high is not None and type(low) is type(high) and low > high:  # type: ignore[operator]
            self.wrong("bounds-crossed")

    def text(self, raw: Mapping[str, Any], name: str, *, needed: bool = False) -> LocalText:
        value = raw.get(name) or {}
        if not isinstance(value, Mapping) or not all(isinstance(part, str) for part in value.values()):
            self.wrong("not-a-text", field=name)
            return LocalText()
        text = LocalText.of(value)
        for lang in text.missing() if needed or text else ():
            self.wrong("language-missing", field=name, language=lang)
        return text

    def flag(self, name: str) -> bool:
        value = self.raw.get(name, False)
        if not isinstance(value, bool):
            self.wrong("not-yes-or-no", field=name)
        return value is True

    def teams(self) -> tuple[str, ...]:
        value = self.raw.get("seen_by", [])
        if not isinstance(value, list) or not all(isinstance(key, str) and key for key in value):
            self.wrong("bad-teams")
            return ()
        return tuple(value)

    def source(self, raw: Mapping[str, Any]) -> str:
        value = raw.get("visible_if") or ""
        if not isinstance(value, str):
            self.wrong("not-a-text", field="visible_if")
            return ""
        return value

    def cents(self, raw: Mapping[str, Any], name: str) -> int:
        value = raw.get(name, 0)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_AMOUNT:
            self.wrong("bad-price", field=name)
            return 0
        return value

    def length(self, kind: QuestionType) -> int:
        usual = PARAGRAPH_LENGTH if kind is QuestionType.PARAGRAPH else TEXT_LENGTH
        value = self.raw.get("max_length", usual)
        most = MAX_LENGTH if kind is QuestionType.PARAGRAPH else TEXT_LENGTH
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            self.wrong("bad-length", limit=most)
            return usual
        return value

    def bound(self, kind: QuestionType, name: str) -> int | str | None:
        value = self.raw.get(name)
        if value is None:
            return None
        if kind is QuestionType.AMOUNT and isinstance(value, int) and not isinstance(value, bool):
            return value
        if kind is QuestionType.DATE and isinstance(value, str) and _is_date(value):
            return value
        self.wrong("bad-bound", field=name)
        return None

    def default(self) -> str:
        value = self.raw.get("default", "")
        if not isinstance(value, str) or (value.startswith(("requester.", "recipient.")) and value not in DEFAULTS):
            self.wrong("bad-default", known=sorted(DEFAULTS))
            return ""
        return value

    def unit(self, kind: QuestionType) -> str:
        value = self.raw.get("unit", "")
        if value not in ("", "phone" if kind is QuestionType.TEXT else "cents"):
            self.wrong("bad-unit")
            return ""
        return str(value)

    def options(self, kind: QuestionType) -> tuple[Option, ...]:
        raw = self.raw.get("options") or []
        if not isinstance(raw, list) or not all(isinstance(entry, Mapping) for entry in raw):
            self.wrong("bad-options")
            return ()
        if bool(raw) != (kind in _CHOOSING):
            self.wrong("options-do-not-fit")
        if len(raw) > MAX_OPTIONS:
            self.wrong("too-many-options", limit=MAX_OPTIONS)
        options = tuple(self.option(entry) for entry in raw)
        if len({option.value for option in options}) != len(options):
            self.wrong("option-twice")
        return options

    def option(self, raw: Mapping[str, Any]) -> Option:
        value = raw.get("value", "")
        if not isinstance(value, str) or not 1 <= len(value) <= TEXT_LENGTH:
            self.wrong("bad-option")
        for unknown in sorted(set(raw) - _OPTION_FIELDS):
            self.wrong("unknown-field", field=unknown)
        return Option(
            value=str(value),
            label=self.text(raw, "label", needed=True),
            hint=self.text(raw, "hint"),
            price_cents=self.cents(raw, "price_cents"),
            monthly_cents=self.cents(raw, "monthly_cents"),
            visible_if=self.source(raw),
        )


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
