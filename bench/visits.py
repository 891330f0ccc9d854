"""What is measured: pages and forms as a browser asks for them, in this process, and the actions beneath."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.test import Client

from anliegen import jobs
from anliegen.jobs import runner
from anliegen.lib import clock
from anliegen.people import queries as people
from anliegen.people.models import User
from anliegen.requests.models import ServiceRequest
from anliegen.workflow import queries
from anliegen.workflow.models import Task, Vote
from anliegen.workflow.rules import Kind
from bench import company, engine_step
from bench.house import FIRST_ID
from bench.meter import Act, Figures, measure
from tests.crash.person import Form, forms_of

VISITORS = 20


@dataclass(slots=True)
class Browser:
    """Somebody who has stepped in, with the addresses of a few requests of theirs."""

    user: User
    codes: list[str] = field(default_factory=list)
    client: Client = field(default_factory=lambda: Client(headers={"host": _host()}))

    def __post_init__(self) -> None:
        answer = self.client.post("/demo/persons", {"person": self.user.public_id})
        assert answer.status_code == 302, answer.content[:500]

    def get(self, address: str, status: int = 200) -> str:
        answer = self.client.get(address)
        assert answer.status_code == status, f"{address}: {answer.status_code} {answer.content[:300]!r}"
        return answer.content.decode()

    def form(self, address: str, having: str) -> Form:
        return next(f for f in forms_of(self.get(address)) if f.method == "post" and having in {*f.names, *_buttons(f)})

    def send(self, address: str, values: dict[str, str]) -> None:
        answer = self.client.post(address, values)
        assert answer.status_code == 302, f"{address}: {answer.status_code} {values} {_errors(answer.content)}"


def _host() -> str:
    return settings.ANLIEGEN.base_url.partition("://")[2]


def _buttons(form: Form) -> list[str]:
    return [name for name, _value in form.buttons]


def _errors(content: bytes) -> list[str]:
    return [line.strip() for line in content.decode().splitlines() if "error" in line][:12]


@dataclass(slots=True)
class Town:
    """Who is around: requesters with many colleagues, and one member of each team."""

    requesters: list[Browser]
    workers: dict[int, Browser] = field(default_factory=dict)

    def browser(self, user: User) -> Browser:
        if user.pk not in self.workers:
            self.workers[user.pk] = Browser(user)
        return self.workers[user.pk]


def town() -> Town:
    """Twenty of those who have requests, each with their two latest."""
    owners = User.objects.filter(
        pk__gte=FIRST_ID, pk__in=ServiceRequest.objects.filter(ended_at=None).values("requester")
    )
    found = Town([Browser(user) for user in owners.order_by("-pk")[:VISITORS]])
    for browser in found.requesters:
        rows = ServiceRequest.objects.filter(requester=browser.user).order_by("ended_at", "-pk")
        browser.codes = list(rows.values_list("code", flat=True)[:2])
    return found


def all_of_them(only: Sequence[str], runs: int) -> Iterator[Figures]:
    """Every figure, one after the other."""
    here = town()
    for name, prepare in _visits(here):
        if only and not any(word in name for word in only):
            continue
        if found := measure(name, prepare(), runs):
            yield found


def _visits(here: Town) -> list[tuple[str, Callable[[], Callable[[int], Act | None]]]]:
    return [
        ("100 engine steps, pure", engine_step.pure),
        ("engine step, stored (an action)", engine_step.stored),
        ("submit with workflow", lambda: _submit(here)),
        ("home", lambda: _page(here, lambda browser: "/")),
        ("my requests", lambda: _page(here, lambda browser: "/requests/")),
        ("request page", lambda: _page(here, lambda browser: f"/requests/{browser.codes[0]}/")),
        ("search page", lambda: _words(here, "/search?q={}")),
        ("suggestion", lambda: _words(here, "/search/panel?q={}", typed=True)),
        ("find in my requests", lambda: _words(here, "/requests/?q={}&state=all")),
        ("find at the desk", lambda: _words(here, "/desk/search/?q={}", here.browser(_at_desk()))),
        ("poll, nothing new", lambda: _poll(here)),
        ("poll of a list, nothing new", lambda: _poll_list(here)),
        ("item page", lambda: _page(here, lambda browser: "/catalogue/item/desktop/")),
        ("task list", lambda: _task_list(here)),
        ("task page", lambda: _task_page(here)),
        ("approvals", lambda: _approvals(here)),
        ("complete a task", lambda: _complete(here)),
        ("decide", lambda: _decide(here)),
        ("a job: leased, done, gone", _job),  # last: nobody else's jobs are known afterwards
    ]


def _page(here: Town, address: Callable[[Browser], str]) -> Callable[[int], Act | None]:
    turn = cycle(here.requesters)

    def prepare(_number: int) -> Act:
        browser = next(turn)
        where = address(browser)
        return lambda: browser.get(where)

    return prepare


LOOKED_FOR = ("Kennwort vergessen", "Rechner", "Umzug", "Drucker", "Bildschirm flackert", "Montior", "Laptop", "VPN")


def _words(here: Town, address: str, by: Browser | None = None, *, typed: bool = False) -> Callable[[int], Act | None]:
    """Somebody looks for one word after the other; `typed`: of which they have typed a part so far."""
    turn, words = cycle([by] if by else here.requesters), cycle(LOOKED_FOR)

    def prepare(number: int) -> Act:
        browser, word = next(turn), next(words)
        where = address.format(quote(word[: 3 + number % 4] if typed else word))
        return lambda: browser.get(where)

    return prepare


def _at_desk() -> User:
    return company.worker(_busiest(), clock.now())


def _poll(here: Town) -> Callable[[int], Act | None]:
    turn = cycle(here.requesters)

    def prepare(_number: int) -> Act:
        browser = next(turn)
        code = browser.codes[0]
        version = ServiceRequest.objects.values_list("version", flat=True).get(code=code)
        return lambda: browser.get(f"/requests/{code}/live?version={version}", 204)

    return prepare


def _poll_list(here: Town) -> Callable[[int], Act | None]:
    turn = cycle(here.requesters)

    def prepare(_number: int) -> Act:
        browser = next(turn)
        first = browser.get(f"/live/lines?on=start&codes={','.join(browser.codes)}")
        seen = first.partition("seen=")[2].partition("&")[0]
        return lambda: browser.get(f"/live/lines?on=start&codes={','.join(browser.codes)}&seen={seen}", 204)

    return prepare


def _submit(here: Town) -> Callable[[int], Act | None]:
    turn, address = cycle(here.requesters), "/catalogue/item/desktop/"

    def prepare(_number: int) -> Act:
        browser = next(turn)
        form = browser.form(address, "q_build")
        values = {**form.values, "q_build": "cad", "justification": "Der alte Rechner ist defekt."}
        return lambda: browser.send(address, values)

    return prepare


def _job() -> Callable[[int], Act | None]:
    """One job that does nothing; 1000 divided by its CPU is the most that one worker does in a second."""
    jobs.bind({"bench.nothing": lambda _payload, _now: None})

    def prepare(number: int) -> Act:
        jobs.schedule("bench.nothing", key=f"bench-{number}", due=clock.now() - timedelta(days=3650))
        return lambda: runner.drain(now=clock.now(), limit=1)

    return prepare


def _busiest(kinds: Sequence[str] = ()) -> Task:
    """An open task of the team that has most of them."""
    rows = Task.objects.filter(state="open", team__isnull=False, assignee__isnull=True)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    counts: dict[int, int] = {}
    for team in rows.values_list("team_id", flat=True):
        counts[team] = counts.get(team, 0) + 1
    team = max(counts, key=lambda key: counts[key])
    return rows.filter(team=team).order_by("-pk").select_related("team", "assignee", "service_request")[0]


def _task_list(here: Town) -> Callable[[int], Act | None]:
    browser = here.browser(company.worker(_busiest(), clock.now()))
    return lambda _number: lambda: browser.get("/desk/")


def task_address(task: Task) -> str:
    return f"/desk/{task.service_request.code}/tasks/{task.node}-{task.visit}/"


def _task_page(here: Town) -> Callable[[int], Act | None]:
    task = _busiest()
    browser, address = here.browser(company.worker(task, clock.now())), task_address(task)
    return lambda _number: lambda: browser.get(address)


def _approver() -> User:
    counts: dict[int, int] = {}
    for person in Vote.objects.filter(verdict="open", task__state="open").values_list("approver_id", flat=True):
        counts[person] = counts.get(person, 0) + 1
    return people.person(max(counts, key=lambda key: counts[key]))


def _approvals(here: Town) -> Callable[[int], Act | None]:
    browser = here.browser(_approver())
    return lambda _number: lambda: browser.get("/approvals/")


def _complete(here: Town) -> Callable[[int], Act | None]:
    """Tasks of checking that were opened by the submitted ones, newest first: all of one kind."""

    def prepare(_number: int) -> Act | None:
        task = _busiest([Kind.CHECK])
        browser, address = here.browser(company.worker(task, clock.now())), task_address(task)
        form = browser.form(address, "outcome")
        values = {**form.values, **_outputs(task, clock.now()), "outcome": queries.task_form(task).outcomes[0]}
        return lambda: browser.send(form.action or address, values)

    return prepare


def _outputs(task: Task, now: datetime) -> dict[str, str]:
    found: dict[str, Any] = {}
    for one in queries.task_form(task).fields:
        if one.required:
            value = company.output(one, task, now)
            found[f"f_{one.name}"] = "649,00" if one.type in {"cents", "amount"} else value
    return {name: {True: "on"}.get(value, str(value)) for name, value in found.items()}


def _decide(here: Town) -> Callable[[int], Act | None]:
    approver = _approver()
    browser = here.browser(approver)

    def prepare(number: int) -> Act | None:
        votes = Vote.objects.filter(approver=approver, verdict="open", task__state="open").order_by("-pk")
        vote = votes.select_related("task__service_request").first()
        if vote is None:
            return None
        task = vote.task
        values = {"task": str(task.pk), "verdict": "yes", "version": str(task.version), "form_key": f"bench-{task.pk}"}
        return lambda: browser.send(f"/approvals/{task.service_request.code}/", values)

    return prepare
