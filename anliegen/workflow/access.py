"""The only door to tasks and faults. Whoever sees the request sees its tasks; few may work on or decide one."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from anliegen.lib.errors import Forbidden, NotFound
from anliegen.people import queries as people
from anliegen.people.models import User
from anliegen.people.rules import Capability, Scope, ScopeKind
from anliegen.reads.prepared import Ids, Prepared, Slot
from anliegen.requests import access as requests_access
from anliegen.requests.models import ServiceRequest
from anliegen.workflow.models import Fault, Task, Vote
from anliegen.workflow.rules import ALIVE, WORK, Kind, Verdict

_RELATED = ("team", "assignee", "done_by", "run", "service_request__item_version__item")


def visible_to(user: User, now: datetime) -> QuerySet[Task]:
    """The tasks of the requests that somebody may see."""
    return Task.objects.filter(service_request__in=requests_access.visible_to(user, now))


def task_to_read(task_id: int, user: User, now: datetime) -> Task:
    """A task of a request that somebody may see. Raises NotFound."""
    found = _READ.first(task=task_id)
    if found is None or not requests_access.sees(user, found.service_request_id, now):
        raise NotFound
    return found


_READ = Prepared(lambda: Task.objects.select_related(*_RELATED).filter(pk=Slot("task")))


_BRIEF = Prepared(
    lambda: Task.objects.filter(pk=Slot("task")).values_list("service_request_id", "state", "assignee_id", "team_id")
)
_TASK = Prepared(lambda: Task.objects.select_related("team", "assignee").filter(pk=Slot("task")))


def _locked(task_id: int, user: User, now: datetime, *, decides: Sequence[int] = ()) -> tuple[Task, bool]:
    """A visible task, read again under the lock of its request, and whether this person has it.

    Whoever works on an open task, or is asked by an open vote (`decides`: for these persons), sees it by that; only for
    others everything that somebody may see is asked.
    """
    brief = _BRIEF.first(task=task_id)
    if brief is None:
        raise NotFound
    has_it = brief[1] in ALIVE and _has_it(task_id, brief[2:], user, now, decides)
    if not has_it and not requests_access.sees(user, brief[0], now):
        raise NotFound
    service_request = requests_access.locked(brief[0])
    task = _TASK.first(task=task_id)
    assert task is not None
    task.service_request = service_request
    return task, has_it and (task.assignee_id, task.team_id) == brief[2:]


def _has_it(
    task_id: int, holders: tuple[int | None, int | None], user: User, now: datetime, decides: Sequence[int]
) -> bool:
    assignee_id, team_id = holders
    if not user.is_active:
        return False
    if decides:
        return Vote.objects.filter(task_id=task_id, approver_id__in=decides, verdict=Verdict.OPEN).exists()
    return assignee_id == user.pk or (team_id is not None and is_member(user, team_id, now))


def task_to_work(task_id: int, user: User, now: datetime) -> Task:
    """A task that somebody may take, do or plan, locked. Call inside a transaction.

    Raises NotFound, or Forbidden for those who only see it. What state it is in, the caller asks.
    """
    task, has_it = _locked(task_id, user, now)
    if has_worked(task, user):
        raise Forbidden(_("Whoever worked on this does not check it. Please let a colleague check it."))
    if not has_it or task.kind == Kind.APPROVAL or _is_own_proof(task, user):
        require_work(task, user, now)
    return task


def require_work(task: Task, user: User, now: datetime) -> None:
    """Raise Forbidden for those who only see a task."""
    if not may_work(task, user, now):
        raise Forbidden(_("This task belongs to others. Please ask the team that has it."))


def may_work(task: Task, user: User, now: datetime) -> bool:
    """Whether somebody is the assignee, works in the task's team, or answers for the process."""
    if not user.is_active or task.kind == Kind.APPROVAL or has_worked(task, user) or _is_own_proof(task, user):
        return False
    if task.assignee_id == user.pk or (task.team_id and is_member(user, task.team_id, now)):
        return True
    return task.team_id is not None and is_process_owner(user, task.service_request, now)


def has_worked(task: Task, user: User) -> bool:
    """Whether a quality check would be done by somebody who did the work (R88). One statement for such a check."""
    if task.kind != Kind.QUALITY:
        return False
    done = Task.objects.filter(service_request_id=task.service_request_id, done_by=user, kind__in=WORK)
    return done.exists()


def _is_own_proof(task: Task, user: User) -> bool:
    """Nobody proves who they are to themselves (R120)."""
    return task.kind == Kind.IDENTITY and requests_access.is_owner(user, task.service_request)


def is_member(user: User, team_id: int, now: datetime) -> bool:
    """Whether somebody works in that team now."""
    return people.works_in(user, team_id, now)


def is_process_owner(user: User, service_request: ServiceRequest, now: datetime) -> bool:
    """Whether somebody may assign and repair in the request's category."""
    scope = Scope(ScopeKind.CATEGORY, service_request.category_key)
    return people.can(user, Capability.REPAIR_FAULTS, scope, now=now)


def is_agent(user: User, now: datetime) -> bool:
    """Whether somebody acts for callers: the service desk."""
    return people.can(user, Capability.RECORD_FOR_CALLERS, now=now)


def may_steer(user: User, service_request: ServiceRequest, now: datetime) -> bool:
    """Whether somebody may hold, reject or cancel: the desk, the process owner, and whoever has an open step.

    A team that was called in for side work helps; it does not steer.
    """
    if is_agent(user, now) or is_process_owner(user, service_request, now):
        return True
    return _works_on(user, service_request, now).exclude(kind=Kind.SIDE).exists()


def may_call_in(user: User, service_request: ServiceRequest, now: datetime) -> bool:
    """Whether somebody may ask another team for help: who steers, and also who was called in."""
    return may_steer(user, service_request, now) or _works_on(user, service_request, now).exists()


def _works_on(user: User, service_request: ServiceRequest, now: datetime) -> QuerySet[Task]:
    """The open tasks that somebody has, themselves or in a team; none of an own request."""
    if user.pk in {service_request.requester_id, service_request.recipient_id}:
        return Task.objects.none()
    mine = Q(assignee=user) | Q(team__in=[team.pk for team in people.teams_of(user, now)])
    return Task.objects.filter(mine, service_request=service_request, state="open")


def require_cancel(user: User, service_request: ServiceRequest, now: datetime) -> None:
    """Raise Forbidden unless the person may stop this request, or ask what stopping it means."""
    if not requests_access.is_owner(user, service_request) and not may_steer(user, service_request, now):
        raise Forbidden(_("Only who asked for it, who gets it or the service desk can cancel this."))


def require_revise(user: User, service_request: ServiceRequest, now: datetime) -> None:
    """Raise Forbidden unless the person may change the answers of this request."""
    if not requests_access.is_owner(user, service_request) and not is_agent(user, now):
        raise Forbidden(_("Only who asked for it, who gets it or the service desk can change this."))


def task_to_decide(task_id: int, user: User, now: datetime) -> tuple[Task, Vote | None]:
    """An approval, locked, with the vote that this person may cast; None when there is none left to cast.

    Raises NotFound for those who may not see it, Forbidden for requester, recipient and recorder, also as deputies
    (A16), and for everybody who is not asked (A18). Call inside a transaction.
    """
    principals = [user.pk, *(person.pk for person in people.stands_in_for(user, now))]
    task, _asked = _locked(task_id, user, now, decides=principals)
    service_request = task.service_request
    if task.kind != Kind.APPROVAL:
        raise NotFound
    own = {service_request.requester_id, service_request.recipient_id, service_request.recorder_id}
    if user.pk in own:
        raise Forbidden(_("Nobody decides their own request. Somebody else is asked."))
    votes = _VOTES(task=task.pk, principals=principals)
    if not user.is_active or not votes:
        raise Forbidden(_("You are not asked to decide this."))
    votes.sort(key=lambda vote: (vote.verdict != Verdict.OPEN, vote.approver_id != user.pk, vote.position))
    castable = [vote for vote in votes if vote.verdict in {Verdict.OPEN, Verdict.YES, Verdict.NO}]
    return task, castable[0] if castable else None


_VOTES = Prepared(
    lambda: Vote.objects.filter(task=Slot("task"), approver__in=Ids("principals")).select_related("approver", "by")
)


def fault_to_repair(fault_id: int, user: User, now: datetime) -> tuple[Fault, ServiceRequest]:
    """An open or closed fault, with its request locked. Raises NotFound, Forbidden. Call inside a transaction."""
    fault = Fault.objects.select_related("run__service_request").filter(pk=fault_id).first()
    if fault is None or not people.can(user, Capability.SEE_FAULTS, now=now):
        raise NotFound
    if not is_process_owner(user, fault.run.service_request, now):
        raise Forbidden(_("Only the process owner repairs faults."))
    service_request = requests_access.locked(fault.run.service_request_id)
    fault.refresh_from_db()
    return fault, service_request


def steered(code: str, user: User, now: datetime) -> ServiceRequest:
    """A request that somebody may hold, move or reject, to be looked at. Raises NotFound, Forbidden."""
    service_request = requests_access.to_read(code, user, now)
    if not may_steer(user, service_request, now):
        raise Forbidden(_("Only those who work on this request can do that."))
    return service_request


def to_steer(code: str, user: User, now: datetime) -> ServiceRequest:
    """A request that somebody may hold or reject, locked. Raises NotFound, Forbidden."""
    return _allowed(code, user, now, may_steer)


def to_call_in(code: str, user: User, now: datetime) -> ServiceRequest:
    """A request for which somebody may ask another team, locked. Raises NotFound, Forbidden."""
    return _allowed(code, user, now, may_call_in)


def _allowed(
    code: str, user: User, now: datetime, allows: Callable[[User, ServiceRequest, datetime], bool]
) -> ServiceRequest:
    service_request = requests_access.to_write(code, user, now)
    if not allows(user, service_request, now):
        raise Forbidden(_("Only those who work on this request can do that."))
    return service_request
