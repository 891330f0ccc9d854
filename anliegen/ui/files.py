"""Giving out stored files without ever letting them act as a page of ours."""

from pathlib import Path
from typing import IO, Any

from django.http import FileResponse


def attachment_response(path_or_file: Path | str | IO[Any], name: str, media_type: str) -> FileResponse:
    """A download under this name: never shown inline, type never guessed, in a sandbox, never cached by others."""
    # FileResponse closes what it is given
    content = Path(path_or_file).open("rb") if isinstance(path_or_file, (Path, str)) else path_or_file  # noqa: SIM115
    response = FileResponse(content, as_attachment=True, filename=name, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def picture_response(path_or_file: Path | str | IO[Any], media_type: str) -> FileResponse:
    """A picture of ours inside a page: opened by itself it can do nothing either, being in a sandbox."""
    response = attachment_response(path_or_file, "", media_type)
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-cache"
    return response
