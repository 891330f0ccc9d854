"""Whose turn it is, for one viewer, from the open tasks of requests."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anliegen.lib.text import LocalText
from anliegen.people.models import User
from anliegen.reads.prepared import Ids, Prepared
from anliegen.requests.models import ServiceRequest
from anliegen.requests.rules import ENDED, Status
from anliegen.tracking import sentences, words
from anliegen.tracking.shapes import Turn
from anliegen.workflow.models import Task, Vote
from anliegen.workflow.rules import DETAILS, Kind, TaskState, Verdict

OPEN = (TaskState.OPEN, TaskState.SETTLED)
TEAMS = 2  # the rank of a team's work
_VOTE = ("task", "verdict", "reason", "position", "approver__first_name", "approver__last_name")
_TASK = (
    *("service_request", "state", "kind", "name", "phase", "opened_at", "team__name", "node", "note", "token_number"),
    *("assignee__first_name", "assignee__last_name"),
)  # what tells whose turn it is


def open_tasks(ids: Iterable[int]) -> dict[int, list[Task]]:
    """The tasks that wait, per request id, oldest first, with team, assignee and open votes. Two statements."""
    found: dict[int, list[Task]] = defaultdict(list)
    for task in with_open_votes(_WAITING(ids=ids)):
        found[task.service_request_id].append(task)
    return found


_WAITING = Prepared(
    lambda: (
        Task.objects.filter(service_request__in=Ids("ids"), state__in=OPEN)
        .select_related("team", "assignee")
        .only(*_TASK)
        .order_by("id")
    )
)


def with_open_votes(tasks: list[Task]) -> list[Task]:
    """The same tasks with their votes that are still to be cast in `open_votes`, with the approvers' names."""
    votes: dict[int, list[Vote]] = defaultdict(list)
    for vote in _VOTES(ids=[task.pk for task in tasks]) if tasks else ():
        votes[vote.task_id].append(vote)
    for task in tasks:
        task.open_votes = votes[task.pk]  # type: ignore[attr-defined]
    return tasks


_VOTES = Prepared(
    lambda: (
        Vote.objects.filter(verdict=Verdict.OPEN, task__in=Ids("ids"))
        .select_related("approver")
        .only(*_VOTE)
        .order_by("position", "id")
    )
)


def turn_of(service_request: ServiceRequest, tasks: Sequence[Task], viewer: User) -> Turn:
    """The one answer to "whose turn is it?". What waits for the viewer wins; then requester, approvers, teams."""
    if service_request.status in ENDED:
        return Turn(kind="nobody")
    if service_request.status == Status.HOLD:
        return Turn(kind="nobody", name=_("Nobody: on hold"), detail=service_request.held_reason)
    mine = next((task for task in tasks if is_asked(task, viewer)), None)
    if mine is not None:
        return replace(_told(mine, kind="you"), asks=_asks(mine), text=mine.note)
    owners = {service_request.requester_id, service_request.recipient_id}
    chosen = min(tasks, key=lambda task: _rank(task, owners), default=None)
    if chosen is not None:
        return _together(_told(chosen), [task for task in tasks if _rank(task, owners)[0] == TEAMS])
    return Turn(kind="system", name=_("The system"), detail=_("The next step starts by itself."))


def _asks(task: Task) -> str:
    """What kind of answer a task wants from its person."""
    if task.node == DETAILS:
        return "complete"
    if task.kind in {Kind.ACCEPTANCE, Kind.APPROVAL}:
        return "accept" if task.kind == Kind.ACCEPTANCE else "approve"
    if task.token_number is not None:
        return "step"
    return "answer" if task.kind == Kind.ANSWER else "correct"


def _rank(task: Task, owners: set[int]) -> tuple[int, int]:
    """What holds a request up most stands first: its owners, then approvers, then teams; the oldest of each."""
    votes: list[Vote] = task.open_votes  # type: ignore[attr-defined]
    asks_owner = task.team_id is None and task.assignee_id in owners
    return (0 if asks_owner else 1 if votes else TEAMS, task.pk)


def _together(turn: Turn, tasks: Sequence[Task]) -> Turn:
    """Teams that work at the same time are all named (R124); anybody else who is asked stands alone."""
    lang = get_language() or "de"
    names = list(dict.fromkeys(LocalText.of(task.team.name).to(lang) for task in tasks if task.team))
    if turn.kind != "team" or len(names) < 2:
        return turn
    return replace(turn, name=", ".join(names), detail=_("at the same time"), person="")


def is_asked(task: Task, viewer: User) -> bool:
    """Whether the viewer in person is asked by this task: as assignee, or as approver whose vote is open."""
    return task.assignee_id == viewer.pk or any(vote.approver_id == viewer.pk for vote in task.open_votes)  # type: ignore[attr-defined]


def _told(task: Task, kind: str = "") -> Turn:
    lang = get_language() or "de"
    votes: list[Vote] = task.open_votes  # type: ignore[attr-defined]
    name = LocalText.of(task.name).to(lang)
    if votes:
        names = words.names([vote.approver.full_name for vote in votes])
        reason = votes[0].reason
        return Turn(
            kind=kind or "person",
            name=names,
            detail=name,
            since=task.opened_at,
            reason=sentences.render(reason["key"], reason.get("params", {}), lang) if reason.get("key") else "",
            task_id=task.pk,
        )
    if task.team:
        team = LocalText.of(task.team.name).to(lang)
        person = task.assignee.full_name if task.assignee else ""
        return Turn(
            kind=kind or "team", name=team, detail=person or name, person=person, since=task.opened_at, task_id=task.pk
        )
    person = task.assignee.full_name if task.assignee else ""
    return Turn(kind=kind or "person", name=person, detail=name, since=task.opened_at, task_id=task.pk)
