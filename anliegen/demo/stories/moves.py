"""Office moves: one place is checked, then up to three teams work at once."""

from datetime import timedelta
from typing import Any

from anliegen.demo.scene import Play, Scene
from anliegen.workflow import actions as workflow

_TEAMS = (("security", "Deniz Kaya", "14:00", 1), ("facilities", "Aylin Noack", "10:00", 3),
          ("it-workplace", "Jonas Peters", "08:00", 2))  # fmt: skip


def _asked(scene: Scene, back: float, who: str, to: str, *things: str, **more: Any) -> Play:
    """Ordered, and the place found free."""
    yield scene.ago(back)
    scene.order(who, "move", new_place=to, things=list(things), **more)
    yield scene.ago(back - 0.15)
    scene.do("check", "Aylin Noack", "free")
    yield scene.ago(back - 0.25)


def _planned(scene: Scene, place: str, days: int) -> None:
    """Each team that has work says when it comes."""
    for node, who, clock, length in _TEAMS:
        if scene.is_open(node):
            scene.plan(node, who, scene.coming(days, clock), length, place)


def done(scene: Scene) -> Play:
    yield from _asked(scene, 16.5, "Eva Clausen", "C 1.02", "pc", "phone", "files")
    yield scene.ago(15.2)
    scene.do("security", "Deniz Kaya", badge="N5519")
    yield scene.ago(14.4)
    scene.do("it-workplace", "Jonas Peters", socket="C 1.02-2", extension="202")
    yield scene.ago(14.2)
    scene.do("facilities", "Bernd Carstens", door_sign=True)
    yield scene.ago(13.6)
    scene.accept("Eva Clausen")


def to_confirm(scene: Scene) -> Play:
    """Everything has moved; the person has not said yet whether all is in order."""
    what = "Ein Plakatdrucker, etwa 40 kg."
    yield from _asked(scene, 3.3, "Malte Harms", "A 2.09", "pc", "phone", "special", special=what)
    yield scene.ago(1.3)
    scene.do("it-workplace", "Jonas Peters", socket="A 2.09-1", extension="203")
    yield scene.ago(0.9)
    scene.do("facilities", "Bernd Carstens", door_sign=True)


def half_done(scene: Scene) -> Play:
    """IT and security are done, facilities are at work; a little late, and the person knows why."""
    yield from _asked(scene, 3.5, "Svenja Paulsen", "B 3.16", "pc", "phone", wish=scene.coming(1).date())
    yield scene.ago(2.8)
    scene.do("security", "Rolf Andresen", badge="N5531")
    yield scene.ago(2.6)
    scene.do("it-workplace", "Björn Hinrichs", socket="B 3.16-2", extension="282")
    yield scene.ago(1.1)
    scene.take("facilities", "Bernd Carstens")
    yield scene.ago(0.7)
    scene.say("Bernd Carstens", "Der neue Schrank kommt morgen früh. Danach bringen wir Ihre Möbel hinüber.")


def cables(scene: Scene) -> Play:
    """IT asks something before it comes."""
    note, wish = "Den höhenverstellbaren Tisch bitte mitnehmen.", scene.coming(1).date()
    yield from _asked(scene, 1.7, "Jana Sommer", "C 1.02", "pc", "phone", "furniture", note=note, wish=wish)
    scene.do("security", "Deniz Kaya", badge="N5547")
    yield scene.ago(1.2)
    _planned(scene, "C 1.02", 1)
    yield scene.ago(0.5)
    question = "Wir kommen um 8 Uhr und brauchen etwa zwei Stunden. Ist Ihr Platz dann frei?"
    scene.ask("it-workplace", "Jonas Peters", question)


def planned(scene: Scene) -> Play:
    """Into a secured area: three teams have said when they come."""
    yield from _asked(scene, 0.9, "Georg Timm", "A 4.02", "pc", "files")
    _planned(scene, "A 4.02", 2)


def asked(scene: Scene) -> Play:
    yield scene.ago(0.2)
    scene.order("Bernd Carstens", "move", new_place="B 0.10", things=["furniture"])


def place_taken(scene: Scene) -> Play:
    """No place is free."""
    yield scene.ago(11.4)
    scene.order("Carsten Lüders", "move", new_place="B 3.14", things=["pc"])
    yield scene.ago(11.1)
    scene.do("check", "Aylin Noack", "taken", reason="unavailable",
             note="Der Platz ist belegt, und im Haus B ist bis Januar nichts frei.")  # fmt: skip


def another_place(scene: Scene) -> Play:
    """Facilities propose another place; the requester has not answered yet."""
    yield scene.ago(1.2)
    scene.order("Yara Demir", "move", new_place="A 3.03", things=["pc", "phone"])
    yield scene.ago(0.9)
    scene.say("Aylin Noack", "Der Platz A 3.03 ist belegt. A 3.02 wird frei. Passt Ihnen das?")
    scene.do("check", "Aylin Noack", "alternative", new_place="A 3.02", note="A 3.03 ist belegt, A 3.02 wird frei.")


def waits_for_builders(scene: Scene) -> Play:
    """On hold until the room is finished."""
    yield from _asked(scene, 2.7, "Katrin Ohlsen", "C 2.04", "pc", "phone", "furniture")
    until = scene.end + timedelta(days=12)
    reason = "Der Raum wird noch gestrichen. Danach geht es weiter."
    workflow.hold(scene.code, reason, acting_user=scene.persons["Aylin Noack"], now=scene.now, until=until)


def small_one(scene: Scene) -> Play:
    yield scene.end - timedelta(minutes=50)
    scene.order("Jana Sommer", "move", new_place="C 1.02", things=["pc", "phone"])


STORIES = (done, to_confirm, half_done, cables, planned, asked, place_taken, another_place, waits_for_builders)
