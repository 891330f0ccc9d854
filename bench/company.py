"""The requests that are multiplied: made by the actions, as people would, and left at every stage of their way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from anliegen.catalogue import queries as catalogue
from anliegen.catalogue.models import Item
from anliegen.catalogue.rules import Question, QuestionType
from anliegen.jobs import runner
from anliegen.people import queries as people
from anliegen.people.models import Place, User
from anliegen.people.rules import Role
from anliegen.requests import actions as requests
from anliegen.requests.models import ServiceRequest
from anliegen.requests.rules import Line, Reason
from anliegen.workflow import actions as workflow
from anliegen.workflow import queries
from anliegen.workflow.engine import FieldSpec
from anliegen.workflow.models import Task, Vote
from anliegen.workflow.rules import Kind
from bench import texts

ITEMS = ("desktop", "move", "question", "report")
STAGES_OPEN = (1, 2, 3, 4)  # how many steps were done
REQUESTERS = 4
PACE = timedelta(hours=7)  # between two steps of one that is done
_keys = count()


@dataclass(frozen=True, slots=True)
class Made:
    """One request, and whether it still runs."""

    service_request_id: int
    open: bool


def requesters(now: datetime, number: int = REQUESTERS) -> list[User]:
    """People who only ask: in no team, with a manager."""
    found = User.objects.filter(is_active=True, can_sign_in=True, manager__isnull=False, company__is_default=True)
    return [user for user in found.order_by("pk") if not people.teams_of(user, now)][:number]


def make(now: datetime) -> list[Made]:
    """Open requests at each stage and closed ones of each kind, for a few people, with what was written meanwhile."""
    made = []
    for number, user in enumerate(requesters(now)):
        for item in ITEMS:
            open_one = submit(item, user, now)
            advance(open_one, now, steps=STAGES_OPEN[number % len(STAGES_OPEN)])
            _talk(open_one, now)
            made.append(_made(open_one))
            closed = submit(item, user, now - timedelta(days=8))
            _talk(closed, now - timedelta(days=8) + PACE)
            _close(closed, number, now - timedelta(days=8) + PACE * 2)
            made.append(_made(closed))
    runner.drain(now=now + timedelta(minutes=1), limit=100_000)
    return made


def _talk(service_request: ServiceRequest, now: datetime) -> None:
    """The requester writes, the desk answers and notes something."""
    service_request.refresh_from_db()
    code, agent = service_request.code, people.holders(Role.SERVICE_DESK, now)[0]
    said = ((requests.message, texts.WORD, service_request.requester), (requests.message, texts.REPLY, agent))
    for act, text, user in (*said, (requests.note, texts.NOTE, agent)):
        act(code, text, acting_user=user, key=f"bench-{next(_keys)}", now=now)


def _made(service_request: ServiceRequest) -> Made:
    service_request.refresh_from_db()
    return Made(service_request.pk, open=service_request.ended_at is None)


def _close(service_request: ServiceRequest, number: int, now: datetime) -> None:
    """One in six is cancelled, one rejected, the others are done and accepted."""
    code = service_request.code
    match number % 6:
        case 0:
            workflow.cancel(code, "Nicht mehr nötig", acting_user=service_request.requester, now=now)
        case 1:
            agent = people.holders(Role.SERVICE_DESK, now)[0]
            workflow.reject(code, Reason.UNAVAILABLE, "Das gibt es nicht mehr.", acting_user=agent, now=now)
        case _:
            advance(service_request, now, pace=PACE)


def submit(item_key: str, user: User, now: datetime) -> ServiceRequest:
    """Send one request of this person with answers that fit the form."""
    line = Line(item_key=item_key, answers=answers(item_key, user, now), justification=texts.REASON)
    order = requests.submit([line], acting_user=user, channel="portal", key=f"bench-{next(_keys)}", now=now)
    return order.service_requests.select_related("requester").get()


def answers(item_key: str, user: User, now: datetime) -> dict[str, Any]:
    """An answer to every question that must be answered, and to those whose conditions read it."""
    version = Item.objects.select_related("current").get(key=item_key).current
    assert version is not None
    form, given = catalogue.form(version), {}
    for question in form.questions:
        if question.required and form.holds(question.visible_if, given):
            given[question.key] = _answer(question, form.options(question, given), user, now)
    return given


def _answer(question: Question, options: Sequence[Any], user: User, now: datetime) -> Any:
    match question.type:
        case QuestionType.CHOICE:
            return options[0].value
        case QuestionType.MULTIPLE:
            return [options[0].value]
        case QuestionType.PERSON:
            return user.public_id
        case QuestionType.PLACE:
            return Place.objects.exclude(pk=user.place_id).order_by("pk").values_list("code", flat=True)[0]
        case QuestionType.DATE:
            return (now + timedelta(days=21)).date().isoformat()
        case QuestionType.AMOUNT:
            return int(question.min or 1)
        case QuestionType.YESNO:
            return False
    return {"question": texts.QUESTION, "content": texts.PURPOSE}.get(question.key, texts.WORD)


def advance(service_request: ServiceRequest, now: datetime, steps: int = 100, pace: timedelta = timedelta(0)) -> int:
    """Let the right people do that many steps, or all; how many were done. Raises what the actions raise."""
    done = 0
    while done < steps and (act := next_step(service_request, now + pace * done)):
        act()
        done += 1
    return done


def next_step(service_request: ServiceRequest, now: datetime) -> Callable[[], object] | None:
    """What somebody has to do next, ready to be called; None when nobody has."""
    tasks = Task.objects.filter(service_request=service_request, state="open").order_by("pk")
    for task in tasks.select_related("assignee", "team", "run__release__model_version"):
        if task.kind == Kind.ACCEPTANCE:
            return _accept(service_request, task, now)
        if task.kind == Kind.APPROVAL:
            return _decide(task, now)
        return _complete(task, now)
    return None


def _accept(service_request: ServiceRequest, task: Task, now: datetime) -> Callable[[], object]:
    user = people.person(task.assignee_id or service_request.requester_id)
    return lambda: workflow.accept(service_request.code, acting_user=user, verdict="yes", now=now)


def _decide(task: Task, now: datetime) -> Callable[[], object]:
    vote = Vote.objects.filter(task=task, verdict="open").order_by("position", "pk").select_related("approver").first()
    assert vote is not None, "an approval without an open vote"
    user = people.person(vote.approver_id)
    return lambda: workflow.decide(task.pk, acting_user=user, verdict="yes", now=now)


def _complete(task: Task, now: datetime) -> Callable[[], object]:
    user, form = worker(task, now), queries.task_form(task)
    outputs = {field.name: output(field, task, now) for field in form.fields if field.required}
    outcome = form.outcomes[0] if form.outcomes else ""
    return lambda: workflow.complete(task.pk, acting_user=user, outcome=outcome, outputs=outputs, now=now)


def worker(task: Task, now: datetime) -> User:
    """Who does a task: its assignee, else the first of its team."""
    if task.assignee_id:
        return people.person(task.assignee_id)
    assert task.team is not None
    return people.members(task.team, now)[0]


def output(field: FieldSpec, task: Task, now: datetime) -> Any:
    """A value that fits a field of a step."""
    match field.type:
        case "choice":
            return field.options[0].value
        case "date":
            return now.date().isoformat()
        case "int" | "number":
            return 1
        case "cents" | "amount":
            return 64_900
        case "bool" | "yesno" | "check":
            return True
        case "person":
            return people.person(task.service_request.requester_id).public_id
        case "place":
            return Place.objects.order_by("pk").values_list("code", flat=True)[0]
    return f"N-{task.pk}"
