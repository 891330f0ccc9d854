"""One fault on one product: people work, the fault happens, everything becomes quiet, the oracle judges."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.crash import load
from tests.crash.ledger import Ledger
from tests.crash.look import look
from tests.crash.oracle import QUIET_S, violations
from tests.crash.plant import Plant

SEED = 20_261_125
BUSY, BUSY_WITHIN_S = 8, 30.0
BUG_QUIET_S = 60.0  # what a planted bug lost never comes
BUG = "CRASH_BUG"  # planted/sitecustomize.py


@dataclass(slots=True)
class Trial:
    """What is tried on which product, and what came of it. `may_double`: how many mails may come twice (I10)."""

    product: Plant
    fault: str
    ledger: Ledger = field(default_factory=Ledger)
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    rounds: int = 0
    may_double: int = 0
    mails: int = 0
    broken: list[str] = field(default_factory=list)
    front: str = ""  # where people knock, if not at the product itself
    keep_alive: bool = True

    def run(self, disturb: "Callable[[Trial], None]") -> "Trial":
        """Let people work while `disturb` does its worst; then judge."""
        before, doubled = len(self.product.postbox.mails), self.product.postbox.doubled
        with load.at_work(self._people()):
            disturb(self)
            self.until_busy()
        may_double = doubled + self.may_double  # what came twice in an earlier trial was judged there
        seen = look(self.product, self.ledger, may_double, within_s=BUG_QUIET_S if self._bug else QUIET_S)
        self.mails = len(seen.mails) - before
        self.broken = violations(self.ledger, seen)
        return self

    def _people(self) -> list[load.Somebody]:
        where = self.front or self.product.base_url
        make = {"keep_alive": self.keep_alive}
        return [
            *(load.Requester(where, email, self.ledger, SEED, **make) for email in load.REQUESTERS),
            *(load.Checker(where, email, self.ledger, SEED, **make) for email in load.CHECKERS),
            *(load.Approver(where, load.APPROVER, self.ledger, seed, **make) for seed in (SEED, SEED + 1)),
        ]

    def until_busy(self, answers: int = BUSY) -> None:
        """People get answers: what is disturbed now is at work."""
        seen, until = self.ledger.answers, time.monotonic() + BUSY_WITHIN_S
        while self.ledger.answers < seen + answers and time.monotonic() < until:
            time.sleep(0.05)

    def moment(self, shortest: float = 0.1, longest: float = 1.0) -> None:
        """A random moment in the middle of their work, after something was promised that must now hold."""
        acked, until = self.ledger.acked, time.monotonic() + BUSY_WITHIN_S
        while self.ledger.acked <= acked and time.monotonic() < until and not self.ledger.strange:
            time.sleep(0.05)
        self.until_busy()
        time.sleep(self.chance.uniform(shortest, longest))

    def expect(self, *, least: int = 5) -> None:
        """No promise was broken, and enough happened to prove it."""
        assert not self.broken, "\n".join(self.broken)
        assert self.ledger.acked >= least, f"too little happened to prove anything: {self.ledger.acked}"

    def caught(self, *invariants: str) -> None:
        """A planted bug was noticed, and by the right name."""
        found = [text for text in self.broken if text.startswith(tuple(f"{name}:" for name in invariants))]
        assert found, f"not caught by {invariants}: {self.broken}, {self.ledger.acked} acknowledged"

    @property
    def _bug(self) -> str:
        names = self.product.environment.get(BUG, "").split(",")
        return ", ".join(name for name in names if "short" not in name)

    @property
    def line(self) -> str:
        """A line of the crash table in docs/dev/crash-tests.md."""
        database = "SQLite" if self.product.sqlite else "PostgreSQL"
        bug = self._bug
        told = len(self.broken) if not bug else f"{len(self.broken)}, such as {self.broken[0] if self.broken else ''}"
        counts = (self.rounds, self.ledger.acked, self.ledger.lost, self.ledger.busy, self.mails, told)
        return f"| {self.fault}{f' + {bug}' if bug else ''} | {database} | {' | '.join(map(str, counts))} |"
