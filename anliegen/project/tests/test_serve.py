"""`anliegen serve`: web and worker together, watched over, ended in order."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from anliegen.project import serve


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_port_that_is_taken_is_told_by_name() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        words = serve.port_problem("127.0.0.1", port)
    assert words.startswith(f"ANLIEGEN_PORT: port {port}")
    assert f"ANLIEGEN_PORT={port + 1}" in words


def child(code: str) -> serve.Child:
    return serve.Child("test", [sys.executable, "-c", code], dict(os.environ))


def test_a_child_that_keeps_dying_ends_the_whole_and_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "_on_signals", lambda stop: None)
    steady = child("import time; time.sleep(60)")
    assert serve.watch([child("raise SystemExit(3)"), steady], "hello") == 1
    assert steady.process
    assert steady.process.returncode == -signal.SIGTERM
    assert "test process ended 5 times" in capsys.readouterr().err


def test_nothing_of_a_dead_child_is_left(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    code = (
        "import os, subprocess, sys; "
        f"p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
        f"open({str(mark)!r}, 'w').write(str(p.pid)); os._exit(1)"
    )
    victim = child(code)
    victim.start()
    until(lambda: victim.dead() and mark.exists() and mark.read_text() != "")
    victim.command = [sys.executable, "-c", "import time; time.sleep(60)"]
    assert victim.revive()
    until(lambda: _gone(int(mark.read_text())))
    victim.end(signal.SIGKILL)
    assert victim.process
    victim.process.wait()


def _gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] == "Z"
    except OSError:
        return True


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ANLIEGEN_")}
    environment |= {"ANLIEGEN_ENV": "demo", "ANLIEGEN_PORT": str(port), "ANLIEGEN_DATA_DIR": str(tmp_path)}
    environment |= {"ANLIEGEN_WEB_WORKERS": "1"}
    command = [sys.executable, "-m", "anliegen.project.cli"]
    subprocess.run([*command, "migrate"], env=environment, check=True)
    process = subprocess.Popen(
        [*command, "serve"], env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    yield process, port
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    if process.stdout:
        process.stdout.close()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def _children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.crash
def test_killed_children_are_started_again_and_a_signal_ends_all(running: tuple[subprocess.Popen[str], int]) -> None:
    process, port = running
    until(lambda: _answers(port))
    before = _children(process.pid)
    assert len(before) == 2
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    until(lambda: len(set(_children(process.pid)) - set(before)) == 2)
    until(lambda: _answers(port))
    after = _children(process.pid)
    process.send_signal(signal.SIGINT)
    assert process.wait(25) == 0
    until(lambda: all(_gone(pid) for pid in after))
    assert not _answers(port)


def test_serve_refuses_a_database_that_lacks_migrations(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ANLIEGEN_")}
    environment |= {"ANLIEGEN_PORT": str(free_port()), "ANLIEGEN_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "anliegen.project.cli", "serve"]
    done = subprocess.run(command, env=environment, text=True, capture_output=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "anliegen migrate" in done.stderr
