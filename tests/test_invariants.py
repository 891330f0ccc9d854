"""What holds everywhere, looked at as a whole: events, jobs, headers of every kind of answer, cookies, stored formats.

What GET may change is tried in `test_policy.py`, fields and their purposes in `test_register.py`, routes of strangers in
`project/tests/test_headers.py`.
"""

import ast
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from inspect import getmembers, isfunction
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, models
from django.test import Client

from anliegen.audit.models import Entry
from anliegen.lib import bus
from anliegen.lib.events import Event
from anliegen.notifications import handlers as notifications
from anliegen.project import wiring
from anliegen.project.tests.test_config import LIVE
from tests import company
from tests.company import NOW, Company, person, signed_in

ROOT = Path(__file__).resolve().parent.parent / "anliegen"
SOURCES = [path for path in ROOT.rglob("*.py") if not {"tests", "migrations"} & set(path.parts)]
for path in ROOT.glob("*/events.py"):
    import_module(f"anliegen.{path.parent.name}.events")


# Events


def _events(kind: type[Event] = Event) -> Iterator[type[Event]]:
    """Every kind that is announced: those that others only inherit from have no key of their own."""
    for below in kind.__subclasses__():
        if "key" in vars(below):
            yield below
        yield from _events(below)


def _is_current(kind: type[Event]) -> bool:
    """The product's own, and not the class from which a dataclass with slots was made."""
    ours = kind.__module__.startswith("anliegen.") and ".tests." not in kind.__module__
    return ours and getattr(sys.modules[kind.__module__], kind.__name__) is kind


EVENTS = sorted({one for one in _events() if _is_current(one)}, key=lambda one: one.key)


def test_every_event_has_a_key_of_its_own() -> None:
    assert len(EVENTS) > 40
    assert [key for key, count in Counter(one.key for one in EVENTS).items() if count > 1] == []
    assert [one.key for one in EVENTS if not re.fullmatch(r"[a-z]+\.[a-z-]+", one.key)] == []


@pytest.mark.parametrize("event", EVENTS, ids=lambda one: one.key)
def test_an_event_is_frozen_and_names_its_subject(event: type[Event]) -> None:
    assert event.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert event.subject_kind != "object"
    assert len(event.key) <= Entry._meta.get_field("event").max_length  # type: ignore[operator]


def test_every_event_is_written_down_and_what_reacts_exists() -> None:
    """At the end of every command the trail is written; the others are lines of the table, for events that exist."""
    assert wiring.REACTIONS[bus.Command][-1].__qualname__ == "record"
    assert set(wiring.REACTIONS) - {bus.Command} <= set(EVENTS)
    assert set(notifications.TELLS) <= set(EVENTS)


def test_every_event_is_announced_somewhere() -> None:
    text = "\n".join(path.read_text() for path in SOURCES if path.name != "events.py")
    assert [one.__name__ for one in EVENTS if not re.search(rf"\b{one.__name__}\b", text)] == []


def test_every_handler_and_every_job_is_in_the_table() -> None:
    wired = {handler for handlers in wiring.REACTIONS.values() for handler in handlers} | set(
        notifications.TELLS.values()
    )
    loose = []
    for path in ROOT.glob("*/handlers.py"):
        module = import_module(f"anliegen.{path.parent.name}.handlers")
        own = [f for name, f in getmembers(module, isfunction) if f.__module__ == module.__name__ and name[0] != "_"]
        loose += [f"{module.__name__}.{f.__name__}" for f in own if f not in wired]
    assert loose == []
    assert {one.kind for one in wiring.RECURRING} <= set(wiring.JOBS)


def _constant(path: Path, value: ast.expr) -> object:
    """What is written there, or the value of that name in its module."""
    if isinstance(value, ast.Constant):
        return value.value
    module = ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")
    return getattr(import_module(module), ast.unparse(value), f"{path.name}: {ast.unparse(value)}")


def test_every_kind_of_job_that_is_planned_has_a_function() -> None:
    planned = set()
    for path in SOURCES:
        calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        for call in calls:
            if ast.unparse(call.func) in {"jobs.schedule", "jobs.schedule_many"}:
                planned.add(_constant(path, call.args[0]))
    assert planned
    assert sorted(map(str, planned - set(wiring.JOBS))) == []


# Headers of every kind of answer


@pytest.fixture
def nordwerk(db: None) -> Iterator[Company]:
    bound = bus.bound()
    with time_machine.travel(NOW, tick=False):
        wiring.bind()
        yield company.found()
    bus.bind(bound)


def _missing(response: Any) -> list[str]:
    wanted = {
        "Content-Security-Policy": r"frame-ancestors 'none'|sandbox",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Permissions-Policy": r"camera=\(\)",
        "Cache-Control": "no-store|no-cache",
        "X-Request-ID": ".",
    }
    found = [name for name, value in wanted.items() if not re.search(value, response.headers.get(name, ""))]
    return [*found, *(["unsafe"] if "unsafe-" in response.headers.get("Content-Security-Policy", "") else [])]


def test_every_kind_of_answer_carries_the_headers(nordwerk: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    jana, silke = signed_in(person("Jana Sommer")), signed_in(person("Silke Marten"))
    jana.raise_request_exception = silke.raise_request_exception = False
    one, url = nordwerk.own, f"/requests/{nordwerk.own.code}/"
    vote = {"task": nordwerk.step(one, "approval").rpartition("/")[2], "verdict": "yes"}
    many = [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(11)]
    answers = {
        200: jana.get(url),
        204: jana.get(f"{url}live?version={type(one).objects.get(pk=one.pk).version}"),
        302: Client().get(url),
        400: jana.get(f"{url}?%00=1"),
        403: jana.get("/desk/"),
        404: jana.get(f"/requests/{nordwerk.foreign.code}/"),
        405: jana.get(f"{url}message"),
        409: jana.post(f"{url}accept", {"verdict": "yes"}),
        413: jana.post(f"{url}message", {"text": "x", "files": many}),
        422: jana.post(f"{url}message", {"text": ""}),
    }
    assert vote
    download = jana.get(f"{url}files/{nordwerk.file_id}")
    for status, problem in ((500, ValueError("a bug")), (503, OperationalError("database is locked"))):
        monkeypatch.setattr("anliegen.portal.views.request.shown.read", _raising(problem))
        answers[status] = jana.get(url)
    assert {status: answer.status_code for status, answer in answers.items() if answer.status_code != status} == {}
    assert {status: _missing(answer) for status, answer in answers.items() if _missing(answer)} == {}
    assert _missing(download) == []
    assert download["Content-Disposition"].startswith("attachment")


def _raising(problem: Exception) -> Any:
    def read(*_args: Any, **_more: Any) -> Any:
        raise problem

    return read


# Cookies


COOKIES = """
import json
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
call_command("createcachetable", verbosity=0)
from anliegen.people.models import Company, User
from django.test import Client
company = Company.objects.create(key="c", name="C")
user = User(email="a@example.org", first_name="A", last_name="B", company=company)
user.set_password("korrekt-pferd-batterie")
user.save()
client = Client(HTTP_HOST="anliegen.example.org")
client.get("/account/sign-in", secure=True)
sent = {"login": "a@example.org", "password": "korrekt-pferd-batterie"}
assert client.post("/account/sign-in", sent, secure=True).status_code == 302
client.post("/prefs", {"lang": "en"}, secure=True)
print(json.dumps({name: {key: value for key, value in one.items()} for name, one in client.cookies.items()}))
"""


@pytest.fixture(scope="module")
def cookies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What a browser is given in production."""
    folder = tmp_path_factory.mktemp("production")
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("ANLIEGEN_")}
    ours = LIVE | {
        "ANLIEGEN_DATA_DIR": str(folder),
        "ANLIEGEN_DATABASE_URL": f"sqlite:///{folder}/production.sqlite3",
        "DJANGO_SETTINGS_MODULE": "anliegen.project.settings",
    }
    command = [sys.executable, "-c", COOKIES]
    done = subprocess.run(command, env=surroundings | ours, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_in_production_every_cookie_is_for_this_host_by_https_and_not_for_scripts(cookies: Any) -> None:
    assert {"__Host-session", "__Host-csrf"} <= set(cookies)
    for name, one in cookies.items():
        assert one["secure"], name
        assert one["httponly"], name
        assert one["samesite"] == "Lax", name
        assert one["path"] == "/", name
        assert not one["domain"], name


# Stored formats


FORMATTED = {
    "knowledge.article.draft",
    "workflow.modelversion.graph",
    "workflow.release.tables",
    "workflow.release.options",
    "workflow.sharedtable.table",
    "catalogue.itemversion.form",
    "catalogue.bundle.parts",
    "calendars.calendar.hours",
    "calendars.calendar.company_days",
}


def test_structures_that_may_change_their_shape_carry_a_format_number(nordwerk: Company) -> None:
    """Graph, form, tables, options, hours: whoever reads them later knows how. Texts and answers have no shape."""
    stored = [
        (label, value)
        for label in sorted(FORMATTED)
        for value in apps.get_model(label.rpartition(".")[0]).objects.values_list(label.rpartition(".")[2], flat=True)
    ]
    missing = [f"{label}: {str(value)[:80]}" for label, value in stored if value and not _formatted(value)]
    assert missing == []
    assert set(Entry.objects.values_list("format", flat=True)) == {1}


def _formatted(value: Any) -> bool:
    """Its own number, or one in each of its parts (tables by key)."""
    if not isinstance(value, dict):
        return False
    return "format" in value or all(isinstance(part, dict) and "format" in part for part in value.values())


def test_every_json_column_is_formatted_or_known_to_need_none() -> None:
    known = {"name", "title", "summary", "description", "text", "job_title", "hours", "audience_reason", "reason"}
    known |= {"answers", "params", "inputs", "result", "outputs", "basis", "detail", "payload", "files", "channels"}
    known |= {"synonyms", "visits", "form", "data", "held", "checklist", "unavailable_reason", "mail_choices"}
    known |= {"answer", "body", "keywords", "items", "steps", "related"}  # texts of an article, and keys
    found = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("anliegen.")
        for field in model._meta.local_fields
        if isinstance(field, models.JSONField)
    }
    assert sorted(one for one in found - FORMATTED if one.rpartition(".")[2] not in known) == []
    assert found >= FORMATTED


def test_what_leaves_the_house_carries_a_format_number(nordwerk: Company) -> None:
    exported = signed_in(person("Jana Sommer")).get(f"/requests/{nordwerk.own.code}/export.json").json()
    assert exported["format"] == 1
    for service in sorted(file.parent for file in (ROOT / "library").glob("*/service.json")):
        for name in ("service.json", "form.json"):
            assert json.loads((service / name).read_text())["format"] == 1, f"{service.name}/{name}"
