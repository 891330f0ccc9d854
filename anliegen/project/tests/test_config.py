"""Settings from the surroundings: defaults, refusals by name, secrets from files."""

from pathlib import Path
from typing import Any

import pytest

from anliegen.project import config
from anliegen.project.database import database

LIVE = {
    "ANLIEGEN_ENV": "production",
    "ANLIEGEN_SECRET_KEY": "x" * 60,
    "ANLIEGEN_HOSTS": "anliegen.example.org",
    "ANLIEGEN_BASE_URL": "https://anliegen.example.org",
    "ANLIEGEN_MAIL_URL": "smtp+tls://anliegen:p%40ss@mail.example.org",
    "ANLIEGEN_MAIL_FROM": "Anliegen <anliegen@example.org>",
    "ANLIEGEN_MAIL_REPLY_TO": "service@example.org",
    "ANLIEGEN_NAME": "Service",
    "ANLIEGEN_PHONE": "0431 1",
}


def problems(environ: dict[str, str]) -> list[str]:
    with pytest.raises(config.ConfigError) as caught:
        config.load(environ)
    return caught.value.problems


def test_nothing_needs_to_be_set_for_a_demo(tmp_path: Path) -> None:
    found = config.load({"ANLIEGEN_DATA_DIR": str(tmp_path)})
    assert found.demo
    assert found.database_url == f"sqlite:///{tmp_path / 'anliegen.sqlite3'}"
    assert found.base_url == "http://127.0.0.1:8000"


def test_the_secret_of_a_demo_is_kept_and_for_its_owner_only(tmp_path: Path) -> None:
    first, second = (config.load({"ANLIEGEN_DATA_DIR": str(tmp_path)}).secret_key for _ in range(2))
    assert first == second
    assert len(first) >= 50
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0


def test_production_names_everything_that_is_missing() -> None:
    found = problems({"ANLIEGEN_ENV": "production"})
    for setting in (s for s in config.SETTINGS if s.live):
        assert any(line.startswith(f"ANLIEGEN_{setting.name}: must be set") for line in found)


def test_production_starts_when_all_is_given() -> None:
    found = config.load(LIVE)
    assert found.production
    assert found.secure
    assert found.mail_url["OPTIONS"]["password"] == "p@ss"
    assert found.log_format == "json"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "eighty", "whole number"),
        ("PORT", "70000", "between 1 and 65535"),
        ("ENV", "prod", "demo, production, test"),
        ("TIME_ZONE", "Berlin", "Europe/Berlin"),
        ("BASE_URL", "anliegen.example.org", "https://"),
        ("BASE_URL", "https://example.org/anliegen", "without a path"),
        ("TRUSTED_PROXIES", "10.0.0.0/99", "10.0.0.0/8"),
        ("MAIL_URL", "mail.example.org", "smtp://"),
        ("MAIL_FROM", "nobody", "not a mail address"),
        ("MAIL_FROM", "a@b.de\nBcc: x@y.de", "not a mail address"),
        ("UPLOAD_MAX_BYTES", "-1", "whole number"),
        ("SECRET_KEY_FILE", "/nowhere/secret", "cannot be read"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str, words: str, tmp_path: Path) -> None:
    found = problems({"ANLIEGEN_DATA_DIR": str(tmp_path), f"ANLIEGEN_{name}": value})
    assert len(found) == 1
    assert found[0].startswith(f"ANLIEGEN_{name.removesuffix('_FILE')}: ")
    assert words in found[0]


def test_an_unknown_setting_is_refused_with_the_one_that_was_meant() -> None:
    assert problems({"ANLIEGEN_PROT": "1"}) == ["ANLIEGEN_PROT: there is no such setting; did you mean ANLIEGEN_PORT?"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ANLIEGEN_SECRET_KEY": "short"}, "ANLIEGEN_SECRET_KEY: has fewer than 50"),
        ({"ANLIEGEN_BASE_URL": "http://anliegen.example.org"}, "ANLIEGEN_BASE_URL: must begin with https://"),
        ({"ANLIEGEN_HOSTS": "*"}, "ANLIEGEN_HOSTS: name the hosts"),
        ({"ANLIEGEN_DATABASE_URL": "mysql://x"}, "ANLIEGEN_DATABASE_URL: must begin with"),
    ],
)
def test_production_refuses_what_is_unsafe(change: dict[str, str], words: str) -> None:
    assert any(line.startswith(words) for line in problems({**LIVE, **change}))


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("y" * 60 + "\n")
    given = {**LIVE, "ANLIEGEN_SECRET_KEY_FILE": str(file)}
    del given["ANLIEGEN_SECRET_KEY"]
    assert config.load(given).secret_key == "y" * 60


def test_sqlite_is_opened_so_that_no_commit_is_lost(tmp_path: Path) -> None:
    options: dict[str, Any] = database(config.load({"ANLIEGEN_DATA_DIR": str(tmp_path)}))["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in options["init_command"]


def test_postgresql_is_pooled_and_gives_up_in_time() -> None:
    entry = database(config.load({**LIVE, "ANLIEGEN_DATABASE_URL": "postgres://a:b@db:5432/anliegen"}))
    assert entry["CONN_MAX_AGE"] == 0
    assert entry["OPTIONS"]["pool"]["max_size"] >= 8
    assert "statement_timeout=9000" in entry["OPTIONS"]["options"]
