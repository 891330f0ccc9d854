#!/usr/bin/env python3
"""Run the tests: all on SQLite, then those of the domain again on PostgreSQL. Arguments go to pytest.

The second run leaves out what does not touch the database or starts processes of its own (browser, crash, postgres).
Without a PostgreSQL server the second run is left out and named, except with CI=true. The last line is one sum.
"""

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
URL = os.environ.get("ANLIEGEN_TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/anliegen")
NO_TESTS = 5
_COUNT = re.compile(r"(\d+) (passed|failed|error|errors|skipped)\b")


def answers(url: str) -> bool:
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 5432), timeout=2).close()
    except OSError:
        return False
    return True


def pytest(*arguments: str) -> tuple[int, dict[str, int]]:
    """Run pytest, show its lines as they come, and return its exit code and its counts."""
    command = [sys.executable, "-m", "pytest", "-n", "auto", "--dist", "loadgroup", *arguments]
    counts: dict[str, int] = {}
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, bufsize=1) as running:
        assert running.stdout
        for line in running.stdout:
            print(line, end="", flush=True)
            if " in " in line and (found := _COUNT.findall(line)):
                counts = {("failed" if kind.startswith("error") else kind): int(count) for count, kind in found}
    return running.returncode, counts


def main(arguments: list[str]) -> int:
    started = time.monotonic()
    chosen = [a for a in arguments if not a.startswith("-") and Path(a.split("::")[0]).exists()]
    code, total = pytest(*arguments)
    if code not in (0, NO_TESTS):
        return finish(code, total, started)
    if os.environ.get("CI") != "true" and not answers(URL):
        print(f"left out: the second run of the domain's tests: no PostgreSQL server at {URL.rpartition('@')[2]}")
        return finish(code, total, started)
    print("\nThe domain's tests again, on PostgreSQL", flush=True)
    second, counts = pytest("--pg", *arguments)
    for kind, count in counts.items():
        total[kind] = total.get(kind, 0) + count
    if chosen and second == NO_TESTS:
        second = 0
    return finish(code or second, total, started)


def finish(code: int, total: dict[str, int], started: float) -> int:
    seconds = time.monotonic() - started
    passed, failed, skipped = (total.get(kind, 0) for kind in ("passed", "failed", "skipped"))
    print(f"All tests took {seconds // 60:.0f} min {seconds % 60:.0f} s.")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
