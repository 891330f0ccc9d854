"""Texts of a copied request with holes, and what goes into the holes of each copy."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from anliegen.audit.models import Pseudonym
from anliegen.people.models import Place, User
from anliegen.requests.models import ServiceRequest
from bench import texts
from bench.house import Person


@dataclass(slots=True)
class Copy:
    """One copy: which, how far back, who instead of whom, and its words."""

    number: int
    offset: int  # of its ids
    back: timedelta
    persons: dict[int, int]
    actors: dict[str, str]
    words: list[str]
    json_words: list[str]
    moments: dict[datetime, str] = field(default_factory=dict)

    def earlier(self, moment: datetime) -> str:
        """A time of the original, as the database writes this copy's."""
        if moment not in self.moments:
            self.moments[moment] = (moment - self.back).isoformat(" ", "microseconds")
        return self.moments[moment]


type Fill = Callable[[Copy], str]


class Stencil:
    """Cuts a text where one of these words stands; the words of a copy go there."""

    def __init__(self, words: Iterable[str]) -> None:
        self._plain = self._cutter(words)
        self._json = self._cutter(map(self.escaped, words))

    @staticmethod
    def escaped(word: str) -> str:
        """As it stands within JSON of ASCII."""
        return json.dumps(word)[1:-1]

    @staticmethod
    def _cutter(words: Iterable[str]) -> tuple[re.Pattern[str], dict[str, int]]:
        places: dict[str, int] = {}
        for number, word in enumerate(words):
            places.setdefault(word, number)
        longest_first = sorted(places, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first))), places

    def __call__(self, text: str, *, as_json: bool = False) -> Fill | None:
        """The text for any copy; None when it is the same for all."""
        pattern, places = self._json if as_json else self._plain
        parts: list[str | int] = []
        end = 0
        for hit in pattern.finditer(text):
            parts += [text[end : hit.start()], places[hit[0]]]
            end = hit.end()
        if not parts:
            return None
        return _filler([*parts, text[end:]], as_json=as_json)


def _filler(parts: list[str | int], *, as_json: bool) -> Fill:
    consts, holes = [str(part) for part in parts], [(n, part) for n, part in enumerate(parts) if isinstance(part, int)]

    def fill(copy: Copy) -> str:
        words, made = copy.json_words if as_json else copy.words, consts.copy()
        for n, hole in holes:
            made[n] = words[hole]
        return "".join(made)

    return fill


class Slots:
    """The words of one request that differ in its copies: number, people, place, sentences."""

    def __init__(self, row: ServiceRequest, persons: Mapping[int, User]) -> None:
        self._persons = list(persons.items())
        self._places = _places()
        self._place = next((pair for pair in self._places if row.place.startswith(pair[0])), None)
        people = [text for _pk, user in self._persons for text in (user.full_name, user.public_id)]
        place = [" ".join(self._place), self._place[0]] if self._place else []
        self.stencil = Stencil([row.code, *people, *place, *texts.SLOTS])
        rows = Pseudonym.objects.filter(person_id__in=persons).values_list("person_id", "pseudonym")
        self._pseudonyms = {pk: str(pseudonym) for pk, pseudonym in rows}

    def words(self, number: int, code: str, instead: Mapping[int, Person]) -> list[str]:
        """What goes into the holes, in the order of the stencil's words."""
        found = [code]
        for pk, user in self._persons:
            found += [instead[pk].name, instead[pk].public_id] if pk in instead else [user.full_name, user.public_id]
        if self._place:
            place = self._places[number * 13 % len(self._places)]
            found += [" ".join(place), place[0]]
        return found + [texts.written(choices, number) for choices in texts.SLOTS.values()]

    def actors(self, instead: Mapping[int, Person]) -> dict[str, str]:
        """Whose random id stands in the trail instead of whose."""
        return {self._pseudonyms[pk]: person.pseudonym for pk, person in instead.items() if pk in self._pseudonyms}


def _places() -> list[tuple[str, str]]:
    return list(Place.objects.order_by("pk").values_list("code", "name"))


def slots_of(row: ServiceRequest, agents: Iterable[User]) -> Slots:
    persons = {row.requester_id: row.requester}
    if row.requester.manager:
        persons.setdefault(row.requester.manager_id or 0, row.requester.manager)
    for agent in agents:
        persons.setdefault(agent.pk, agent)
    return Slots(row, persons)
