"""The stage on which the demo's requests are played: who acts, when, and that time only moves forward."""

import heapq
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from anliegen.calendars.queries import calendar_for
from anliegen.jobs import runner
from anliegen.jobs.models import Job
from anliegen.lib import bus
from anliegen.people.access import day
from anliegen.people.models import User
from anliegen.requests import actions as requests
from anliegen.requests.rules import Line
from anliegen.workflow import actions as workflow
from anliegen.workflow.models import Task
from anliegen.workflow.rules import TaskState

WORKING_DAYS = 20
MAILS_KEPT = timedelta(days=1)
MAILS = "anliegen.notifications.handlers"

type Play = Generator[datetime]
"""A story: yields the moment of its next step, and goes on when that has come."""


def working_days(now: datetime) -> list[date]:
    """The last working days before today, the newest first."""
    calendar, found, here = calendar_for(), list[date](), day(now)
    while len(found) < WORKING_DAYS:
        here -= timedelta(days=1)
        if calendar.hours_of(here):
            found.append(here)
    return found


def moment(on: date, clock: str) -> datetime:
    """A time of that day at Nordwerk."""
    hour, minute = clock.split(":")
    return datetime.combine(on, time(int(hour), int(minute)), ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)


type Queue = list[tuple[datetime, int, "Scene", Play]]


@dataclass
class Scene:
    """One request while it is played; `now` is set before each step."""

    persons: dict[str, User]
    days: Sequence[date]
    end: datetime
    now: datetime
    code: str = ""
    number: int = 0

    def at(self, back: int, clock: str) -> datetime:
        """A time so many working days back; what has not come yet is never played."""
        return moment(self.days[back], clock) if back >= 0 else self.end + timedelta(days=1)

    def key(self) -> str:
        """A command key, different for each step."""
        self.number += 1
        return f"demo-{self.code or 'new'}-{self.number}-{self.now.timestamp():.0f}"

    def order(self, who: str, *lines: Line, by: str = "", channel: str = "portal") -> list[str]:
        """Send a request, or several at once; `by` is the agent who notes it for the caller."""
        acting = self.persons[by or who]
        order = requests.submit(
            lines,
            acting_user=acting,
            requester_id=self.persons[who].pk,
            channel=channel,
            key=f"demo-{who}-{self.now.isoformat()}",
            now=self.now,
        )
        codes = list(order.service_requests.order_by("id").values_list("code", flat=True))
        self.code = codes[0]
        return codes

    def task(self, node: str) -> Task:
        """The open task of a step."""
        return Task.objects.get(service_request__code=self.code, node=node, state=TaskState.OPEN)

    def take(self, node: str, who: str) -> None:
        workflow.take(self.task(node).pk, acting_user=self.persons[who], now=self.now)

    def plan(self, node: str, who: str, on: datetime, hours: int, place: str = "") -> None:
        """Say when a task will be done."""
        workflow.plan(
            self.task(node).pk,
            acting_user=self.persons[who],
            now=self.now,
            start=on,
            end=on + timedelta(hours=hours),
            place=place,
            person_id=self.persons[who].pk,
        )

    def do(
        self, node: str, who: str, outcome: str = "done", *, note: str = "", reason: str = "", **outputs: Any
    ) -> None:
        """Complete a step."""
        workflow.complete(
            self.task(node).pk,
            acting_user=self.persons[who],
            outcome=outcome,
            outputs=outputs,
            note=note,
            reject_reason=reason,
            key=self.key(),
            now=self.now,
        )

    def vote(self, node: str, who: str, verdict: str = "yes", *, comment: str = "", reason: str = "") -> None:
        workflow.decide(
            self.task(node).pk,
            acting_user=self.persons[who],
            verdict=verdict,
            comment=comment,
            reject_reason=reason,
            key=self.key(),
            now=self.now,
        )

    def accept(self, who: str, verdict: str = "yes", text: str = "") -> None:
        workflow.accept(
            self.code, acting_user=self.persons[who], verdict=verdict, text=text, key=self.key(), now=self.now
        )

    def say(self, who: str, text: str) -> None:
        requests.message(self.code, text, acting_user=self.persons[who], key=self.key(), now=self.now)

    def note(self, who: str, text: str) -> None:
        requests.note(self.code, text, acting_user=self.persons[who], key=self.key(), now=self.now)

    def ask(self, node: str, who: str, text: str) -> None:
        workflow.ask(self.task(node).pk, text, acting_user=self.persons[who], now=self.now)


def play(plays: Iterable[tuple[Scene, Play]], *, end: datetime) -> None:
    """Play all stories together in the order of time; jobs run when they are due, up to `end`.

    Only the last day's mails are written: those of three weeks would take most of the time.
    """
    queue: Queue = []
    for turn, (scene, story) in enumerate(plays):
        _next(queue, turn, scene, story, end)
    with without_mails():
        _play(queue, end - MAILS_KEPT, end=end)
    _play(queue, end, end=end)


def _play(queue: Queue, until: datetime, *, end: datetime) -> None:
    while queue and queue[0][0] <= until:
        now, turn, scene, story = heapq.heappop(queue)
        run_jobs(now)
        scene.now = now
        _next(queue, turn, scene, story, end)
    run_jobs(until)


def _next(queue: Queue, turn: int, scene: Scene, story: Play, end: datetime) -> None:
    """Let a story go on to its next moment; one that lies after the end is not played."""
    due = next(story, None)
    if due is not None and due <= end:
        heapq.heappush(queue, (due, turn, scene, story))


def run_jobs(until: datetime) -> None:
    """Everything that falls due, each at its own time, so that what happens by time bears the true date."""
    while True:
        due = Job.objects.filter(dead_at=None, due__lte=until).order_by("due").values_list("due", flat=True).first()
        if due is None:
            return
        runner.drain(now=due)


@contextmanager
def without_mails() -> Iterator[None]:
    """What happens meanwhile is not told by mail."""
    table = bus.bound()
    bus.bind({kind: [h for h in handlers if h.__module__ != MAILS] for kind, handlers in table.items()})
    try:
        yield
    finally:
        bus.bind(table)
