"""Health for load balancers, and what the doctor says."""

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from anliegen.project import config, doctor, health

pytestmark = pytest.mark.django_db


def test_live_asks_nothing_of_the_database(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert client.get("/health/live").status_code == 200


def test_live_asks_nothing_even_with_a_session(client: Client, django_assert_num_queries: Any) -> None:
    client.cookies["sessionid"] = client.cookies["__Host-sessionid"] = "whatever"
    with django_assert_num_queries(0):
        assert client.get("/health/live").status_code == 200


def test_ready_when_everything_is_there(client: Client) -> None:
    response = client.get("/health/ready")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "checks": {"database": "ok", "migrations": "ok", "jobs": "ok", "disk": "ok"},
    }


def test_not_ready_while_migrations_are_missing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_known_current", False)
    monkeypatch.setattr(health, "pending_migrations", lambda: ["jobs.0002_more"])
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert "anliegen migrate" in response.json()["checks"]["migrations"]


def test_not_ready_while_the_database_is_gone(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(health.connection, "cursor", gone)
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["status"] == "failed"


@pytest.mark.parametrize(("age", "dead"), [(3600, 0), (0, 2)])
def test_late_or_dead_jobs_are_told_but_pages_still_go_out(
    client: Client, monkeypatch: pytest.MonkeyPatch, age: int, dead: int
) -> None:
    report = {"pending": 1, "due": 1, "oldest_due_age_s": age, "dead": dead, "workers": []}
    monkeypatch.setattr(health.jobs, "report", lambda: report)
    response = client.get("/health/ready")
    assert response.status_code == 200
    assert response.json()["status"] == "degraded"


def test_the_doctor_finds_nothing_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.run(lambda: None) == 0
    text = capsys.readouterr().out
    for subject in ("settings", "data folder", "database", "clock", "migrations", "jobs", "mail"):
        assert f"ok   {subject}" in text


def test_the_doctor_says_what_to_do_about_a_wrong_setting(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANLIEGEN_PORT", "x")
    assert doctor.run(lambda: None) == 1
    assert "ANLIEGEN_PORT" in capsys.readouterr().out


def test_the_doctor_says_what_to_do_about_mail_that_cannot_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANLIEGEN_MAIL_URL", "smtp://127.0.0.1:1")
    found = {f.subject: f for f in doctor._mail(config.load(), None)}
    assert "ANLIEGEN_MAIL_URL" in found["mail"].advice


def test_the_doctor_notices_a_clock_that_is_wrong() -> None:
    assert doctor._clock("2001-01-01 00:00:00").advice
