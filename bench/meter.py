"""What one thing costs: CPU of the web process, CPU of the database beside it, time on the wall, statements."""

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

WARM_UP = 8
type Act = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one thing, in milliseconds; `statements` are the fewest and the most of one run."""

    name: str
    runs: int
    cpu: float
    database_cpu: float | None
    p50: float
    p95: float
    statements: tuple[int, int]


@dataclass(slots=True)
class Statements:
    """Notes what is sent to the database."""

    texts: list[str] = field(default_factory=list)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.texts.append(sql)
        return execute(sql, params, many, context)


@dataclass(slots=True)
class _Runs:
    cpu: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)


def measure(name: str, prepare: Callable[[int], Act | None], runs: int) -> Figures | None:
    """Measure what `prepare(n)` returns, once for each n; None ends the series early. The first runs only warm up.

    CPU and statements are medians, the database's CPU a mean: its clock may be coarse.
    """
    noted, found = Statements(), _Runs()
    database = DatabaseClock()
    for number in range(runs + WARM_UP):
        act = prepare(number)
        if act is None:
            break
        noted.texts.clear()
        with connection.execute_wrapper(noted):
            before = database.read()
            begun, cpu_begun = time.perf_counter(), time.process_time()
            act()
            cpu_ended, ended = time.process_time(), time.perf_counter()
            after = database.read()
        if number >= WARM_UP:
            found.cpu.append((cpu_ended - cpu_begun) * 1000)
            found.wall.append((ended - begun) * 1000)
            found.statements.append(len(noted.texts))
            found.database.append(after - before)
    return _figures(name, found, counted=database.counted)


def _figures(name: str, found: _Runs, *, counted: bool) -> Figures | None:
    if not found.cpu:
        return None
    wall = sorted(found.wall)
    return Figures(
        name=name,
        runs=len(wall),
        cpu=statistics.median(found.cpu),
        database_cpu=statistics.mean(found.database) if counted else None,
        p50=statistics.median(wall),
        p95=wall[min(len(wall) - 1, round(len(wall) * 0.95))],
        statements=(min(found.statements), max(found.statements)),
    )


class DatabaseClock:
    """The CPU time of PostgreSQL's processes for this database, in milliseconds.

    SQLite runs inside the web process and is counted there; a server on another machine cannot be read.
    """

    def __init__(self) -> None:
        self._pids: list[int] = []
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
                self._pids = [pid for (pid,) in cursor.fetchall() if Path(f"/proc/{pid}/stat").exists()]
        self.counted = bool(self._pids)

    def read(self) -> float:
        return sum(_process_ms(pid) for pid in self._pids)


def _process_ms(pid: int) -> float:
    """From schedstat in nanoseconds; where the kernel does not offer it, from stat in ticks."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1_000_000
    except (OSError, IndexError, ValueError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")
