"""What the tests run in a process of its own: `python -m anliegen.audit.tests.process late | sealers | twins`."""

import json
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from anliegen.jobs.tests import databases

NOW = datetime(2026, 11, 25, tzinfo=UTC)


def _record(number: int) -> None:
    from anliegen.audit import actions
    from anliegen.lib.events import Event

    actions.record([Event(subject_id=number, actor_id=number % 3, now=NOW, changes={"n": number})])


def _together(*functions: Callable[[], None]) -> list[str]:
    """Run each in a thread with its own connection; what went wrong."""
    from django.db import connection

    errors: list[str] = []

    def guarded(function: Callable[[], None]) -> None:
        try:
            function()
        except Exception as error:  # noqa: BLE001 - reported to the test
            errors.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=guarded, args=(function,)) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def late() -> Any:
    """One entry is written first and committed last; the seal job runs in between. (PostgreSQL: several writers.)"""
    from django.db import transaction

    from anliegen.audit import actions, queries
    from anliegen.audit.models import Entry

    written, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            _record(100)
            written.set()
            may_commit.wait(20)

    def quick() -> None:
        written.wait(20)
        _record(101)
        actions.seal({}, NOW)
        may_commit.set()

    errors = _together(slow, quick)
    actions.seal({}, NOW)
    rows = list(Entry.objects.order_by("id").values_list("subject", "number"))
    return {"errors": errors, "rows": rows, "ok": queries.verify().ok}


def sealers() -> Any:
    """Three writers and two sealers at once."""
    from anliegen.audit import actions, queries

    def write() -> None:
        for number in range(30):
            _record(number)

    def seal() -> None:
        for _ in range(15):
            actions.seal({}, NOW)

    errors = _together(write, write, write, seal, seal)
    actions.seal({}, NOW)
    report = queries.verify()
    return {"errors": errors, "sealed": report.sealed, "unsealed": report.unsealed, "ok": report.ok}


def twins() -> Any:
    """The same command twelve times at once: how often it had its effect, and which object each was answered with."""
    from django.db import transaction

    from anliegen.audit import actions
    from anliegen.audit.models import Entry

    start = threading.Barrier(12)
    answers: list[int] = []

    @actions.idempotent
    @transaction.atomic
    def submit() -> int:
        made = actions.replayed(7, "key", "submit")
        if made is None:
            _record(500)
            made = Entry.objects.latest("id").pk
            actions.remember(7, "key", "submit", "entry", made)
        return int(made)

    def click() -> None:
        start.wait()
        answers.append(submit())

    errors = _together(*[click] * 12)
    return {"errors": errors, "answers": len(set(answers)), "effects": Entry.objects.filter(subject="500").count()}


if __name__ == "__main__" and not databases.setup(sys.argv[1:]):
    sys.stdout.write(json.dumps({"late": late, "sealers": sealers, "twins": twins}[sys.argv[1]]()))
