"""X04: a new version is put in: SIGTERM under load, then a start. Behind a proxy nobody notices."""

import pytest

from tests.crash.conftest import Fresh, Try
from tests.crash.plant import Plant
from tests.crash.proxy import Patient
from tests.crash.trial import Trial

pytestmark = [pytest.mark.crash, pytest.mark.xdist_group("crash"), pytest.mark.long]
ROUNDS = 10
END_WITHIN_S = 20.0


def _tried(one: Trial, rounds: int) -> Trial:
    """The proxy holds new connections while nobody listens, and makes one for each question, as nginx does."""
    wire = Patient("127.0.0.1", int(one.product.base_url.rpartition(":")[2]))
    one.front, one.keep_alive, box = f"http://127.0.0.1:{wire.port}", False, one.product.postbox

    def disturb(one: Trial) -> None:
        box.slow_s = 0.1  # so that a worker is in the middle of a mail
        for number in range(rounds):
            for target in ("web", f"worker-{number % 2 + 1}"):
                one.moment()
                took = one.product.stop(target)
                one.product.start(target)
                one.rounds += 1
                if took > END_WITHIN_S:
                    one.ledger.note(f"X04: {target} ended after {took:.1f} s")
            one.product.ready_within()
        box.slow_s = 0.0

    try:
        found = one.run(disturb)
    finally:
        wire.cut()
    if one.ledger.lost or one.ledger.busy:
        one.broken.append(f"X04: {one.ledger.lost} answers were lost, {one.ledger.busy} were 503")
    return found


def test_nobody_notices_that_processes_are_replaced(product: Plant, trial: Try) -> None:
    _tried(trial(product, "X04 SIGTERM"), ROUNDS).expect()


def test_it_catches_a_product_that_ends_at_once(kind: str, fresh: Fresh, trial: Try) -> None:
    _tried(trial(fresh(kind, "end-at-once"), "X04 SIGTERM"), 8).caught("X04", "I10")
