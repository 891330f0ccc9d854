"""What the teams wrote down while they completed their steps, in the words of the steps."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anliegen.lib.text import LocalText
from anliegen.people.models import Team, User
from anliegen.requests.models import ServiceRequest
from anliegen.ui import words
from anliegen.workflow import queries as workflow
from anliegen.workflow.engine.graph import FieldSpec
from anliegen.workflow.models import Task
from anliegen.workflow.queries import releases
from anliegen.workflow.rules import TaskState


def recorded(service_request: ServiceRequest, tasks: Iterable[Task], today: date) -> list[dict[str, Any]]:
    """Per completed step its name, who did it and the filled-in fields: the next team needs the order number (R24).

    One statement for the models; one more where a team or person was chosen.
    """
    filled = [task for task in tasks if task.state != TaskState.OPEN and task.outputs]
    if not filled:
        return []
    lang = words.language(get_language())
    graphs = {run.pk: releases.graph_of(run.release.model_version) for run in workflow.runs_of(service_request)}
    found = []
    for task in filled:
        node = graphs[task.run_id].nodes.get(task.node)
        specs = {spec.name: spec for spec in node.form} if node else {}
        rows = _rows(specs, task.outputs, today, lang)
        if rows:
            found.append({"step": LocalText.of(task.name).to(lang), "rows": rows})
    return found


def _rows(specs: Mapping[str, FieldSpec], outputs: Mapping[str, Any], today: date, lang: str) -> list[tuple[str, str]]:
    rows = [
        (spec.label.to(lang) or name.capitalize(), _told(spec, outputs[name], today, lang))
        for name, spec in specs.items()
        if spec.type != "file" and outputs.get(name) not in (None, "")
    ]
    return [(label, value) for label, value in rows if value]


def _told(spec: FieldSpec, value: Any, today: date, lang: str) -> str:
    """One value in words; what cannot be read any more stands as it was written."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    make = _WORDS.get(spec.type)
    return make(spec, value, today, lang) if make else str(value)


def _money(_spec: FieldSpec, value: Any, _today: date, lang: str) -> str:
    return words.cents(value, lang) if isinstance(value, int) else str(value)


def _day(_spec: FieldSpec, value: Any, today: date, lang: str) -> str:
    try:
        return words.day(date.fromisoformat(str(value)[:10]), today, lang)
    except ValueError:
        return str(value)


def _option(spec: FieldSpec, value: Any, _today: date, lang: str) -> str:
    return next((option.label.to(lang) for option in spec.options if option.value == value), str(value))


def _person(_spec: FieldSpec, value: Any, _today: date, _lang: str) -> str:
    found = User.objects.filter(public_id=str(value)).first()
    return found.full_name if found else str(value)


def _team(_spec: FieldSpec, value: Any, _today: date, lang: str) -> str:
    found = Team.objects.filter(key=str(value)).first()
    return LocalText.of(found.name).to(lang) if found else str(value)


_WORDS: Mapping[str, Callable[[FieldSpec, Any, date, str], str]] = {
    "cents": _money,
    "amount": _money,
    "date": _day,
    "choice": _option,
    "person": _person,
    "team": _team,
}
