"""What is wrong with a model, as a code with parameters at an element; `messages.say` has the words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """`severity` is error (cannot be published) or warning. `line` is the line of the XML, 0 where unknown."""

    element: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    severity: str = "error"
    line: int = 0


class ModelRefused(Exception):
    """The XML is no model that can be run here."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.element}: {problem.code}" for problem in problems))
        self.problems = problems
