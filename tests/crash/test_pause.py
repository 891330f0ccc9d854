"""X05, X25: a worker that was frozen for longer than its lease, and workers that are one too many."""

import time
from collections.abc import Callable

import pytest

from tests.crash.conftest import Fresh, Try
from tests.crash.plant import Plant
from tests.crash.trial import Trial

pytestmark = [pytest.mark.crash, pytest.mark.xdist_group("crash"), pytest.mark.long]
PAUSES, PAUSES_BUG = 3, 4
PAUSE_S, PAUSE_SHORT_S = 40.0, 12.0  # a lease is 30 s, the short one 8 s
EXTRA_S = 30.0


def _pausing(pauses: int, seconds: float) -> Callable[[Trial], None]:
    def disturb(one: Trial) -> None:
        box = one.product.postbox
        box.slow_s = 0.3  # a worker is nearly always in the middle of a mail, with others in hand
        for number in range(pauses):
            one.moment()
            name = f"worker-{number % 2 + 1}"
            one.product.pause(name)
            time.sleep(seconds)
            one.product.resume(name)
            one.rounds += 1
            one.may_double += 1  # the mail that was on its way; not the others that the worker had in hand
        box.slow_s = 0.0

    return disturb


def test_who_slept_too_long_does_nothing_twice(product: Plant, trial: Try) -> None:
    trial(product, "X05 SIGSTOP, SIGCONT").run(_pausing(PAUSES, PAUSE_S)).expect()


def test_the_fence_alone_is_enough(kind: str, fresh: Fresh, trial: Try) -> None:
    """Before a mail goes out two guards ask whether it is still to be sent. Without the second, the fence must hold."""
    product = fresh(kind, "short-lease,no-second-look")
    trial(product, "X05 SIGSTOP, SIGCONT").run(_pausing(PAUSES_BUG, PAUSE_SHORT_S)).expect()


def test_it_catches_a_lease_without_a_fence(kind: str, fresh: Fresh, trial: Try) -> None:
    product = fresh(kind, "short-lease,no-second-look,no-fence")
    trial(product, "X05 SIGSTOP, SIGCONT").run(_pausing(PAUSES_BUG, PAUSE_SHORT_S)).caught("I10")


def _crowded(one: Trial, seconds: float) -> Trial:
    """Three more workers, so that each scheduler and worker is there several times."""
    extra = ("worker-3", "worker-4", "worker-5")

    def disturb(one: Trial) -> None:
        for name in extra:
            one.product.start(name)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            one.until_busy()
        one.rounds = len(extra)

    try:
        return one.run(disturb)
    finally:
        for name in extra:
            one.product.stop(name)


def test_more_workers_do_nothing_twice(product: Plant, trial: Try) -> None:
    _crowded(trial(product, "X25 five workers"), EXTRA_S).expect()


def test_it_catches_workers_that_share_a_job(kind: str, fresh: Fresh, trial: Try) -> None:
    product = fresh(kind, "no-lease,no-fence")
    _crowded(trial(product, "X25 five workers"), EXTRA_S).caught("I10")
