"""The story of one request for one viewer: one reading for portal, desk and mail."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anliegen.catalogue.rules import ASKING
from anliegen.lib.text import LocalText
from anliegen.people.models import User
from anliegen.reads.prepared import Prepared, Slot
from anliegen.requests.models import JournalEntry, ServiceRequest
from anliegen.requests.rules import ENDED, ClosedBy, EntryKind, Status, Visibility
from anliegen.tracking import sentences, words
from anliegen.tracking.queries.ahead import ahead_of
from anliegen.tracking.queries.phases import phases
from anliegen.tracking.queries.turns import OPEN, is_asked, turn_of, with_open_votes
from anliegen.tracking.shapes import Part, Question, Story, Why
from anliegen.workflow import rules
from anliegen.workflow.models import Task
from anliegen.workflow.rules import DETAILS, TaskState

ASKED_OTHERS = "personal-data"  # a result with which a step waits for data protection
_PEOPLE = ("team__name", "assignee__first_name", "assignee__last_name")
_SHOWN = (
    *(
        "service_request",
        "node",
        "visit",
        "kind",
        "outcome",
        "name",
        "phase",
        "state",
        "note",
        "due",
        "opened_at",
        "done_at",
    ),
    *("planned_start", "planned_end", "planned_place", "token_number"),
    *("done_at", "done_by__first_name", "done_by__last_name"),
    *(*_PEOPLE, *(f"parent__{name}" for name in _PEOPLE)),
)  # what a story tells of a task


def story(service_request: ServiceRequest, viewer: User, *, now: datetime, at_desk: bool = False) -> Story:
    """Everything the pages of a request tell this viewer. The caller has checked the access. 5 statements."""
    lang = get_language() or "de"
    tasks = _tasks(service_request)
    waiting = [task for task in tasks if task.state in OPEN]
    status = words.status(service_request.status, service_request.closed_by)
    title, title_lang = words.title_of(service_request, lang)
    asking = {task.parent_id for task in waiting if is_asked(task, viewer)}
    parts = _parts(_shown_parts(tasks), viewer, lang, asking)
    return Story(
        code=service_request.code,
        title=title,
        lang=title_lang,
        status=service_request.status,
        word=str(status.to(at_desk=at_desk)),
        icon=status.icon,
        tone=status.tone,
        turn=turn_of(service_request, waiting, viewer),
        questions=tuple(_question(task) for task in waiting if task.team_id is None and is_asked(task, viewer)),
        promise=service_request.promise,
        wish=service_request.wish_date,
        late=bool(service_request.status not in ENDED and service_request.promise and service_request.promise < now),
        phases=phases(service_request, tasks),
        parts=parts,
        ahead=ahead_of(service_request, lang, now=now) if service_request.status not in ENDED else (),
        whys=_whys(service_request, lang),
        version=service_request.version,
        end_text=end_text(service_request, lang),
        forecast=_forecast(service_request, parts),
        held_reason=service_request.held_reason if service_request.status == Status.HOLD else "",
    )


def _tasks(service_request: ServiceRequest) -> list[Task]:
    return with_open_votes(_TASKS(service_request=service_request.pk))


_TASKS = Prepared(
    lambda: (
        Task.objects.filter(service_request=Slot("service_request"))
        .exclude(state=TaskState.WITHDRAWN)
        .select_related("team", "assignee", "done_by", "parent__team", "parent__assignee")
        .only(*_SHOWN)
        .order_by("id")
    )
)


def _shown_parts(tasks: Sequence[Task]) -> list[Task]:
    """The teams' steps; one that asked others first is told once, by what came of it."""
    last = {task.node: task.pk for task in tasks}
    return [task for task in tasks if _is_part(task) and (task.outcome != ASKED_OTHERS or last[task.node] == task.pk)]


def _is_part(task: Task) -> bool:
    return task.team_id is not None and task.kind in {"work", "plan", "side", "quality", "check", "answer", "identity"}


def _parts(tasks: Sequence[Task], viewer: User, lang: str, asking: set[int | None]) -> tuple[Part, ...]:
    """What each team does, which of their plans stand in each other's way, and which of them wait for the viewer."""
    plans = [
        rules.Planned(str(task.pk), task.planned_start, task.planned_end, task.planned_place)
        for task in tasks
        if task.planned_start and task.state == TaskState.OPEN
    ]
    clash = {int(key) for pair in rules.clashes(plans) for key in pair}
    shown = [(task, replace(_part(task, viewer, lang), clash=task.pk in clash)) for task in tasks]
    return tuple(replace(part, state="waiting") if task.pk in asking else part for task, part in shown)


def _part(task: Task, viewer: User, lang: str) -> Part:
    if task.state == TaskState.DONE and task.outcome == ASKED_OTHERS:
        state = "open"  # it comes back once they have answered
    elif task.state == TaskState.DONE:
        state = "done"
    elif task.assignee_id == viewer.pk:
        state = "waiting"
    elif task.assignee_id:
        state = "running"
    else:
        state = "planned" if task.planned_start else "open"
    return Part(
        task_id=task.pk,
        node=task.node,
        visit=task.visit,
        team=LocalText.of(task.team.name).to(lang) if task.team else "",
        name=LocalText.of(task.name).to(lang),
        person=(task.done_by or task.assignee).full_name if (task.done_by or task.assignee) else "",  # type: ignore[union-attr]
        start=task.planned_start,
        end=task.planned_end,
        place=task.planned_place,
        due=task.due,
        done_at=task.done_at,
        state=state,
        phase=task.phase,
    )


def _forecast(service_request: ServiceRequest, parts: Sequence[Part]) -> datetime | None:
    """When it will probably be done: as suppliers confirmed, or as the teams plan, once all of them do."""
    if service_request.status in ENDED:
        return None
    going = [part for part in parts if part.state != "done"]
    planned = [part.end or part.start for part in going]
    last = max((end for end in planned if end), default=None) if all(planned) else None
    return max(filter(None, (service_request.forecast, last)), default=None)


def _question(task: Task) -> Question:
    lang = get_language() or "de"
    kinds = {"acceptance": "accept", "approval": "approve", "answer": "answer"}
    return Question(
        kind="complete" if task.node == DETAILS else kinds.get(task.kind, "correct"),
        task_id=task.pk,
        heading=LocalText.of(task.name).to(lang),
        text=task.note,
        asked_by=_asker(task, lang),
        deadline=task.due,
        own_step=task.token_number is not None,
    )


def _asker(task: Task, lang: str) -> str:
    """Who put the question: the person and team whose step it holds up."""
    asking = task.parent
    if asking is None:
        return ""
    person = asking.assignee.full_name if asking.assignee else _who_asked(task)
    team = LocalText.of(asking.team.name).to(lang) if asking.team else ""
    return ", ".join(filter(None, (person, team)))


def _who_asked(task: Task) -> str:
    """Who put a question about a step that nobody of the team has taken, or that waits for votes. One statement."""
    asked = JournalEntry.objects.filter(service_request=task.service_request_id, sentence="asked", at=task.opened_at)
    entry = asked.select_related("actor").last()
    return entry.actor.full_name if entry and entry.actor else ""


def _whys(service_request: ServiceRequest, lang: str) -> tuple[Why, ...]:
    """The decisions that everybody may read who sees the request; hints for the desk stand in its journal only."""
    return tuple(
        Why(
            at=entry.at,
            text=sentences.render(entry.sentence, entry.params, lang),
            rule=entry.rule,
            version=entry.rule_version,
            inputs=entry.inputs or {},
            result=entry.result,
        )
        for entry in _DECISIONS(service_request=service_request.pk)
    )


_DECISIONS = Prepared(
    lambda: JournalEntry.objects.filter(
        service_request=Slot("service_request"), kind=EntryKind.DECISION, visibility=Visibility.ALL
    ).order_by("seq")
)


def end_text(service_request: ServiceRequest, lang: str) -> str:
    """How it ended, in one sentence; "" while it runs."""
    if service_request.status == Status.REJECTED:
        return _("Rejected: %(reason)s. %(sentence)s") % {
            "reason": words.REASON[service_request.reject_reason],
            "sentence": service_request.reject_sentence,
        }
    if service_request.closed_by == ClosedBy.HANDED_OVER:
        entries = JournalEntry.objects.filter(service_request=service_request, sentence="handed-off").order_by("seq")
        params = entries.values_list("params", flat=True).last() or {}
        return sentences.render("handed-off", params, lang)
    if service_request.status == Status.CANCELLED:
        return _("Cancelled. Nothing more happens here.")
    if service_request.status != Status.FULFILLED:
        return ""
    return {
        ClosedBy.PERSON: _("Confirmed in person."),
        ClosedBy.PHONE: _("Confirmed by phone."),
        ClosedBy.TIME: _("Confirmed by time: nobody objected within the days that were announced."),
        ClosedBy.AT_ONCE: _("Answered.") if service_request.kind in ASKING else _("Done. Nothing had to be confirmed."),
    }.get(ClosedBy(service_request.closed_by), "")
