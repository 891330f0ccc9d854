"""What the settings allow for uploads, with the defaults."""

from django.conf import settings

from anliegen.files import rules

_MEGABYTE = 1_000_000


def max_bytes() -> int:
    """The largest file, in bytes."""
    return int(getattr(settings, "ANLIEGEN_UPLOAD_MAX_BYTES", 20 * _MEGABYTE))


def max_files() -> int:
    """How many files one object may have."""
    return int(getattr(settings, "ANLIEGEN_UPLOAD_MAX_FILES", 10))


def max_staged() -> int:
    """How many files a person may have uploaded without sending them."""
    return int(getattr(settings, "ANLIEGEN_UPLOAD_MAX_STAGED", 50))


def extensions() -> frozenset[str]:
    """The extensions that are taken; the setting may only narrow the list that the system knows."""
    wanted = getattr(settings, "ANLIEGEN_UPLOAD_TYPES", None) or rules.TYPES
    return frozenset(rules.TYPES) & {str(ending).strip().lstrip(".").lower() for ending in wanted}
