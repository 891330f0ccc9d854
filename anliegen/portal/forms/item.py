"""The form of an item: made from its questions, for the answers that were given so far (ux spec S4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anliegen.catalogue import access
from anliegen.catalogue import queries as catalogue
from anliegen.catalogue.actions import DraftContent
from anliegen.catalogue.models import ItemVersion
from anliegen.catalogue.rules import Question, QuestionType
from anliegen.files.forms import UploadField
from anliegen.lib import clock
from anliegen.people import queries as people
from anliegen.people.models import User
from anliegen.portal import lookups
from anliegen.portal.forms.questions import make
from anliegen.requests.models import ServiceRequest
from anliegen.requests.rules import Line
from anliegen.ui.fields import DateField, Match, PersonField

PREFIX = catalogue.FIELD
ME, OTHER = "me", "other"


@dataclass(frozen=True)
class Asking:
    """Whom an item's form asks, and about what. `framed`: with recipient, reason and wish date around the questions."""

    item_version: ItemVersion
    user: User
    for_others: bool = False
    framed: bool = True
    kept_files: Mapping[str, str] | None = None


class ItemForm(forms.Form):
    """The visible questions of an item as fields `q_<key>`, with what every request is asked besides."""

    use_required_attribute = False

    def __init__(
        self, asking: Asking, questions: Sequence[Question], data: Any = None, files: Any = None, initial: Any = None
    ) -> None:
        super().__init__(data, files, initial=initial)
        self.asking, self.questions = asking, questions
        if asking.framed and asking.for_others:
            self._ask_recipient()
        for question in questions:
            if question.type is not QuestionType.NOTE:
                self.fields[PREFIX + question.key] = make(question, asking.user)
        if asking.framed:
            self._ask_frame()
        for name, field in self.fields.items():
            if isinstance(field, UploadField) and initial:
                field.keep(initial.get(name, ()))

    def _ask_recipient(self) -> None:
        choices = [(ME, _("For me")), (OTHER, _("For somebody else"))]
        self.fields["for_whom"] = forms.ChoiceField(label=_("Who is it for?"), choices=choices, initial=ME)
        self.fields["recipient"] = PersonField(
            label=_("Who gets it?"),
            help_text=_("Name, e-mail address, telephone or personnel number"),
            required=False,
            lookup=lookups.recipients(self.asking.user),
            url="/suggest/recipients",
        )
        self.fields["recipient_confirms"] = forms.BooleanField(
            label=_("This person confirms at the end that it is done"), required=False
        )

    def _ask_frame(self) -> None:
        version = self.asking.item_version
        if version.asks_wish_date:
            self.fields["wish_date"] = DateField(
                label=_("When do you wish to have it?"), help_text=_("For example 3.12. or 2026-12-03"), required=False
            )
        if version.asks_justification:
            self.fields["justification"] = forms.CharField(
                label=_("What do you need it for?"),
                help_text=_("One sentence is enough. Whoever decides reads it."),
                widget=forms.Textarea(attrs={"rows": 2}),
                max_length=2_000,
            )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("for_whom") == OTHER and "recipient" not in self.errors:
            self._check_recipient(found.get("recipient"))
        return found

    def _check_recipient(self, match: Match | None) -> None:
        if match is None:
            self.add_error("recipient", _("Please say who gets it."))
            return
        found = people.may_order_for(self.asking.user, clock.now()).filter(public_id=match.value).first()
        if found is None:
            self.add_error("recipient", _("You cannot order for this person. Please choose one from the list."))
            return
        able, reason = access.entitlement(self.asking.item_version, found, clock.now())
        if not able:
            self.add_error("recipient", reason.to(get_language() or "de"))

    @property
    def rows(self) -> list[tuple[Question, Any]]:
        """The questions in order, each with its field; a note has none."""
        return [
            (question, None if question.type is QuestionType.NOTE else self[PREFIX + question.key])
            for question in self.questions
        ]

    def answers(self) -> dict[str, Any]:
        """What was answered, for the check. Only of a valid form."""
        return {
            question.key: plain(self.cleaned_data.get(PREFIX + question.key))
            for question in self.questions
            if question.type is not QuestionType.NOTE
        }

    def line(self, draft_id: str | None) -> Line:
        """What is sent. Only of a valid form."""
        sent = self.cleaned_data
        other = sent.get("for_whom") == OTHER
        return Line(
            item_key=self.asking.item_version.item.key,
            recipient_id=sent["recipient"].value if other else None,
            answers=self.answers(),
            justification=sent.get("justification", ""),
            wish_date=sent.get("wish_date"),
            draft_id=draft_id,
            recipient_confirms=other and bool(sent.get("recipient_confirms")),
        )


def visible(asking: Asking, answers: Mapping[str, Any]) -> list[Question]:
    """The questions that are shown with these answers, each with only the options that are offered then."""
    form = catalogue.form(asking.item_version)
    return [
        replace(question, options=form.options(question, answers)) if question.options else question
        for question in catalogue.visible_questions(asking.item_version, answers)
    ]


def plain(value: Any) -> Any:
    """A cleaned value as the check takes it."""
    return value.value if isinstance(value, Match) else value


def begun(asking: Asking, answers: Mapping[str, Any], text: str) -> dict[str, Any]:
    """With what somebody typed into the search in the first question for free text."""
    plain = "".join(character for character in text if character.isprintable()).strip()
    free = (QuestionType.TEXT, QuestionType.PARAGRAPH)
    first = next((one for one in visible(asking, answers) if one.type in free and not answers.get(one.key)), None)
    return {**answers, first.key: plain[: first.max_length]} if first and plain else dict(answers)


def typed(asking: Asking, data: QueryDict) -> dict[str, Any]:
    """The answers as far as they can be read: those that are wrong stay as they were typed."""
    found: dict[str, Any] = {}
    for question in catalogue.form(asking.item_version).questions:
        name = PREFIX + question.key
        if question.type is QuestionType.NOTE:
            continue
        if question.type is QuestionType.FILE:
            found[question.key] = data.getlist(f"{name}_kept")[:20]
            continue
        field = make(question, asking.user)
        field.required = False
        raw = field.widget.value_from_datadict(data, {}, name)
        found[question.key] = _read(field, raw)
    return {key: value for key, value in found.items() if value not in (None, "", [])}


def _read(field: forms.Field, raw: Any) -> Any:
    try:
        value = plain(field.clean(raw))
    except ValidationError:
        return raw
    return value.isoformat() if isinstance(value, date) else value


def recipient_of(asking: Asking, data: QueryDict) -> User:
    """For whom it is at the moment; the person at the screen as long as nobody else was chosen."""
    if not asking.for_others or data.get("for_whom") != OTHER:
        return asking.user
    found = lookups.recipients(asking.user)(data.get("recipient", ""))
    if len(found) != 1:
        return asking.user
    chosen = people.may_order_for(asking.user, clock.now()).filter(public_id=found[0].value).first()
    return chosen or asking.user


def draft_content(asking: Asking, data: QueryDict, recipient: User) -> DraftContent:
    """What the form holds, right or not, to be kept."""
    wish = _read(DateField(required=False), data.get("wish_date", ""))
    return DraftContent(
        answers=typed(asking, data),
        recipient_id=recipient.pk,
        justification=data.get("justification", ""),
        recipient_confirms=bool(data.get("recipient_confirms")) if asking.for_others else None,
        wish_date=date.fromisoformat(wish) if isinstance(wish, str) and _is_iso(wish) else None,
    )


def copied(service_request: ServiceRequest, user: User) -> DraftContent:
    """What a request asked for, to be asked for once more; its files stay with it, and its wish date is over."""
    questions = catalogue.form(service_request.item_version).by_key
    files = {key for key, question in questions.items() if question.type is QuestionType.FILE}
    return DraftContent(
        answers={key: value for key, value in service_request.answers.items() if key not in files},
        recipient_id=service_request.recipient_id if service_request.recipient_id != user.pk else None,
        justification=service_request.justification,
    )


def _is_iso(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def shown(asking: Asking, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Stored answers as the fields show them: persons and places by their names."""
    by_key = catalogue.form(asking.item_version).by_key
    found: dict[str, Any] = {}
    for key, value in answers.items():
        question = by_key.get(key)
        if question is not None:
            found[PREFIX + key] = _as_typed(question, value, asking.user)
    return found


def _as_typed(question: Question, value: Any, user: User) -> Any:
    match question.type:
        case QuestionType.PERSON if isinstance(value, str):
            return lookups.person_text(user, value)
        case QuestionType.PLACE if isinstance(value, str):
            return lookups.place_text(value)
        case QuestionType.DATE if isinstance(value, str) and _is_iso(value):
            return date.fromisoformat(value)
        case QuestionType.YESNO if isinstance(value, bool):
            return "yes" if value else "no"
        case _:
            return value


def unsent(form: ItemForm, data: QueryDict) -> dict[str, Any]:
    """What was typed into every field so far, to show it again without judging it."""
    found: dict[str, Any] = {}
    for name, field in form.fields.items():
        if isinstance(field, UploadField):
            found[name] = data.getlist(f"{name}_kept")[:20]
        elif name in data or isinstance(field, (forms.BooleanField, forms.MultipleChoiceField)):
            found[name] = field.widget.value_from_datadict(data, {}, name)
    return found
