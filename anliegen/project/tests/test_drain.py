"""A web process that ends loses nobody's answer."""

import os
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from anliegen.project import drain, serve

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems take connections until the end")
CLIENTS, AT_ONCE = 30, 2
SLOW = """
import time
from anliegen.project.drain import door

def answer(environ, start_response):
    time.sleep(0.03)
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]

application = door(answer)
"""


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as found:
        yield found


def port_of(listener: socket.socket) -> int:
    return int(listener.getsockname()[1])


def knock(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=0.3)


def test_nobody_new_gets_in_and_who_waits_is_answered(listener: socket.socket) -> None:
    with knock(port_of(listener)) as early:
        drain.take_nobody_new(listener)
        with pytest.raises(TimeoutError):
            knock(port_of(listener))
        accepted, _address = listener.accept()
        with accepted:
            early.sendall(b"question")
            assert accepted.recv(8) == b"question"
            accepted.sendall(b"answer")
            assert early.recv(8) == b"answer"


def test_the_queue_and_what_is_not_read_wait(listener: socket.socket) -> None:
    port = port_of(listener)
    assert not drain.anybody_waits(port)
    with knock(port) as client:
        assert drain.anybody_waits(port)
        accepted, _address = listener.accept()
        with accepted:
            assert not drain.anybody_waits(port)
            client.sendall(b"question")
            assert drain.anybody_waits(port)
            accepted.recv(8)
            assert not drain.anybody_waits(port)


def test_it_waits_no_longer_than_it_may(listener: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drain, "LONGEST_S", 0.1)
    with knock(port_of(listener)):
        began = time.monotonic()
        drain.until_calm(port_of(listener))
        assert time.monotonic() - began < drain.CALM_S


def test_answers_end_their_connection_once_the_door_is_shut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drain, "_listeners", list)
    told: list[list[tuple[str, str]]] = []

    def application(environ: object, start_response: drain.Starting) -> list[bytes]:
        start_response("200 OK", [("Content-Length", "0")])
        return []

    door = drain.Door(application)
    for _number in range(2):
        door({}, lambda status, headers, *more: told.append(headers))  # type: ignore[arg-type,func-returns-value]
        door.shut()
    assert told == [[("Content-Length", "0")], [("Content-Length", "0"), ("Connection", "close")]]


@pytest.mark.crash
def test_more_people_than_the_server_takes_at_once_lose_nothing(tmp_path: Path, listener: socket.socket) -> None:
    port = port_of(listener)
    listener.close()
    (tmp_path / "slow.py").write_text(SLOW)
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--port", str(port)]
    command += ["--blocking-threads", str(AT_ONCE), "--backpressure", str(AT_ONCE), "slow:application"]
    paths = os.pathsep.join([str(tmp_path), str(Path(drain.__file__).parents[2])])
    web = serve.Child("web", command, {**os.environ, "PYTHONPATH": paths}, port)
    web.start()
    counts: Counter[str] = Counter()
    people = [threading.Thread(target=_ask_on, args=(port, counts)) for _number in range(CLIENTS)]
    for one in people:
        one.start()
    while counts["answered"] < CLIENTS:
        time.sleep(0.05)
    serve._end([web])
    for one in people:
        one.join()
    assert counts["lost"] == 0, counts


def _ask_on(port: int, counts: "Counter[str]") -> None:
    """Each question on a connection of its own, until nobody listens any more."""
    while True:
        try:
            connection = socket.create_connection(("127.0.0.1", port), timeout=10)
        except OSError:
            if counts["answered"]:
                return
            time.sleep(0.05)
            continue
        with connection:
            counts[_asked(connection)] += 1


def _asked(connection: socket.socket) -> str:
    try:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
        return "answered" if b"200 OK" in connection.recv(4096) else "lost"
    except OSError:
        return "lost"
