"""Whether the work on a request is checked before it closes, by the setting of its item (R19, R88).

`never`, `always`, `n %` for a sample, or a condition in CEL over what models read, `first_use` (the recipient gets this
item for the first time) and `reopened` (it goes on after a reopening).
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anliegen.lib import cel
from anliegen.lib.text import LocalText
from anliegen.requests.models import ServiceRequest
from anliegen.workflow import rules
from anliegen.workflow.engine import Node
from anliegen.workflow.queries.case import Case

NEVER, ALWAYS = "never", "always"
FIELDS: Mapping[str, cel.Type] = {"first_use": cel.BOOL, "reopened": cel.BOOL}
_SAMPLE = re.compile(r"(\d{1,3}) ?%")


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether it is checked, why in words, and what was read."""

    needed: bool
    why: LocalText
    inputs: dict[str, Any]


def share(setting: str) -> int | None:
    """The percentage of a sample, or None for another setting."""
    hit = _SAMPLE.fullmatch(setting.strip())
    return int(hit[1]) if hit else None


def draw(code: str) -> int:
    """The lot of a request, 0 to 99: the same for the same code on every machine."""
    return int(hashlib.sha256(f"quality:{code}".encode()).hexdigest()[:8], 16) % 100


def decide(setting: str, node: Node, case: Case, data: Mapping[str, Any], *, reopened: bool) -> Checked | None:
    """Whether to check, or None for an item that is never checked. What failed once is checked again."""
    if setting == NEVER:
        return None
    inputs: dict[str, Any] = {"setting": setting}
    if rules.look_up(data, f"steps.{node.id}.outcome") == "no":
        return Checked(True, LocalText("nach einer Nacharbeit", "after it was put right"), inputs)
    if setting == ALWAYS:
        return Checked(True, LocalText("bei dieser Leistung immer", "always for this service"), inputs)
    if (percent := share(setting)) is not None:
        lot = draw(case.code)
        words = LocalText(f"Stichprobe {percent} %, Los {lot}", f"sample of {percent}%, lot {lot}")
        return Checked(bool(case.code) and lot < percent, words, {**inputs, "lot": lot})
    return _by_condition(setting, case, data, inputs, reopened=reopened)


def _by_condition(
    setting: str, case: Case, data: Mapping[str, Any], inputs: dict[str, Any], *, reopened: bool
) -> Checked:
    """A condition that cannot be evaluated means: check."""
    known = {**data, "reopened": reopened}
    program = cel.compile(setting, cel.Schema(dict.fromkeys({*data, *FIELDS}, cel.DYN)))
    if "first_use" in program.reads:
        known["first_use"] = _is_first(case)
    inputs = {**inputs, **{path: rules.look_up(known, path) for path in sorted(program.reads)}}
    try:
        needed = bool(program(known))
    except cel.EvaluationError:
        needed = True
    words = ("die Regel dafür trifft zu", "the rule for it holds") if needed else (
        "die Regel dafür trifft nicht zu", "the rule for it does not hold",
    )  # fmt: skip
    return Checked(needed, LocalText(*words), inputs)


def _is_first(case: Case) -> bool:
    """Whether the recipient has not got this item before. One statement."""
    same = ServiceRequest.objects.filter(recipient=case.recipient, item_version__item=case.item_version.item_id)
    return not same.filter(end_kind="fulfilled").exclude(code=case.code).exists()
