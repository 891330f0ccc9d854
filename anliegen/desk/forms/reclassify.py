"""What an agent sends to move a request to the item that fits (R139)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from anliegen.catalogue import queries as catalogue
from anliegen.catalogue.models import ItemVersion
from anliegen.catalogue.rules import Question, QuestionType
from anliegen.desk.forms import fields
from anliegen.desk.forms.call import PREFIX, offered, typed
from anliegen.people.models import User
from anliegen.requests.models import ServiceRequest
from anliegen.requests.rules import MAX_JUSTIFICATION
from anliegen.workflow.queries.case import words_of
from anliegen.workflow.rules import MAX_REASON


class ReclassifyForm(forms.Form):
    """The service, why, and what it asks; what was answered already and fits stands there."""

    use_required_attribute = False

    asked = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)
    reason = fields.paragraph(
        MAX_REASON,
        rows=2,
        label=gettext_lazy("Why does it belong there?"),
        help_text=gettext_lazy("The requester reads this sentence."),
    )

    def __init__(
        self,
        service_request: ServiceRequest,
        user: User,
        now: datetime,
        item_version: ItemVersion | None,
        data: Any = None,
        *,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.service_request, self.item_version = service_request, item_version
        on_offer = offered(catalogue.items(user, now), service_request.channel, get_language() or "de")
        own = service_request.item_version.item.key
        others = [(group, [one for one in items if one[0] != own]) for group, items in on_offer]
        choices: list[Any] = [("", _("Please choose")), *((group, items) for group, items in others if items)]
        item = forms.ChoiceField(label=_("To which service does it belong?"), choices=choices)
        self.fields = {"item": item, **self.fields}
        self.questions: Sequence[Question] = ()
        if item_version is not None:
            self._ask(item_version, user, data or initial or {})

    def _ask(self, item_version: ItemVersion, user: User, data: Mapping[str, Any]) -> None:
        visible = catalogue.visible_questions(item_version, typed(item_version, user, data))
        skipped = {QuestionType.NOTE, QuestionType.FILE}
        self.questions = [one for one in visible if one.type not in skipped and not one.seen_by]
        let = data.get("go") == "ask"  # the requester completes it
        for question in self.questions:
            field = fields.of_question(question, user)
            if field is not None:
                field.required = field.required and not let
                self.fields[PREFIX + question.key] = field
        if item_version.asks_justification:
            label = _("What is it needed for?")
            self.fields["justification"] = fields.paragraph(MAX_JUSTIFICATION, rows=2, label=label, required=not let)

    @property
    def asking(self) -> list[forms.BoundField]:
        """The questions of the chosen service."""
        names = [PREFIX + question.key for question in self.questions]
        return [self[name] for name in (*names, "justification") if name in self.fields]

    def answers(self) -> dict[str, Any]:
        """What was answered. Only of a valid form."""
        return {one.key: fields.plain(self.cleaned_data.get(PREFIX + one.key)) for one in self.questions}


def known(service_request: ServiceRequest, item_version: ItemVersion) -> dict[str, Any]:
    """What the form is filled with: the answers that fit, and as justification what the person wrote."""
    was, answers = service_request.item_version, service_request.answers
    fits = catalogue.matching(was, item_version, answers)
    usual = catalogue.default_answers(
        item_version, service_request.requester, service_request.recipient, service_request.received_at
    )
    hidden = {one.key for one in catalogue.form(item_version).questions if one.seen_by}
    filled = {PREFIX + key: value for key, value in {**usual, **fits}.items() if key not in hidden}
    why = service_request.justification or words_of(was, answers)["text"]
    return {**filled, "justification": why[:MAX_JUSTIFICATION], "item": item_version.item.key}
