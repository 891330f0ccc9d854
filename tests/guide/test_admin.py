"""The pages for operators: every setting and command is there, and what is typed into the shell can be run."""

import ast
import re

import pytest

from anliegen.lib import clock
from anliegen.people import access
from anliegen.people import actions as people
from anliegen.people.models import User
from anliegen.people.rules import Capability
from anliegen.project import cli, config
from anliegen.workflow.actions import library
from tests.guide.words import ROOT

ADMIN = ROOT / "docs" / "admin"


def row(setting: config.Setting) -> str:
    """A setting as its row in docs/admin/settings.md."""
    default = str(setting.default).replace(str(config.ROOT) + "/", "")
    shown = f"`{default}`" if default else ""
    return f"| `{config.PREFIX}{setting.name}` | {shown} | {setting.help} | {'yes' if setting.live else ''} |"


def test_the_table_of_settings_is_what_the_product_knows() -> None:
    rows = [line for line in (ADMIN / "settings.md").read_text().splitlines() if line.startswith("| `")]
    assert rows == [row(setting) for setting in config.SETTINGS]


def test_every_command_is_described() -> None:
    text = "".join(path.read_text() for path in ADMIN.glob("*.md"))
    [commands] = [action for action in cli._parser()._actions if action.choices and action.dest == "command"]
    missing = [name for name in commands.choices or () if f"anliegen {name}" not in text]
    assert missing == []


def _scripts() -> list[str]:
    """The blocks of Python, each from its first import on."""
    pages = [(ADMIN / name).read_text() for name in ("first-steps.md", "trouble.md")]
    blocks = [block for page in pages for block in re.findall(r"(?:^    .*\n|^\n)+", page, re.MULTILINE)]
    return [re.sub(r"^    ", "", block.strip("\n"), flags=re.MULTILINE) for block in blocks if "import " in block]


def test_the_scripts_are_python() -> None:
    scripts = _scripts()
    assert len(scripts) >= 4
    for script in scripts:
        ast.parse(script)


@pytest.mark.django_db
def test_the_first_steps_lead_to_staffed_services() -> None:
    people.create_administrator("admin@example.org", ("", "Admin"), "a long sentence of ours", now=clock.now())
    teams, persons = _scripts()[:2]
    exec(compile(teams, "first-steps.md", "exec"), {})
    exec(compile(persons, "first-steps.md", "exec"), {})
    assert access.can(User.objects.get(email="ada.lind@example.org"), Capability.USE_DESK, now=clock.now())
    services = [library.SHIPPED / library.TABLES, *library.shipped()]
    assert [library.check(folder, now=clock.now(), lang="en").errors for folder in services] == [[]] * len(services)
