"""What a browser sends is taken whole or not at all.

When a connection breaks in the middle of a form, servers hand over what came so far, and Django reads it as a form with
fewer fields: a message without its file would be stored, and the browser's next attempt, having the same key, would be
answered with it.
"""

from collections.abc import Iterable
from typing import Any, Protocol


class _Input(Protocol):
    def read(self, size: int, /) -> bytes: ...
    def readline(self, size: int, /) -> bytes: ...


class BrokenOff(OSError):
    """The connection ended before all was sent that had been announced."""


class Whole:
    """`wsgi.input`, which raises BrokenOff at an early end. Django never asks for more than was announced."""

    def __init__(self, inside: _Input) -> None:
        self._inside = inside

    def read(self, size: int) -> bytes:
        data = self._inside.read(size)
        while len(data) < size:
            data += _something(self._inside.read(size - len(data)))
        return data

    def readline(self, size: int) -> bytes:
        return _something(self._inside.readline(size)) if size else b""


def _something(data: bytes) -> bytes:
    if not data:
        raise BrokenOff
    return data


def whole(application: Any) -> Any:
    """The application, for which a question that broke off is an error of reading."""

    def asked(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["wsgi.input"] = Whole(environ["wsgi.input"])
        return application(environ, start_response)  # type: ignore[no-any-return]

    return asked
