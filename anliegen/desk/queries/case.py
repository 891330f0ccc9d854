"""One task or one request as its page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anliegen.desk import wording
from anliegen.desk.queries.recorded import recorded
from anliegen.files.models import StoredFile
from anliegen.lib.errors import NotFound
from anliegen.lib.text import LocalText
from anliegen.people import queries as people
from anliegen.people.access import day, once
from anliegen.people.models import Team, User
from anliegen.reads.prepared import Prepared, Slot
from anliegen.requests import access as requests_access
from anliegen.requests import queries as requests
from anliegen.requests.models import JournalEntry, ServiceRequest
from anliegen.requests.rules import ENDED, EndKind, EntryKind, Status, Visibility
from anliegen.sla import queries as sla
from anliegen.sla.models import Clock
from anliegen.tracking import sentences, words
from anliegen.tracking.queries.story import story
from anliegen.tracking.queries.tasks import task_rows
from anliegen.tracking.shapes import Part, Story, TaskRow
from anliegen.ui import plan as plans
from anliegen.ui import words as ui_words
from anliegen.workflow import access
from anliegen.workflow import queries as workflow
from anliegen.workflow.actions.tasks import may_assign
from anliegen.workflow.models import Task
from anliegen.workflow.queries import StepForm
from anliegen.workflow.rules import DETAILS, Kind, TaskState

OTHERS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class May:
    """What the person at the screen may do with a request, and with the task if there is one."""

    work: bool = False
    take: bool = False
    give_back: bool = False
    assign: bool = False
    answer: bool = False  # note what was said by phone
    accept: bool = False
    call_in: bool = False
    note: bool = False
    hold: bool = False
    resume: bool = False
    move: bool = False  # to another service
    end: bool = False
    reopen: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A request for one person at the desk."""

    service_request: ServiceRequest
    story: Story
    may: May
    answers: list[tuple[str, str]]
    recorded: list[dict[str, Any]]  # what completed steps hand on
    stream: list[dict[str, Any]]
    plan: dict[str, Any]
    tasks: list[Task]
    approvals: list[Task]
    clocks: list[dict[str, Any]]
    others: list[ServiceRequest]
    links: list[dict[str, Any]]
    entries: Sequence[JournalEntry]
    state: dict[str, str]
    contact: dict[str, str]
    rating: dict[str, Any] | None  # for the lead of a team and the process owner only


@dataclass(frozen=True)
class Step:
    """A task of a request, with what completing it asks for; each part is read when a page or form first needs it."""

    task: Task
    user: User
    now: datetime

    @cached_property
    def row(self) -> TaskRow:
        return task_rows([self.task.pk], self.user, now=self.now)[0]

    @cached_property
    def clock(self) -> Mapping[str, Any]:
        return wording.clock_of(self.row, self.now, self.user.time_zone)

    @cached_property
    def form(self) -> StepForm:
        return workflow.task_form(self.task)

    @cached_property
    def case(self) -> Case:
        return load(self.task.service_request, self.user, self.now, task=self.task)

    @cached_property
    def members(self) -> Sequence[User]:
        return people.members(self.task.team, self.now) if self.task.team and self.case.may.assign else ()

    @property
    def question(self) -> str:
        """What the task was opened with: a question, what a team shall do, why a check sent it back."""
        note = self.task.note
        if self.task.kind in {Kind.ANSWER, Kind.SIDE} or not note:
            return note
        return _("Back from the quality check: %(text)s") % {"text": note} if self.is_open else ""

    @property
    def proofs(self) -> Sequence[Mapping[str, Any]]:
        """The numbers to call back on, of an identity check that this person may do."""
        check = self.task.kind == Kind.IDENTITY and self.is_open and self.case.may.work
        return proofs(self.task.service_request.recipient, self.now) if check else ()

    @property
    def facts(self) -> Sequence[str]:
        """What registers say, for steps that decide or work by it."""
        return _facts(self.case.entries) if self.task.kind in {Kind.CHECK, Kind.WORK} else ()

    @property
    def address(self) -> str:
        return step_key(self.task)

    @property
    def is_open(self) -> bool:
        return self.task.state == TaskState.OPEN


def step_key(task: Task) -> str:
    """How a task is named in addresses: its step and visit."""
    return f"{task.node}-{task.visit}"


def task_of(code: str, step: str, user: User, now: datetime) -> Task:
    """A task by the words of its address. Raises NotFound, also for requests that are not this person's."""
    service_request = requests_access.to_read(code, user, now)
    node, _mark, visit = step.rpartition("-")
    found = None
    if node and visit.isascii() and visit.isdigit() and len(visit) < 5:
        found = workflow.task_by_node(service_request, node.replace("\x00", ""), int(visit))
    if found is None:
        raise NotFound
    found.service_request = service_request
    return found


def load(service_request: ServiceRequest, user: User, now: datetime, *, task: Task | None = None) -> Case:
    """Everything that the work page of a request shows."""
    told = story(service_request, user, now=now, at_desk=True)
    entries = requests.entries(service_request, user, now)
    status = Status(service_request.status)
    tasks = workflow.tasks_of(service_request)
    return Case(
        service_request=service_request,
        story=told,
        may=_may(service_request, task, user, now),
        answers=_answers(service_request, user, now),
        recorded=recorded(service_request, tasks, now.astimezone(ZoneInfo(user.time_zone)).date()),
        stream=[_entry(entry, user, service_request.code) for entry in entries],
        plan=_plan(told.parts, user, now),
        tasks=tasks,
        approvals=workflow.approvals(service_request),
        clocks=[_clock(clock, now) for clock in sla.clocks(service_request.pk)],
        others=_others(service_request, user, now),
        entries=entries,
        links=[_linked(one) for one in requests.links(service_request, user, now)],
        state={"kind": wording.STATE_KINDS[status], "label": told.word},
        contact=contact(service_request.requester),
        rating=_rating(service_request, user, now),
    )


def _rating(service_request: ServiceRequest, user: User, now: datetime) -> dict[str, Any] | None:
    """How content the requester was, in words; asked for fulfilled requests only."""
    found = requests.rating(service_request, user, now)
    if found is None:
        return None
    word = words.SCORE[found.score]
    return {"word": word, "sentence": found.sentence, "lang": found.lang, "at": found.changed_at}


def _may(service_request: ServiceRequest, task: Task | None, user: User, now: datetime) -> May:
    agent = access.is_agent(user, now)
    steer = access.may_steer(user, service_request, now)
    ended = service_request.status in ENDED
    held = service_request.status == Status.HOLD
    known = {
        "call_in": (steer or access.may_call_in(user, service_request, now))
        and not ended
        and not held
        and service_request.status != Status.DONE,
        "note": requests_access.may_see_internal(user, service_request, now),
        "hold": steer and not ended and not held,
        "resume": steer and held,
        "move": steer and not ended and not held and service_request.status != Status.DONE,
        "end": steer and not ended,
        "reopen": agent and service_request.end_kind == EndKind.FULFILLED,
        "accept": agent and service_request.status == Status.DONE,
    }
    if task is None or task.state != TaskState.OPEN or held:
        return May(**known)
    work = access.may_work(task, user, now)
    question = task.kind == Kind.ANSWER and task.token_number is None and task.node != DETAILS
    return May(
        **known,
        work=work and task.kind != Kind.ACCEPTANCE and not question and task.node != DETAILS,
        take=work and task.team_id is not None and task.assignee_id is None,
        give_back=work and task.team_id is not None and task.assignee_id == user.pk,
        assign=may_assign(task, user, now),
        answer=agent and question,
    )


def _answers(service_request: ServiceRequest, user: User, now: datetime) -> list[tuple[str, str]]:
    """The specification: what was asked and answered, as it was worded then (R24)."""
    lang = get_language() or "de"
    found = [(term.to(lang), value.to(lang)) for term, value in requests.answers(service_request, user, now)]
    if service_request.justification:
        found.append((_("Reason"), service_request.justification))
    if service_request.place:
        found.append((_("Place"), service_request.place))
    return found


def _entry(entry: JournalEntry, user: User, code: str) -> dict[str, Any]:
    """A journal entry for the stream."""
    lang = get_language() or "de"
    internal = entry.visibility == Visibility.INTERNAL
    who = entry.actor.full_name if entry.actor else _("The system")
    said = entry.kind in {EntryKind.MESSAGE, EntryKind.NOTE}
    return {
        "kind": "message" if said else "event",
        "internal": internal,
        "who": who,
        "mine": entry.actor_id == user.pk,
        "at": entry.at,
        "text": entry.text if said else sentences.render(entry.sentence, entry.params, lang),
        "lang": entry.lang,
        "icon": "bolt" if entry.kind == EntryKind.DECISION else "arrow-right",
        "files": [_file(code, attachment.file) for attachment in entry.shown_files],
    }


def _file(code: str, file: StoredFile) -> dict[str, Any]:
    url = reverse("desk-file", args=(code, file.public_id))
    return {"url": url, "name": file.name, "size": file.size}


def _plan(parts: Sequence[Part], user: User, now: datetime) -> dict[str, Any]:
    """All teams' plans side by side (R124)."""
    zone = ZoneInfo(user.time_zone)
    here = now.astimezone(zone)
    lang = ui_words.language(get_language())
    return plans.plan([_work(part, zone, here, lang) for part in parts], here, lang)


def _work(part: Part, zone: ZoneInfo, here: datetime, lang: str) -> plans.Work:
    start = part.start.astimezone(zone) if part.start else None
    end = part.end.astimezone(zone) if part.end else None
    when = ui_words.moment(start, here, lang) if start else ""
    done = (
        _("done %(when)s") % {"when": ui_words.moment(part.done_at.astimezone(zone), here, lang)}
        if part.done_at
        else ""
    )
    return plans.Work(
        name=part.team,
        meta=" · ".join(filter(None, (part.name, part.person))),
        state=wording.CLASH
        if part.clash
        else {
            "kind": wording.PART_KINDS[part.state],
            "label": words.TASK_STATE["running" if part.state == "waiting" else part.state],
        },
        when=when or done or "–",
        when_meta=" · ".join(filter(None, (done if when else "", part.place))),
        start=start,
        end=end,
        look="l" if part.clash else wording.PART_LOOKS[part.state],
    )


def _clock(clock: Clock, now: datetime) -> dict[str, Any]:
    lang = get_language() or "de"
    name = LocalText.of(clock.task.name).to(lang) if clock.task else words.MEASURE.get(clock.measure, clock.measure)
    return {"name": name, "due": clock.due, "ended_at": clock.ended_at, "late": (clock.ended_at or now) > clock.due}


def _others(service_request: ServiceRequest, user: User, now: datetime) -> list[ServiceRequest]:
    """Other open requests of the same person."""
    everything = requests_access.sees_everything(user, now)
    if everything is None:
        visible = requests_access.visible_to(user, now)
        return list(_other(visible, service_request.requester_id, service_request.pk))
    these = {"requester": service_request.requester_id, "but": service_request.pk}
    return _OTHERS[everything](user=user.pk, today=day(now), **these)


def _other(visible: QuerySet[ServiceRequest], requester: int | Slot, but: int | Slot) -> QuerySet[ServiceRequest]:
    rows = visible.filter(requester=requester, ended_at=None).exclude(pk=but)
    return rows.only("code", "title", "lang").order_by("-id")[:OTHERS_SHOWN]


def _others_seen(*, everything: bool) -> QuerySet[ServiceRequest]:
    return _other(requests_access.seen(everything=everything), Slot("requester"), Slot("but"))


_OTHERS = {everything: Prepared(partial(_others_seen, everything=everything)) for everything in (False, True)}


def proofs(person: User, now: datetime) -> list[dict[str, Any]]:
    """The numbers on which somebody is called back, and which of them are too new to prove anything (R121)."""
    return [
        {"name": sentences.CONTACTS[wording.CONTACTS[one.kind]], "number": one.number, "changed": one.changed}
        for one in people.proving_numbers(person, now)
    ]


FACTS = ("program-known", "program-known-open", "program-unknown", "licence-kept", "licence-missing", "right-known")


def _facts(entries: Sequence[JournalEntry]) -> list[str]:
    """What the registers said, each the last time that it was said."""
    last = {entry.sentence: entry for entry in entries if entry.sentence in FACTS}
    lang = get_language() or "de"
    return [sentences.render(entry.sentence, entry.params, lang) for entry in last.values()]


def _linked(one: requests.Linked) -> dict[str, Any]:
    """Another request that belongs to this one."""
    other = one.service_request
    return {
        "how": words.LINK[one.kind, one.forward],
        "code": other.code,
        "title": other.title,
        "lang": other.lang,
        "state": words.STATUS[other.status].to(at_desk=True),
    }


def contact(person: User) -> dict[str, str]:
    """Name, department and ways to reach a person."""
    number = person.phone or person.mobile
    department = LocalText.of(person.department.name).to(get_language() or "de") if person.department else ""
    return {
        "name": person.full_name,
        "department": department,
        "phone": number,
        "phone_url": "tel:" + "".join(c for c in number if c in "+0123456789"),
        "email": person.email,
    }


def teams(user: User, now: datetime) -> list[tuple[str, str]]:
    """All teams in which somebody can be asked to help, by name; read once for the forms of a page."""
    lang = get_language() or "de"
    found = [(key, LocalText.of(name).to(lang)) for key, name in once(user, "all teams", now, _TEAMS)]
    return sorted(found, key=lambda pair: pair[1].casefold())


_TEAMS = Prepared(lambda: Team.objects.values_list("key", "name"))
