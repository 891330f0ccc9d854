"""Start web and worker processes together, watch over them, and end them in order.

A child that dies is started again; one that keeps dying ends the whole with a message that says which. Ctrl-C or
SIGTERM ends all within 20 seconds, running work finishes first.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from anliegen.project import config, drain

GRACE_S = 20
KILL_AFTER_S = GRACE_S - int(drain.LONGEST_S) - 2
TOO_MANY_DEATHS, WITHIN_S = 5, 60.0


@dataclass(slots=True)
class Child:
    """One process that must run, in a group of its own, so that nothing of it is left when it dies."""

    name: str
    command: list[str]
    environment: dict[str, str]
    port: int = 0  # where people knock
    process: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, env=self.environment, start_new_session=True)

    def dead(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def revive(self) -> bool:
        """Start it again; False when it died too often lately."""
        self.end(signal.SIGKILL)  # its own children may still hold the port
        now = time.monotonic()
        self.deaths = [*(moment for moment in self.deaths if now - moment < WITHIN_S), now]
        if len(self.deaths) >= TOO_MANY_DEATHS:
            return False
        time.sleep(0.2 * len(self.deaths))
        self.start()
        return True

    def end(self, with_signal: signal.Signals) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, with_signal)


def run(*, demo: bool, web: bool, worker: bool) -> int:
    """`anliegen serve`. Returns the exit code."""
    settings = config.load()
    if web and (problem := port_problem(settings.host, settings.port)):
        print(problem, file=sys.stderr)
        return 2
    children = [*([_web(settings)] if web else []), *(_workers(settings) if worker else [])]
    if problem := _prepare(settings, demo=demo):
        print(problem, file=sys.stderr)
        return 1
    if not web:
        return watch(children, "The workers run.")
    greeting = f"Anliegen runs at {settings.base_url}  (Ctrl-C ends it)"
    return watch(children, greeting, lambda: _listens(settings.host, settings.port))


def _listens(host: str, port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((_reachable(host), port), timeout=1):
        return True
    return False


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound


def port_problem(host: str, port: int) -> str:
    """Why that port cannot be listened on, or nothing."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            return f"ANLIEGEN_PORT: port {port} needs more rights; take one above 1023, for example ANLIEGEN_PORT=8000."
        except OSError as problem:
            why = "is used by another program" if problem.errno == 98 else f"cannot be used ({problem.strerror})"
            return f"ANLIEGEN_PORT: port {port} on {host} {why}. End it, or choose another: ANLIEGEN_PORT={port + 1}."
    return ""


def _prepare(settings: config.Config, *, demo: bool) -> str:
    """Migrate and load for the demo; otherwise say what is missing. Runs here, before any child needs it."""
    if demo and settings.production:
        return "--demo is not possible with ANLIEGEN_ENV=production: it would make persons without passwords."
    os.environ.setdefault("ANLIEGEN_DATABASE_TIMEOUT_S", "0")  # of this process only: a migration may take long
    import django

    django.setup()
    from django.db import connections

    from anliegen.project.health import pending_migrations

    try:
        missing = pending_migrations()
        if missing and not demo:
            return _lacks(len(missing))
        if missing:
            migrate()
        if demo:
            _load_demo()
    finally:
        connections.close_all()
    return ""


def _lacks(number: int) -> str:
    return f"The database lacks {number} migrations. Run `anliegen migrate` first, then start again."


def _missing_migrations() -> int:
    """How many the database lacks; 0 while it does not answer."""
    from django.db import InterfaceError, OperationalError, connections

    from anliegen.project.health import pending_migrations

    try:
        return len(pending_migrations())
    except (OperationalError, InterfaceError):
        return 0
    finally:
        connections.close_all()


def migrate(*arguments: str) -> None:
    """Bring the database, and the table of the cache, to this version."""
    from django.core.management import call_command

    call_command("migrate", *arguments, interactive=False, verbosity=0 if not arguments else 1)
    call_command("createcachetable", verbosity=0)


def _load_demo() -> None:
    from importlib import import_module
    from importlib.util import find_spec

    if not find_spec("anliegen.demo"):
        return
    demo = import_module("anliegen.demo.cli")
    if demo.is_empty():
        print("Loading the demo company Nordwerk ...", flush=True)
        demo.load()


def _environment() -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "anliegen.project.settings", "PYTHONUNBUFFERED": "1"}


def _web(settings: config.Config) -> Child:
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--http", "1"),
        *("--host", settings.host, "--port", str(settings.port)),
        *("--workers", str(settings.web_workers), "--blocking-threads", str(settings.web_threads)),
        *("--backpressure", str(settings.web_threads * 8), "--respawn-failed-workers"),
        *("--workers-kill-timeout", str(KILL_AFTER_S), "--log-level", "error"),
        "anliegen.project.wsgi:application",
    ]
    return Child("web", command, _environment(), settings.port)


def _workers(settings: config.Config) -> list[Child]:
    command = [sys.executable, "-m", "anliegen.project.cli", "worker"]
    return [Child(f"worker {n + 1}", command, _environment()) for n in range(settings.workers)]


def watch(children: list[Child], greeting: str, ready: Callable[[], bool] = lambda: True) -> int:
    """Start the children, greet when `ready`, and return when all have ended.

    0 when told to stop, 1 when one kept dying.
    """
    stop = threading.Event()
    _on_signals(stop)
    for child in children:
        child.start()
    greeted, code = False, 0
    while code == 0 and not stop.wait(0.25):
        if not greeted and ready():
            print(greeting, flush=True)
            greeted = True
        code = 1 if not all(_alive(child, stop) for child in children) else 0
    _end(children)
    return code


def _alive(child: Child, stop: threading.Event) -> bool:
    """Whether it runs, if need be again; False when it kept dying."""
    if stop.is_set() or not child.dead():
        return True
    status = child.process.returncode if child.process else 0
    if child.revive():
        print(f"The {child.name} process ended ({status}) and was started again.", file=sys.stderr, flush=True)
        return True
    words = (
        f"The {child.name} process ended {TOO_MANY_DEATHS} times within a minute (last: {status}); see above for why."
    )
    print(f"{words} Anliegen ends.", file=sys.stderr, flush=True)
    return False


def _end(children: list[Child]) -> None:
    """SIGTERM to all, to a web process once nobody waits at its port; SIGKILL to what is left after the grace time."""
    deadline = time.monotonic() + GRACE_S
    knocked_at = [child for child in children if child.port and not child.dead()]
    for child in knocked_at:
        child.end(drain.TOLD_BY)
    for child in sorted(children, key=lambda child: child.port):
        if child in knocked_at:
            drain.until_calm(child.port)
        if child.process is not None and child.process.poll() is None:
            child.process.terminate()
    for child in children:
        if child.process is None:
            continue
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(max(0.1, deadline - time.monotonic()))
        child.end(signal.SIGKILL)
        child.process.wait()


def _on_signals(stop: threading.Event) -> None:
    def handle(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handle)
    signal.signal(drain.TOLD_BY, signal.SIG_IGN)  # also in what is started from here, until that knows better


def work() -> int:
    """`anliegen worker`: run jobs in this process until SIGTERM, then finish the one at hand. Ends with its parent.

    Refuses a database that lacks migrations; waits for one that does not answer.
    """
    from anliegen.jobs import runner

    if missing := _missing_migrations():
        print(_lacks(missing), file=sys.stderr)
        return 1
    stop = threading.Event()
    _on_signals(stop)
    parent = os.getppid()

    def orphaned() -> None:
        while not stop.wait(2):
            if os.getppid() != parent:
                stop.set()

    threading.Thread(target=orphaned, daemon=True).start()
    runner.run(stop)
    return 0
