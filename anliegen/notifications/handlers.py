"""Who is told when something happens (R61, R63, R86). Everything here is written in the caller's transaction."""

from collections.abc import Iterable

from anliegen.lib.text import LocalText
from anliegen.notifications.actions import Owed, owe
from anliegen.people import queries as people
from anliegen.people.models import User
from anliegen.requests.events import MessageSent, Submitted
from anliegen.requests.models import JournalEntry, ServiceRequest
from anliegen.requests.rules import EndKind, Status
from anliegen.tracking import sentences
from anliegen.workflow.events import Asked, Ended, RunEvent, StatusChanged, TaskOpened, VoteOpened
from anliegen.workflow.models import Task, Vote
from anliegen.workflow.rules import ALIVE, Kind, Verdict

STATUS_MAILS = {Status.PROGRESS: "progress", Status.APPROVAL: "progress", Status.DONE: "confirm"}
OWN = frozenset({"received", "fulfilled", "rejected", "cancelled"})  # told to whoever did it, too
END_MAILS = {EndKind.FULFILLED: "fulfilled", EndKind.REJECTED: "rejected", EndKind.CANCELLED: "cancelled"}


def submitted(event: Submitted) -> None:
    """The requester is told that it came in; a recipient or caller for whom it was noted down, that it was."""
    service_request = _request(event.subject_id)
    recorder = service_request.recorder
    who = (recorder or service_request.requester).full_name
    _tell(
        event,
        [
            Owed(person, "received" if person.pk == event.actor_id else "recorded", {"who": who})
            for person in _owners(service_request)
        ],
    )


def status_changed(event: StatusChanged) -> None:
    """Progress, and the question whether it is done; to the requester, and the recipient if somebody else."""
    template = STATUS_MAILS.get(Status(event.new))
    if template is None:
        return
    service_request = _request(event.subject_id)
    persons = _owners(service_request)
    if template == "confirm":
        persons = [service_request.recipient if service_request.recipient_confirms else service_request.requester]
    _tell(event, [Owed(person, template, {}) for person in persons], part=event.new)


def ended(event: Ended) -> None:
    service_request = _request(event.subject_id)
    who = _name(event.actor_id)
    template = END_MAILS[EndKind(event.end_kind)]
    _tell(event, [Owed(person, template, {"who": who}) for person in _owners(service_request)])


def message_sent(event: MessageSent) -> None:
    """A message goes to the other side: to the owners, or to those who work on it now."""
    service_request = _request(event.subject_id)
    entry = JournalEntry.objects.select_related("actor").get(pk=event.entry_id)
    owners = _owners(service_request)
    from_owner = event.actor_id in {person.pk for person in owners}
    to = _workers(service_request) if from_owner else owners
    params = {
        "who": entry.actor.full_name if entry.actor else "",
        "text": "" if service_request.confidential else entry.text[:2000],
        "area": "desk" if from_owner else "requests",
    }
    _tell(event, [Owed(person, "message", params) for person in to], part=event.entry_id)


def asked(event: Asked) -> None:
    task = Task.objects.get(pk=event.task_id)
    params = {"text": task.note[:2000], "who": _name(event.actor_id)}
    _tell(event, [Owed(User.objects.get(pk=event.person_id), "waiting", params)], part=event.task_id)


def vote_opened(event: VoteOpened) -> None:
    """An approver is told what waits, with a link; the token for one click is made by a later issue's sending job."""
    vote = (
        Vote.objects.select_related("approver")
        .filter(task_id=event.task_id, approver_id=event.approver_id, verdict=Verdict.OPEN)
        .first()
    )
    if vote is None:
        return
    reason = vote.reason
    told = sentences.render(reason["key"], reason.get("params", {}), vote.approver.language) if reason else ""
    _tell(event, [Owed(vote.approver, "approval", {"reason": told})], part=vote.pk)


def task_opened(event: TaskOpened) -> None:
    """A task goes to its person, else to every member of its team (R123: all at the same instant).

    Those who asked for the thing are told by `asked` and `status_changed`; approvers by `vote_opened`.
    """
    if event.kind in {Kind.APPROVAL, Kind.ACCEPTANCE}:
        return
    task = Task.objects.select_related("team", "assignee", "service_request").get(pk=event.task_id)
    if task.team is None:
        return
    persons = [task.assignee] if task.assignee else people.members(task.team, event.now)
    _tell(event, [Owed(person, "task", _about(task, person.language)) for person in persons], part=event.task_id)


def _about(task: Task, lang: str) -> dict[str, str]:
    assert task.team is not None
    return {"task": LocalText.of(task.name).to(lang), "team": LocalText.of(task.team.name).to(lang)}


def _tell(event: RunEvent | Submitted | MessageSent, owed: Iterable[Owed], *, part: int | str = "") -> None:
    """One mail per event and person: the event is named by its kind, its request, its part and its moment."""
    moment = str(round(event.now.timestamp() * 1_000_000))
    name = ":".join(filter(None, (event.key, event.code, str(part), moment)))
    others = [one for one in owed if one.recipient.pk != event.actor_id or one.template in OWN]
    owe(others, service_request_id=event.subject_id, event_id=name, now=event.now)


def _name(person_id: int | None) -> str:
    person = User.objects.filter(pk=person_id).first() if person_id else None
    return person.full_name if person else ""


def _request(pk: int) -> ServiceRequest:
    return ServiceRequest.objects.select_related("requester", "recipient", "recorder").get(pk=pk)


def _owners(service_request: ServiceRequest) -> list[User]:
    persons = {service_request.requester_id: service_request.requester}
    persons.setdefault(service_request.recipient_id, service_request.recipient)
    return list(persons.values())


def _workers(service_request: ServiceRequest) -> list[User]:
    """Who has it now: assignees, else the leads of the teams whose tasks are open, else approvers."""
    tasks = Task.objects.filter(service_request=service_request, state__in=ALIVE).select_related(
        "assignee", "team__lead"
    )
    found: dict[int, User] = {}
    for task in tasks:
        person = task.assignee or (task.team.lead if task.team else None)
        if person:
            found[person.pk] = person
    return list(found.values())
