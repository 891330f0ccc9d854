"""Who may get an item (R15): a condition over the recipient."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from anliegen.lib import cel

PERSON = cel.Object({  # what people.queries.facts tells, for audiences and request models alike
    "id": cel.STRING,
    "name": cel.STRING,
    "department": cel.STRING,
    "company": cel.STRING,
    "external": cel.BOOL,
    "site": cel.STRING,
    "place": cel.STRING,
    "cost_centre": cel.STRING,
    "language": cel.STRING,
    "limit_cents": cel.INT,
    "clearances": cel.List(cel.STRING),
    "teams": cel.List(cel.STRING),
})  # fmt: skip
AUDIENCE = cel.Schema({"recipient": PERSON})
_SPEAKS_OF_EXTERNALS = frozenset({"recipient.external", "recipient.company"})


@lru_cache(maxsize=512)
def _program(condition: str) -> Any:
    return cel.compile(condition, AUDIENCE, cel.BOOL)


def audience_holds(condition: str, recipient: Mapping[str, Any]) -> bool:
    """Whether somebody belongs to the audience; `recipient` holds people's facts.

    No condition means all internal people. External people belong to it only if the condition speaks of them (R4). A
    condition that cannot be evaluated lets nobody in.
    """
    external = bool(recipient["external"])
    if not condition:
        return not external
    program = _program(condition)
    if external and not _SPEAKS_OF_EXTERNALS & program.reads:
        return False
    try:
        return bool(program({"recipient": recipient}))
    except cel.EvaluationError:
        return False
