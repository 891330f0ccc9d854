"""Nordwerk's people with the services under test, and short words for what they do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from anliegen.calendars import actions as calendars
from anliegen.calendars.rules import DEFAULT
from anliegen.demo import company as data
from anliegen.jobs import runner
from anliegen.people import actions as people
from anliegen.people.models import User
from anliegen.people.rules import Role
from anliegen.requests import actions as requests
from anliegen.requests.models import JournalEntry, ServiceRequest
from anliegen.requests.rules import Line
from anliegen.workflow import actions as workflow
from anliegen.workflow.actions import library
from anliegen.workflow.models import Task

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)  # Wednesday, 10:00 in Kiel


@dataclass
class Office:
    """The stage: who there is, and what time it is."""

    people: dict[str, User]
    now: datetime = NOW
    sent: int = field(default=0)

    def order(self, who: str, item: str, /, **answers: Any) -> ServiceRequest:
        self.sent += 1
        order = requests.submit(
            [Line(item_key=item, answers=answers)],
            acting_user=self.people[who],
            channel="portal",
            key=f"order-{self.sent}",
            now=self.now,
        )
        return order.service_requests.get()

    def task(self, request: ServiceRequest, node: str) -> Task:
        return Task.objects.filter(service_request=request, node=node, state="open").latest("id")

    def done(self, request: ServiceRequest, node: str, who: str, outcome: str = "done", **more: Any) -> Task:
        task = self.task(request, node)
        return workflow.complete(task.pk, acting_user=self.people[who], outcome=outcome, now=self.now, **more)

    def open(self, request: ServiceRequest) -> dict[str, str]:
        """What is open: step -> key of its team."""
        rows = Task.objects.filter(service_request=request, state="open")
        return {node: key or "" for node, key in rows.values_list("node", "team__key")}

    def wait(self, **time: int) -> None:
        """Let time pass, with everything that falls due in it."""
        self.now += timedelta(**time)
        runner.drain(now=self.now)


CAST: dict[str, tuple[str, ...]] = {  # who works in which teams; the first one of a team leads it
    "Jana Sommer": (),
    "Arne Ketelsen": (),
    "Wiebke Nissen": (),
    "Carsten Lüders": (),
    "Jette Holm": ("service-desk",),
    "Nele Krüger": ("service-desk",),
    "Tom Reuter": ("service-desk",),
    "Malin Thode": ("it-security",),
    "Kjell Sievers": ("it-security",),
    "Eva Clausen": ("hr-office",),
    "Gesa Winkler": ("hr-office",),
    "Katrin Ohlsen": (),
    "Frauke Lorenzen": (),
    "Ulrike Sander": (),
}
ROLES = {
    "Jette Holm": Role.SERVICE_DESK,
    "Nele Krüger": Role.SERVICE_DESK,
    "Tom Reuter": Role.SERVICE_DESK,
    "Katrin Ohlsen": Role.PROCESS_OWNER,
    "Frauke Lorenzen": Role.ADMINISTRATOR,
    "Ulrike Sander": Role.AUDITOR,
}
BEGIN: dict[str, Any] = {"acting_user": None, "now": NOW - timedelta(days=45)}


@pytest.fixture
def office(db: None, bind_wiring: Callable[[], None]) -> Office:
    """A few of Nordwerk's people: it is made for every test."""
    home = people.put_company("nordwerk", name="Nordwerk", is_default=True, **BEGIN)
    calendars.save_calendar(DEFAULT, **BEGIN)
    found = {name: _person(name, number) for number, name in enumerate(CAST)}
    for key in sorted({key for keys in CAST.values() for key in keys}):
        members = [found[name] for name, keys in CAST.items() if key in keys]
        people.put_team(key, name={"de": key, "en": key}, company=home, lead=members[0], **BEGIN)
        for member in members:
            people.join_team(key, member.pk, **BEGIN)
    for name, role in ROLES.items():
        people.grant_role(found[name].pk, role, **BEGIN)
    bind_wiring()
    return Office(found)


def _person(name: str, number: int) -> User:
    first, last = name.split(" ", 1)
    phone = f"0431 1234-{300 + number}"
    return people.create_person(email=data.address(name), first_name=first, last_name=last, phone=phone, **BEGIN)


@pytest.fixture
def offers() -> Callable[..., None]:
    """Put shipped services on offer."""

    def load(*keys: str) -> None:
        for key in keys:
            workflow.publish_service(library.read_folder(library.SHIPPED / key).service, **BEGIN)

    return load


def fresh(request: ServiceRequest) -> ServiceRequest:
    return ServiceRequest.objects.get(pk=request.pk)


def told(request: ServiceRequest, *, internal: bool = False) -> list[str]:
    """The sentences of the journal that stand there for everybody, or for the desk only."""
    rows = JournalEntry.objects.filter(service_request=request, visibility="internal" if internal else "all")
    return list(rows.order_by("seq").values_list("sentence", flat=True))
