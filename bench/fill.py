"""Fill the database of this environment: `python -m bench.fill 0` founds the house, a larger number multiplies it.

The demo company with 50,000 people is founded once; its few requests are then copied up to the size asked for.
"""

import contextlib
import io
import sys
import time
from datetime import timedelta

import django

OPEN_SHARE = 0.2


def main(size: int) -> None:
    django.setup()
    began, used = time.monotonic(), time.process_time()
    if size:
        _multiply(size)
    else:
        _found()
    took = f"{time.monotonic() - began:.0f} s, {time.process_time() - used:.0f} s of CPU"
    print(f"{f'{size} requests' if size else 'House and people'} made in {took}", file=sys.stderr, flush=True)


def _found() -> None:
    from anliegen.demo import cli as demo
    from anliegen.lib import clock
    from anliegen.project import serve
    from bench import company, crowd, engine_step

    serve.migrate()
    with contextlib.redirect_stdout(io.StringIO()):
        demo.load(small=True)
    now = clock.now()
    engine_step.publish(now)
    company.make(now - timedelta(hours=1))
    crowd.gather(now)


def _multiply(size: int) -> None:
    from anliegen.lib import clock
    from anliegen.requests.models import ServiceRequest
    from anliegen.search import rebuilding
    from bench import crowd
    from bench.copies import Plan, multiply

    made = ServiceRequest.objects.order_by("pk").values_list("pk", "ended_at")
    open_ones = [key for key, ended_at in made if ended_at is None]
    closed = [key for key, ended_at in made if ended_at is not None]
    wanted = round(size * OPEN_SHARE)
    plans = [Plan(key, len(range(n, wanted, len(open_ones))), open=True) for n, key in enumerate(open_ones)]
    plans += [Plan(key, len(range(n, size - wanted, len(closed))), open=False) for n, key in enumerate(closed)]
    multiply(plans, crowd.there(clock.now()))
    rebuilding.rebuild(rebuilding.REQUEST)


if __name__ == "__main__":
    main(int(sys.argv[1]))
