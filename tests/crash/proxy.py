"""A wire that can be cut: TCP connections to a server pass through it, until they do not."""

import contextlib
import socket
import threading

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

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _address = listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self.target, timeout=5)
            except OSError:
                _close(near)
                continue
            far.settimeout(None)
            with self.lock:
                self.ends |= {near, far}
            threading.Thread(target=self._pass, args=(near, far), daemon=True).start()
            threading.Thread(target=self._pass, args=(far, near), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                sink.sendall(data)
        with self.lock:
            self.ends -= {source, sink}
        _close(source)
        _close(sink)


def _close(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        end.close()
