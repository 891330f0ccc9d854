"""Who is who in the large house, by number alone: needs no database.

The first are colleagues of the agents, in the same teams; of the others every tenth leads the nine behind.
"""

import uuid
from dataclasses import dataclass
from functools import cached_property

from bench import texts

FIRST_ID = 1_000_000
GROUP = 10


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the crowd, as texts and other rows name them."""

    id: int
    first_name: str
    last_name: str
    public_id: str
    pseudonym: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


def person(number: int) -> Person:
    """The person of that number, from 0; needs no database."""
    return Person(
        id=FIRST_ID + number,
        first_name=texts.first_name(number),
        last_name=texts.last_name(number),
        public_id=f"crowd{number:017d}",
        pseudonym=str(uuid.uuid5(uuid.NAMESPACE_OID, str(number))),
    )


@dataclass(frozen=True)
class Crowd:
    """`people` persons, `agents` of them colleagues of the demo company's `staff` (ids), in turn."""

    staff: tuple[int, ...]
    people: int
    agents: int

    def requester(self, number: int) -> tuple[Person, Person]:
        """Somebody who asks, and who leads them."""
        place = number * 7919 % (self.groups * (GROUP - 1))
        leader = self.agents + place // (GROUP - 1) * GROUP
        return person(leader + place % (GROUP - 1) + 1), person(leader)

    def colleague(self, user_id: int, number: int) -> Person | None:
        """One of those who do the same as this agent; None for who is no agent."""
        if not (places := self._places.get(user_id)):
            return None
        return person(places[number % len(places)])

    @cached_property
    def groups(self) -> int:
        return (self.people - self.agents) // GROUP

    @cached_property
    def _places(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for number in range(self.agents):
            found.setdefault(self.staff[number % len(self.staff)], []).append(number)
        return found
