"""What the settings allow for uploads."""

from pathlib import Path

from django.conf import settings

from anliegen.files import rules

MAX_STAGED = 50  # uploads of one person that belong to nothing yet: nobody fills the disk unseen


def data_dir() -> Path:
    """The folder under which contents lie."""
    return Path(settings.ANLIEGEN.data_dir)


def max_bytes() -> int:
    """The largest file, in bytes."""
    return int(settings.ANLIEGEN.upload_max_bytes)


def max_files() -> int:
    """How many files one object may have."""
    return int(settings.ANLIEGEN.upload_max_files)


def extensions() -> frozenset[str]:
    """The extensions that are taken. ANLIEGEN_UPLOAD_TYPES may only narrow the list that the system knows."""
    wanted = getattr(settings.ANLIEGEN, "upload_types", ()) or rules.TYPES
    return frozenset(rules.TYPES) & {str(ending).strip().lstrip(".").lower() for ending in wanted}
