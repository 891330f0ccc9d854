"""X01, X02: web and workers are killed at random points under load; no promise may break, on either database."""

import time
from collections.abc import Callable

import pytest

from tests.crash.conftest import Fresh, Try
from tests.crash.plant import Plant
from tests.crash.trial import Trial

pytestmark = [pytest.mark.crash, pytest.mark.xdist_group("crash")]
KILLS, KILLS_LONG = 2, 20  # of web and of workers, each
MAIL_WITHIN_S = 10.0
BACK_WITHIN_S, BACK_WITHIN_LONG_S = 20.0, 10.0  # the promise is 10 s; `make test` shares its cores with other tests


def killing(kills: int, limit: float) -> Callable[[Trial], None]:
    def disturb(one: Trial) -> None:
        for number in range(kills):
            for target in (f"worker-{number % 2 + 1}", "web"):
                one.moment(0.3, 2.0)
                if target != "web":
                    _in_the_middle(one)
                one.product.kill(target)
                one.product.start(target)
            one.may_double += 1
            one.rounds += 2
            took = one.product.ready_within()
            if took > limit:
                one.ledger.note(f"X01: ready again after {took:.1f} s")

    return disturb


def _in_the_middle(one: Trial) -> None:
    """A mail has just come: the worker has the next one in hand."""
    count, until = len(one.product.postbox.mails), time.monotonic() + MAIL_WITHIN_S
    while len(one.product.postbox.mails) <= count and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(one.chance.uniform(0.0, 0.1))


def test_no_promise_breaks_when_processes_die(product: Plant, trial: Try, long_run: bool) -> None:
    kills, limit = (KILLS_LONG, BACK_WITHIN_LONG_S) if long_run else (KILLS, BACK_WITHIN_S)
    one = trial(product, "X01 X02 kill -9").run(killing(kills, limit))
    one.expect(least=kills * 2)
    assert one.ledger.verdicts and one.ledger.steps


@pytest.mark.long
@pytest.mark.parametrize(
    ("bug", "invariants"),
    [
        pytest.param("end-before-effect", ("I4",), id="end-before-effect"),
        pytest.param("mail-before-commit", ("I5", "I9"), id="mail-before-commit"),
        pytest.param("no-command-key", ("I2",), id="no-command-key"),
    ],
)
def test_it_catches(bug: str, invariants: tuple[str, ...], kind: str, fresh: Fresh, trial: Try) -> None:
    trial(fresh(kind, f"short-lease,{bug}"), "X01 X02 kill -9").run(killing(12, 60)).caught(*invariants)
