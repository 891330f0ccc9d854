"""Restoring an archive into an installation, where it stays mute until it is released."""

import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.db.migrations.loader import MigrationLoader

from anliegen import __version__
from anliegen.files import store
from anliegen.jobs import actions as jobs
from anliegen.jobs import queries as queue
from anliegen.jobs.leases import database_now
from anliegen.project.backup import BackupError, archive, making, manifest
from anliegen.project.backup.manifest import Here, Manifest

WORDS: Mapping[str, str] = {
    "notify": "mails",
    "workflow.timer": "reminders and time limits of steps",
    "workflow.settle": "decisions whose time for a change of mind is over",
    "workflow.start": "requests to start",
    "workflow.resume": "requests to continue",
    "workflow.reroute": "tasks to hand over",
}


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored; `kept` says where the old data is, empty when there was none."""

    manifest: Manifest
    kept: str
    behind: bool  # the schema is older than the program: `anliegen migrate` comes next


def occupied() -> bool:
    """Whether somebody's data is in the target: any person, of whatever schema."""
    if "people_user" not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM people_user LIMIT 1")
        return cursor.fetchone() is not None


def restore(path: Path, *, replace: bool, now: datetime) -> Restored:
    """Make this installation what the archive holds, mute. All or nothing: a refusal or failure changes no row.

    1. The manifest must fit this database and program. 2. The target must be empty, or `replace`d, and nobody at work.
    3. Every part is held against its hash. 4. Files first, then the database: never a row without its file.
    Raises BackupError.
    """
    with archive.reading(path) as (inside, told):
        here = _here()
        if words := manifest.refusal(told, here):
            raise BackupError(words)
        full = _free(replace=replace)
        folder = Path(settings.ANLIEGEN.data_dir)
        folder.mkdir(parents=True, exist_ok=True)
        near = _near(folder)
        with tempfile.TemporaryDirectory(dir=near, prefix=".restoring-") as temporary:
            copy = Path(temporary) / Path(told.database_part).name
            archive.extract(inside, told.database_part, told.parts[told.database_part], copy)
            if fault := making.engine().check(copy):
                raise BackupError(fault)
            _put_files(inside, told)
            connections.close_all()
            kept = making.engine().install(copy, moment=now, origin=path.name[:200], keep=full)
    return Restored(told, kept, behind=set(told.migrations) < here.migrations)


def _near(folder: Path) -> Path:
    """A folder on the disk on which the database file lies, so that it only needs a new name."""
    return Path(connection.settings_dict["NAME"]).absolute().parent if connection.vendor == "sqlite" else folder


def _here() -> Here:
    """What this program has: read from its code, so an empty database will do."""
    graph = MigrationLoader(None).graph
    models = apps.get_models(include_auto_created=True)
    columns = {
        model._meta.db_table: [field.column for field in model._meta.local_concrete_fields if field.column]
        for model in models
        if model._meta.managed and not model._meta.proxy
    }
    return Here(connection.vendor, __version__, frozenset(f"{app}.{name}" for app, name in graph.nodes), columns)


def _free(*, replace: bool) -> bool:
    """Whether there is old data to put aside. Raises BackupError when it must not be replaced or is in use."""
    try:
        full = occupied()
        if full and not replace:
            raise BackupError("The target is not empty. Restore into an empty one, or replace it: --replace.")
        if "jobs_worker" in connection.introspection.table_names() and queue.working(database_now()):
            raise BackupError("A worker is running. Stop Anliegen (web and workers) first, then restore.")
        return full
    except DatabaseError as error:
        raise BackupError(f"The target cannot be read: {str(error).strip().splitlines()[0]}.") from error


def _put_files(inside: zipfile.ZipFile, told: Manifest) -> None:
    """What is there already is not written again."""
    for sha256, name in told.files.items():
        with archive.part(inside, name) as content:
            if not store.put(content, sha256):
                raise BackupError(f"The part {name} of the archive is damaged.")


def waiting(now: datetime) -> dict[str, int]:
    """What would be done at once when the copy is released: words -> number; mails first."""
    counts: dict[str, int] = {}
    for kind, number in queue.due_by_kind(now).items():
        word = WORDS.get(kind, "housekeeping")
        counts[word] = counts.get(word, 0) + number
    return dict(sorted(counts.items(), key=lambda one: one[0] != "mails"))


def release() -> bool:
    """Let the copy work; False when it was not mute."""
    return jobs.release()
