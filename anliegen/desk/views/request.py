"""The work page of a request: all tasks, approvals, talk, and what can be done with the request as a whole (ux S12)."""

from collections.abc import Mapping
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from anliegen.desk import verbs, wording
from anliegen.desk.doors import at_desk, inside, page, person
from anliegen.desk.forms.task import VerbForm
from anliegen.desk.queries import case
from anliegen.desk.verbs import Doing
from anliegen.files import queries as files
from anliegen.lib import clock
from anliegen.lib.errors import NotFound
from anliegen.lib.text import LocalText
from anliegen.requests import access
from anliegen.ui.act import form_key
from anliegen.ui.files import attachment_response

FOLDED = ("accept", "call-in", "hold", "reject", "cancel", "reopen")


@at_desk
@require_GET
def work_page(request: HttpRequest, code: str) -> HttpResponse:
    """Everything about one request for those who work on it."""
    return _page(request, code, {})


@at_desk
@require_POST
def do(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """Do one thing with a request; the page again with what is wrong, 409 if somebody else was first."""
    user, now = person(request), clock.now()
    if verb not in verbs.REQUEST:
        raise NotFound
    service_request = access.to_read(code, user, now)
    chosen = verbs.REQUEST[verb]
    form = chosen.form(None, user, now, request.POST)
    if verbs.attempt(chosen, service_request.code, form, Doing(user, now, form_key(request))):
        messages.success(request, str(chosen.said))
        return redirect(inside(request.POST.get("here"), reverse("desk-request", args=(service_request.code,))))
    return _page(request, code, {verb: form}, status=409 if form.conflict else 422)


def _page(request: HttpRequest, code: str, bound: Mapping[str, VerbForm], *, status: int = 200) -> HttpResponse:
    user, now = person(request), clock.now()
    found = case.load(access.to_read(code, user, now), user, now)
    context = {
        **shown(found),
        "form": next(iter(bound.values()), None),
        "actions": actions(found, None, user, bound=bound),
        "here": reverse("desk-request", args=(found.service_request.code,)),
    }
    return page(request, "desk/request.html", context, status=status)


def shown(found: case.Case) -> dict[str, Any]:
    """What the pages of a request and of its tasks have in common."""
    return {
        "case": found,
        "service_request": found.service_request,
        "steps": _steps(found),
        "tasks": [_task(task, found) for task in found.tasks if task.kind != "approval"],
        "votes": [_vote(task, vote) for task in found.approvals for vote in getattr(task, "votes_asked", ())],
    }


def _steps(found: case.Case) -> list[dict[str, object]]:
    status = {"done": "done", "current": "now", "ahead": "next"}
    return [
        {"label": phase.name, "meta": phase.who, "status": status.get(phase.state, "next")}
        for phase in found.story.phases
    ]


def _task(task: Any, found: case.Case) -> dict[str, Any]:
    lang = get_language() or "de"
    kinds = {"open": "run", "settled": "ok", "done": "ok"}
    return {
        "name": LocalText.of(task.name).to(lang),
        "url": reverse("desk-task", args=(found.service_request.code, case.step_key(task))),
        "who": " · ".join(
            filter(
                None,
                (
                    LocalText.of(task.team.name).to(lang) if task.team else "",
                    (task.done_by or task.assignee).full_name if task.done_by or task.assignee else "",
                ),
            )
        ),
        "open": task.state == "open",
        "state": {"kind": kinds[task.state], "label": wording.outcome(task) if task.state != "open" else wording.OPEN},
        "due": task.due if task.state == "open" else None,
        "done_at": task.done_at or task.settled_at,
        "note": task.note,
    }


def _vote(task: Any, vote: Any) -> dict[str, Any]:
    return {
        "step": LocalText.of(task.name).to(get_language() or "de"),
        "who": vote.approver.full_name,
        "by": vote.by.full_name if vote.by and vote.by_id != vote.approver_id else "",
        "state": wording.VERDICTS.get(vote.verdict, wording.VERDICTS["open"]),
        "comment": vote.comment,
        "at": vote.voted_at,
    }


def actions(found: case.Case, step: case.Step | None, user: Any, *, bound: Mapping[str, VerbForm]) -> dict[str, Any]:
    """The forms of a request: the talk, what opens on demand, and whether a rest can end."""
    now = clock.now()
    may = found.may
    allowed = {
        "message": True,
        "note": may.note,
        "accept": may.accept,
        "call-in": may.call_in,
        "hold": may.hold,
        "reject": may.end,
        "cancel": may.end,
        "reopen": may.reopen,
    }
    forms = {name: verbs.REQUEST[name].form(step, user, now) for name, able in allowed.items() if able}
    forms.update(bound)
    base = reverse("desk-request", args=(found.service_request.code,))
    folded = [
        {"verb": name, "form": forms[name], "url": f"{base}{name}/", **wording.FOLDED[name]}
        for name in FOLDED
        if name in forms
    ]
    talk = {name: forms[name] for name in ("message", "note") if name in forms}
    return {"talk": talk, "folded": folded, "base": base, "resume": may.resume, "move": may.move}


@at_desk
@require_GET
def download(request: HttpRequest, code: str, file_id: str) -> HttpResponse:
    """A file of a request, as a download."""
    found = access.attachment(code, file_id, person(request), clock.now()).file
    response: Any = attachment_response(files.open_stored(found), found.name, found.media_type)
    return cast(HttpResponse, response)
