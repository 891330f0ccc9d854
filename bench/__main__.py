"""`python -m bench`: fill both databases, measure, print a table. Writes nothing."""

import argparse
import contextlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).resolve().parent.parent
POSTGRES_URL = os.environ.get("ANLIEGEN_TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/anliegen")
HEAD = ("database", "requests", "what", "web CPU", "database CPU", "p50", "p95", "statements", "runs")


def main() -> int:
    options = _options()
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}; milliseconds; web CPU is the median of the runs\n")
    print(_line(HEAD), _line("-" * width for width in _WIDTHS), sep="\n", flush=True)
    worst = 0
    for database in options.databases.split(","):
        with tempfile.TemporaryDirectory(prefix="anliegen-bench-") as folder, _database(database, Path(folder)) as url:
            worst = max(worst, _run(database, url, Path(folder), options))
    return worst


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--sizes", default="1000,10000", help="how many requests, with commas, rising")
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument("--only", default="", help="only what has one of these words in its name, with commas")
    parser.add_argument("--runs", type=int, default=200)
    return parser.parse_args()


@contextlib.contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database that is gone afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'bench.sqlite3'}"
        return
    server = POSTGRES_URL.rpartition("/")[0]
    address, name = f"{server.replace('postgres:', 'postgresql:', 1)}/postgres", f"anl_bench_{secrets.token_hex(4)}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield f"{server}/{name}"
    finally:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _run(database: str, url: str, folder: Path, options: argparse.Namespace) -> int:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ANLIEGEN_")}
    environment |= {
        "ANLIEGEN_ENV": "demo",
        "ANLIEGEN_DATABASE_URL": url,
        "ANLIEGEN_DATABASE_TIMEOUT_S": "0",
        "ANLIEGEN_DATA_DIR": str(folder),
        "ANLIEGEN_LOG_LEVEL": "error",
        "DJANGO_SETTINGS_MODULE": "anliegen.project.settings",
    }
    command = [sys.executable, "-m", "bench.run", options.sizes, options.only, str(options.runs)]
    began = time.monotonic()
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        for text in running.stdout:
            _print(database, json.loads(text) if text.startswith("{") else text)
    print(f"   ({database}: {time.monotonic() - began:.0f} s)", flush=True)
    return running.returncode


def _print(database: str, found: dict[str, Any] | str) -> None:
    if isinstance(found, str):
        print(f"   {found.rstrip()}", flush=True)
        return
    fewest, most = found["statements"]
    cells = [
        *(database, str(found["requests"]), found["name"], f"{found['cpu']:.1f}"),
        "in web" if found["database_cpu"] is None else f"{found['database_cpu']:.1f}",
        *(f"{found['p50']:.1f}", f"{found['p95']:.1f}", f"{fewest}" if fewest == most else f"{fewest}-{most}"),
        str(found["runs"]),
    ]
    print(_line(cells), flush=True)


_WIDTHS = (9, 8, 34, 8, 12, 7, 7, 10, 5)


def _line(cells: Any) -> str:
    padded = [
        text.ljust(width) if n < 3 else text.rjust(width)
        for n, (text, width) in enumerate(zip(cells, _WIDTHS, strict=False))
    ]
    return f"| {' | '.join(padded)} |"


if __name__ == "__main__":
    sys.exit(main())
