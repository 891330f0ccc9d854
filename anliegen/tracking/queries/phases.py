"""How far a request has come, in the phases that its model declares."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import get_language

from anliegen.lib.text import LocalText
from anliegen.requests.models import ServiceRequest
from anliegen.requests.rules import ENDED, EndKind
from anliegen.tracking.shapes import Phase
from anliegen.workflow.models import Task
from anliegen.workflow.queries.releases import graph_of, release_of
from anliegen.workflow.rules import TaskState


def declared(service_request: ServiceRequest) -> tuple[tuple[str, LocalText], ...]:
    """The phases of the request's model, in order; none for one without a model. Graphs are kept in the process."""
    item_version = service_request.item_version
    if "release" in item_version._state.fields_cache:
        release = getattr(item_version, "release", None)
    else:
        release = release_of(item_version.pk)
    return tuple((phase.key, phase.name) for phase in graph_of(release.model_version).phases) if release else ()


def position(service_request: ServiceRequest, lang: str) -> tuple[int, int, str]:
    """Number of the current phase, how many there are, and its name; (0, 0, "") for a request without a run."""
    phases = declared(service_request)
    if not phases:
        return 0, 0, ""
    if service_request.end_kind == EndKind.FULFILLED:
        return len(phases), len(phases), phases[-1][1].to(lang)
    keys = [key for key, _name in phases]
    index = keys.index(service_request.phase) if service_request.phase in keys else 0
    return index + 1, len(phases), phases[index][1].to(lang)


def phases(service_request: ServiceRequest, tasks: Iterable[Task]) -> tuple[Phase, ...]:
    """Each phase with state, the time at which it was left, and who did its last human step."""
    lang = get_language() or "de"
    found = declared(service_request)
    number, _count, _name = position(service_request, lang)
    by_phase: dict[str, list[Task]] = {}
    for task in tasks:
        by_phase.setdefault(task.phase, []).append(task)
    shown = []
    for place, (key, name) in enumerate(found, start=1):
        done = [task for task in by_phase.get(key, []) if task.state == TaskState.DONE]
        last = max(done, key=lambda task: task.done_at or task.opened_at) if done else None
        state = _state(service_request, place, number)
        at, who = _left(service_request, last, place, state)
        shown.append(Phase(key=key, name=name.to(lang), state=state, at=at, who=who))
    return tuple(shown)


def _state(service_request: ServiceRequest, place: int, number: int) -> str:
    if service_request.end_kind == EndKind.FULFILLED or place < number:
        return "done"
    if place > number:
        return "ahead"
    return "stopped" if service_request.status in ENDED else "current"


def _left(service_request: ServiceRequest, last: Task | None, place: int, state: str) -> tuple[datetime | None, str]:
    if last is not None and state == "done":
        return last.done_at, last.done_by.full_name if last.done_by else ""
    return (service_request.received_at, "") if place == 1 and state == "done" else (None, "")
