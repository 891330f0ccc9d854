"""Teams that work at the same time are named together."""

from types import SimpleNamespace

from django.utils import translation

from anliegen.tracking.queries import turns
from anliegen.tracking.shapes import Turn


def work(name: str) -> SimpleNamespace:
    return SimpleNamespace(team=SimpleNamespace(name={"de": name, "en": name}))


def test_all_teams_of_a_parallel_part_are_named_once():
    with translation.override("de"):
        told = turns._together(Turn(kind="team", name="A", detail="x"), [work("A"), work("B"), work("A")])
    assert (told.name, told.detail, told.person) == ("A, B", "gleichzeitig", "")


def test_one_team_and_persons_are_told_as_they_are():
    alone = Turn(kind="team", name="A", detail="x")
    asked = Turn(kind="person", name="Ada Lind")
    assert turns._together(alone, [work("A"), work("A")]) is alone
    assert turns._together(asked, [work("A"), work("B")]) is asked
