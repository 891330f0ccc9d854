"""What an agent notes while somebody is on the phone (R84, ux S11)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from anliegen.catalogue import queries as catalogue
from anliegen.catalogue.models import ItemVersion
from anliegen.catalogue.queries import ItemCard
from anliegen.catalogue.rules import Channel, Question, QuestionType
from anliegen.desk import lookups
from anliegen.desk.forms import fields
from anliegen.lib.errors import NotFound
from anliegen.lib.text import LocalText
from anliegen.people import access as people_access
from anliegen.people import queries as people
from anliegen.people.models import User
from anliegen.requests.rules import MAX_JUSTIFICATION, MAX_MESSAGE, Line
from anliegen.tracking import words
from anliegen.ui.fields import DateField, Match

PREFIX = catalogue.FIELD
CHANNELS = (Channel.PHONE, Channel.PERSON, Channel.MAIL, Channel.CHAT)
SHOWN = 20
REST = "/desk/call/questions/"


class CallForm(forms.Form):
    """Who, what, the questions of the item, a note. Without an item it asks only who and what."""

    use_required_attribute = False

    caller = forms.Field(required=False)
    unknown_name = forms.CharField(label=gettext_lazy("Name"), max_length=100, required=False)
    unknown_phone = forms.CharField(label=gettext_lazy("Number for calling back"), max_length=40, required=False)
    channel = forms.ChoiceField(label=gettext_lazy("How did it come in?"), initial=Channel.PHONE.value)
    words = forms.CharField(label=gettext_lazy("Search word"), max_length=100, required=False)
    item = forms.ChoiceField(label=gettext_lazy("What is it about?"), required=False)
    asked = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)
    note = fields.paragraph(MAX_MESSAGE, rows=2, label=gettext_lazy("Note"), required=False)

    def __init__(
        self,
        user: User,
        now: datetime,
        item_version: ItemVersion | None,
        data: QueryDict | None = None,
        *,
        initial: Any = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.user, self.now, self.item_version = user, now, item_version
        channels = [(one.value, str(words.CHANNEL[one])) for one in CHANNELS]
        self.fields["channel"] = forms.ChoiceField(
            label=_("How did it come in?"), choices=channels, initial=Channel.PHONE.value
        )
        self.fields["caller"] = self._caller(user)
        self.fields["item"] = forms.ChoiceField(label=_("What is it about?"), choices=self._choices(), required=False)
        self.questions: Sequence[Question] = ()
        if item_version is not None:
            self._ask(item_version, data or initial or {})

    def _caller(self, user: User) -> forms.Field:
        """Who calls; not needed where an unknown caller is noted."""
        unknown = any(self.data.get(name, "").strip() for name in ("unknown_name", "unknown_phone"))
        missing = _("Please say who calls, or note name and number of an unknown caller.")
        field = fields.person(user, label=_("Who calls?"), required=not unknown, error_messages={"required": missing})
        field.widget.attrs |= {
            "hx-post": REST,
            "hx-trigger": "change",
            "hx-target": "#call-rest",
            "hx-swap": "innerMorph",
            "hx-sync": "#call-form:replace",
        }
        return field

    def _choices(self) -> list[Any]:
        lang = get_language() or "de"
        sent = self.data.get("channel", "") if self.is_bound else (self.initial or {}).get("channel", "")
        channel = sent if sent in set(CHANNELS) else Channel.PHONE.value
        return [("", _("Please choose")), *offered(catalogue.items(self.user, self.now), channel, lang)]

    def _ask(self, item_version: ItemVersion, data: Mapping[str, Any]) -> None:
        """The questions of the item that are visible with what was answered so far."""
        answers = typed(item_version, self.user, data) if data else {}
        self.answers_so_far = answers
        self.questions = [
            question
            for question in catalogue.visible_questions(item_version, answers)
            if question.type not in {QuestionType.NOTE, QuestionType.FILE}
        ]
        for question in self.questions:
            field = fields.of_question(question, self.user)
            if field is not None:
                self.fields[PREFIX + question.key] = field
        self.fields["recipient"] = fields.person(self.user, label=_("For somebody else"), required=False)
        if item_version.asks_justification:
            self.fields["justification"] = fields.paragraph(
                MAX_JUSTIFICATION, rows=2, label=_("What is it needed for?")
            )
        if item_version.asks_wish_date:
            self.fields["wish_date"] = DateField(label=_("Wished by"), required=False)

    @property
    def first(self) -> list[forms.BoundField]:
        """What must be asked on the phone."""
        names = [PREFIX + question.key for question in self.questions if question.required]
        return [self[name] for name in (*names, *(("justification",) if "justification" in self.fields else ()))]

    @property
    def further(self) -> list[forms.BoundField]:
        """What may be asked besides."""
        names = [PREFIX + question.key for question in self.questions if not question.required]
        return [self[name] for name in (*names, "wish_date", "recipient") if name in self.fields]

    @property
    def further_wrong(self) -> bool:
        return any(bound.errors for bound in self.further)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if "caller" in self.errors:
            return found
        if found.get("caller") is None:
            for name in ("unknown_name", "unknown_phone"):
                if not found.get(name) and name not in self.errors:
                    self.add_error(name, _("Of an unknown caller please note both name and number."))
        if self.item_version is None and "item" not in self.errors:
            self.add_error("item", _("Please choose what it is about."))
        return found

    @property
    def caller_known(self) -> Match | None:
        return self.cleaned_data.get("caller")

    def line(self) -> Line:
        """What is sent. Only of a valid form with an item."""
        sent = self.cleaned_data
        assert self.item_version is not None
        answers = {q.key: fields.plain(sent.get(PREFIX + q.key)) for q in self.questions}
        return Line(
            item_key=self.item_version.item.key,
            recipient_id=sent["recipient"].value if sent.get("recipient") else None,
            answers=answers,
            justification=sent.get("justification", ""),
            wish_date=sent.get("wish_date"),
        )


def opened(given: QueryDict, user: User, now: datetime) -> CallForm:
    """The form as it is opened first; caller and item may be named in the address."""
    known: dict[str, Any] = {name: given[name] for name in ("caller", "item") if name in given}
    return _filled(known, item_of(known, user, now), user, now)


def reopened(sent: QueryDict, user: User, now: datetime) -> CallForm:
    """The same entries with the questions of the item that was chosen just now."""
    item_version = item_of(sent, user, now)
    several = {
        PREFIX + question.key
        for question in (catalogue.form(item_version).questions if item_version else ())
        if question.type is QuestionType.MULTIPLE
    }
    kept = {name: sent.getlist(name) if name in several else sent[name] for name in sent}
    return _filled(kept, item_version, user, now)


def _filled(given: dict[str, Any], item_version: ItemVersion | None, user: User, now: datetime) -> CallForm:
    """What was typed, and where nothing was, what is known of the caller."""
    if item_version is None:
        return CallForm(user, now, None, initial=given)
    caller = caller_of(given, user, now)
    known = usual(item_version, caller, now) if caller else {}
    typed_in = {name: value for name, value in given.items() if value}
    key = item_version.item.key
    return CallForm(user, now, item_version, initial={**known, **typed_in, "item": key, "asked": key})


def item_of(data: Mapping[str, Any], user: User, now: datetime) -> ItemVersion | None:
    """The item that was chosen from the list, or the only one that the search words find."""
    key = str(data.get("item", ""))
    if key:
        try:
            return catalogue.item(key, user, now)
        except NotFound:
            return None
    text = "".join(c for c in str(data.get("words", "")) if c.isprintable()).strip()[:100]
    if not text:
        return None
    found = catalogue.items(user, now, text=text)
    return found[0].version if len(found) == 1 else None


def found_by(text: str, user: User, now: datetime) -> list[tuple[str, str]]:
    """The items that search words find, to choose from."""
    lang = get_language() or "de"
    cards = catalogue.items(user, now, text=text) if text.strip() else []
    return [(card.key, LocalText.of(card.version.title).to(lang)) for card in cards[:SHOWN]]


def offered(cards: Sequence[ItemCard], channel: str, lang: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Everything that may be asked for this way, by subject (R22); also what a caller may get, but not the agent."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for card in cards:
        if channel in card.version.channels:
            name = LocalText.of(card.category.name).to(lang)
            groups.setdefault(name, []).append((card.key, LocalText.of(card.version.title).to(lang)))
    return [(name, sorted(items, key=lambda item: item[1].casefold())) for name, items in groups.items()]


def caller_of(data: Mapping[str, Any], user: User, now: datetime) -> User | None:
    """Who calls, as far as the text names exactly one person."""
    text = str(data.get("caller", ""))
    found = lookups.persons(user)(text) if text.strip() else []
    if len(found) != 1:
        found = [match for match in found if match.text == text]
    if len(found) != 1:
        return None
    known = people_access.visible_to(user, now).filter(public_id=found[0].value).values_list("pk", flat=True).first()
    return people.person(known) if known else None


def usual(item_version: ItemVersion, caller: User, now: datetime) -> dict[str, Any]:
    """What the questions are filled with for a known caller, by field."""
    plain = {QuestionType.TEXT, QuestionType.CHOICE, QuestionType.PLACE, QuestionType.DATE, QuestionType.AMOUNT}
    known = catalogue.default_answers(item_version, caller, caller, now)
    return {
        PREFIX + question.key: known[question.key]
        for question in catalogue.form(item_version).questions
        if question.key in known and question.type in plain
    }


def typed(item_version: ItemVersion, user: User, data: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as far as they can be read."""
    found: dict[str, Any] = {}
    for question in catalogue.form(item_version).questions:
        field = fields.of_question(question, user)
        if field is None:
            continue
        field.required = False
        raw = field.widget.value_from_datadict(data, {}, PREFIX + question.key)
        try:
            value = field.clean(raw)
        except forms.ValidationError:
            continue
        value = fields.plain(value)
        if value not in (None, "", []):
            found[question.key] = value.isoformat() if isinstance(value, date) else value
    return found
