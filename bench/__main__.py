"""`python -m bench`: fill both databases, measure, print a table. Filled databases are kept for the next run."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import search_quality, service, snapshots

ROOT = Path(__file__).resolve().parent.parent
SHORT_LOAD_S = 20.0  # after the pages: memory after some work
HEAD = ("database", "requests", "what", "web CPU", "database CPU", "p50", "p95", "statements", "runs")


def main() -> int:
    options = _options()
    if options.what == "fill":
        url = f"sqlite:///{options.dir / 'anliegen.sqlite3'}" if options.database == "sqlite" else options.database
        snapshots.fill(options.size, url, options.dir)
        print(f"{options.size} requests are in {url}. Serve them:")
        print(f"ANLIEGEN_DATA_DIR={options.dir} ANLIEGEN_DATABASE_URL={url} .venv/bin/anliegen serve")
        return 0
    if options.what == "forget":
        snapshots.forget()
        return 0
    return _measure(options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.set_defaults(what="measure")
    parser.add_argument("--sizes", default="1000,100000", help="how many requests, with commas, rising")
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument("--only", default="", help="only what has one of these words in its name, with commas")
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--load", type=_seconds, default=0.0, help="instead: load what is served so long (15m, 90s)")
    parser.add_argument("--rate", type=float, default=25.0, help="with --load: calls a second")
    commands = parser.add_subparsers(dest="what")
    fill = commands.add_parser("fill", help="fill a data directory with requests")
    fill.add_argument("--size", type=int, default=100_000)
    fill.add_argument("--database", default="sqlite", help="sqlite, or the address of an empty PostgreSQL database")
    fill.add_argument("--dir", type=Path, required=True, help="the data directory")
    commands.add_parser("forget", help="remove the filled databases that are kept")
    return parser.parse_args()


def _seconds(text: str) -> float:
    return float(text.removesuffix("m")) * 60 if text.endswith("m") else float(text.removesuffix("s"))


def _measure(options: argparse.Namespace) -> int:
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}; milliseconds; web CPU is the median of the runs")
    print(f"load of the machine: {os.getloadavg()[0]:.1f}; {time.strftime('%d %B %Y, %H:%M')}\n")
    if not options.load:
        print(_line(HEAD), _line("-" * width for width in _WIDTHS), sep="\n", flush=True)
    worst, found = 0, Found()
    for database in options.databases.split(","):
        for size in options.sizes.split(",")[-1 if options.load else 0 :]:
            with tempfile.TemporaryDirectory(prefix="anliegen-bench-") as folder:
                worst = max(worst, _run(database, int(size), Path(folder), options, found))
    found.print_growth()
    found.print_served()
    if not options.load:
        print("\nHow well the search finds:", flush=True)
        search_quality.main(noise=0)
    return worst


def _run(database: str, size: int, folder: Path, options: argparse.Namespace, found: "Found") -> int:
    began = time.monotonic()
    with snapshots.lent(database, size, folder) as url:
        print(f"   ({database}, {size}: ready after {time.monotonic() - began:.0f} s)", flush=True)
        code = 0 if options.load else _pages(database, size, url, folder, options, found)
        with service.serve(url, folder) as served:
            told = {"ready_s": served.ready_s, "start_cpu_s": sum(served.cpu().values())}
            told |= service.under_load(served, size, options.load or SHORT_LOAD_S, options.rate)
            found.served.append((database, size, told))
    print(f"   ({database}, {size}: {time.monotonic() - began:.0f} s)", flush=True)
    return code or int(told["wrong"] > 0)


def _pages(database: str, size: int, url: str, folder: Path, options: argparse.Namespace, found: "Found") -> int:
    command = [sys.executable, "-m", "bench.run", str(size), options.only, str(options.runs)]
    environment = snapshots.environment(url, folder)
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        for text in running.stdout:
            row = json.loads(text) if text.startswith("{") else text
            found.note(database, row)
            _print(database, row)
    return running.returncode


@dataclass(slots=True)
class Found:
    """What is told at the end: how figures grow from the smallest size to the largest, and the served product."""

    cpu: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    served: list[tuple[str, int, dict[str, Any]]] = field(default_factory=list)

    def note(self, database: str, row: dict[str, Any] | str) -> None:
        if isinstance(row, dict):
            self.cpu.setdefault((database, row["name"]), []).append(row["cpu"] + (row["database_cpu"] or 0))

    def print_growth(self) -> None:
        grown = {key: values for key, values in self.cpu.items() if len(values) > 1}
        if grown:
            print("\n| database | what | CPU, largest : smallest |\n|---|---|---:|")
        for (database, name), values in grown.items():
            print(f"| {database} | {name} | {values[-1] / values[0]:.2f} |")

    def print_served(self) -> None:
        """One line for each fact, one column for each database and size."""
        print(f"\n| served | {' | '.join(f'{database}, {size}' for database, size, _told in self.served)} |")
        print(f"|---|{'---:|' * len(self.served)}", flush=True)
        for name in self.served[0][2]:
            values = [told[name] for _database, _size, told in self.served]
            print(f"| {name} | {' | '.join(f'{v:.1f}' if isinstance(v, float) else str(v) for v in values)} |")


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
