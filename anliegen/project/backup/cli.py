"""`anliegen backup`, `anliegen restore` and `anliegen release`: what operators type and read."""

import sys
from pathlib import Path

from django.conf import settings
from django.db import connection

from anliegen.jobs import queries as queue
from anliegen.lib import clock
from anliegen.project.backup import BackupError, making, restoring
from anliegen.project.backup.manifest import Manifest


def backup(to: str | None) -> int:
    """Make an archive; 1 when not, or when files were damaged already."""
    folder = Path(to) if to else Path(settings.ANLIEGEN.backup_dir)
    try:
        made = making.make(folder, keep=settings.ANLIEGEN.backup_keep, now=clock.now())
    except BackupError as problem:
        return _refused(problem)
    print(f"{made.path}\n{_told(made.manifest)}, {made.bytes / 1_000_000:.1f} MB.")
    if made.removed:
        print(f"Older backups removed: {len(made.removed)}.")
    return _damaged(made.manifest)


def verify(path: str) -> int:
    """Read a whole archive; 1 at a fault."""
    try:
        told = making.verify(Path(path))
    except BackupError as problem:
        return _refused(problem)
    print(f"The archive is whole: {_told(told)}, made {told.made_at:.16} UTC by {told.version} ({told.database}).")
    return _damaged(told)


def restore(path: str, *, replace: bool, release: bool, yes: bool) -> int:
    """Restore an archive; 1 when it was refused."""
    try:
        if replace and restoring.occupied() and not (yes or _confirmed()):
            return _refused(BackupError("Nothing was changed."))
        done = restoring.restore(Path(path), replace=replace, now=clock.now())
    except BackupError as problem:
        return _refused(problem)
    print(f"Restored: {_told(done.manifest)}, as of {done.manifest.made_at:.16} UTC.")
    if done.kept:
        print(done.kept)
    _damaged(done.manifest)
    if done.behind:
        print("The schema is older than this program. Next: `anliegen migrate`, then `anliegen release`.")
        return 0
    if release:
        return _release(yes=True)
    print("This copy is mute: it sends no mail and runs no job. `anliegen release` lets it work.")
    return 0


def release(*, yes: bool) -> int:
    """End muteness, after saying what that sets off."""
    if queue.mute() is None:
        print("Nothing to release: this installation is not mute.")
        return 0
    return _release(yes=yes)


def _release(*, yes: bool) -> int:
    counts = restoring.waiting(clock.now())
    print("Waiting, and done once as soon as a worker runs:" if counts else "Nothing is waiting.")
    for word, number in counts.items():
        print(f"  {number} {word}")
    if not yes and not _asked("Release? [yes/no] ", "yes"):
        return _refused(BackupError("It stays mute."))
    restoring.release()
    print("Released.")
    return 0


def _confirmed() -> bool:
    name = Path(str(connection.settings_dict["NAME"])).name
    return _asked(f"This replaces everything in the database {name}. Type its name: ", name)


def _asked(question: str, wanted: str) -> bool:
    return sys.stdin.isatty() and input(question).strip() == wanted


def _told(told: Manifest) -> str:
    people, requests = told.counts.get("people_user", 0), told.counts.get("requests_servicerequest", 0)
    return f"{requests} requests, {people} persons, {len(told.files)} files"


def _damaged(told: Manifest) -> int:
    for sha256 in told.damaged:
        print(f"Missing or damaged already when the backup was made: file {sha256}.", file=sys.stderr)
    return 1 if told.damaged else 0


def _refused(problem: BackupError) -> int:
    print(problem, file=sys.stderr)
    return 1
