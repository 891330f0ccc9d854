"""Reads of running requests: work lists, votes, faults, a task's form, the way ahead. Ids first, then their rows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from anliegen.people import queries as people
from anliegen.people.models import User
from anliegen.people.rules import Capability
from anliegen.reads.prepared import Ids, Prepared, Slot
from anliegen.requests.models import ServiceRequest
from anliegen.requests.rules import Status
from anliegen.workflow.engine import FieldSpec, Node
from anliegen.workflow.models import Fault, Run, Task, Vote
from anliegen.workflow.queries import releases, ticks
from anliegen.workflow.queries.ahead import StepAhead, Way, steps_after, steps_ahead, way_ahead
from anliegen.workflow.queries.committed import is_committed
from anliegen.workflow.queries.deciding import own_words, own_words_by_task, products_by_run, votes_by_task, votes_of
from anliegen.workflow.queries.reopening import reopen_until
from anliegen.workflow.queries.security import team as security_team
from anliegen.workflow.rules import ALIVE, CONFIRMATION_DAYS, Kind, RunStatus, TaskState, Verdict, may_carry

__all__ = [
    "Page",
    "StepAhead",
    "StepForm",
    "Way",
    "approvals",
    "castable",
    "faults",
    "is_committed",
    "leeway",
    "my_tasks",
    "node_of",
    "own_words",
    "own_words_by_task",
    "products_by_run",
    "relied_on",
    "reopen_until",
    "requests_with_open_work_of",
    "runs_of",
    "security_team",
    "steps_after",
    "steps_ahead",
    "task_by_node",
    "task_form",
    "tasks_of",
    "team_tasks",
    "votes",
    "votes_by_task",
    "votes_of",
    "way_ahead",
]

PAGE = 50
COST = frozenset({"request.cost_cents", "request.monthly_cents", "request.total_cents"})
_RELATED = ("team", "assignee", "service_request__requester__department", "service_request__recipient")
_UNSHOWN = (
    *("task__outputs", "task__basis", "task__reason", "task__service_request__answers"),
    *("approver__search_words", "approver__password", "approver__job_title"),
    *(f"task__service_request__requester__{name}" for name in ("search_words", "password", "job_title")),
    *(f"task__service_request__recipient__{name}" for name in ("search_words", "password", "job_title")),
)  # wide columns that no list of votes shows


@dataclass(frozen=True, slots=True)
class Page:
    """One page of tasks; `more` says whether there is another."""

    tasks: list[Task]
    number: int
    more: bool


@dataclass(frozen=True, slots=True)
class StepForm:
    """What completing a task asks for: fields, also those to tick, results to choose from, a hint."""

    fields: tuple[FieldSpec, ...] = ()
    outcomes: tuple[str, ...] = ()
    hint: dict[str, str] = field(default_factory=dict)
    commits: bool = False
    known: Mapping[str, Any] = field(default_factory=dict)  # what the run knows already of these fields


def my_tasks(user: User, now: datetime, page: int = 1, size: int = PAGE) -> Page:
    """Open tasks that are assigned to a person, due first; those without a date last."""
    del now
    return _page(Task.objects.filter(assignee=user, state=TaskState.OPEN), page, size)


def team_tasks(user: User, now: datetime, page: int = 1, size: int = PAGE) -> Page:
    """Open tasks of a person's teams, due first."""
    teams = [team.pk for team in people.teams_of(user, now)]
    return _page(Task.objects.filter(team__in=teams, state=TaskState.OPEN), page, size)


def _page(tasks: QuerySet[Task], page: int, size: int) -> Page:
    first = (max(page, 1) - 1) * size
    ids = list(
        tasks.order_by(F("due").asc(nulls_last=True), "id").values_list("id", flat=True)[first : first + size + 1]
    )
    rows = Task.objects.select_related(*_RELATED).in_bulk(ids[:size])
    return Page([rows[pk] for pk in ids[:size]], max(page, 1), len(ids) > size)


class Castable(NamedTuple):
    """A vote that somebody may cast."""

    vote_id: int
    task_id: int
    order_id: int
    node: str
    approver_id: int

    @property
    def together(self) -> tuple[int, str, int]:
        """What has this in common is one decision to people: an order, a step, and who is asked."""
        return self.order_id, self.node, self.approver_id


def castable(user: User, now: datetime) -> list[Castable]:
    """The votes that a person may cast now, their own and those of whom they stand in for, due first.

    Not for requests of their own (A16). One statement beside whom they stand in for.
    """
    principals = [user.pk, *(person.pk for person in people.stands_in_for(user, now))]
    return [Castable(*row) for row in _ASKED(user=user.pk, principals=principals)]


def votes(of: Sequence[Castable]) -> list[Vote]:
    """The rows of these votes, in this order, with what a card shows. One statement."""
    rows = {vote.pk: vote for vote in _VOTES(ids=[one.vote_id for one in of])} if of else {}
    return [rows[one.vote_id] for one in of]


_CASTABLE = ("id", "task_id", "task__service_request__order", "task__node", "approver")


def _asked() -> QuerySet[Vote, tuple[int, int, int, str, int]]:
    user = Slot("user")
    own = Q(task__service_request__requester=user) | Q(task__service_request__recipient=user)
    own |= Q(task__service_request__recorder=user)
    votes = Vote.objects.filter(approver__in=Ids("principals"), verdict=Verdict.OPEN, task__state=TaskState.OPEN)
    return votes.exclude(own).order_by(F("due").asc(nulls_last=True), "id").values_list(*_CASTABLE)[:200]


_ASKED = Prepared(_asked)
_VOTES = Prepared(
    lambda: (
        Vote.objects.select_related(
            "approver",
            "task__service_request__requester__department",
            "task__service_request__recipient",
            "task__service_request__order",
        )
        .defer(*_UNSHOWN)
        .filter(pk__in=Ids("ids"))
    )
)


def approvals(service_request: ServiceRequest) -> list[Task]:
    """All approvals of a request with their votes in `votes_asked`, oldest first."""
    tasks = _APPROVALS(service_request=service_request.pk)
    votes = votes_by_task([task.pk for task in tasks]) if tasks else {}
    for task in tasks:
        task.votes_asked = votes.get(task.pk, [])  # type: ignore[attr-defined]
    return tasks


_APPROVALS = Prepared(
    lambda: (
        Task.objects.filter(service_request=Slot("service_request"), kind=Kind.APPROVAL)
        .select_related("done_by")
        .order_by("id")
    )
)


def tasks_of(service_request: ServiceRequest) -> list[Task]:
    """All tasks of a request but the withdrawn ones, oldest first."""
    return _TASKS(service_request=service_request.pk)


_TASKS = Prepared(
    lambda: (
        Task.objects.filter(service_request=Slot("service_request"))
        .exclude(state=TaskState.WITHDRAWN)
        .select_related("team", "assignee", "done_by")
        .order_by("id")
    )
)


def task_by_node(service_request: ServiceRequest, node: str, visit: int) -> Task | None:
    """The latest task of a step, by its name in the model and its visit; for addresses without ids."""
    return _BY_NODE.first(service_request=service_request.pk, node=node, visit=visit)


_BY_NODE = Prepared(
    lambda: (
        Task.objects.filter(service_request=Slot("service_request"), node=Slot("node"), visit=Slot("visit"))
        .select_related("team", "assignee", "done_by")
        .order_by("-id")[:1]
    )
)


def runs_of(service_request: ServiceRequest) -> list[Run]:
    """All passes of a request, in order."""
    return releases.passes(service_request.pk)


def node_of(task: Task) -> Node | None:
    """The step of the model that a task belongs to; None for side work and questions."""
    [run] = releases.with_release(_MODEL(id=task.run_id))
    return releases.graph_of(run.release.model_version).nodes.get(task.node)


_MODEL = Prepared(lambda: Run.objects.filter(pk=Slot("id")).only("release_id"))


def task_form(task: Task) -> StepForm:
    """What completing this task asks for, and what is known of it. Two statements."""
    node = node_of(task)
    if node is None:
        return StepForm(outcomes=("done",))
    asked = (*node.form, *ticks.fields(task))
    reads = asked or _NAMED.search(node.hint.de)
    data = Run.objects.filter(pk=task.run_id).values_list("data", flat=True).first() or {} if reads else {}
    known = {spec.name: data[spec.name] for spec in node.form if spec.name in data}
    return StepForm(asked, node.outcomes or ("done",), _hint(node, data), node.commits, known)


_NAMED = re.compile(r"\{([a-z_]+)\}")


def _hint(node: Node, data: Mapping[str, Any]) -> dict[str, str]:
    """What to do, in both languages; "{name}" is what an earlier step gave by that name."""
    return {lang: _NAMED.sub(lambda hit: str(data.get(hit[1], "")), text) for lang, text in node.hint.json().items()}


def answer_to(service_request: ServiceRequest) -> Task | None:
    """The last answer that a team gave to a question, with who gave it. One statement."""
    rows = Task.objects.filter(service_request=service_request, kind=Kind.ANSWER, state=TaskState.DONE, outcome="done")
    found = rows.exclude(team=None).select_related("done_by", "team").order_by("-id").first()
    return found if found and found.outputs.get("answer") else None


def confirmation_days(service_request: ServiceRequest) -> int:
    """After how many working days without a word the request counts as accepted. One statement."""
    rows = Run.objects.filter(service_request=service_request).order_by("-pass_no")
    options = rows.values_list("release__options", flat=True).first() or {}
    return int(options.get("confirmation_days", CONFIRMATION_DAYS))


def leeway(service_request: ServiceRequest) -> tuple[bool, bool]:
    """Whether what was asked for can still be cancelled, and whether it can be revised, by its owner. Two statements.

    One on hold can be cancelled, but goes on before it is revised; nothing can be cancelled or revised once something
    was ordered or installed, and nothing cancelled once it is done.
    """
    run = _HELD.first(service_request=service_request.pk)
    if run is None or is_committed(run):
        return False, False
    done = service_request.status == Status.DONE
    return not done, not done and run.held_at is None


def relied_on(service_request: ServiceRequest) -> list[tuple[Task, bool]]:
    """What people have decided or done in this pass and would count again after a correction, oldest first; and whether
    it rests on the cost alone, or on every answer. Two statements."""
    run = _HELD.first(service_request=service_request.pk)
    if run is None:
        return []
    nodes = releases.graph_of(run.release.model_version).nodes
    owners = {service_request.requester_id, service_request.recipient_id}
    rows = Task.objects.filter(run=run, state=TaskState.DONE).exclude(token_number=None)
    found = []
    for task in rows.select_related("team", "done_by").order_by("id"):
        with_owner = task.team_id is None and task.assignee_id in owners
        if task.node in nodes and may_carry(task.kind, task.outcome, with_owner=with_owner):
            basis = nodes[task.node].basis
            found.append((task, bool(basis) and all(one in COST for one in basis)))
    return found


_HELD = Prepared(
    lambda: (
        Run.objects.filter(service_request=Slot("service_request"), status=RunStatus.RUNNING)
        .select_related("release__model_version")
        .only("held_at", "release__model_version__sha256")
    )
)


def faults(user: User, now: datetime, *, limit: int = 200) -> list[Fault]:
    """Open faults for those who may see them, oldest first; a confidential request shows code and step only."""
    if not people.can(user, Capability.SEE_FAULTS, now=now):
        return []
    rows = Fault.objects.filter(resolved_at=None).select_related("run__service_request", "run__release__item_version")
    rows = rows.defer("run__service_request__answers")
    return list(rows.order_by("created_at", "id")[:limit])


def requests_with_open_work_of(person_id: int) -> Sequence[int]:
    """The ids of the requests in which a person has an open task or vote."""
    tasks = Task.objects.filter(assignee_id=person_id, state__in=ALIVE).values_list("service_request_id", flat=True)
    votes = Vote.objects.filter(
        approver_id=person_id, verdict__in=(Verdict.OPEN, Verdict.WAITING), task__state__in=ALIVE
    ).values_list("task__service_request_id", flat=True)
    return sorted({*tasks, *votes})
