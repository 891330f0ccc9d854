"""Three weeks of requests at Nordwerk, of every service and in every state: what was asked, and how far it has come.

A story says its times in working days before the demo is loaded (`scene.ago`), so that the desk is as busy on a Monday
morning as on a Friday evening. Requests that wait for people stand at the step that the story's name tells.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from anliegen.demo.scene import Play, Scene, opening_hours, play
from anliegen.demo.stories import accounts, devices, information, moves, registers
from anliegen.people.models import User

type Story = Callable[[Scene], Play]

ALL: tuple[Story, ...] = (
    *devices.STORIES,
    *moves.STORIES,
    *information.STORIES,
    *accounts.STORIES,
    *registers.STORIES,
)
SMALL: tuple[Story, ...] = (devices.just_now, moves.small_one)


def load(persons: dict[str, User], *, now: datetime, small: bool = False) -> None:
    """Play the requests of the last weeks; `small`: only two of the last hour."""
    hours = opening_hours(now)

    def plays() -> Iterator[tuple[Scene, Play]]:
        for story in SMALL if small else ALL:
            scene = Scene(persons, hours, end=now, now=now)
            yield scene, story(scene)

    play(plays(), end=now)
