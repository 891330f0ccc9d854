"""What the people of a crash test sent and were told: the truth that the product is measured against."""

import threading
from dataclasses import dataclass, field


@dataclass(slots=True)
class Order:
    """A request that was sent; `code` is what the answer named, "" while no answer arrived."""

    nonce: str
    person: str
    build: str
    refused: bool = False  # it was wrong on purpose, and the answer said so
    code: str = ""
    again: list[str] = field(default_factory=list)  # codes of later answers to the same form


@dataclass(slots=True)
class Verdict:
    """A decision that was acknowledged: nobody else's may stand in its place."""

    code: str
    verdict: str
    comment: str


@dataclass(slots=True)
class Step:
    """A task that was completed with an acknowledgement."""

    code: str
    node: str
    note: str


@dataclass(slots=True)
class Sent:
    """A file that was sent with a message, and acknowledged."""

    code: str
    person: str
    name: str
    sha256: str


@dataclass(slots=True)
class Ledger:
    """Written by several threads."""

    orders: list[Order] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    files: list[Sent] = field(default_factory=list)
    answers: int = 0
    lost: int = 0  # answers that never arrived
    busy: int = 0  # 503 and 507: to be tried again
    refused: int = 0  # 409: somebody was faster
    strange: list[str] = field(default_factory=list)  # answers that may not be: 500, other codes
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def acked(self) -> int:
        """How much was promised: orders, checks, decisions, files."""
        orders = sum(1 for order in self.orders if order.code)
        return orders + len(self.steps) + len(self.verdicts) + len(self.files)

    def note(self, text: str) -> None:
        with self.lock:
            self.strange.append(text)
