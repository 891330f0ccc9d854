"""What can be done with a task and with a request at the desk: one row each, from form to action to confirmation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anliegen.audit import actions as audit
from anliegen.desk.forms import request as of_request
from anliegen.desk.forms import task as of_task
from anliegen.desk.forms.task import PlainForm, VerbForm
from anliegen.lib.errors import Conflict
from anliegen.people.models import User
from anliegen.requests import actions as requests
from anliegen.ui.act import act
from anliegen.workflow import actions as workflow


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does it, when, and the key of the form, which makes sending it twice do its work once."""

    user: User
    now: datetime
    key: str

    @property
    def by(self) -> dict[str, Any]:
        return {"acting_user": self.user, "now": self.now}


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing that can be done. `target` is the task's id, or the request's code."""

    form: Callable[..., VerbForm]
    run: Callable[[Any, Any, Doing], Model]
    said: str | Promise
    leaves: bool = False  # afterwards the task is not this person's any more: back to the list
    keyed: bool = False  # the action keeps the form's key itself


TASK: Mapping[str, Verb] = {
    "complete": Verb(
        of_task.CompleteForm,
        lambda task, form, doing: workflow.complete(
            task,
            outcome=form.cleaned_data["outcome"],
            outputs=form.outputs(),
            note=form.cleaned_data.get("note", ""),
            reject_reason=form.cleaned_data.get("reject_reason", ""),
            files=form.uploads(),
            key=doing.key,
            **doing.by,
        ),
        _("Done. The request goes on."),
        leaves=True,
        keyed=True,
    ),
    "take": Verb(PlainForm, lambda task, _form, doing: workflow.take(task, **doing.by), _("You have taken the task.")),
    "give-back": Verb(
        PlainForm, lambda task, _form, doing: workflow.give_back(task, **doing.by), _("The task is free again.")
    ),
    "assign": Verb(
        of_task.AssignForm,
        lambda task, form, doing: workflow.assign(task, form.cleaned_data["person"], **doing.by),
        _("The task is assigned."),
    ),
    "hand-over": Verb(
        of_task.HandOverForm,
        lambda task, form, doing: workflow.hand_over(
            task, form.cleaned_data["team"], form.cleaned_data["reason"], **doing.by
        ),
        _("Handed over. The other team has been told."),
        leaves=True,
    ),
    "plan": Verb(
        of_task.PlanForm,
        lambda task, form, doing: workflow.plan(
            task,
            start=form.moments()[0],
            end=form.moments()[1],
            place=form.cleaned_data["place"],
            person_id=form.cleaned_data.get("person") or None,
            **doing.by,
        ),
        _("Planned. All teams see it."),
    ),
    "ask": Verb(
        of_task.AskForm,
        lambda task, form, doing: workflow.ask(task, form.cleaned_data["text"], **doing.by),
        _("Your question was sent."),
    ),
    "answer": Verb(
        of_task.AnswerForm,
        lambda task, form, doing: workflow.answer(task, form.cleaned_data["text"], **doing.by),
        _("The answer was noted."),
        leaves=True,
    ),
}

REQUEST: Mapping[str, Verb] = {
    "message": Verb(
        of_request.MessageForm,
        lambda code, form, doing: requests.message(code, form.cleaned_data["text"], key=doing.key, **doing.by),
        _("Your message was sent."),
        keyed=True,
    ),
    "note": Verb(
        of_request.NoteForm,
        lambda code, form, doing: requests.note(code, form.cleaned_data["text"], key=doing.key, **doing.by),
        _("Your note was saved. The requester does not see it."),
        keyed=True,
    ),
    "call-in": Verb(
        of_task.CallInForm,
        lambda code, form, doing: workflow.call_in(
            code, form.cleaned_data["team"], form.cleaned_data["what"], **doing.by
        ),
        _("The team was called in."),
    ),
    "hold": Verb(
        of_request.HoldForm,
        lambda code, form, doing: workflow.hold(code, form.cleaned_data["reason"], until=form.moment(), **doing.by),
        _("The request rests now."),
    ),
    "resume": Verb(PlainForm, lambda code, _form, doing: workflow.resume(code, **doing.by), _("The request goes on.")),
    "cancel": Verb(
        of_request.CancelForm,
        lambda code, form, doing: workflow.cancel(code, form.cleaned_data["reason"], **doing.by),
        _("The request was cancelled."),
    ),
    "reject": Verb(
        of_request.RejectForm,
        lambda code, form, doing: workflow.reject(
            code, form.cleaned_data["reject_reason"], form.cleaned_data["sentence"], **doing.by
        ),
        _("The request was rejected. The requester has been told why."),
    ),
    "reopen": Verb(
        of_request.ReopenForm,
        lambda code, form, doing: workflow.reopen(code, form.cleaned_data["reason"], **doing.by),
        _("The request is open again."),
    ),
    "accept": Verb(
        of_request.AcceptForm,
        lambda code, form, doing: workflow.accept(
            code, verdict=form.cleaned_data["verdict"], text=form.cleaned_data["text"], key=doing.key, **doing.by
        ),
        _("Noted what was said by phone."),
        keyed=True,
    ),
}


def attempt(verb: Verb, target: Any, form: VerbForm, doing: Doing) -> bool:
    """Whether it was done. If not, the form holds why; `form.conflict` if somebody else was first: their name stands
    there, and what was typed is kept.
    """

    key = f"desk.{_name(verb)}:{target}"
    if not verb.keyed and audit.once(doing.user.pk, doing.key, key):
        return True  # sent twice: what the form offers may have changed by the first time

    def run() -> object:
        if verb.keyed:
            return verb.run(target, form, doing)
        return audit.done_once(doing.user.pk, doing.key, key, lambda: verb.run(target, form, doing))

    try:
        return act(form, run) is not None
    except Conflict as conflict:
        form.conflict = str(conflict.message)
        form.add_error(None, form.conflict)
        return False


def _name(verb: Verb) -> str:
    return next(name for name, one in (*TASK.items(), *REQUEST.items()) if one is verb)
