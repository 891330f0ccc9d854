"""The page of one request and everything that can be done there."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anliegen.catalogue import actions as catalogue
from anliegen.catalogue.rules import QuestionType
from anliegen.lib import clock
from anliegen.lib.errors import Conflict, Forbidden, NotFound
from anliegen.portal import shell
from anliegen.portal.doors import Person, once, person, signed_in, whole
from anliegen.portal.forms import item as item_forms
from anliegen.portal.forms.step import OwnStepForm
from anliegen.portal.forms.talk import (
    AcceptForm,
    AnswerForm,
    CancelForm,
    FollowerForm,
    MessageForm,
    RatingForm,
    ReopenForm,
)
from anliegen.portal.shown import page as shown
from anliegen.portal.shown import turns
from anliegen.portal.shown.ending import again_words
from anliegen.requests import access, queries
from anliegen.requests import actions as requests
from anliegen.requests.rules import ParticipantRole
from anliegen.ui.act import act, form_key
from anliegen.ui.htmx import announce, unchanged
from anliegen.workflow import access as workflow_access
from anliegen.workflow import actions as workflow
from anliegen.workflow import queries as workflow_queries
from anliegen.workflow.queries import security

ENTRIES, MORE = 20, 50  # of the journal at first, and with each "older ones"


@require_GET
@signed_in
def page(request: HttpRequest, code: str) -> HttpResponse:
    """Everything about a request: whose turn it is first, then date, way, plan, messages."""
    return _show(request, code)


def _show(request: HttpRequest, code: str, wrong: Form | None = None) -> HttpResponse:
    """The page; with the form that could not be taken in its place, and 422."""
    user = person(request)
    found = shown.read(code, user, clock.now())
    only, most = request.GET.get("show") == "messages", max(ENTRIES, whole(request.GET.get("entries"), ENTRIES))
    entries = found.stream(only_messages=only)
    context: dict[str, Any] = {
        "page": found,
        "entries": entries[:most],
        "older": {"n": len(entries) - most, "most": most + MORE, "id": entries[most]["id"]} if entries[most:] else None,
        "only_messages": only,
        "live": user.live_updates and not found.ended,
        "opened_at": found.last_entry,
        "message_form": MessageForm(user),
        "turns": turns.turns(code, found.story.questions, user, found.now, wrong),
        "reopen_form": ReopenForm(user),
        "rating_form": RatingForm(initial={"sentence": found.rating["sentence"]} if found.rating else {}),
        "follower_form": FollowerForm(user),
    }
    if wrong is not None:
        context["form"] = wrong
        if place := _PLACES.get(type(wrong)):
            context[place] = wrong
    return render(request, "portal/request.html", context, status=422 if wrong is not None else 200)


_PLACES = {
    MessageForm: "message_form",
    ReopenForm: "reopen_form",
    RatingForm: "rating_form",
    FollowerForm: "follower_form",
}
"""Where a form that could not be taken stands; those that answer a question stand with it."""


@require_GET
@signed_in
def live(request: HttpRequest, code: str) -> HttpResponse:
    """What a poll gets: nothing when nothing changed since `?version=`, else state, promise, way and plan anew."""
    user, now = person(request), clock.now()
    if whole(request.GET.get("version"), 0) == shown.version(code, user, now):
        return unchanged()
    found, opened = shown.read(code, user, now), whole(request.GET.get("opened"), 0)
    news = found.news(opened)
    context = {"page": found, "opened_at": opened, "patch": True, "live": user.live_updates, "news": len(news)}
    response = render(request, "portal/parts/request_live.html", context)
    shell.counts(response, user, now)
    said = _("State: %(state)s.") % {"state": found.story.word}
    return announce(response, " ".join([said, *news[-1:]]))


@require_POST
@signed_in
def message(request: HttpRequest, code: str) -> HttpResponse:
    """Write to everybody who takes part."""
    user = person(request)
    access.to_read(code, user, clock.now())
    form = MessageForm(user, request.POST, request.FILES)
    sent = act(
        form,
        lambda: requests.message(
            code,
            form.cleaned_data["text"],
            acting_user=user,
            files=form.cleaned_data["files"],
            key=form_key(request),
            now=clock.now(),
        ),
    )
    if sent is None:
        return _show(request, code, form)
    messages.success(request, _("Your message was sent."))
    return redirect(reverse("request", args=[code]) + f"#entry-{sent.seq}")


@require_POST
@signed_in
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """Answer a question of a team, or finish a step that waits for the requester."""
    user, now = person(request), clock.now()
    service_request = access.to_read(code, user, now)
    task_id = whole(request.POST.get("task"), 0)
    task = workflow_access.task_to_read(task_id, user, now) if task_id else None
    if task and task.service_request_id != service_request.pk:
        raise NotFound
    form: Form
    if task and task.token_number is not None:
        workflow_access.require_work(task, user, now)
        form = step = turns.step_form(task.pk, user, now, request.POST, request.FILES)
        done = act(form, lambda: _complete(request, step, task.pk))
    else:
        form = AnswerForm(user, request.POST, request.FILES, auto_id=f"answer{task_id}_%s")
        done = act(form, lambda: once(request, f"portal.answer:{task_id}", lambda: _answer(request, form)))
    if done is None:
        return _show(request, code, form)
    messages.success(request, _("Thank you. Your answer was sent."))
    return redirect("request", code=code)


def _answer(request: HttpRequest, form: Form) -> Any:
    given = form.cleaned_data
    words = {"yes": _("Yes"), "no": _("No")}
    text = given["text"] or str(words.get(given["quick"], ""))
    return workflow.answer(given["task"], text, acting_user=person(request), now=clock.now(), files=given["files"])


def _complete(request: HttpRequest, form: OwnStepForm, task_id: int) -> Any:
    return workflow.complete(
        task_id,
        acting_user=person(request),
        outcome=form.chosen,
        outputs=form.outputs(),
        note=form.cleaned_data.get("note", ""),
        files=form.cleaned_data["files"],
        key=form_key(request),
        now=clock.now(),
    )


@require_POST
@signed_in
def accept(request: HttpRequest, code: str) -> HttpResponse:
    """Confirm that it is done, or say what is missing."""
    user = person(request)
    access.to_read(code, user, clock.now())
    form = AcceptForm(user, request.POST, request.FILES)
    done = act(
        form,
        lambda: workflow.accept(
            code,
            acting_user=user,
            verdict=form.cleaned_data["verdict"],
            text=form.cleaned_data["text"],
            files=form.cleaned_data["files"],
            key=form_key(request),
            now=clock.now(),
        ),
    )
    if done is None:
        return _show(request, code, form)
    happy = form.cleaned_data["verdict"] == "yes"
    messages.success(
        request, _("Thank you. The request is closed.") if happy else _("Thank you. The team goes on with it.")
    )
    return redirect("request", code=code)


@require_POST
@signed_in
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    """Say that something is missing after all; the same request goes on."""
    user = person(request)
    access.to_read(code, user, clock.now())
    form = ReopenForm(user, request.POST, request.FILES)
    done = act(form, lambda: once(request, f"portal.reopen:{code}", lambda: _reopen(code, form, user)))
    if done is None:
        return _show(request, code, form)
    messages.success(request, _("The team goes on with it. The number stays the same."))
    return redirect("request", code=code)


def _reopen(code: str, form: ReopenForm, user: Person) -> Any:
    given = form.cleaned_data
    return workflow.reopen(code, given["reason"], acting_user=user, now=clock.now(), files=given["files"])


@require_POST
@signed_in
def rate(request: HttpRequest, code: str) -> HttpResponse:
    """Say how content one is, with one click; and why, if one likes."""
    user, now = person(request), clock.now()
    access.to_read(code, user, now)
    form = RatingForm(request.POST)
    done = act(
        form,
        lambda: requests.rate(
            code,
            form.cleaned_data["score"],
            acting_user=user,
            now=now,
            sentence=form.cleaned_data["sentence"] if "sentence" in request.POST else None,
        ),
    )
    if done is None:
        return _show(request, code, form)
    messages.success(request, _("Thank you. Your rating is saved."))
    return redirect(reverse("request", args=[code]) + "#rating")


@require_POST
@signed_in
def again(request: HttpRequest, code: str) -> HttpResponse:
    """The same once more: the answers become a draft, which is opened to be changed and sent."""
    user, now = person(request), clock.now()
    one = access.to_read(code, user, now)
    if not access.is_owner(user, one):
        raise Forbidden(_("Only who asked for it or gets it can request it again."))
    draft = catalogue.save_draft(item_forms.copied(one, user), owner=user, item_key=one.item_version.item.key, now=now)
    return redirect(reverse("item", args=[one.item_version.item.key]) + f"?draft={draft.public_id}")


@require_http_methods(["GET", "POST"])
@signed_in
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    """Stop a request; before that, what it means."""
    user, now = person(request), clock.now()
    found = shown.read(code, user, now)
    workflow_access.require_cancel(user, found.service_request, now)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        done = act(
            form,
            lambda: once(
                request,
                f"portal.cancel:{code}",
                lambda: workflow.cancel(code, form.cleaned_data["reason"], acting_user=user, now=now),
            ),
        )
        if done is not None:
            messages.success(request, _("The request is cancelled."))
            return redirect("request", code=code)
    context = {"page": found, "form": form}
    return render(request, "portal/cancel.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@signed_in
def not_me(request: HttpRequest, code: str) -> HttpResponse:
    """Say that one has not asked for this; before that, what happens then. Here leads the link of a notice."""
    user, now = person(request), clock.now()
    found = shown.read(code, user, now)
    security.require_deny(user, found.service_request)
    if request.method == "POST":
        workflow.deny(code, acting_user=user, now=now, key=form_key(request))
        messages.success(request, _("Thank you. IT security has been told and looks at it now."))
        return redirect("request", code=code)
    return render(request, "portal/not_me.html", {"page": found})


@require_http_methods(["GET", "POST"])
@signed_in
def correct(request: HttpRequest, code: str) -> HttpResponse:
    """Change the answers of a running request; the steps start again, what is still valid counts."""
    user, now = person(request), clock.now()
    found = shown.read(code, user, now)
    workflow_access.require_revise(user, found.service_request, now)
    if found.ended:
        raise Conflict(_("This request has already ended."))
    one = found.service_request
    asking = item_forms.Asking(one.item_version, user, framed=False)
    if request.method == "GET" and not workflow_queries.leeway(one)[1]:
        return render(request, "portal/correct.html", {"page": found})
    relied = workflow_queries.relied_on(one)
    if request.method == "GET":
        stored = one.answers
        form = item_forms.ItemForm(asking, item_forms.visible(asking, stored), initial=item_forms.shown(asking, stored))
        context = {"page": found, "form": form, "kept": queries.kept_files(one), "relied": again_words(relied)}
        return render(request, "portal/correct.html", context)
    given = item_forms.typed(asking, request.POST)
    form = item_forms.ItemForm(asking, item_forms.visible(asking, given), request.POST, request.FILES)
    done = act(
        form,
        lambda: once(
            request,
            f"portal.correct:{code}",
            lambda: workflow.revise(code, _with_kept(form, one.answers), acting_user=user, now=now),
        ),
    )
    if done is None:
        context = {"page": found, "form": form, "kept": queries.kept_files(one), "relied": again_words(relied)}
        return render(request, "portal/correct.html", context, status=422)
    messages.success(request, _("Your details are changed. What is still valid counts."))
    return redirect("request", code=code)


def _with_kept(form: item_forms.ItemForm, before: dict[str, Any]) -> dict[str, Any]:
    """The new answers; files that were sent before stay, new ones are added."""
    answers = form.answers()
    for question in form.questions:
        if question.type is QuestionType.FILE:
            answers[question.key] = [*before.get(question.key, ()), *answers[question.key]]
    return answers


@require_POST
@signed_in
def people(request: HttpRequest, code: str) -> HttpResponse:
    """Let somebody else follow the request, or no longer."""
    user, now = person(request), clock.now()
    access.to_read(code, user, now)
    if gone := request.POST.get("remove", ""):
        requests.remove_participant(code, gone, acting_user=user, now=now)
        return redirect(reverse("request", args=[code]) + "#people")
    form = FollowerForm(user, request.POST)
    done = act(
        form,
        lambda: requests.name_participant(
            code,
            form.cleaned_data["person"].value,
            acting_user=user,
            now=now,
            role=form.cleaned_data["role"] or ParticipantRole.NAMED,
        ),
    )
    if done is None:
        return _show(request, code, form)
    messages.success(request, _("This person can now see the request."))
    return redirect(reverse("request", args=[code]) + "#people")
