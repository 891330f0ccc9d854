"""Logs tell what happened and under which id, never about whom."""

import io
import json
import logging
from dataclasses import replace
from typing import Any

import pytest
import structlog
from django.conf import settings as given
from django.test import Client

from anliegen.project import logs


@pytest.fixture
def lines() -> Any:
    """What is written in production, as text."""
    logs.logging_config(replace(given.ANLIEGEN, log_format="json"))
    written = io.StringIO()
    handler = logging.getLogger().handlers[-1]
    for candidate in logging.getLogger().handlers:
        if isinstance(candidate.formatter, structlog.stdlib.ProcessorFormatter):
            handler = candidate
    stream, handler.stream = handler.stream, written  # type: ignore[attr-defined]
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    handler.stream = stream  # type: ignore[attr-defined]
    logs.logging_config(given.ANLIEGEN)


def test_each_answer_is_one_line_with_route_status_and_id(lines: Any) -> None:
    response = Client().get("/nowhere/jana.sommer")
    (line,) = [found for found in lines() if found["event"] == "answered"]
    assert line["request_id"] == response["X-Request-ID"]
    assert line["status"] == 404
    assert "jana" not in json.dumps(line)


def test_an_error_is_told_with_its_place_and_without_addresses_or_rows(lines: Any) -> None:
    try:
        raise ValueError("Key failed for jana.sommer@example.org\nDETAIL: Key (email)=(x) exists")
    except ValueError:
        structlog.get_logger("test").exception("failed")
    (line,) = lines()
    assert line["error"] == "ValueError"
    assert any("test_logs.py" in frame for frame in line["frames"])
    assert "example.org" not in json.dumps(line)
    assert "exists" not in json.dumps(line)


def test_lines_of_libraries_are_scrubbed_too(lines: Any) -> None:
    logging.getLogger("some.library").warning("could not send to %s", "jana.sommer@example.org")
    (line,) = lines()
    assert line["event"] == "could not send to <mail>"
    assert line["level"] == "warning"
