"""Deciding what others asked for."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anliegen.lib import clock
from anliegen.lib.errors import NotFound
from anliegen.portal.doors import once, person, signed_in
from anliegen.portal.forms.talk import DecisionForm, QuestionForm
from anliegen.portal.shown import votes
from anliegen.ui.act import act, form_key
from anliegen.ui.stencil import Stencil
from anliegen.workflow import access as workflow_access
from anliegen.workflow import actions, queries

PAGE = 20  # cards show everything that is needed to decide, which is a lot


@require_GET
@signed_in
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits for my decision, due first, and for whom I stand in."""
    return _list(request)


def _list(request: HttpRequest, wrong: Form | None = None, task_id: int | None = None) -> HttpResponse:
    """A page of cards; with a form that could not be taken, the page that holds it."""
    user, now = person(request), clock.now()
    rows: list[dict[str, Any]] = []
    asked = queries.castable(user, now)
    at = next((n for n, vote in enumerate(asked) if vote.task_id == task_id), 0)
    part = Paginator(asked, PAGE).get_page(request.GET.get("page") if wrong is None else at // PAGE + 1)
    plain, question = Stencil(lambda ids: DecisionForm(auto_id=ids)), Stencil(lambda ids: QuestionForm(auto_id=ids))
    for one in votes.cards(queries.votes(list(part)), user):
        task, mine = one["task_id"], wrong is not None and one["task_id"] == task_id
        decision = wrong if mine and isinstance(wrong, DecisionForm) else None
        if one["own_words"]:
            decision = decision or DecisionForm(auto_id=f"d{task}_%s", own_words=one["own_words"])
        rows.append({
            **one,
            "decision": decision or plain.at(f"d{task}"),
            "question": wrong if mine and isinstance(wrong, QuestionForm) else question.at(f"q{task}"),
        })  # fmt: skip
    context = {"votes": rows, "total": len(asked), "page": part if wrong is None else None, "form": wrong}
    return render(request, "portal/approvals.html", context, status=422 if wrong is not None else 200)


@require_POST
@signed_in
def decide(request: HttpRequest, code: str) -> HttpResponse:
    """Say yes, or no with a reason. Decided meanwhile: 409, which names who."""
    user, now = person(request), clock.now()
    task_id = _task(request, code)
    form = DecisionForm(request.POST, auto_id=f"d{task_id}_%s", own_words=queries.own_words(task_id))
    done = act(
        form,
        lambda: actions.decide(
            task_id,
            acting_user=user,
            verdict=form.cleaned_data["verdict"],
            comment=form.cleaned_data["comment"],
            reject_reason=form.cleaned_data["reject_reason"],
            version=form.cleaned_data["version"],
            key=form_key(request),
            now=now,
        ),
    )
    if done is None:
        return _list(request, form, task_id)
    yes = form.cleaned_data["verdict"] == "yes"
    told = _("You said yes. It goes on at once.") if yes else _("You said no. We tell the requester.")
    messages.success(request, told)
    return redirect("approvals")


@require_POST
@signed_in
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the requester before deciding."""
    user, now = person(request), clock.now()
    task_id = _task(request, code)
    form = QuestionForm(request.POST, auto_id=f"q{task_id}_%s")
    done = act(
        form,
        lambda: once(
            request,
            f"portal.ask:{task_id}",
            lambda: actions.ask(task_id, form.cleaned_data["text"], acting_user=user, now=now),
        ),
    )
    if done is None:
        return _list(request, form, task_id)
    messages.success(request, _("Your question was sent. The answer comes back to this list."))
    return redirect("approvals")


def _task(request: HttpRequest, code: str) -> int:
    """The task that the form names, if it belongs to this request. Raises NotFound, alike for every mistake."""
    text = request.POST.get("task", "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise NotFound
    task = workflow_access.task_to_read(int(text), person(request), clock.now())
    if task.service_request.code != code:
        raise NotFound
    return task.pk
