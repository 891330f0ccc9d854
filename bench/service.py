"""The product as it is served: how soon it is ready, what it keeps in memory, what it does under load from outside."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg

from bench import load, snapshots
from tests.crash.plant import free_port

START_LIMIT_S = 120
WATCH_S = 5
PEOPLE = 20
MB = 1024 * 1024


@dataclass(slots=True)
class Served:
    """A running `anliegen serve` (2 web processes, 1 worker) on a filled database."""

    database_url: str
    base_url: str
    ready_s: float
    process: subprocess.Popen[bytes]
    most_wal: int = 0
    memory: list[int] = field(default_factory=list)

    def memory_now(self) -> int:
        """Bytes of all its processes; what they share is counted once for each."""
        return sum(_resident(pid) for pid in _family(self.process.pid))

    def cpu(self) -> dict[str, float]:
        """Seconds that web, worker and PostgreSQL's processes for this database have used; SQLite is within both."""
        found = {"web": 0.0, "worker": 0.0, "database": 0.0}
        for pid in _family(self.process.pid):
            command = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
            found["worker" if "worker" in command else "web"] += _seconds(pid)
        found["database"] = sum(map(_seconds, self._backends()))
        return found

    def _backends(self) -> list[int]:
        if self.database_url.startswith("sqlite"):
            return []
        name = snapshots.Postgres.name(self.database_url)
        with psycopg.connect(self.database_url.replace("postgres:", "postgresql:", 1)) as connection:
            rows = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()", [name]
            )
            return [pid for (pid,) in rows if Path(f"/proc/{pid}/stat").exists()]

    def watch(self, until: threading.Event) -> None:
        """Note memory, and the size of SQLite's log, while something goes on."""
        wal = Path(self.database_url.removeprefix("sqlite:///") + "-wal")
        while not until.wait(WATCH_S):
            self.memory.append(self.memory_now())
            with contextlib.suppress(OSError):
                self.most_wal = max(self.most_wal, wal.stat().st_size)


@contextlib.contextmanager
def serve(url: str, folder: Path) -> Iterator[Served]:
    """Start it cold and wait until it says that it is ready; end it in good order."""
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    environment = snapshots.environment(url, folder) | {
        "ANLIEGEN_PORT": str(port),
        "ANLIEGEN_BASE_URL": base_url,
        "ANLIEGEN_DATABASE_TIMEOUT_S": "10",
    }
    command = [sys.executable, "-m", "anliegen.project.cli", "serve"]
    began = time.monotonic()
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=snapshots.ROOT, env=environment, stdout=log, stderr=log)
    try:
        _wait(base_url, began)
        yield Served(url, base_url, time.monotonic() - began, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=40)


def _wait(base_url: str, began: float) -> None:
    while time.monotonic() - began < START_LIMIT_S:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{base_url}/health/ready", timeout=5).status_code == 200:
                return
        time.sleep(0.05)
    raise SystemExit(f"Not ready within {START_LIMIT_S} s.")


def under_load(served: Served, size: int, seconds: float, rate: float) -> dict[str, Any]:
    """Load it from another process; what that was told, and what the product used meanwhile."""
    people = json.dumps(load.crowd(size, PEOPLE))
    command = [sys.executable, "-m", "bench.load", served.base_url, str(seconds), str(rate), people]
    before, over = served.cpu(), threading.Event()
    watching = threading.Thread(target=served.watch, args=(over,), daemon=True)
    watching.start()
    answer = subprocess.run(command, cwd=snapshots.ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    over.set()
    watching.join()
    used = {f"{name}_cpu": now - before[name] for name, now in served.cpu().items()}
    return {
        **json.loads(answer),
        **used,
        "memory_first_mb": served.memory[0] / MB if served.memory else 0,
        "memory_last_mb": served.memory_now() / MB,
        "wal_mb": served.most_wal / MB,
    }


def _family(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in task.read_text().split():
                found += _family(int(child))
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def _seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
