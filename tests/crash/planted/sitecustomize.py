"""Planted bugs. Python loads this file at the start of every process of a product under test.

CRASH_BUG names bugs; each changes one function of the product right after its module was imported, and stands for a
mistake that somebody could make. The crash tests must then go red. The product itself knows nothing of this.
"""

import importlib.abc
import importlib.machinery
import os
import sys
import time
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

type Bug = Callable[[Any], None]


def no_command_key(actions: Any) -> None:
    """The same form, sent again, does its work again."""
    actions.once = lambda *_: None
    actions.remember = lambda *_: None


def mail_before_commit(actions: Any) -> None:
    """Mails go out at once, inside the transaction of what they tell."""
    from django.utils import timezone

    noted = actions.owe

    def owe(owed: Any, *, now: Any) -> None:
        owed = list(owed)
        noted(owed, now=now)
        events = {one.event_id for one in owed}
        for message in actions.Message.objects.filter(event_id__in=events, sent_at=None):
            if prepared := actions.prepare({"message": message.message_id}, timezone.now()):
                actions.send(prepared)
                actions.finish({"message": message.message_id}, prepared[1], timezone.now())
        time.sleep(0.15)  # what else the transaction has to do

    actions.owe = owe


def end_before_effect(runner: Any) -> None:
    """A job with an effect outside is ended first, and done then."""

    def perform(job: Any, claim: Any, now: Any) -> None:
        with runner.leases.running(claim):
            prepared = job.prepare(claim.payload, now)
            runner._end(claim, now)
        time.sleep(0.1)
        if prepared is not None:
            result = job.send(prepared)
            with runner.transaction.atomic():
                job.finish(claim.payload, result, now)

    runner._perform_outside = perform


def no_fence(leases: Any) -> None:
    """A run may end and commit although somebody else has the job by now."""
    leases.Claim.row = lambda claim: leases.Job.objects.filter(id=claim.id)
    leases.finish = lambda claim: claim.row().delete()
    leases.hold = lambda claim: None


def no_second_look(actions: Any) -> None:
    """What was sent already is sent again: the guard behind the fence."""
    from anliegen.notifications.rendering import render

    def prepare(payload: Any, now: Any) -> Any:
        found = actions.Message.objects.select_related("recipient", "service_request")
        message = found.get(message_id=payload["message"])
        return message, render(message, now=now)

    actions.SENDING = actions.jobs.Outside(prepare=prepare, send=actions.send, finish=actions.finish)


def no_lease(leases: Any) -> None:
    """Every worker takes what is due, also what another one has."""

    def ready(kinds: Any, now: Any, db_now: Any) -> Any:
        return leases.Job.objects.filter(kind__in=kinds, due__lte=now, dead_at=None).order_by("-priority", "due", "id")

    leases._ready = ready
    leases._suspicious = lambda row: False


def no_fsync(store: Any) -> None:
    """Contents of files are written, but not forced to disk."""
    store.os = _Without(os, "fsync")


def no_folder_fsync(store: Any) -> None:
    """The file is forced to disk, its name in the folder is not."""
    store._sync_folder = lambda folder: None


class _Without:
    """A module of which one function does nothing."""

    def __init__(self, module: ModuleType, name: str) -> None:
        self.module, self.name = module, name

    def __getattr__(self, name: str) -> Any:
        return (lambda *_: None) if name == self.name else getattr(self.module, name)


def normal(database: Any) -> None:
    """SQLite's synchronous=NORMAL: commits reach the disk some time later."""
    database._SQLITE = database._SQLITE.replace("synchronous=FULL", "synchronous=NORMAL")


def rollback_journal(database: Any) -> None:
    """SQLite without WAL: who writes shuts everybody out."""
    database._SQLITE = database._SQLITE.replace("journal_mode=WAL", "journal_mode=DELETE")


def asynchronous(database: Any) -> None:
    """PostgreSQL's synchronous_commit=off."""
    made = database._postgresql

    def postgresql(config: Any, entry: Any) -> Any:
        found = made(config, entry)
        found["OPTIONS"]["options"] += " -c synchronous_commit=off"
        return found

    database._postgresql = postgresql


def database_errors_unknown(errors: Any) -> None:
    """A database that cannot answer is a fault like any other: 500."""
    known = errors.known
    errors.known = lambda exception: (
        None if isinstance(exception, errors.OperationalError | errors.InterfaceError) else known(exception)
    )


def row_before_file(store: Any) -> None:
    """A file that found no room gets its row all the same."""
    place = store.place

    def careless(content: Any, temporary: Any) -> None:
        try:
            place(content, temporary)
        except OSError:
            return

    def write(source: Any, temporary: Any, limit: int) -> Any:
        try:
            return written(source, temporary, limit)
        except OSError:
            source.seek(0)
            whole = source.read()
            return store.Content(store.hashlib.sha256(whole).hexdigest(), len(whole), whole[:64])

    written, store._write, store.place = store._write, write, careless


def end_at_once(serve: Any) -> None:
    """SIGTERM ends everything in the middle of what it does."""
    import signal

    def end(children: Any) -> None:
        for child in children:
            child.end(signal.SIGKILL)
            child.process.wait()

    serve._end = end
    watching = serve._on_signals

    def on_signals(stop: Any) -> None:
        watching(stop)
        if "worker" in sys.argv:
            signal.signal(signal.SIGTERM, lambda *_: os._exit(1))

    serve._on_signals = on_signals


def worker_ends_on_error(runner: Any) -> None:
    """A worker whose database is away for a moment stands still for ever."""

    class Never(Exception):
        pass

    runner.DatabaseError = Never


def short_lease(rules: Any) -> None:
    """Not a bug: leases that run out soon, so that a pause may be short."""
    from datetime import timedelta

    rules.LEASE = timedelta(seconds=8)


def short_beat(runner: Any) -> None:
    runner.BEAT_SECONDS = 1.0


def short_patience(database: Any) -> None:
    """Not a bug: SQLite waits two seconds for a lock instead of twenty, so that a lock may be short."""
    made = database._sqlite

    def sqlite(config: Any, entry: Any) -> Any:
        found = made(config, entry)
        found["OPTIONS"]["timeout"] = 2
        return found

    database._sqlite = sqlite


BUGS: dict[str, Sequence[tuple[str, Bug]]] = {
    "no-command-key": [("anliegen.audit.actions", no_command_key)],
    "mail-before-commit": [("anliegen.notifications.actions", mail_before_commit)],
    "end-before-effect": [("anliegen.jobs.runner", end_before_effect)],
    "no-fence": [("anliegen.jobs.leases", no_fence)],
    "no-second-look": [("anliegen.notifications.actions", no_second_look)],
    "no-lease": [("anliegen.jobs.leases", no_lease)],
    "no-fsync": [("anliegen.files.store", no_fsync)],
    "no-folder-fsync": [("anliegen.files.store", no_folder_fsync)],
    "normal": [("anliegen.project.database", normal)],
    "rollback-journal": [("anliegen.project.database", rollback_journal)],
    "asynchronous": [("anliegen.project.database", asynchronous)],
    "database-errors-unknown": [("anliegen.project.errors", database_errors_unknown)],
    "row-before-file": [("anliegen.files.store", row_before_file)],
    "end-at-once": [("anliegen.project.serve", end_at_once)],
    "worker-ends-on-error": [("anliegen.jobs.runner", worker_ends_on_error)],
    "short-lease": [("anliegen.jobs.rules", short_lease), ("anliegen.jobs.runner", short_beat)],
    "short-patience": [("anliegen.project.database", short_patience)],
}


class _Planter(importlib.abc.MetaPathFinder):
    """Lets the bugs of a module loose when it has been imported."""

    def __init__(self, bugs: Sequence[tuple[str, Bug]]) -> None:
        self.bugs = bugs

    def find_spec(self, name: str, path: Any, target: Any = None) -> ModuleSpec | None:
        wanted = [bug for module, bug in self.bugs if module == name]
        spec = importlib.machinery.PathFinder.find_spec(name, path) if wanted else None
        if spec is None or spec.loader is None:
            return None
        run = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            run(module)
            for bug in wanted:
                bug(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


if os.environ.get("CRASH_BUG"):
    chosen = [pair for name in os.environ["CRASH_BUG"].split(",") for pair in BUGS[name]]
    sys.meta_path.insert(0, _Planter(chosen))
