"""The `anliegen` command itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from anliegen.project import cli, config


def test_a_wrong_setting_ends_the_command_with_its_name(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANLIEGEN_PORT", "eighty")
    assert cli.main(["serve"]) == 2
    assert "ANLIEGEN_PORT: 'eighty' is not a whole number" in capsys.readouterr().err


def test_every_setting_is_printed_with_its_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["settings"]) == 0
    text = capsys.readouterr().out
    for setting in config.SETTINGS:
        assert f"ANLIEGEN_{setting.name}={setting.default}" in text


@pytest.mark.parametrize(
    "command",
    [
        "serve",
        "worker",
        "migrate",
        "demo",
        "library",
        "create-admin",
        "doctor",
        "audit",
        "backup",
        "restore",
        "release",
    ],
)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--help"])
    assert ended.value.code == 0
    assert command in capsys.readouterr().out


def test_an_unknown_command_is_refused() -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["fly"])
    assert ended.value.code == 2


def test_every_setting_has_its_place_in_the_configuration() -> None:
    from dataclasses import fields

    assert {s.name.lower() for s in config.SETTINGS} == {f.name for f in fields(config.Config)}


def _run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """The command in a process of its own, with nothing but these settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ANLIEGEN_")}
    command = [sys.executable, "-m", "anliegen.project.cli", *arguments]
    return subprocess.run(command, env=clean | environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("arguments", "url", "advice"),
    [
        (("demo", "load", "--small"), "sqlite:///{folder}/new.sqlite3", "Run `anliegen migrate` first."),
        (("audit", "verify"), "postgres://postgres@127.0.0.1:1/none", "Start the database server"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_with_what_to_do(
    arguments: tuple[str, ...], url: str, advice: str, tmp_path: Path
) -> None:
    done = _run(*arguments, ANLIEGEN_DATA_DIR=str(tmp_path), ANLIEGEN_DATABASE_URL=url.format(folder=tmp_path))
    assert done.returncode == 1
    assert advice in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["doctor", "worker"])
def test_a_folder_that_cannot_be_written_is_told_by_the_name_of_its_setting(command: str) -> None:
    done = _run(command, ANLIEGEN_DATA_DIR="/proc/none")
    assert done.returncode in {1, 2}
    assert "ANLIEGEN_DATA_DIR: /proc/none cannot be written" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_worker_refuses_a_database_that_lacks_migrations(tmp_path: Path) -> None:
    done = _run("worker", ANLIEGEN_DATA_DIR=str(tmp_path))
    assert done.returncode == 1
    assert "Run `anliegen migrate` first" in done.stderr
