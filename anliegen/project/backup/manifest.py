"""What an archive says about itself, and whether it fits here. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from anliegen.project.backup import BackupError

FORMAT = 1
NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class Part:
    """One member of the archive: its content's hash and size in bytes."""

    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`made_at` is UTC in ISO form; `damaged` are contents that were missing or broken when the backup was made."""

    made_at: str
    version: str
    database: str  # sqlite or postgresql
    server: str
    database_part: str
    migrations: Sequence[str]
    columns: Mapping[str, Sequence[str]]
    counts: Mapping[str, int]
    audit_head: str
    parts: Mapping[str, Part]
    damaged: Sequence[str] = ()
    format: int = FORMAT

    @property
    def files(self) -> dict[str, str]:
        """Member by content hash, without those that were damaged already."""
        inside = (name for name in self.parts if name.startswith("files/"))
        return {name.removeprefix("files/"): name for name in inside if name.removeprefix("files/") not in self.damaged}


@dataclass(frozen=True, slots=True)
class Here:
    """What this installation has: kind of database, migrations of its code, columns that its code reads."""

    database: str
    version: str
    migrations: frozenset[str]
    columns: Mapping[str, Sequence[str]]


def write(manifest: Manifest) -> bytes:
    return json.dumps(asdict(manifest), indent=1, sort_keys=True).encode()


def read(text: bytes) -> Manifest:
    """Raises BackupError when it is none, or one of a later format."""
    try:
        found: dict[str, Any] = json.loads(text)
        if found["format"] > FORMAT:
            raise BackupError(f"This archive was made by a later Anliegen ({found['version']}). Install that first.")
        parts = {name: Part(**part) for name, part in found.pop("parts").items()}
        return Manifest(**found, parts=parts)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError("The archive's manifest cannot be read: this is no backup, or it is damaged.") from error


def refusal(manifest: Manifest, here: Here) -> str:
    """Why this archive cannot be restored here, as a sentence; empty when it can."""
    if manifest.database != here.database:
        return (
            f"This is a backup of {manifest.database}, but ANLIEGEN_DATABASE_URL names {here.database}. "
            "Restore it into a database of its own kind."
        )
    if newer := set(manifest.migrations) - here.migrations:
        return (
            f"This backup has a newer schema ({manifest.version}, such as {min(newer)}) than this program "
            f"({here.version}). Install Anliegen {manifest.version} or later, then restore."
        )
    if set(manifest.migrations) == here.migrations and (lacking := _lacking(manifest.columns, here.columns)):
        return f"This backup comes from another stage of development: it lacks {lacking}. It fits its own version only."
    if "jobs_mute" not in manifest.columns:
        return "This backup comes from a version whose copies cannot be kept mute. It cannot be restored safely."
    return ""


def _lacking(there: Mapping[str, Sequence[str]], wanted: Mapping[str, Sequence[str]]) -> str:
    """The first column that the code reads and the archive does not have."""
    for table, columns in sorted(wanted.items()):
        if missing := sorted(set(columns) - set(there.get(table, ()))):
            return f"{table}.{missing[0]}"
    return ""
