"""One database, in a process of its own: fill it to each size and measure. Prints a JSON line for each figure."""

import dataclasses
import json
import logging
import sys
import time
from datetime import timedelta

import django


def main(sizes: list[int], only: list[str], runs: int) -> None:
    django.setup()
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    from anliegen.demo import cli as demo
    from anliegen.lib import clock
    from anliegen.project import serve
    from bench import company, engine_step, visits

    serve.migrate()
    _quietly(demo.load)
    began = time.monotonic()
    engine_step.publish(clock.now())
    made = company.make(clock.now() - timedelta(hours=1))
    print(f"{len(made)} requests made by actions in {time.monotonic() - began:.1f} s", flush=True)
    before = 0
    for size in sizes:
        began = time.monotonic()
        before = _fill(made, before, size)
        print(f"{size} requests after {time.monotonic() - began:.1f} s more", flush=True)
        for figures in visits.all_of_them(only, runs):
            print(json.dumps({"requests": size, **dataclasses.asdict(figures)}), flush=True)


def _quietly(load: object) -> None:
    import contextlib
    import io

    with contextlib.redirect_stdout(io.StringIO()):
        load(small=True)  # type: ignore[operator]


def _fill(made: list, before: int, size: int) -> int:
    """Copy up to `size` requests, 20 % of them open; copies up to number `before` of each exist already."""
    from bench.copies import Plan, multiply

    plans = []
    for still_open, share in ((True, 0.2), (False, 0.8)):
        rows = [one for one in made if one.open is still_open]
        last = max(1, round(size * share / len(rows)))
        first = max(1, round(before * share / len(rows)) + 1) if before else 1
        plans += [Plan(row.service_request_id, first, last, open=still_open) for row in rows]
    people = (before // 500 + 1, max(1, size // 500))
    multiply(plans, people)
    return size


if __name__ == "__main__":
    sizes, only, runs = sys.argv[1:4]
    main([int(n) for n in sizes.split(",")], [word for word in only.split(",") if word], int(runs))
