"""What the viewer is asked on the page of a request, each with the form that answers it (ux spec S7)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anliegen.lib.text import LocalText
from anliegen.people.models import User
from anliegen.portal.forms.step import OwnStepForm
from anliegen.portal.forms.talk import AcceptForm, AnswerForm
from anliegen.portal.words import moment_words
from anliegen.tracking.shapes import Question
from anliegen.workflow import access
from anliegen.workflow import queries as workflow

QUICK = 160  # a question that is longer than this is hardly answered with yes or no


def turns(
    code: str, questions: Sequence[Question], viewer: User, now: datetime, wrong: Form | None = None
) -> list[dict[str, Any]]:
    """What `portal/parts/turns.html` shows; the form that could not be taken stands where it was sent from."""
    return [_turn(code, one, viewer, now, wrong) for one in questions]


def _turn(code: str, one: Question, viewer: User, now: datetime, wrong: Form | None) -> dict[str, Any]:
    base = {"task_id": one.task_id, "id": f"turn-{one.task_id}", "asked_by": ""}
    if one.kind == "accept":
        by = _("Without an answer by %(at)s it counts as confirmed.")
        return {
            **base,
            "kind": "accept",
            "title": _("Done. Is it all right?"),
            "meta": by % {"at": moment_words(one.deadline)} if one.deadline else "",
            "url": reverse("request-accept", args=[code]),
            "form": wrong if isinstance(wrong, AcceptForm) else AcceptForm(viewer),
        }
    meta = _("Please answer by %(at)s.") % {"at": moment_words(one.deadline)} if one.deadline else ""
    if one.kind == "approve":
        title, url = _("Your decision: %(what)s") % {"what": one.heading}, reverse("approvals") + f"#{code}"
        return {**base, "kind": "approve", "title": title, "meta": meta, "url": url}
    if one.kind == "complete":
        return {
            **base,
            "kind": "complete",
            "title": one.text,
            "meta": meta,
            "url": reverse("request-correct", args=[code]),
        }
    asked_by = _("Question from %(who)s.") % {"who": one.asked_by} if one.asked_by else ""
    shown = {
        **base,
        "title": _("Your answer is needed: %(what)s") % {"what": one.text or one.heading},
        "meta": " ".join(filter(None, (asked_by, meta))),
        "url": reverse("request-answer", args=[code]),
    }
    if one.own_step:
        return {**shown, "kind": "step", **_step(one, viewer, now, wrong)}
    if isinstance(wrong, AnswerForm) and wrong.data.get("task", "") in {str(one.task_id), ""}:
        form = wrong
    else:
        form = AnswerForm(viewer, auto_id=f"answer{one.task_id}_%s")
    form.fields["text"].required = True  # who does not answer with one click has to write; said by its label
    return {**shown, "kind": "answer", "quick": is_quick(one.text), "form": form}


def _step(one: Question, viewer: User, now: datetime, wrong: Form | None) -> dict[str, Any]:
    if isinstance(wrong, OwnStepForm) and wrong.data.get("task") == str(one.task_id):
        form = wrong
    else:
        form = step_form(one.task_id, viewer, now)
    return {"form": form, "hint": LocalText.of(form.asked.hint).to(get_language() or "de")}


def step_form(task_id: int, viewer: User, now: datetime, data: Any = None, files: Any = None) -> OwnStepForm:
    """The form of a step. Raises NotFound. Few statements."""
    task = access.task_to_read(task_id, viewer, now)
    return OwnStepForm(task, workflow.task_form(task), viewer, data, files)


def is_quick(text: str) -> bool:
    """Whether a question looks as if yes or no could answer it."""
    return text.rstrip().endswith("?") and len(text) < QUICK
