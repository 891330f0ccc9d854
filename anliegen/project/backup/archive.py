"""The archive on disk: a ZIP file that appears whole or not at all, each part hashed as it is written and read."""

import hashlib
import os
import secrets
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO

from anliegen.project.backup import BackupError, manifest
from anliegen.project.backup.manifest import Manifest, Part

PREFIX, ENDING = "anliegen-", ".backup.zip"
_CHUNK = 1 << 20


class Writer:
    """Takes parts one after the other and remembers hash and size of each."""

    def __init__(self, inside: zipfile.ZipFile) -> None:
        self.inside = inside
        self.parts: dict[str, Part] = {}

    def add(self, name: str, source: IO[bytes], *, packed: bool = False) -> Part:
        """Write one part from a stream. `packed`: its content is compressed already."""
        member = zipfile.ZipInfo(name, date_time=(2026, 1, 1, 0, 0, 0))
        member.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        member.external_attr = 0o600 << 16
        with self.inside.open(member, "w", force_zip64=True) as target:
            part = copied(source, target)
        self.parts[name] = part
        return part


def copied(source: IO[bytes], target: IO[bytes]) -> Part:
    """Copy a stream; hash and size of what went through."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
        target.write(chunk)
    return Part(digest.hexdigest(), size)


def path_for(folder: Path, moment: datetime) -> Path:
    """Where an archive made at that moment (UTC) lies; the names sort by time."""
    return folder / f"{PREFIX}{moment:%Y%m%dT%H%M%SZ}{ENDING}"


def in_folder(folder: Path) -> list[Path]:
    """The archives there, the oldest first."""
    return sorted(folder.glob(f"{PREFIX}*{ENDING}"))


@contextmanager
def writing(target: Path) -> Iterator[Writer]:
    """A new archive, readable by its owner only; it gets its name when everything is in it and on disk."""
    if target.exists():
        raise BackupError(f"{target} exists already.")
    unfinished = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        handle = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w+b") as file:
            with zipfile.ZipFile(file, "w", compresslevel=1) as inside:
                yield Writer(inside)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(target)
        sync_folder(target.parent)
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def reading(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """An archive and its manifest. Raises BackupError when it is none."""
    try:
        inside = zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise BackupError(f"There is no {path}.") from error
    except (zipfile.BadZipFile, OSError) as error:
        raise BackupError(f"{path} is no backup, or its end is missing ({error}).") from error
    with inside:
        try:
            text = inside.read(manifest.NAME)
        except (KeyError, zipfile.BadZipFile, OSError) as error:
            raise BackupError(f"{path} has no manifest: this is no backup, or it is damaged.") from error
        yield inside, manifest.read(text)


@contextmanager
def part(inside: zipfile.ZipFile, name: str) -> Iterator[IO[bytes]]:
    """One part as a stream. Raises BackupError when it is missing or its bytes are damaged."""
    try:
        with inside.open(name) as stream:
            yield stream
    except KeyError as error:
        raise BackupError(f"The part {name} is missing in the archive.") from error
    except (zipfile.BadZipFile, EOFError, zlib.error) as error:
        raise _damaged(name) from error


def extract(inside: zipfile.ZipFile, name: str, expected: Part, target: Path) -> None:
    """Write one part to a file, on disk when this returns. Raises BackupError when it is not what was written."""
    with part(inside, name) as source, target.open("xb") as file:
        target.chmod(0o600)
        found = copied(source, file)
        file.flush()
        os.fsync(file.fileno())
    if found != expected:
        raise _damaged(name)


def _damaged(name: str) -> BackupError:
    return BackupError(f"The part {name} of the archive is damaged.")


def compare(inside: zipfile.ZipFile, name: str, expected: Part) -> None:
    """Read one part to its end. Raises BackupError when it is not what was written."""
    with part(inside, name) as source, Path(os.devnull).open("wb") as nowhere:
        found = copied(source, nowhere)
    if found != expected:
        raise _damaged(name)
