"""Logs: one line per event with the request's id; JSON in production. Never a name, an address or a request's text."""

import logging.config
import re
import sys
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from anliegen.project.config import Config

_MAIL = re.compile(r"[^\s<>\"'()=]+@[^\s<>\"'()=]+")
_VALUES = re.compile(r"(DETAIL|CONTEXT):.*", re.DOTALL)  # PostgreSQL quotes the row there


def scrub(text: str) -> str:
    """The text without mail addresses and without the row that a database error quotes."""
    return _MAIL.sub("<mail>", _VALUES.sub("", text)).strip()


def _exception(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Turn `exc_info` into type, scrubbed message and frames; the values of variables are never written."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    elif isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if info and info[0]:
        event["error"] = info[0].__name__
        event["error_text"] = scrub(str(info[1]))[:500]
        event["frames"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(info[2])][-12:]
    return event


def _scrub_event(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    event["event"] = scrub(str(event.get("event", "")))
    return event


def logging_config(config: Config) -> None:
    """Set up the logs of this process."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _exception,
        _scrub_event,
    ]
    last: Processor = structlog.processors.JSONRenderer() if config.log_format == "json" else _plain
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(_standard(shared, last, config.log_level.upper()))


def _standard(shared: list[Processor], last: Processor, level: str) -> dict[str, Any]:
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": formatter},
        "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["out"], "level": level},
        "loggers": {
            # Django's own lines hold whole addresses; `anliegen.web` tells the same without them.
            "django.request": {"level": "CRITICAL"},
            "django.security": {"level": "CRITICAL"},
            "django.server": {"level": "WARNING"},
            "django.db.backends": {"level": "WARNING"},
            "asyncio": {"level": "WARNING"},
            "psycopg.pool": {"level": "ERROR"},  # repeats itself many times a second while the server is gone
        },
    }


def _plain(_: WrappedLogger, __: str, event: EventDict) -> str:
    """One readable line for a terminal."""
    frames = event.pop("frames", ())
    head = f"{event.pop('timestamp', '')[11:19]} {event.pop('level', ''):7} {event.pop('event', '')}"
    event.pop("logger", None)
    rest = " ".join(f"{key}={value}" for key, value in sorted(event.items()))
    return "\n".join([f"{head}  {rest}".rstrip(), *(f"    {frame}" for frame in frames)])
