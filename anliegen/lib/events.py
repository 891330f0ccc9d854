"""The base of everything that is announced: one frozen dataclass per thing that happened."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to one object, told in the past tense.

    `key` and `subject_kind` belong to the class ("request.submitted", "service_request"); `subject_id` is the
    database id of that object. `actor_id` is None when the system acted by itself; `rule` then names why.
    `changes` holds {field: [old, new]} or plain facts, JSON values only, never a secret or a message's text.
    """

    key: ClassVar[str] = "event"
    subject_kind: ClassVar[str] = "object"

    subject_id: int
    actor_id: int | None
    now: datetime
    rule: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
