"""The stage on which the demo's requests are played: who acts, when, and that time only moves forward."""

import heapq
import io
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from anliegen.calendars.queries import calendar_for
from anliegen.files import actions as files
from anliegen.jobs import runner
from anliegen.jobs.models import Job
from anliegen.lib import bus
from anliegen.people.access import day
from anliegen.people.models import User
from anliegen.requests import actions as requests
from anliegen.requests.rules import Line
from anliegen.workflow import actions as workflow
from anliegen.workflow.models import Task
from anliegen.workflow.rules import TaskState, Verdict

PERIOD = timedelta(days=60)
WORKING_DAY = timedelta(hours=11)
MAILS_KEPT = timedelta(days=1)
MAILS = "anliegen.notifications.handlers"

type Play = Generator[datetime]
"""A story: yields the moment of its next step, and goes on when that has come."""

type Hours = Sequence[tuple[datetime, datetime]]
"""Opening and closing times, the newest first."""


def opening_hours(now: datetime) -> list[tuple[datetime, datetime]]:
    """When Nordwerk worked in the last weeks, the newest first."""
    return list(calendar_for().intervals(now - PERIOD, now))[::-1]


def before(hours: Hours, days: float) -> datetime:
    """The moment so many working days before the end of the newest hours: at whatever time the demo is loaded, work
    that began so long ago is equally near its due time.
    """
    left = WORKING_DAY * days
    for opens, closes in hours:
        if left < closes - opens:
            return (closes - left).replace(second=0, microsecond=0)
        left -= closes - opens
    raise ValueError(days)


def ahead(now: datetime, days: int) -> date:
    """The working day so many days after today."""
    calendar, here = calendar_for(), day(now)
    while days:
        here += timedelta(days=1)
        days -= bool(calendar.hours_of(here))
    return here


def moment(on: date, clock: str) -> datetime:
    """A time of that day at Nordwerk."""
    hour, minute = clock.split(":")
    return datetime.combine(on, time(int(hour), int(minute)), ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)


type Queue = list[tuple[datetime, int, "Scene", Play]]


@dataclass
class Scene:
    """One request while it is played; `now` is set before each step."""

    persons: dict[str, User]
    hours: Hours
    end: datetime
    now: datetime
    code: str = ""
    number: int = 0

    def ago(self, days: float) -> datetime:
        """The moment so many working days before the demo is loaded."""
        return before(self.hours, days)

    def coming(self, days: int, clock: str = "09:00") -> datetime:
        """A time on the working day so many days after today."""
        return moment(ahead(self.end, days), clock)

    def soon(self, hours: int) -> datetime:
        """The half hour after so many working hours from now."""
        later = calendar_for().add(self.end, hours * 60)
        return later + timedelta(minutes=-later.minute % 30)

    def on(self, days: int) -> date:
        """So many days of the calendar from today."""
        return day(self.end) + timedelta(days=days)

    def key(self) -> str:
        """A command key, different for each step."""
        self.number += 1
        return f"demo-{self.code or 'new'}-{self.number}-{self.now.timestamp():.0f}"

    def send(self, who: str, *lines: Line, by: str = "", channel: str = "portal") -> list[str]:
        """Send several requests at once; `by` is the agent who notes it for the caller."""
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

    def order(  # noqa: PLR0913 - what is said when something is asked for
        self,
        who: str,
        item: str,
        *,
        why: str = "",
        recipient: str = "",
        wish: date | None = None,
        by: str = "",
        channel: str = "",
        **answers: Any,
    ) -> None:
        """Send one request; noted by an agent, it came by phone."""
        to = self.persons[recipient].pk if recipient else None
        line = Line(item_key=item, recipient_id=to, answers=answers, justification=why, wish_date=wish)
        self.send(who, line, by=by, channel=channel or ("phone" if by else "portal"))

    def task(self, node: str) -> Task:
        """The open task of a step."""
        return Task.objects.get(service_request__code=self.code, node=node, state=TaskState.OPEN)

    def take(self, node: str, who: str) -> None:
        workflow.take(self.task(node).pk, acting_user=self.persons[who], now=self.now)

    def is_open(self, node: str) -> bool:
        return Task.objects.filter(service_request__code=self.code, node=node, state=TaskState.OPEN).exists()

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
        self,
        node: str,
        who: str,
        outcome: str = "done",
        *,
        note: str = "",
        reason: str = "",
        file: tuple[str, str, str] = ("", "", ""),
        **outputs: Any,
    ) -> None:
        """Complete a step; `file` is field, name and text of what is handed over with it."""
        field, *uploaded = file
        sent = [self.file(who, *uploaded)] if field else []
        outputs |= {field: sent[0]} if field else {}
        workflow.complete(
            self.task(node).pk,
            acting_user=self.persons[who],
            outcome=outcome,
            outputs=outputs,
            note=note,
            reject_reason=reason,
            files=sent,
            key=self.key(),
            now=self.now,
        )

    def file(self, who: str, name: str, text: str) -> str:
        """Upload a file; its id."""
        content = io.BytesIO(text.encode())
        owner = self.persons[who].pk
        return files.stage(content, name=name, media_type="", owner_id=owner, now=self.now).public_id

    def decide(self, node: str, verdict: str = "yes", *, comment: str = "", reason: str = "") -> None:
        """Vote as whoever is asked: who that is depends on absences, limits and deputies."""
        asked = self.task(node).votes.filter(verdict=Verdict.OPEN).select_related("approver").order_by("id")
        self.vote(node, asked[0].approver.full_name, verdict, comment=comment, reason=reason)

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
