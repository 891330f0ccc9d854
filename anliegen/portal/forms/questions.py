"""From a question of an item to a form field."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from anliegen.catalogue.rules import Question, QuestionType
from anliegen.files.forms import UploadField
from anliegen.people.models import User
from anliegen.portal import lookups
from anliegen.portal.words import euros
from anliegen.ui.fields import AmountField, DateField, PersonField, PlaceField, SuggestedField


def make(question: Question, user: User) -> forms.Field:
    """The field that takes answers to a question. What it lets pass is checked again by the catalogue."""
    lang = get_language() or "de"
    usual = {"label": question.label.to(lang), "help_text": question.hint.to(lang), "required": question.required}
    return _MAKERS[question.type](question, user, usual)


def _text(question: Question, user: User, usual: Mapping[str, Any]) -> forms.Field:
    return forms.CharField(max_length=question.max_length, **usual)


def _paragraph(question: Question, user: User, usual: Mapping[str, Any]) -> forms.Field:
    return forms.CharField(max_length=question.max_length, widget=forms.Textarea(attrs={"rows": 3}), **usual)


def _choices(question: Question) -> list[tuple[str, str]]:
    lang = get_language() or "de"
    return [(option.value, option.label.to(lang)) for option in question.options]


def _details(question: Question) -> dict[str, str]:
    """What stands below a choice: its hint, and what it adds to the price."""
    lang = get_language() or "de"
    found = {}
    for option in question.options:
        parts = [option.hint.to(lang)]
        if option.price_cents:
            parts.append(f"+ {euros(option.price_cents)}")
        if option.monthly_cents:
            parts.append(_("+ %(amount)s a month") % {"amount": euros(option.monthly_cents)})
        found[option.value] = " · ".join(part for part in parts if part)
    return found


def _choice(question: Question, user: User, usual: Mapping[str, Any]) -> forms.Field:
    offered = _choices(question)
    empty = [] if question.required and len(offered) <= 5 else [("", _("Please choose"))]
    field = forms.ChoiceField(choices=[*empty, *offered], **usual)
    field.details = _details(question)  # type: ignore[attr-defined]
    return field


def _multiple(question: Question, user: User, usual: Mapping[str, Any]) -> forms.Field:
    field = forms.MultipleChoiceField(choices=_choices(question), **usual)
    field.details = _details(question)  # type: ignore[attr-defined]
    return field


class YesNoField(forms.ChoiceField):
    """Two tiles. Where nothing has to be answered, "no" is chosen already and stands for no answer.

    Without `preset` nothing is chosen, so that an optional one may stay open.
    """

    def __init__(self, *, required: bool, preset: bool = True, **kwargs: Any) -> None:
        choices = [("yes", _("Yes")), ("no", _("No"))]
        self.has_default = preset and not required
        if not required and not preset:
            choices.insert(0, ("", _("Please choose")))
        super().__init__(
            choices=choices, required=required or preset, initial="no" if self.has_default else None, **kwargs
        )

    def clean(self, value: Any) -> Any:
        return super().clean(value or ("no" if self.has_default else value))


def _yesno(question: Question, user: User, usual: Mapping[str, Any]) -> forms.Field:
    return YesNoField(**usual)


class WholeField(forms.IntegerField):
    """A whole number."""

    default_error_messages = {"invalid": gettext_lazy("Please enter a whole number.")}


def _amount(question: Question, user: User, usual: Mapping[str, Any]) -> forms.Field:
    if question.unit == "cents":
        return AmountField(**usual)
    attrs = {"class": "is-short", "inputmode": "numeric", "autocomplete": "off"}
    return WholeField(widget=forms.TextInput(attrs=attrs), **usual)


def _date(question: Question, user: User, usual: Mapping[str, Any]) -> forms.Field:
    return DateField(**{**usual, "help_text": usual["help_text"] or _("For example 3.12. or 2026-12-03")})


def _person(question: Question, user: User, usual: Mapping[str, Any]) -> forms.Field:
    hint = usual["help_text"] or _("Name, e-mail address, telephone or personnel number")
    return PersonField(**{**usual, "help_text": hint}, lookup=lookups.persons(user), url="/suggest/persons")


def _place(question: Question, user: User, usual: Mapping[str, Any]) -> forms.Field:
    hint = usual["help_text"] or _("Building or room")
    return PlaceField(**{**usual, "help_text": hint}, lookup=lookups.places, url="/suggest/places")


def _program(question: Question, user: User, usual: Mapping[str, Any]) -> forms.Field:
    hint = usual["help_text"] or _("Choose one from the suggestions, or type another name.")
    return SuggestedField(**{**usual, "help_text": hint}, max_length=question.max_length, url="/suggest/programs")


def _right(question: Question, user: User, usual: Mapping[str, Any]) -> forms.Field:
    return forms.ChoiceField(choices=[("", _("Please choose")), *lookups.rights()], **usual)


def _file(question: Question, user: User, usual: Mapping[str, Any]) -> forms.Field:
    kept = {key: value for key, value in usual.items() if key != "help_text" or value}
    return UploadField(user.pk, **kept)


_MAKERS: Mapping[QuestionType, Callable[[Question, User, Mapping[str, Any]], forms.Field]] = {
    QuestionType.TEXT: _text,
    QuestionType.PARAGRAPH: _paragraph,
    QuestionType.CHOICE: _choice,
    QuestionType.MULTIPLE: _multiple,
    QuestionType.YESNO: _yesno,
    QuestionType.AMOUNT: _amount,
    QuestionType.DATE: _date,
    QuestionType.PERSON: _person,
    QuestionType.PLACE: _place,
    QuestionType.PROGRAM: _program,
    QuestionType.RIGHT: _right,
    QuestionType.FILE: _file,
}
