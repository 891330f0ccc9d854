"""One Anliegen on a machine of its own: a database, a data folder, a mail server, a web process and workers.

Everything is told to it by the environment and seen by HTTP and mail, as an operator would.
"""

import contextlib
import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
from aiosmtpd.controller import Controller

from tests.crash.postbox import Mail, Postbox
from tests.crash.proxy import Wire

__all__ = ["Mail", "Mould", "Plant", "admin", "free_port", "plant"]

START_LIMIT_S = 45
PLANTED = Path(__file__).resolve().parent / "planted"  # its sitecustomize.py changes the product, if it is told to
ROOT = PLANTED.parent.parent.parent
SERVER = (os.environ.get("ANLIEGEN_TEST_POSTGRES_URL") or "postgres://postgres@127.0.0.1:5432/anliegen").rpartition(
    "/"
)[0]


def admin(server: str = SERVER) -> str:
    """The address of the server's own database."""
    return f"{server.replace('postgres:', 'postgresql:', 1)}/postgres"


def free_port() -> int:
    """A port that nobody has, below those that the system gives to clients: theirs may be ours while we restart."""
    while True:
        port = random.randint(20_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@dataclass(frozen=True, slots=True)
class Mould:
    """A product that was loaded once, and is copied for each test: that takes a second instead of twenty."""

    data: Path
    database: str


@dataclass(slots=True)
class Plant:
    """The running product. `kill`, `pause` and `resume` reach every process of it, also those it started itself."""

    environment: dict[str, str]
    base_url: str
    postbox: Postbox
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    kills: dict[str, int] = field(default_factory=dict)
    wire: Wire | None = None  # between the product and PostgreSQL
    log: Path = Path("/dev/null")

    @property
    def sqlite(self) -> Path | None:
        """The database's file, if it is one."""
        url = self.environment["ANLIEGEN_DATABASE_URL"]
        return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else None

    @property
    def database(self) -> str:
        return self.environment["ANLIEGEN_DATABASE_URL"].rpartition("/")[2]

    def run(self, *names: str) -> None:
        """Start these and wait until pages come."""
        for name in names:
            self.start(name)
        self.ready_within()

    def start(self, name: str) -> None:
        arguments = ["serve", "--web-only"] if name == "web" else ["worker"]
        with self.log.open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "anliegen.project.cli", *arguments],
                env=self.environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _signal(self, name: str, number: signal.Signals) -> None:
        process = self.processes[name]
        for group in {process.pid, *_children(process.pid)}:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, number)

    def kill(self, name: str) -> None:
        """Kill -9 the supervisor and, found by their session, the processes that it started."""
        self._signal(name, signal.SIGKILL)
        self.processes.pop(name).wait()
        self.kills[name] = self.kills.get(name, 0) + 1

    def pause(self, name: str) -> None:
        """As a machine that is frozen: nothing of it runs, and nothing of it ends."""
        self._signal(name, signal.SIGSTOP)

    def resume(self, name: str) -> None:
        self._signal(name, signal.SIGCONT)

    def stop(self, *names: str) -> float:
        """End these processes, or all, in good order (SIGTERM); how long it took."""
        began = time.monotonic()
        ending = [self.processes.pop(name) for name in names or list(self.processes)]
        for process in ending:
            process.send_signal(signal.SIGTERM)
        for process in ending:
            process.wait(timeout=30)
        return time.monotonic() - began

    def ready_within(self, seconds: float = START_LIMIT_S) -> float:
        """Wait for /health/ready; how long it took."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{self.base_url}/health/ready", timeout=5).status_code == 200:
                    return time.monotonic() - began
            time.sleep(0.1)
        tail = self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""
        raise AssertionError(f"Not ready within {seconds} s. The log ends with:\n{tail}")

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the `anliegen` command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "anliegen.project.cli", *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )


def _children(pid: int) -> set[int]:
    """The process groups of all descendants: granian's workers and the supervisor's children live in their own."""
    found: set[int] = set()
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError):
            fields = stat.read_text().rpartition(")")[2].split()
            parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    queue = [pid]
    while queue:
        for child in parents.get(queue.pop(), []):
            with contextlib.suppress(ProcessLookupError):
                found.add(os.getpgid(child))
            queue.append(child)
    return found


@contextlib.contextmanager
def plant(
    kind: str, folder: Path, load: tuple[str, ...] = ("--small",), *, server: str = SERVER, **more: str
) -> Iterator[Plant]:
    """A product with the demo company on a fresh database ("sqlite" or "postgres"); everything is gone afterwards.

    `folder` holds data and log. `more` is further environment, such as the name of a planted bug (`CRASH_BUG`).
    """
    with bare(kind, folder, server=server, **more) as running:
        for arguments in (("migrate",), ("demo", "load", *load)):
            done = running.command(*arguments)
            assert done.returncode == 0, done.stdout + done.stderr
        yield running


@contextlib.contextmanager
def bare(kind: str, folder: Path, *, mould: Mould | None = None, server: str = SERVER, **more: str) -> Iterator[Plant]:
    """The same before its first command, with an empty database and data folder; or as a copy of a `mould`."""
    postbox = Postbox()
    controller = Controller(postbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    port = free_port()
    with _database(kind, folder, mould, server) as (url, wire):
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("ANLIEGEN_")},
            "ANLIEGEN_ENV": "demo",
            "ANLIEGEN_DATABASE_URL": url,
            "ANLIEGEN_DATA_DIR": str(folder / "data"),
            "ANLIEGEN_PORT": str(port),
            "ANLIEGEN_BASE_URL": f"http://127.0.0.1:{port}",
            "ANLIEGEN_MAIL_URL": f"smtp://127.0.0.1:{controller.port}",
            "ANLIEGEN_LOG_LEVEL": "warning",
            "ANLIEGEN_WEB_WORKERS": "1",
            "PYTHONPATH": str(PLANTED),
            **more,
        }
        running = Plant(environment, f"http://127.0.0.1:{port}", postbox, wire=wire, log=folder / "plant.log")
        try:
            yield running
        finally:
            for name in list(running.processes):
                running.kill(name)
            controller.stop()


def _copy(source: str, target: str) -> None:
    """Onto the disk, not only into memory: what a test begins with outlives a power cut."""
    shutil.copyfile(source, target)
    with open(target, "rb") as handle:  # noqa: PTH123 - shutil hands over texts
        os.fsync(handle.fileno())


@contextlib.contextmanager
def _database(kind: str, folder: Path, mould: Mould | None, server: str) -> Iterator[tuple[str, Wire | None]]:
    """Where an empty or a copied database is, and the wire that leads there."""
    data = folder / "data"
    if mould:  # each product makes a key of its own
        ignored = shutil.ignore_patterns("secret.key")
        shutil.copytree(mould.data, data, ignore=ignored, copy_function=_copy, dirs_exist_ok=True)
    data.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        yield f"sqlite:///{data / 'crash.sqlite3'}", None
        return
    name = f"anl_crash_{secrets.token_hex(5)}"
    parts = urlsplit(server)
    wire = Wire(parts.hostname or "127.0.0.1", parts.port or 5432)
    who = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
    with psycopg.connect(admin(server), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {mould.database}" if mould else ""))
    try:
        yield f"postgres://{who}127.0.0.1:{wire.port}/{name}", wire
    finally:
        wire.cut()
        with psycopg.connect(admin(server), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
