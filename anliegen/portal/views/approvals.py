"""Deciding what others asked for."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from anliegen.lib import clock
from anliegen.lib.errors import NotFound
from anliegen.portal.doors import once, person, signed_in, whole
from anliegen.portal.forms.talk import DecisionForm, QuestionForm
from anliegen.portal.shown import votes
from anliegen.requests import access
from anliegen.ui.act import act, form_key
from anliegen.ui.stencil import Stencil
from anliegen.workflow import access as workflow_access
from anliegen.workflow import actions, queries

MOST = 500  # votes of one click
PAGE = 20  # cards show everything that is needed to decide, which is a lot


@require_GET
@signed_in
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits for my decision, due first, and for whom I stand in."""
    return _list(request)


def _list(request: HttpRequest, wrong: Form | None = None, task_id: int | None = None) -> HttpResponse:
    """A page of cards; with a form that could not be taken, the page that holds it."""
    user, now = person(request), clock.now()
    asked = queries.castable(user, now)
    single = wrong is None and "single" in request.GET
    groups = _groups(asked, single=single)
    at = next((n for n, group in enumerate(groups) if any(vote.task_id == task_id for vote in group)), 0)
    part = Paginator(groups, PAGE).get_page(request.GET.get("page") if wrong is None else at // PAGE + 1)
    shown = iter(votes.cards(queries.votes([vote for group in part for vote in group]), user))
    rows = _rows(_apart([next(shown) for _vote in group] for group in part), wrong, task_id)
    context = {"votes": rows, "total": len(asked), "page": part if wrong is None else None, "form": wrong}
    return render(request, "portal/approvals.html", context, status=422 if wrong is not None else 200)


def _groups(asked: list[queries.Castable], *, single: bool) -> list[list[queries.Castable]]:
    """What is one decision to people: the same step of one order, asked of the same person; each by its first vote."""
    found: dict[object, list[queries.Castable]] = {}
    for vote in asked:
        found.setdefault(vote.vote_id if single else vote.together, []).append(vote)
    return list(found.values())


def _apart(groups: Iterable[list[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
    """Where a step asks for the approver's own words, each is decided by itself."""
    found: list[list[dict[str, Any]]] = []
    for group in groups:
        found += [[one] for one in group] if any(one["own_words"] for one in group) else [group]
    return found


def _rows(groups: list[list[dict[str, Any]]], wrong: Form | None, task_id: int | None) -> list[dict[str, Any]]:
    """Each group as one card: that of its first vote, with all of them in `group` where there are several."""
    plain, question = Stencil(lambda ids: DecisionForm(auto_id=ids)), Stencil(lambda ids: QuestionForm(auto_id=ids))
    rows = []
    for group in groups:
        one = group[0]
        task, mine = one["task_id"], wrong is not None and any(vote["task_id"] == task_id for vote in group)
        decision = wrong if mine and isinstance(wrong, DecisionForm) else None
        if one["own_words"]:
            decision = decision or DecisionForm(auto_id=f"d{task}_%s", own_words=one["own_words"])
        rows.append({
            **one,
            "group": group if len(group) > 1 else [],
            "decision": decision or plain.at(f"d{task}"),
            "question": wrong if mine and isinstance(wrong, QuestionForm) else question.at(f"q{task}"),
        })  # fmt: skip
    return rows


@require_POST
@signed_in
def decide(request: HttpRequest, code: str) -> HttpResponse:
    """Say yes, or no with a reason. Decided meanwhile: 409, which names who."""
    user, now = person(request), clock.now()
    if len(request.POST.getlist("task")) > 1 or "together" in request.POST:
        return _decide_together(request, code)
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


def _decide_together(request: HttpRequest, code: str) -> HttpResponse:
    """The same word on several requests of one order. What was decided meanwhile is told, and left as it is."""
    user, now = person(request), clock.now()
    versions = {task_id: whole(request.POST.get(f"version_{task_id}"), 0) or None for task_id in _tasks(request, code)}
    data = request.POST.copy()
    data["task"] = str(next(iter(versions), 1))
    form = DecisionForm(data, auto_id=f"d{data['task']}_%s")
    if not versions and form.is_valid():
        form.add_error(None, _("Please choose at least one."))
    done = act(
        form, lambda: actions.decide_together(versions, _said(form), acting_user=user, key=form_key(request), now=now)
    )
    if done is None:
        return _list(request, form, next(iter(versions), None))
    decided, left = done
    if decided:
        told = (
            ngettext("You said yes to %(n)s request.", "You said yes to %(n)s requests.", decided)
            if form.cleaned_data["verdict"] == "yes"
            else ngettext("You said no to %(n)s request.", "You said no to %(n)s requests.", decided)
        )
        messages.success(request, told % {"n": decided})
    for sentence in dict.fromkeys(left):
        messages.warning(request, sentence)
    return redirect("approvals")


def _said(form: DecisionForm) -> actions.Said:
    said = form.cleaned_data
    return actions.Said(verdict=said["verdict"], comment=said["comment"], reject_reason=said["reject_reason"])


def _tasks(request: HttpRequest, code: str) -> list[int]:
    """The tasks that the form names, all of the order of this request. Raises NotFound, alike for every mistake."""
    user, now = person(request), clock.now()
    order = access.to_read(code, user, now).order_id
    found = []
    for text in dict.fromkeys(request.POST.getlist("task")[:MOST]):
        task = workflow_access.task_to_read(whole(text, 0), user, now)
        if task.service_request.order_id != order:
            raise NotFound
        found.append(task.pk)
    return found


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
