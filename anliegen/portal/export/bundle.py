"""Packing the archive while it is sent: never more than one piece of one file in memory."""

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from anliegen.audit import queries as audit
from anliegen.audit.rules import Seal
from anliegen.files import queries as files
from anliegen.files.models import StoredFile
from anliegen.files.rules import safe_name
from anliegen.lib.errors import Unavailable
from anliegen.people.models import User
from anliegen.portal.export.pdf import pdf
from anliegen.portal.export.told import record
from anliegen.portal.shown import page as shown
from anliegen.requests import queries

_PIECE = 1 << 16
_NAME = 100


@dataclass(frozen=True, slots=True)
class Bundle:
    """What the archive of one request holds; everything was read, only the files' contents come while it is sent."""

    code: str
    texts: dict[str, bytes]
    files: Sequence[tuple[str, StoredFile]]
    made: datetime


def bundle(code: str, viewer: User, now: datetime) -> Bundle:
    """The archive of a request that the viewer may see; a constant number of statements. Raises NotFound."""
    page = shown.read(code, viewer, now)
    one = page.service_request
    attached = queries.attachments(one, viewer, now)
    named = [(_member(number, row.file), row.file) for number, row in enumerate(attached, start=1)]
    seals = audit.seals_of("service_request", one.pk)
    told = queries.as_json(one, viewer, now)
    texts = {
        "README.txt": _readme(one.code, named, seals, now),
        f"{one.code}.pdf": pdf(record(page, queries.entries(one, viewer, now), attached), now),
        f"{one.code}.json": _json(told),
        "audit.json": _json([{"number": seal.number, "hash": seal.hash, "at": seal.at.isoformat()} for seal in seals]),
    }
    return Bundle(one.code, texts, named, now)


def _member(number: int, file: StoredFile) -> str:
    """A name inside the archive that is unlike any other and leads nowhere (C13)."""
    name = safe_name(file.name)
    stem, dot, ending = name.rpartition(".")
    short = f"{stem[:_NAME]}{dot}{ending[:10]}" if dot else name[:_NAME]
    return f"files/{number:02}-{short}"


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode()


def _readme(code: str, named: Sequence[tuple[str, StoredFile]], seals: Sequence[Seal], now: datetime) -> bytes:
    """In both languages, whoever opens it years later."""
    context = {
        "code": code,
        "now": now,
        "files": [(name, file.sha256) for name, file in named],
        "seal": next((seal for seal in reversed(seals) if seal.number), None),
        "unsealed": sum(seal.number is None for seal in seals),
    }
    return render_to_string("portal/export_readme.txt", context).replace("\n", "\r\n").encode("utf-8-sig")


def stream(bundle: Bundle) -> Iterator[bytes]:
    """The ZIP in pieces. A file that is missing or damaged is named by a text in its place."""
    buffer = _Buffer()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in bundle.texts.items():
            archive.writestr(_info(name, bundle.made), text)
            yield buffer.taken()
        for name, file in bundle.files:
            yield from _content(archive, buffer, name, file, bundle.made)
    yield buffer.taken()


def _content(
    archive: zipfile.ZipFile, buffer: "_Buffer", name: str, file: StoredFile, made: datetime
) -> Iterator[bytes]:
    try:
        content = files.open_stored(file)
    except Unavailable as problem:
        archive.writestr(_info(f"{name}.MISSING.txt", made), f"{problem}\n{file.sha256}\n".encode())
        return
    with content, archive.open(_info(name, made), "w", force_zip64=True) as member:
        while piece := content.read(_PIECE):
            member.write(piece)
            yield buffer.taken()


def _info(name: str, made: datetime) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=(made.year, made.month, made.day, made.hour, made.minute, made.second))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


class _Buffer(io.RawIOBase):
    """Where the ZIP is written; what was written is taken out at once."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken
