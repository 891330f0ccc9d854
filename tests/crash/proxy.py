"""Wires between the product and others: TCP connections pass through them, until they do not."""

import contextlib
import random
import socket
import threading
import time
from typing import override

CHUNK = 65_536


class Wire:
    """Listens on a port of its own and passes everything on. `cut` closes all connections and refuses new ones."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.listener: socket.socket | None = None
        self.ends: set[socket.socket] = set()
        self.lock = threading.Lock()
        self.port = 0
        self.mend()

    def mend(self) -> None:
        """Listen, again on the same port."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(64)
        self.listener, self.port = listener, listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def cut(self) -> None:
        """Everybody at both ends loses the connection; the port is closed."""
        if self.listener is not None:
            _close(self.listener)
            self.listener = None
        with self.lock:
            ends, self.ends = self.ends, set()
        for end in ends:
            _close(end)

    def connect(self) -> socket.socket:
        """A connection to the other side. Raises OSError."""
        return socket.create_connection(self.target, timeout=5)

    def loses(self, *, answer: bool) -> bool:
        """Whether a connection breaks now: before a piece of an answer, or after a piece of a question was passed on."""
        return False

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _address = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        try:
            far = self.connect()
        except OSError:
            _close(near)
            return
        far.settimeout(None)
        with self.lock:
            self.ends |= {near, far}
        threading.Thread(target=self._pass, args=(near, far), kwargs={"answer": False}, daemon=True).start()
        self._pass(far, near, answer=True)

    def _pass(self, source: socket.socket, sink: socket.socket, *, answer: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                loses = self.loses(answer=answer)
                if not (loses and answer):
                    sink.sendall(data)
                if loses:
                    break
        with self.lock:
            self.ends -= {source, sink}
        _close(source)
        _close(sink)


class Lossy(Wire):
    """Now and then swallows an answer that the other side has given, or breaks off when a question has gone through."""

    def __init__(self, host: str, port: int, *, share: float, seed: int) -> None:
        self.share, self.chance = share, random.Random(seed)
        self.lost = {True: 0, False: 0}  # answers; questions whose answer nobody waited for
        super().__init__(host, port)

    @override
    def loses(self, *, answer: bool) -> bool:
        with self.lock:
            found = self.chance.random() < (self.share if answer else self.share / 2)
            self.lost[answer] += found
        return found


class Patient(Wire):
    """As a proxy before a product that is being replaced: waits until somebody listens, and only then passes on."""

    @override
    def connect(self) -> socket.socket:
        until = time.monotonic() + 40
        while True:
            try:
                return super().connect()
            except (ConnectionRefusedError, TimeoutError):  # nothing was sent yet
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)


def _close(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        end.close()
