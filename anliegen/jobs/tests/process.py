"""What the tests run in processes of their own: `python -m anliegen.jobs.tests.process work | fill <n> | race`."""

import json
import signal
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from anliegen.jobs.tests import databases

FAR = datetime(2100, 1, 1, tzinfo=UTC)
PAST = datetime(2020, 1, 1, tzinfo=UTC)


def work(marker: str = "") -> None:
    """A worker in haste: leases of a second. Each job leaves one row of kind "effect" with its number as priority."""
    from anliegen import jobs
    from anliegen.jobs import rules, runner

    def count(payload: dict[str, Any], now: datetime) -> None:
        jobs.schedule("effect", due=FAR, priority=payload["n"])
        time.sleep(0.004)

    def slow(payload: dict[str, Any], now: datetime) -> None:
        jobs.schedule("effect", due=FAR, priority=payload["n"])
        if marker:
            Path(marker).write_text("in the middle", encoding="utf-8")
            time.sleep(1)

    def tick(payload: dict[str, Any], now: datetime) -> None:
        jobs.schedule("tick effect", due=datetime.fromisoformat(payload["planned"]))

    rules.LEASE = timedelta(seconds=1)
    runner.BEAT_SECONDS, runner.IDLE_SECONDS = 0.2, 0.05
    jobs.bind({"count": count, "slow": slow, "tick": tick}, [jobs.Recurring("tick", timedelta(seconds=0.3))])
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    runner.run(stop)


def fill(number: str, kind: str = "count") -> None:
    """Plan jobs 1..number, due now."""
    from django.db import transaction

    from anliegen import jobs

    with transaction.atomic():
        for n in range(1, int(number) + 1):
            jobs.schedule(kind, key=f"{kind}:{n}", due=PAST, payload={"n": n})


def race() -> None:
    """Eight threads plan the same key twenty times each, others cancel it."""
    from django.db import connection, transaction

    from anliegen import jobs

    errors: list[str] = []

    @transaction.atomic
    def once(me: int, n: int) -> None:
        if me == 7 and n % 2:
            jobs.cancel("same")
        jobs.schedule("effect", key="same", due=FAR, payload={"me": me, "n": n})

    def many(me: int) -> None:
        try:
            for n in range(20):
                once(me, n)
        except Exception as error:  # noqa: BLE001 - reported to the test
            errors.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=many, args=(me,)) for me in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.stdout.write(json.dumps(errors))


if __name__ == "__main__" and not databases.setup(sys.argv[1:]):
    commands: dict[str, Any] = {"work": work, "fill": fill, "race": race}
    commands[sys.argv[1]](*sys.argv[2:])
