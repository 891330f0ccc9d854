"""What a clock is, and which target applies."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ClockState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    STOPPED = "stopped"  # ended without a verdict: rejected or cancelled


@dataclass(frozen=True, slots=True)
class Choice:
    """A target as the rule sees it; `condition` is CEL over the run's data, "" applies always."""

    id: int
    measure: str
    minutes: int
    calendar_key: str
    condition: str


def applying(targets: Iterable[Choice], holds: Callable[[str], bool]) -> dict[str, Choice]:
    """The target of each measure: the first, in the given order, without a condition or whose condition holds.

    So a target that depends on a decision (from stock, to be bought) stands before the general one (R154).
    """
    chosen: dict[str, Choice] = {}
    for target in targets:
        if target.measure not in chosen and (not target.condition or holds(target.condition)):
            chosen[target.measure] = target
    return chosen


def promised(due: datetime, wish: datetime | None) -> datetime:
    """The promise: the agreed time, moved to the wish date when that is later (domain: three dates)."""
    return max(due, wish) if wish else due
