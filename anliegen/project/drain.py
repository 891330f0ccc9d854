"""Let a web process end without losing anybody's answer.

The server closes what waits in the queue of its port, and connections whose question it has not read yet. So before
it is told to end, its port takes nobody new: who knocks is not answered, knocks again after a second, and meets the
next version, or nobody. What waits already is then answered first.
"""

import contextlib
import ctypes
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

type Starting = Callable[..., Any]  # start_response of WSGI
type Application = Callable[[dict[str, Any], Starting], Iterable[bytes]]

TOLD_BY = signal.SIGUSR1
CALM_S, LONGEST_S = 0.5, 5.0
_SO_ATTACH_FILTER = 26  # of Linux; the socket module does not name it
# Of a packet to the port, byte 13 holds the flags: drop SYN without ACK, which begins a connection; keep all others.
_NOBODY_NEW = ((0x30, 0, 0, 13), (0x54, 0, 0, 0x12), (0x15, 0, 1, 0x02), (0x06, 0, 0, 0), (0x06, 0, 0, 0xFFFFFFFF))


class Door:
    """The application. Once `shut`, each answer asks its client to use another connection for the next question."""

    def __init__(self, application: Application) -> None:
        self.application, self.is_shut = application, False

    def __call__(self, environ: dict[str, Any], start_response: Starting) -> Iterable[bytes]:
        def last(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start_response(status, [*headers, ("Connection", "close")], *more)

        return self.application(environ, last if self.is_shut else start_response)

    def shut(self, *_: object) -> None:
        """A handler of TOLD_BY. No listening socket of this process takes a new connection from now on."""
        self.is_shut = True
        for listener in _listeners():
            with contextlib.suppress(OSError):  # a system without such filters: connections are taken until the end
                take_nobody_new(listener)


def door(application: Application) -> Application:
    """The application with a door that TOLD_BY shuts, if this is where signals arrive."""
    found = Door(application)
    if sys.platform == "linux" and threading.current_thread() is threading.main_thread():
        signal.signal(TOLD_BY, found.shut)
    return found


def take_nobody_new(listener: socket.socket) -> None:
    """Connections that are complete stay, also those still in its queue. Raises OSError where that is not possible."""
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in _NOBODY_NEW))
    pointer = struct.pack("HP", len(_NOBODY_NEW), ctypes.addressof(program))
    listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, pointer)


def _listeners() -> Iterator[socket.socket]:
    """The sockets of this process, which others own, that listen on a port."""
    for path in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # it is no socket, or closed by now
            found = socket.socket(fileno=int(path.name))
            if found.family != socket.AF_UNIX and found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                yield found
            found.detach()


def until_calm(port: int) -> None:
    """Wait until nobody has waited at this port for CALM_S, LONGEST_S at most."""
    end = time.monotonic() + LONGEST_S
    calm_at = time.monotonic() + CALM_S
    while (now := time.monotonic()) < min(end, calm_at):
        if anybody_waits(port):
            calm_at = now + CALM_S
        time.sleep(0.02)


def anybody_waits(port: int) -> bool:
    """Whether connections to this port are not accepted yet, or hold something that is not read yet (Linux)."""
    return any(number == port and unread for number, unread in _sockets())


def _sockets() -> Iterator[tuple[int, int]]:
    """Of each TCP socket of this machine its port and how much waits in it: connections, or bytes."""
    for name in ("tcp", "tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]:
                _number, here, _there, _state, queues, *_more = line.split()
                yield int(here.rpartition(":")[2], 16), int(queues.rpartition(":")[2], 16)
