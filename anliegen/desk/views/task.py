"""The page of a task, whole or as a pane beside the list, and everything that can be done with it."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from anliegen.desk import verbs, wording
from anliegen.desk.doors import HOME, at_desk, inside, page, person
from anliegen.desk.forms.task import VerbForm
from anliegen.desk.queries import case
from anliegen.desk.verbs import Doing
from anliegen.desk.views.request import actions, shown
from anliegen.lib import clock
from anliegen.lib.errors import NotFound
from anliegen.lib.text import LocalText
from anliegen.ui.act import form_key
from anliegen.ui.htmx import is_fragment


@at_desk
@require_GET
def work_page(request: HttpRequest, code: str, step: str) -> HttpResponse:
    """A task to be done; for htmx the pane beside the list."""
    user, now = person(request), clock.now()
    found = case.Step(case.task_of(code, step, user, now), user, now)
    template = "desk/parts/pane.html" if is_fragment(request) else "desk/task.html"
    return page(request, template, context(request, found))


@at_desk
@require_POST
def do(request: HttpRequest, code: str, step: str, verb: str) -> HttpResponse:
    """Do one thing with a task; the page again with what is wrong, 409 if somebody else was first."""
    user, now = person(request), clock.now()
    if verb not in verbs.TASK:
        raise NotFound
    task = case.task_of(code, step, user, now)
    before = case.Step(task, user, now)
    chosen = verbs.TASK[verb]
    form = chosen.form(before, user, now, request.POST, request.FILES)
    if verbs.attempt(chosen, task.pk, form, Doing(user, now, form_key(request))):
        messages.success(request, str(chosen.said))
        return redirect(inside(request.POST.get("back" if chosen.leaves else "here"), HOME))
    found = case.Step(case.task_of(code, step, user, now), user, now) if form.conflict else before
    status = 409 if form.conflict else 422
    return page(request, "desk/task.html", context(request, found, bound={verb: form}), status=status)


def context(
    request: HttpRequest, step: case.Step, *, bound: Mapping[str, VerbForm] | None = None, back: str = ""
) -> dict[str, Any]:
    """What both the page and the pane show of a task."""
    user, now = person(request), clock.now()
    bound = bound or {}
    back = back or inside(request.POST.get("back") or request.GET.get("back"))
    address = reverse("desk-task", args=(step.task.service_request.code, step.address))
    here = f"{back}{'&' if '?' in back else '?'}open={step.task.service_request.code}/{step.address}"
    whole = f"{address}?back={back}" if back != HOME else address
    lang = get_language() or "de"
    forms = {
        name: bound.get(name) or verb.form(step, user, now) for name, verb in verbs.TASK.items() if _offered(name, step)
    }
    return {
        **shown(step.case),
        "step": step,
        "forms": {**forms, **bound},
        "form": next(iter(bound.values()), None),
        "more": _more(step, {**forms, **bound}, address),
        "actions": actions(step.case, step, user, bound={}),
        "address": address,
        "whole": whole,
        "back": back,
        "here": here if is_fragment(request) or request.path == HOME else whole,
        "name": LocalText.of(step.task.name).to(lang),
        "hint": LocalText.of(step.form.hint).to(lang),
        "done_outcome": wording.outcome(step.task),
        "icon": wording.CHANNEL_ICONS.get(step.task.service_request.channel, "world"),
    }


def _offered(name: str, step: case.Step) -> bool:
    may = step.case.may
    return {
        "complete": may.work,
        "take": may.take,
        "give-back": may.give_back,
        "assign": may.assign and bool(step.members),
        "hand-over": may.work and step.task.team_id is not None,
        "plan": may.work,
        "ask": may.work,
        "answer": may.answer,
    }[name]


def _more(step: case.Step, forms: Mapping[str, VerbForm], address: str) -> list[dict[str, Any]]:
    """The forms that open on demand, in the order in which they stand."""
    return [
        {"verb": name, "form": forms[name], "url": f"{address}{name}/", **wording.FOLDED[name]}
        for name in ("plan", "ask", "assign", "hand-over")
        if name in forms
    ]
