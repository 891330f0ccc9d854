"""Who gets what answer at every address (A01, A11): the table is policy.csv, read line by line by people.

Each line is one call as nine persons. `address` and `body` hold {names} of objects: {own} is a request of the owner in
which agent, fulfiller and approver take part, {foreign} one of somebody else, {absent} none at all. An empty cell is not
called, because it is answered before anybody looks who asks. Every call is undone.
"""

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

import pytest
import time_machine
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from anliegen.lib import bus
from anliegen.people.models import User
from anliegen.project import wiring
from anliegen.project.tests import routes
from anliegen.workflow.models import Task
from tests import company

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("policy")]
TABLE = Path(__file__).with_name("policy.csv")
ABSENT = "SR-9999"
# What a call of one person legitimately leaves behind, and is nobody's content.
_TECHNICAL = re.compile(r'"?(django_session|people_session|cache|django_cache)"?', re.IGNORECASE)
_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER)\b", re.IGNORECASE)
_CHANGING = (
    re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")[^"]+'),
    re.compile(rb'(?<=name="form_key" value=")[^"]+'),
    re.compile(rb"(?<=nonce-)[A-Za-z0-9+/=_-]+"),
    re.compile(rb'(?<=nonce=")[^"]+'),
)


class Line(NamedTuple):
    route: str
    method: str
    address: str
    body: str
    expected: dict[str, str]


class Answer(NamedTuple):
    line: Line
    role: str
    status: int
    headers: dict[str, str]
    content: bytes  # of 404 only
    written: list[str]

    def __str__(self) -> str:
        return f"{self.line.method} {self.line.address} {self.line.body} as {self.role}: {self.status}"


def lines() -> list[Line]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            Line(row.pop("route"), row.pop("method"), row.pop("address"), row.pop("body"), row)
            for row in csv.DictReader(file)
        ]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator["World"]:
    """Made once: each call of the test is rolled back."""
    with django_db_blocker.unblock(), time_machine.travel(company.NOW, tick=False):
        bound = bus.bound()
        wiring.bind()
        outside = transaction.atomic()
        outside._from_testcase = True  # as in Django's TestCase: jobs begin transactions that must be outermost
        outside.__enter__()
        try:
            yield World(tmp_path_factory.mktemp("policy"))
        finally:
            transaction.set_rollback(True)
            outside.__exit__(None, None, None)
            bus.bind(bound)


@contextmanager
def _files_in(folder: Path) -> Iterator[None]:
    """Uploads of this module outlive a single test."""
    before = settings.ANLIEGEN
    settings.ANLIEGEN = replace(before, data_dir=folder)
    yield
    settings.ANLIEGEN = before


class World:
    """The company, a session for each role, and what the {names} of the table stand for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with _files_in(folder):
            self.company = company.found()
        self.sessions = {role: self._session(role) for role in company.ROLES}
        company.leave(company.ROLES["left"])
        own, foreign = self.company.own, self.company.foreign
        self.names = {
            "own": own.code,
            "foreign": foreign.code,
            "absent": ABSENT,
            "file": self.company.file_id,
            "foreign_file": self.company.foreign_file_id,
            "draft": self.company.draft_id,
            "line": company.cart_line("Jana Sommer"),
            "order": own.order.public_id,
            "step": self.company.side_step(),
            "done_step": self.company.step(own, "check"),
            "foreign_step": self.company.step(foreign, "check"),
            "vote": str(Task.objects.get(service_request=own, node="approval").pk),
            "foreign_vote": str(Task.objects.get(service_request=foreign, node="check").pk),
            "person": company.person("Arne Ketelsen").public_id,
        }

    def _session(self, role: str) -> str:
        if role == "anonymous":
            return ""
        return company.signed_in(self.company.person(role)).cookies[settings.SESSION_COOKIE_NAME].value

    def call(self, role: str, line: Line) -> Answer:
        """The answer; whatever the call did is undone."""
        client = Client(raise_request_exception=False)
        if self.sessions[role]:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        body = {"form_key": "policy-0001", **dict(parse_qsl(line.body.format(**self.names), keep_blank_values=True))}
        sent = () if line.method == "GET" else (urlencode(body).encode(), "application/x-www-form-urlencoded")
        with transaction.atomic(), written() as statements, _files_in(self.folder):
            response: Any = client.generic(line.method, line.address.format(**self.names), *sent)
            content = b"".join(response.streaming_content) if response.streaming else response.content
            transaction.set_rollback(True)
        kept = content if response.status_code == 404 else b""
        return Answer(line, role, response.status_code, dict(response.headers), kept, statements)


@contextmanager
def written() -> Iterator[list[str]]:
    """Every statement that changes content."""
    found: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if _WRITES.match(sql) and not _TECHNICAL.search(sql):
            found.append(sql[:200])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


def test_every_route_is_in_the_table() -> None:
    known = {route for route, _address in routes.every()}
    named = {line.route for line in lines()}
    assert sorted(known - named) == [], "addresses without a line in tests/policy.csv"
    assert sorted(named - known) == [], "lines of tests/policy.csv without an address"


def test_every_route_with_a_number_is_tried_with_a_foreign_and_an_absent_one() -> None:
    for word in ("{own}", "{foreign}", "{absent}"):
        tried = {line.route for line in lines() if word in line.address}
        assert sorted(route for route, _address in routes.every() if "<str:code>" in route and route not in tried) == []


@pytest.fixture(scope="module")
def answers(world: World) -> list[Answer]:
    """Every call of the table, each made once."""
    return [world.call(role, line) for line in lines() for role, expected in line.expected.items() if expected]


def test_everybody_gets_the_answer_of_the_table(answers: list[Answer]) -> None:
    assert [str(one) for one in answers if str(one.status) != one.line.expected[one.role]] == []


def test_foreign_and_absent_look_the_same(world: World, answers: list[Answer]) -> None:
    """To whom it is 404, nothing tells that there is something: not the page, not the headers."""
    hidden = [one for one in answers if "{foreign}" in one.line.address and one.line.expected[one.role] == "404"]
    told = []
    for one in hidden:
        address = one.line.address.replace("{foreign}", "{absent}").replace("{foreign_step}", "{step}")
        twin = one.line._replace(address=address.replace("{foreign_file}", "{file}"))
        if _bare(one, world) != _bare(world.call(one.role, twin), world):
            told.append(str(one))
    assert told == []
    assert len(hidden) > 50


def _bare(answer: Answer, world: World) -> tuple[int, dict[str, str], bytes]:
    """The answer without what differs between any two calls: tokens, the call's id, and the number itself."""
    content = answer.content.replace(answer.headers.get("X-Request-ID", "-").encode(), b"-")
    for pattern in _CHANGING:
        content = pattern.sub(b"-", content)
    for code in (world.names["foreign"], ABSENT):
        content = content.replace(code.encode(), b"-")
    for name in ("foreign_step", "step", "foreign_file", "file"):
        content = content.replace(world.names[name].encode(), b"-")
    headers = {
        name: re.sub(r"nonce-[^']+", "", value)
        for name, value in answer.headers.items()
        if name not in {"Date", "X-Request-ID", "Set-Cookie"}
    }
    return answer.status, headers, content


def test_looking_changes_nothing(answers: list[Answer]) -> None:
    assert [f"{one}: {one.written[0]}" for one in answers if one.line.method == "GET" and one.written] == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_methods_do_nothing(world: World, method: str) -> None:
    addresses = {line.route: line for line in lines() if line.method == "GET"}
    tried = [world.call("owner", line._replace(method=method, body="")) for line in addresses.values()]
    assert [f"{method} {one}: {one.written}" for one in tried if one.written or one.status >= 500] == []


def test_the_session_of_somebody_who_left_has_ended(world: World) -> None:
    assert not User.objects.get(pk=world.company.person("left").pk).is_active
    answer = world.call("left", Line("", "GET", "/", "", {}))
    assert answer.headers["Location"].startswith("/account/sign-in")
