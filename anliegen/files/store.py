"""The contents on disk: <data>/files/ab/<sha256>, written so that a power cut leaves a whole file or none.

A lock file keeps placing and sweeping apart: placing (shared) makes a content's time fresh before its row exists,
sweeping (alone) deletes only contents that are old and have no row. A second one keeps backups and sweeping apart: what
a snapshot of the database names must stay until it is copied, also when its row goes meanwhile.
"""

import errno
import fcntl
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from anliegen.files import limits

_CHUNK = 1 << 16
_FULL = {errno.ENOSPC, errno.EDQUOT}


class DiskFull(Exception):
    """There is no room left; nothing was kept."""


class TooBig(Exception):
    """There are more bytes than allowed; nothing was kept."""


@dataclass(frozen=True, slots=True)
class Content:
    sha256: str
    size: int
    beginning: bytes


def root() -> Path:
    return limits.data_dir() / "files"


def path_of(sha256: str) -> Path:
    return root() / sha256[:2] / sha256


@contextmanager
def _lock(mode: int, name: str = ".lock") -> Iterator[None]:
    root().mkdir(parents=True, exist_ok=True)
    handle = os.open(root() / name, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, mode)
        yield
    finally:
        os.close(handle)


@contextmanager
def unswept() -> Iterator[None]:
    """While this is open nothing is swept away: for a backup. Waits for a sweep that is at work."""
    with _lock(fcntl.LOCK_SH, ".backup"):
        yield


@contextmanager
def received(source: IO[bytes], *, limit: int) -> Iterator[tuple[Content, Path]]:
    """The upload as a temporary file on the store's disk, forced to disk; it is gone afterwards, whatever happens.

    Raises TooBig or DiskFull.
    """
    folder = root() / "tmp"
    temporary = folder / secrets.token_hex(16)
    try:
        _make_folder(folder)
        yield _write(source, temporary, limit), temporary
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull from error
        raise
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()


def _write(source: IO[bytes], temporary: Path, limit: int) -> Content:
    digest, size, beginning = hashlib.sha256(), 0, b""
    with temporary.open("xb") as target:
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise TooBig
            beginning = beginning or chunk[:64]
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    return Content(digest.hexdigest(), size, beginning)


def place(content: Content, temporary: Path) -> None:
    """Give the content its lasting place; when this returns, file and folder are on disk. Raises OSError."""
    target = path_of(content.sha256)
    with _lock(fcntl.LOCK_SH):
        _make_folder(target.parent)
        temporary.replace(target)  # the same bytes, so an existing file may be replaced; its time becomes fresh
        _sync_folder(target.parent)


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sync_folder(folder.parent)
        _sync_folder(folder.parent.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put(source: IO[bytes], sha256: str) -> bool:
    """Give a content from a backup its place; False, and nothing is kept, when it is not what its hash says."""
    if path_of(sha256).is_file():
        with path_of(sha256).open("rb") as there:
            if intact(there, sha256):
                return True
    with received(source, limit=1 << 62) as (content, temporary):
        if content.sha256 != sha256:
            return False
        place(content, temporary)
    return True


def intact(handle: IO[bytes], sha256: str) -> bool:
    """Whether an open file still has the bytes that were stored; leaves it at its beginning."""
    fits = hashlib.file_digest(handle, "sha256").hexdigest() == sha256  # type: ignore[arg-type]
    handle.seek(0)
    return fits


def sweep(*, before: float, known: Callable[[list[str]], set[str]]) -> int:
    """Delete contents that are older than `before` (seconds since 1970) and that `known` does not name; how many.

    One folder at a time under the lock, so that uploads wait for milliseconds only. Nothing while a backup is made: the
    next sweep finds the same again.
    """
    if not root().is_dir():
        return 0
    try:
        with _lock(fcntl.LOCK_EX | fcntl.LOCK_NB, ".backup"):
            return _sweep(before, known)
    except BlockingIOError:
        return 0


def _sweep(before: float, known: Callable[[list[str]], set[str]]) -> int:
    removed = 0
    for folder in sorted(entry for entry in root().iterdir() if entry.is_dir()):
        with _lock(fcntl.LOCK_EX):
            old = {path.name: path for path in folder.iterdir() if path.is_file() and path.stat().st_mtime < before}
            keep = set() if folder.name == "tmp" else known(list(old))
            unknown = [path for name, path in old.items() if name not in keep]
            for path in unknown:
                path.unlink(missing_ok=True)  # an upload that just ended may have taken its temporary file away
        removed += len(unknown)
    return removed
