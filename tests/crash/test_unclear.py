"""X03: answers are lost on their way, at the web and at the mail server; what was asked twice is done once."""

import pytest

from tests.crash.conftest import Fresh, Try
from tests.crash.plant import Plant
from tests.crash.proxy import Lossy
from tests.crash.trial import SEED, Trial

pytestmark = [pytest.mark.crash, pytest.mark.xdist_group("crash")]
LOST, LOST_LONG = 15, 100
SHARE, MUTE = 0.15, 0.1


def _tried(one: Trial, lost: int) -> Trial:
    """People reach the product through a wire that swallows answers and breaks off questions."""
    wire = Lossy("127.0.0.1", int(one.product.base_url.rpartition(":")[2]), share=SHARE, seed=SEED)
    one.front, box = f"http://127.0.0.1:{wire.port}", one.product.postbox

    def disturb(one: Trial) -> None:
        before, box.mute = box.unclear, MUTE
        while min(wire.lost.values()) < lost / 3 or sum(wire.lost.values()) < lost:
            one.until_busy(1)
        wire.share = box.mute = 0.0
        one.rounds, one.may_double = sum(wire.lost.values()), box.unclear - before

    try:
        return one.run(disturb)
    finally:
        wire.cut()


def test_an_answer_that_was_lost_is_given_again(product: Plant, trial: Try, long_run: bool) -> None:
    one = _tried(trial(product, "X03 lost answers"), LOST_LONG if long_run else LOST)
    one.expect(least=4)
    assert one.ledger.lost >= one.rounds / 2


@pytest.mark.long
def test_it_catches_a_product_without_command_keys(kind: str, fresh: Fresh, trial: Try) -> None:
    _tried(trial(fresh(kind, "no-command-key"), "X03 lost answers"), 40).caught("I2")
