"""Fields of the desk's forms: from questions of items, and from the fields of steps."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from anliegen.catalogue.rules import Question, QuestionType
from anliegen.desk import lookups
from anliegen.files.forms import UploadField
from anliegen.people.models import User
from anliegen.ui import words
from anliegen.ui.fields import AmountField, DateField, Match, PersonField, PlaceField, SuggestedField
from anliegen.workflow.engine import FieldSpec

PERSONS, PLACES, PROGRAMS = "/desk/suggest/persons/", "/desk/suggest/places/", "/desk/suggest/programs/"
TEXT, PARAGRAPH = 200, 4_000

type Usual = Mapping[str, Any]


class WholeField(forms.IntegerField):
    """A whole number, without the browser's arrows."""

    default_error_messages = {"invalid": gettext_lazy("Please enter a whole number.")}

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"class": "is-short", "inputmode": "numeric", "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)


def text(limit: int = TEXT, **usual: Any) -> forms.Field:
    return forms.CharField(max_length=limit, **usual)


def paragraph(limit: int = PARAGRAPH, rows: int = 3, **usual: Any) -> forms.Field:
    return forms.CharField(max_length=limit, widget=forms.Textarea(attrs={"rows": rows}), **usual)


class YesNoField(forms.ChoiceField):
    """Two tiles; where nothing has to be answered, "no" is chosen."""

    def __init__(self, *, required: bool = True, **kwargs: Any) -> None:
        self.unanswered = None if required else "no"
        super().__init__(choices=[("yes", _("Yes")), ("no", _("No"))], initial=self.unanswered, **kwargs)

    def clean(self, value: Any) -> Any:
        return super().clean(value or self.unanswered)


def yes_or_no(**usual: Any) -> forms.Field:
    return YesNoField(**usual)


def person(user: User, **usual: Any) -> forms.Field:
    hint = usual.pop("help_text", "") or _("Name, e-mail address, telephone or personnel number")
    return PersonField(lookup=lookups.persons(user), url=PERSONS, help_text=hint, **usual)


def place(**usual: Any) -> forms.Field:
    return PlaceField(lookup=lookups.places, url=PLACES, **usual)


def program(**usual: Any) -> forms.Field:
    return SuggestedField(url=PROGRAMS, **usual)


def choice(choices: list[tuple[str, str]], **usual: Any) -> forms.Field:
    tiles = usual.get("required") and len(choices) <= 5
    return forms.ChoiceField(choices=choices if tiles else [("", _("Please choose")), *choices], **usual)


def plain(value: Any) -> Any:
    """A cleaned value as actions take it."""
    if isinstance(value, Match):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def of_question(question: Question, user: User) -> forms.Field | None:
    """The field for a question of an item; None for a note, and for files, which nobody sends by phone."""
    lang = get_language() or "de"
    usual = {"label": question.label.to(lang), "help_text": question.hint.to(lang), "required": question.required}
    make = _QUESTIONS.get(question.type)
    return make(question, user, usual) if make else None


def _offered(question: Question) -> list[tuple[str, str]]:
    lang = get_language() or "de"
    return [(one.value, one.label.to(lang)) for one in question.options if one.visible_if != "false"]


def _with_prices(field: forms.Field, question: Question) -> forms.Field:
    """What stands below a choice: its hint, and what it adds to the price."""
    lang = get_language() or "de"
    field.details = {  # type: ignore[attr-defined]
        one.value: " · ".join(
            filter(
                None,
                (
                    one.hint.to(lang),
                    f"+ {words.cents(one.price_cents, words.language(lang))}" if one.price_cents else "",
                    _("+ %(amount)s a month") % {"amount": words.cents(one.monthly_cents, words.language(lang))}
                    if one.monthly_cents
                    else "",
                ),
            )
        )
        for one in question.options
    }
    return field


def _amount(question: Question, usual: Usual) -> forms.Field:
    return AmountField(**usual) if question.unit == "cents" else WholeField(**usual)


_QUESTIONS: Mapping[QuestionType, Callable[[Question, User, Usual], forms.Field]] = {
    QuestionType.TEXT: lambda question, _user, usual: text(question.max_length, **usual),
    QuestionType.PARAGRAPH: lambda question, _user, usual: paragraph(question.max_length, **usual),
    QuestionType.CHOICE: lambda question, _user, usual: _with_prices(choice(_offered(question), **usual), question),
    QuestionType.MULTIPLE: lambda question, _user, usual: _with_prices(
        forms.MultipleChoiceField(choices=_offered(question), **usual), question
    ),
    QuestionType.YESNO: lambda _question, _user, usual: yes_or_no(**usual),
    QuestionType.AMOUNT: lambda question, _user, usual: _amount(question, usual),
    QuestionType.DATE: lambda _question, _user, usual: DateField(**usual),
    QuestionType.PERSON: lambda _question, user, usual: person(user, **usual),
    QuestionType.PLACE: lambda _question, _user, usual: place(**usual),
    QuestionType.PROGRAM: lambda _question, _user, usual: program(**usual),
    QuestionType.RIGHT: lambda _question, _user, usual: forms.ChoiceField(
        choices=[("", _("Please choose")), *lookups.rights()], **usual
    ),
}


type Teams = list[tuple[str, str]]


def of_step(spec: FieldSpec, user: User, teams: Teams) -> forms.Field:
    """The field for something that completing a step asks for."""
    usual: dict[str, Any] = {
        "label": spec.label.to(get_language() or "de") or spec.name.capitalize(),
        "required": spec.required,
    }
    make = _STEPS.get(spec.type)
    return make(spec, user, teams, usual) if make else text(**usual)


def _options(spec: FieldSpec) -> list[tuple[str, str]]:
    lang = get_language() or "de"
    return [(one.value, one.label.to(lang)) for one in spec.options]


def _paragraph(_spec: FieldSpec, _user: User, _teams: Teams, usual: Usual) -> forms.Field:
    return paragraph(**usual)


def _whole(_spec: FieldSpec, _user: User, _teams: Teams, usual: Usual) -> forms.Field:
    return WholeField(min_value=0, **usual)


def _money(_spec: FieldSpec, _user: User, _teams: Teams, usual: Usual) -> forms.Field:
    return AmountField(**usual)


def _yesno(spec: FieldSpec, _user: User, _teams: Teams, usual: Usual) -> forms.Field:
    """Nothing is chosen before somebody chooses."""
    field = yes_or_no(**{**usual, "required": True})
    field.required = spec.required
    return field


_STEPS: Mapping[str, Callable[[FieldSpec, User, Teams, Usual], forms.Field]] = {
    "paragraph": _paragraph,
    "choice": lambda spec, _user, _teams, usual: choice(_options(spec), **usual),
    "person": lambda _spec, user, _teams, usual: person(user, **usual),
    "place": lambda _spec, _user, _teams, usual: place(**usual),
    "program": lambda _spec, _user, _teams, usual: program(**usual),
    "team": lambda _spec, _user, teams, usual: choice(teams, **usual),
    "date": lambda _spec, _user, _teams, usual: DateField(**usual),
    "int": _whole,
    "number": _whole,
    "cents": _money,
    "amount": _money,
    "bool": _yesno,
    "yesno": _yesno,
    "check": lambda _spec, _user, _teams, usual: forms.BooleanField(**usual),
    "file": lambda _spec, user, _teams, usual: UploadField(user.pk, **usual),
}
