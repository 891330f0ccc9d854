"""Who is told when something happens (R61, R63, R86): one handler, at the end of a command, for all of its events.

Everything here is written in the caller's transaction, in a fixed number of statements.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

from django.db.models import F

from anliegen.catalogue.events import ItemReturned
from anliegen.catalogue.models import ItemVersion
from anliegen.lib.events import Event
from anliegen.lib.text import LocalText
from anliegen.notifications.actions import Owed, owe
from anliegen.people import queries as people
from anliegen.people.events import DeputyEnded, DeputySet, PersonEvent
from anliegen.people.models import User
from anliegen.people.rules import Role
from anliegen.reads.prepared import Ids, Prepared, Slot
from anliegen.requests.events import MessageSent, ParticipantNamed, Submitted
from anliegen.requests.models import JournalEntry, ServiceRequest
from anliegen.requests.rules import ClosedBy, EndKind, Status
from anliegen.tracking import sentences
from anliegen.workflow import queries as workflow
from anliegen.workflow.events import (
    Asked,
    Ended,
    ForecastMoved,
    MessageDue,
    Reclassified,
    RunEvent,
    SecurityAlarm,
    StatusChanged,
    TaskOpened,
    TaskWithdrawn,
    VoteOpened,
)
from anliegen.workflow.models import Run, Task, Vote
from anliegen.workflow.rules import ALIVE, Kind, Verdict

STATUS_MAILS = {Status.PROGRESS: "progress", Status.APPROVAL: "progress", Status.DONE: "confirm"}
ANSWER_LENGTH = 4_000  # of an answer in a mail
MODEL_MAILS = frozenset({"account-reset", "contact-changed"})
OWN = MODEL_MAILS | {"received", "fulfilled", "rejected", "cancelled", "alarm"}  # told to whoever did it, too
END_MAILS = {EndKind.FULFILLED: "fulfilled", EndKind.REJECTED: "rejected", EndKind.CANCELLED: "cancelled"}
_PERSON = (
    "email",
    "language",
    "is_active",
    "first_name",
    "last_name",
    "mail_choices",
    "time_zone",
)  # what a mail needs of a person
_SHOWN = ("confidential", "closed_by", "recipient_confirms", "forecast")  # and of a request
_OWNERS = ("requester", "recipient", "recorder")

_REQUEST = Prepared(
    lambda: (
        ServiceRequest.objects.select_related(*_OWNERS)
        .only(*_SHOWN, *(f"{who}__{name}" for who in _OWNERS for name in _PERSON))
        .filter(pk=Slot("request"))
    )
)
_TASKS = Prepared(
    lambda: (
        Task.objects.filter(pk__in=Ids("tasks"), state__in=ALIVE)
        .exclude(team=None)
        .select_related("team", "assignee")
        .only("name", "team__name", *(f"assignee__{name}" for name in _PERSON))
    )
)
_VOTES = Prepared(
    lambda: (
        Vote.objects.filter(task_id__in=Ids("tasks"), verdict=Verdict.OPEN)
        .select_related("approver")
        .only("reason", "task_id", *(f"approver__{name}" for name in _PERSON))
    )
)

_ITEM = Prepared(
    lambda: ItemVersion.objects.filter(item=Slot("item"), item__current=F("pk")).values_list("item__key", "title")
)

type Told = RunEvent | Submitted | MessageSent | ParticipantNamed


def tell(events: Sequence[Event]) -> None:
    """Owe the mails of a command, each event's to those whom it concerns."""
    concerned = [event for event in events if type(event) in TELLS]
    if concerned:
        reads = Reads(concerned)
        owe([one for event in concerned for one in TELLS[type(event)](event, reads)], now=concerned[0].now)


class Reads:
    """What the mails of one command read, each kind of row once."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.events = events
        self._requests: dict[int, ServiceRequest] = {}

    def request(self, pk: int) -> ServiceRequest:
        """A request with those who asked for it, get it, noted it down."""
        if pk not in self._requests:
            self._requests[pk] = _REQUEST(request=pk)[0]
        return self._requests[pk]

    @cached_property
    def tasks(self) -> dict[int, Task]:
        """The tasks that were opened and still are, with their teams."""
        ids = [event.task_id for event in self.events if isinstance(event, TaskOpened)]
        return {task.pk: task for task in _TASKS(tasks=ids)}

    @cached_property
    def withdrawn(self) -> dict[int, Task]:
        """The steps of teams that were withdrawn, with who had taken them."""
        ids = [event.task_id for event in self.events if isinstance(event, TaskWithdrawn)]
        rows = Task.objects.filter(pk__in=ids).exclude(team=None).exclude(assignee=None)
        rows = rows.select_related("team", "assignee")
        return rows.only("name", "team__name", *(f"assignee__{name}" for name in _PERSON)).in_bulk()

    @cached_property
    def members(self) -> dict[int, list[User]]:
        """Who works in the teams of those tasks that nobody has taken."""
        teams = {task.team_id for task in self.tasks.values() if task.team_id and task.assignee_id is None}
        return people.contacts(teams, self.events[0].now) if teams else {}

    @cached_property
    def votes(self) -> dict[tuple[int, int], Vote]:
        """The open votes, by task and approver."""
        ids = {event.task_id for event in self.events if isinstance(event, VoteOpened)}
        return {(vote.task_id, vote.approver_id): vote for vote in _VOTES(tasks=ids)}


def submitted(event: Submitted, reads: Reads) -> list[Owed]:
    """The requester is told that it came in; a recipient or caller for whom it was noted down, that it was."""
    service_request = reads.request(event.subject_id)
    who = (service_request.recorder or service_request.requester).full_name
    return _owed(
        event,
        (
            (person, "received" if person.pk == event.actor_id else "recorded", {"who": who})
            for person in _owners(service_request)
            if not (event.many and person.pk == event.actor_id)
        ),
    )


def status_changed(event: StatusChanged, reads: Reads) -> list[Owed]:
    """Progress, and the question whether it is done; to the requester, and the recipient if somebody else."""
    template = STATUS_MAILS.get(Status(event.new))
    if template is None:
        return []
    service_request = reads.request(event.subject_id)
    persons, params = _owners(service_request), {}
    if template == "confirm":
        persons = [service_request.recipient if service_request.recipient_confirms else service_request.requester]
        params = _to_confirm(service_request)
    return _owed(event, ((person, template, params) for person in persons), part=event.new)


def _to_confirm(service_request: ServiceRequest) -> dict[str, Any]:
    """By when, and what was answered; of a confidential request nothing is kept for the mail. Two statements."""
    days = workflow.confirmation_days(service_request)
    answer = None if service_request.confidential else workflow.answer_to(service_request)
    if answer is None:
        return {"days": days}
    who = answer.done_by.full_name if answer.done_by else ""
    return {"days": days, "answer": str(answer.outputs["answer"])[:ANSWER_LENGTH], "who": who}


def ended(event: Ended, reads: Reads) -> list[Owed]:
    """How it ended, to those who asked for it."""
    service_request = reads.request(event.subject_id)
    template, params = END_MAILS[EndKind(event.end_kind)], {"who": _name(event.actor_id)}
    if service_request.closed_by == ClosedBy.HANDED_OVER:
        template, params = "handed-over", {}
    return _owed(event, ((person, template, params) for person in _owners(service_request)))


def reclassified(event: Reclassified, reads: Reads) -> list[Owed]:
    """It went to another service, and why; who has to complete it is asked besides."""
    service_request = reads.request(event.subject_id)
    reason = Run.objects.filter(service_request=service_request, pass_no=event.pass_no).values_list("reason", flat=True)
    text = "" if service_request.confidential else reason.first() or ""
    params = {"who": _name(event.actor_id), "text": text}
    return _owed(event, ((person, "reclassified", params) for person in _owners(service_request)))


def message_sent(event: MessageSent, reads: Reads) -> list[Owed]:
    """A message goes to the other side: to the owners, or to those who work on it now."""
    service_request = reads.request(event.subject_id)
    entry = JournalEntry.objects.select_related("actor").get(pk=event.entry_id)
    owners = _owners(service_request)
    from_owner = event.actor_id in {person.pk for person in owners}
    to = _workers(service_request) if from_owner else owners
    params = {
        "who": entry.actor.full_name if entry.actor else "",
        "text": "" if service_request.confidential else entry.text[:2000],
        "area": "desk" if from_owner else "requests",
    }
    return _owed(event, ((person, "message", params) for person in to), part=event.entry_id)


def forecast_moved(event: ForecastMoved, reads: Reads) -> list[Owed]:
    """A supplier confirmed a date: the requester reads when it will probably be done."""
    day = reads.request(event.subject_id).forecast
    told = [
        (person, "forecast", {"day": sentences.moment(day, person.language) if day else ""})
        for person in _owners(reads.request(event.subject_id))
    ]
    return _owed(event, told, part=event.task_id)


def asked(event: Asked, reads: Reads) -> list[Owed]:
    """A question goes to the person who is asked."""
    task = Task.objects.get(pk=event.task_id)
    confidential = reads.request(event.subject_id).confidential
    params = {"text": "" if confidential else task.note[:2000], "who": _name(event.actor_id)}
    return _owed(event, [(User.objects.get(pk=event.person_id), "waiting", params)], part=event.task_id)


def vote_opened(event: VoteOpened, reads: Reads) -> list[Owed]:
    """An approver is told what waits, with a link; the token for one click is made by a later issue's sending job."""
    vote = reads.votes.get((event.task_id, event.approver_id))
    if vote is None:
        return []
    reason = vote.reason
    told = sentences.render(reason["key"], reason.get("params", {}), vote.approver.language) if reason else ""
    return _owed(event, [(vote.approver, "approval", {"reason": told})], part=vote.pk)


def task_opened(event: TaskOpened, reads: Reads) -> list[Owed]:
    """A task goes to its person, else to every member of its team (R123: all at the same instant).

    Those who asked for the thing are told by `asked` and `status_changed`; approvers by `vote_opened`.
    """
    task = reads.tasks.get(event.task_id)
    if task is None or task.team_id is None or event.kind in {Kind.APPROVAL, Kind.ACCEPTANCE}:
        return []
    persons = [task.assignee] if task.assignee else reads.members.get(task.team_id, [])
    return _owed(event, ((person, "task", _about(task, person.language)) for person in persons), part=event.task_id)


def message_due(event: MessageDue, reads: Reads) -> list[Owed]:
    """What a model wants told: an account was reset, a number was changed. To those whose account and number it is.

    It goes to the address that we have, which the request itself does not change: an impostor's would not be there.
    """
    if event.message not in MODEL_MAILS:
        return []
    persons = _owners(reads.request(event.subject_id))
    return _owed(event, ((person, event.message, {}) for person in persons), part=event.node)


def alarmed(event: SecurityAlarm, reads: Reads) -> list[Owed]:
    """IT security is told; where nobody works there, the process owners are."""
    del reads
    team = workflow.security_team(event.now)
    persons = people.members(team, event.now) if team else people.holders(Role.PROCESS_OWNER, event.now)
    return _owed(event, ((person, "alarm", {"cause": event.cause}) for person in persons), part=event.cause)


def returned(event: ItemReturned, reads: Reads) -> list[Owed]:
    """Who waited for a service is told that it can be had again."""
    del reads
    found = _ITEM.first(item=event.subject_id) if event.waited else None
    if found is None:
        return []
    name = f"{event.key}:{event.subject_id}:{round(event.now.timestamp() * 1_000_000)}"
    params = {"item": found[0], "title": found[1]}
    persons = User.objects.filter(pk__in=event.waited).only(*_PERSON).order_by("pk")
    return [Owed(person, "returned", params, event_id=name) for person in persons]


def task_withdrawn(event: TaskWithdrawn, reads: Reads) -> list[Owed]:
    """Whoever had taken or planned a step is told that it is not needed any more; of others, nobody had begun."""
    task = reads.withdrawn.get(event.task_id)
    if task is None or task.assignee is None:
        return []
    person = task.assignee
    return _owed(event, [(person, "withdrawn", _about(task, person.language))], part=event.task_id)


def deputy_set(event: DeputySet, reads: Reads) -> list[Owed]:
    """Who stands in for somebody is told from when to when; not where the system set it, as for a whole company."""
    del reads
    days = {name: event.changes.get(name) or "" for name in ("valid_from", "valid_to")}
    return _to_deputy(event, "deputy", days)


def deputy_ended(event: DeputyEnded, reads: Reads) -> list[Owed]:
    """Who stood in for somebody is told that it is over."""
    del reads
    return _to_deputy(event, "deputy-ended", {})


def _to_deputy(event: PersonEvent, template: str, params: dict[str, Any]) -> list[Owed]:
    if event.actor_id is None:
        return []
    deputy = people.person(str(event.changes["deputy"]))
    moment = str(round(event.now.timestamp() * 1_000_000))
    params = {"who": _name(event.subject_id), **params}
    return [Owed(deputy, template, params, event_id=f"{event.key}:{event.subject_id}:{moment}")]


def participant_named(event: ParticipantNamed, reads: Reads) -> list[Owed]:
    """Who was let follow is told that they can see it now, and by whom. Two statements."""
    del reads
    person = User.objects.filter(pk=event.person_id).first()
    if person is None:
        return []
    params = {"who": _name(event.actor_id), "role": event.changes.get("role", "")}
    return _owed(event, [(person, "named", params)], part=person.pk)


TELLS: dict[type[Event], Callable[[Any, Reads], list[Owed]]] = {
    Submitted: submitted,
    MessageSent: message_sent,
    ParticipantNamed: participant_named,
    TaskOpened: task_opened,
    VoteOpened: vote_opened,
    Asked: asked,
    ForecastMoved: forecast_moved,
    TaskWithdrawn: task_withdrawn,
    StatusChanged: status_changed,
    Ended: ended,
    MessageDue: message_due,
    SecurityAlarm: alarmed,
    Reclassified: reclassified,
    DeputySet: deputy_set,
    DeputyEnded: deputy_ended,
    ItemReturned: returned,
}


def _about(task: Task, lang: str) -> dict[str, str]:
    assert task.team is not None
    return {"task": LocalText.of(task.name).to(lang), "team": LocalText.of(task.team.name).to(lang)}


def _owed(event: Told, told: Iterable[tuple[User, str, dict[str, Any]]], *, part: int | str = "") -> list[Owed]:
    """One mail per event and person: the event is named by its kind, its request, its part and its moment."""
    moment = str(round(event.now.timestamp() * 1_000_000))
    name = ":".join(filter(None, (event.key, event.code, str(part), moment)))
    return [
        Owed(person, template, params, event_id=name, service_request_id=event.subject_id)
        for person, template, params in told
        if person.pk != event.actor_id or template in OWN
    ]


def _name(person_id: int | None) -> str:
    person = User.objects.filter(pk=person_id).first() if person_id else None
    return person.full_name if person else ""


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
