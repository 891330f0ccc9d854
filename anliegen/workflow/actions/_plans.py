"""Plans that stand in each other's way: the team that coordinates is asked, once for each clash (R124)."""

from typing import TYPE_CHECKING

from anliegen.lib.text import LocalText
from anliegen.people import queries as people
from anliegen.workflow import rules
from anliegen.workflow.actions import _tasks
from anliegen.workflow.events import CalledIn, TaskOpened
from anliegen.workflow.models import Task
from anliegen.workflow.queries import times
from anliegen.workflow.rules import Kind, TaskState

if TYPE_CHECKING:
    from anliegen.workflow.actions._running import Running

NODE = "coordinate"  # what such a task is called in addresses
_NAME = LocalText("Termine abstimmen", "Coordinate the dates")
_NOTE = LocalText("Gleichzeitig am selben Platz geplant: ", "Planned at the same time and place: ")


def look(running: "Running") -> None:
    """Ask the coordinating team about a clash that is new; take the question back where the plans fit again."""
    if not running.graph.coordinator:
        return
    tasks = Task.objects.filter(run=running.run, state=TaskState.OPEN).exclude(token_number=None)
    planned = {task.node: task for task in tasks.exclude(planned_start=None)}
    pairs = rules.clashes(
        rules.Planned(node, task.planned_start, task.planned_end, task.planned_place)
        for node, task in planned.items()
        if task.planned_start
    )
    asked = Task.objects.filter(run=running.run, node=NODE).select_related("team", "assignee").order_by("-id").first()
    told = [list(pair) for pair in pairs]
    if asked is not None and asked.basis.get("clash") == told:
        return
    if asked is not None and asked.state == TaskState.OPEN:
        _tasks.withdraw_task(running, asked)
        if not pairs:
            running.log("clash-over", {})
    if pairs:
        _ask(running, told, [planned[node] for node in sorted({node for pair in pairs for node in pair})])


def _ask(running: "Running", pairs: list[list[str]], tasks: list[Task]) -> None:
    team = people.team(running.graph.coordinator)
    names = [running.name(task) for task in tasks]
    lang = running.service_request.lang
    visit = Task.objects.filter(run=running.run, node=NODE).count() + 1
    task = Task.objects.create(
        run=running.run,
        service_request=running.service_request,
        node=NODE,
        visit=visit,
        kind=Kind.SIDE,
        name=_NAME.json(),
        note=_NOTE.to(lang) + ", ".join(name[lang if lang in name else "de"] for name in names),
        team=team,
        basis={"format": 1, "clash": pairs},
        reason={"key": "who-team", "params": {"team": LocalText.of(team.name).json()}},
        opened_at=running.now,
    )
    _tasks.open_share(running, task)
    running.log("clash", {"tasks": names, "team": LocalText.of(team.name).json()})
    _tasks.announce(running, CalledIn, task, team_key=team.key, changes={"team": team.key})
    _tasks.announce(running, TaskOpened, task, calendar_key=times.calendar_key(running.run.release))
