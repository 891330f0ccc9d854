"""Which files are taken, and under which name. Pure."""

import re
import unicodedata
from collections.abc import Collection
from pathlib import PurePosixPath

MAX_NAME = 120

# What an extension stands for. The type that a browser claims is not believed: it follows from the extension.
TYPES: dict[str, str] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "heic": "image/heic",
    "svg": "image/svg+xml",
    "html": "text/html",
    "htm": "text/html",
    "xml": "application/xml",
    "txt": "text/plain",
    "log": "text/plain",
    "md": "text/markdown",
    "csv": "text/csv",
    "json": "application/json",
    "ics": "text/calendar",
    "eml": "message/rfc822",
    "msg": "application/vnd.ms-outlook",
    "rtf": "application/rtf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "vsdx": "application/vnd.ms-visio.drawing",
    "zip": "application/zip",
    "mp4": "video/mp4",
}
INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})

_BEGINS: dict[str, tuple[bytes, ...]] = {
    "application/pdf": (b"%PDF-",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
}
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"|?*]')


def extension(name: str) -> str:
    return PurePosixPath(name).suffix.lstrip(".").lower()


def media_type(name: str, allowed: Collection[str]) -> str | None:
    """The type that a name stands for, or None if such files are not taken. `allowed` holds extensions."""
    ending = extension(name)
    return TYPES.get(ending) if ending in allowed else None


def content_fits(kind: str, beginning: bytes) -> bool:
    """Whether the first bytes are those of the type; types without a known beginning always fit."""
    begins = _BEGINS.get(kind)
    if begins and not beginning.startswith(begins):
        return False
    return kind != "image/webp" or beginning[8:12] == b"WEBP"


def safe_name(name: str) -> str:
    """A name that can stand in a header and on any disk: no folder, no control or direction characters (C11, C13)."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(" " if character.isspace() else character for character in name)
    name = "".join(character for character in name if not unicodedata.category(character).startswith("C"))
    name = " ".join(_FORBIDDEN.sub("_", name).split()).strip(". ")
    if _RESERVED.match(name):
        name = f"_{name}"
    return _shortened(name) or "file"


def _shortened(name: str) -> str:
    if len(name) <= MAX_NAME:
        return name
    ending = extension(name)
    tail = f".{ending}" if 0 < len(ending) <= 10 else ""
    return name[: MAX_NAME - len(tail)].rstrip(". ") + tail
