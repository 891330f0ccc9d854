"""One Anliegen on a machine of its own: a database, a data folder, a mail server, a web process and workers.

Everything is told to it by the environment and seen by HTTP and mail, as an operator would.
"""

import contextlib
import os
import random
import secrets
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
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.crash.proxy import Wire

START_LIMIT_S = 45
SERVER = (os.environ.get("ANLIEGEN_TEST_POSTGRES_URL") or "postgres://postgres@127.0.0.1:5432/anliegen").rpartition(
    "/"
)[0]


def admin() -> str:
    """The address of the server's own database."""
    return f"{SERVER.replace('postgres:', 'postgresql:', 1)}/postgres"


def free_port() -> int:
    """A port that nobody has, below those that the system gives to clients: theirs may be ours while we restart."""
    while True:
        port = random.randint(20_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@dataclass(frozen=True, slots=True)
class Mail:
    """What the mail server accepted."""

    to: str
    message_id: str
    event_id: str
    subject: str


class Postbox:
    """A mail server that accepts everything and remembers the headers."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        from email import message_from_bytes

        message = message_from_bytes(bytes(envelope.content or b""))
        self.mails.extend(
            Mail(to, str(message["Message-ID"]), str(message["X-Anliegen-Event"]), str(message["Subject"]))
            for to in envelope.rcpt_tos
        )
        return "250 OK"


@dataclass(slots=True)
class Plant:
    """The running product. `kill` is SIGKILL to the whole process group."""

    environment: dict[str, str]
    base_url: str
    postbox: Postbox
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    kills: dict[str, int] = field(default_factory=dict)
    wire: Wire | None = None  # between the product and PostgreSQL
    log: Path = Path("/dev/null")

    def start(self, name: str) -> None:
        arguments = ["serve", "--web-only"] if name == "web" else ["worker"]
        with self.log.open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "anliegen.project.cli", *arguments],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """Kill -9 the whole group: the supervisor and, found by their session, the processes that it started."""
        process = self.processes.pop(name)
        groups = {process.pid, *_children(process.pid)}
        for group in groups:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, signal.SIGKILL)
        process.wait()
        self.kills[name] = self.kills.get(name, 0) + 1

    def stop(self, *names: str) -> None:
        """End these processes, or all, in good order."""
        ending = [self.processes.pop(name) for name in names or list(self.processes)]
        for process in ending:
            process.send_signal(signal.SIGTERM)
        for process in ending:
            process.wait(timeout=30)

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
def plant(kind: str, folder: Path, load: tuple[str, ...] = ("--small",)) -> Iterator[Plant]:
    """A product with the demo company on a fresh database ("sqlite" or "postgres"); everything is gone afterwards."""
    with bare(kind, folder) as running:
        for arguments in (("migrate",), ("demo", "load", *load)):
            done = running.command(*arguments)
            assert done.returncode == 0, done.stdout + done.stderr
        yield running


@contextlib.contextmanager
def bare(kind: str, folder: Path) -> Iterator[Plant]:
    """The same before its first command: an empty database and data folder, a mail server."""
    postbox = Postbox()
    controller = Controller(postbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    port = free_port()
    with _database(kind, folder) as (url, wire):
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
        }
        (folder / "data").mkdir(parents=True, exist_ok=True)
        running = Plant(environment, f"http://127.0.0.1:{port}", postbox, wire=wire, log=folder / "plant.log")
        try:
            yield running
        finally:
            for name in list(running.processes):
                running.kill(name)
            controller.stop()


@contextlib.contextmanager
def _database(kind: str, folder: Path) -> Iterator[tuple[str, Wire | None]]:
    """Where an empty database is, and the wire that leads there."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'data' / 'crash.sqlite3'}", None
        return
    name = f"anl_crash_{secrets.token_hex(5)}"
    parts = urlsplit(SERVER)
    wire = Wire(parts.hostname or "127.0.0.1", parts.port or 5432)
    who = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
    with psycopg.connect(admin(), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    try:
        yield f"postgres://{who}127.0.0.1:{wire.port}/{name}", wire
    finally:
        wire.cut()
        with psycopg.connect(admin(), autocommit=True) as server:
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
