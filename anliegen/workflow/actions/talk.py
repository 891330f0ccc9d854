"""Questions to a person, their answers, and the confirmation that a request is done."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from anliegen.audit import actions as audit
from anliegen.lib.errors import Conflict, Forbidden, NotFound, Refused
from anliegen.people import queries as people
from anliegen.people.models import User
from anliegen.requests import access as requests_access
from anliegen.requests import actions as requests
from anliegen.requests import lifecycle
from anliegen.requests.lifecycle import By
from anliegen.requests.models import ServiceRequest
from anliegen.requests.rules import MAX_MESSAGE, ClosedBy, EntryKind
from anliegen.workflow import access
from anliegen.workflow.actions import _settle, _tasks
from anliegen.workflow.actions._inputs import text_of
from anliegen.workflow.actions._running import Running
from anliegen.workflow.events import Accepted, Answered, Asked, TaskOpened
from anliegen.workflow.models import Task
from anliegen.workflow.queries import times
from anliegen.workflow.rules import ALIVE, DETAILS, Kind, TaskState

_ANSWER = {"de": "Rückfrage beantworten", "en": "Answer a question"}


@transaction.atomic
def ask(task_id: int, text: str, *, acting_user: User, now: datetime, person_id: int | None = None) -> Task:
    """Ask the requester (or recipient) something; until they answer it is their turn.

    Those who work on the task and those who are to approve it may ask. Raises NotFound, Forbidden, Conflict, Refused.
    """
    task = access.task_to_read(task_id, acting_user, now)
    if task.kind == Kind.APPROVAL:
        task, _vote = access.task_to_decide(task_id, acting_user, now)
    else:
        task = access.task_to_work(task_id, acting_user, now)
    _settle.require_open(task)
    said = text_of(text, MAX_MESSAGE, "text")
    if not said:
        raise Refused("text", _("Please write your question."))
    running = _settle.running_of(task, now=now, actor=acting_user)
    person = _to_ask(task.service_request, person_id)
    question = Task.objects.create(
        run=running.run,
        service_request=task.service_request,
        parent=task,
        node="question",
        visit=Task.objects.filter(run=running.run, node="question").count() + 1,
        kind=Kind.ANSWER,
        name=_ANSWER,
        phase=task.phase,
        assignee=person,
        note=said,
        reason={"key": "who-requester", "params": {"name": person.full_name}},
        opened_at=now,
    )
    team = task.team.key if task.team else ""
    lifecycle.say(task.service_request, said, kind=EntryKind.MESSAGE, by=By(acting_user, team), now=now)
    running.log("asked", {"task": running.name(task), "name": person.full_name}, by=acting_user, team=team)
    _tasks.announce(running, Asked, question, person_id=person.pk)
    _tasks.announce(running, TaskOpened, question, calendar_key=times.calendar_key(running.run.release))
    running.finish()
    return question


def _to_ask(service_request: ServiceRequest, person_id: int | None) -> User:
    owners = (service_request.requester_id, service_request.recipient_id)
    if person_id is not None and person_id not in owners:
        raise Refused("person", _("Only who asked for it or gets it can be asked."))
    return people.person(person_id or service_request.requester_id)


@transaction.atomic
def answer(task_id: int, text: str, *, acting_user: User, now: datetime, files: Sequence[str] = ()) -> Task:
    """Answer a question; the desk may note an answer that was given by phone. Locks the request.

    Raises NotFound, Forbidden, Conflict, Refused.
    """
    found = access.task_to_read(task_id, acting_user, now)
    if found.kind != Kind.ANSWER or found.token_number is not None or found.node == DETAILS:
        raise NotFound
    if acting_user.pk != found.assignee_id and not access.is_agent(acting_user, now):
        raise Forbidden(_("Only the person who was asked can answer this."))
    service_request = requests_access.locked(found.service_request_id)
    task = Task.objects.select_related("assignee", "team", "done_by").get(pk=task_id)
    task.service_request = service_request
    _settle.require_open(task)
    said = text_of(text, MAX_MESSAGE, "text")
    if not said:
        raise Refused("text", _("Please write your answer."))
    running = _settle.running_of(task, now=now, actor=acting_user)
    lifecycle.say(service_request, said, kind=EntryKind.MESSAGE, by=By(acting_user), now=now)
    if files:
        requests.attach(service_request.code, files, acting_user=acting_user, key="", now=now)
    running.log("answered", {"name": acting_user.full_name}, by=acting_user)
    _tasks.announce(running, Answered, task)
    _settle.settle(running, task, "done", by=acting_user)
    running.finish()
    return task


@audit.command
def accept(  # noqa: PLR0913 - what a confirmation consists of
    code: str,
    *,
    acting_user: User,
    verdict: str,
    now: datetime,
    text: str = "",
    files: Sequence[str] = (),
    key: str = "",
) -> ServiceRequest:
    """Say that a request is done, or with a reason that it is not; the desk may note what was said by phone.

    Locks the request. The same `key` gives the same request. Raises NotFound, Forbidden, Conflict, Refused.
    """
    if before := audit.replayed(acting_user.pk, key, "workflow.accept"):
        return ServiceRequest.objects.get(pk=before)
    service_request = requests_access.to_write(code, acting_user, now)
    task = _acceptance(service_request)
    by_phone = task.assignee_id != acting_user.pk
    if by_phone and not access.is_agent(acting_user, now):
        raise Forbidden(_("Only the person who asked for it confirms this."))
    _settle.require_open(task)
    if verdict not in {"yes", "no"}:
        raise Refused("verdict", _("Please choose yes or no."))
    task.note = text_of(text, MAX_MESSAGE, "text")
    if verdict == "no" and not task.note:
        raise Refused("text", _("Please say what is missing, so that the team can put it right."))
    running = _settle.running_of(task, now=now, actor=acting_user)
    if files:
        requests.attach(code, files, acting_user=acting_user, key="", now=now)
    _confirmed(running, task, verdict, by_phone=by_phone)
    _settle.settle(running, task, verdict, by=acting_user)
    audit.remember(acting_user.pk, key, "workflow.accept", "service_request", service_request.pk)
    running.finish()
    return service_request


def _acceptance(service_request: ServiceRequest) -> Task:
    """The confirmation of a request: the open one, else the last. Raises Conflict where none was asked yet."""
    rows = Task.objects.select_related("assignee", "team", "done_by").filter(
        service_request=service_request, kind=Kind.ACCEPTANCE
    )
    task = rows.filter(state__in=ALIVE).first() or rows.order_by("-id").first()
    if task is None:
        raise Conflict(_("There is nothing to confirm yet. We will tell you when it is done."))
    task.service_request = service_request
    return task


def _confirmed(running: Running, task: Task, verdict: str, *, by_phone: bool) -> None:
    user = running.actor
    assert user is not None
    closed_by = ClosedBy.PHONE if by_phone else ClosedBy.PERSON
    name = task.assignee.full_name if task.assignee else ""
    if verdict == "no":
        running.log("not-accepted", {"name": name, "text": task.note}, by=user)
    elif by_phone:
        running.log("accepted-by-phone", {"name": name, "agent": user.full_name}, by=user)
    else:
        running.log("accepted", {"name": name}, by=user)
    running.data = {**running.data, "confirmed": closed_by.value if verdict == "yes" else ""}
    running.publish(Accepted, verdict=verdict, closed_by=closed_by.value, changes={"verdict": verdict})


def accept_by_time(running: Running, token: int) -> None:
    """Nobody objected within the days that were announced: the request counts as accepted (R115)."""
    task = (
        Task.objects.select_related("assignee", "team", "done_by")
        .filter(run=running.run, token_number=token, state=TaskState.OPEN, kind=Kind.ACCEPTANCE)
        .first()
    )
    if task is None:
        return
    task.service_request = running.service_request
    days = times.working_days(task.opened_at, running.now, times.calendar_key(running.run.release))
    running.log("accepted-by-time", {"days": days})
    running.data = {**running.data, "confirmed": ClosedBy.TIME.value}
    running.publish(
        Accepted, verdict="yes", closed_by=ClosedBy.TIME.value, rule="acceptance-by-time", changes={"verdict": "yes"}
    )
    _settle.settle(running, task, "yes", by=None)
