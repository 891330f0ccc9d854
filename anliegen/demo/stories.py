"""Three weeks of requests at Nordwerk, in every state: what was asked, by whom, and how far it has come."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from anliegen.demo.scene import Play, Scene, moment, play, working_days
from anliegen.people.models import User
from anliegen.requests.rules import Line
from anliegen.workflow import actions as workflow
from anliegen.workflow.models import Task
from anliegen.workflow.rules import TaskState

_ANALYSTS = ("Ines Albrecht", "Henrik Thomsen")
_WORKSHOP = ("Mats Koch", "Priya Raman")
_HAMBURG = "H "


@dataclass(frozen=True, slots=True)
class Pc:
    """A desktop PC: `until` names the step at which it stands now, "" for one that is finished."""

    back: int  # working days ago
    clock: str
    who: str
    place: str
    why: str
    build: str = "standard"
    until: str = ""
    more: dict[str, Any] = field(default_factory=dict)  # further answers
    recipient: str = ""
    by: str = ""  # the agent who took the call
    channel: str = "portal"
    ending: str = "yes"  # yes, phone, time, no
    cost_cents: int = 0
    supplier: str = "Nordsee Systemhaus"


PCS = (
    Pc(19, "08:41", "Heike Asmussen", "A 4.01", "Mein PC braucht morgens zehn Minuten zum Starten."),
    Pc(18, "10:05", "Jan Petersen", "B 2.11", "Zeichnungen der neuen Halle laden nicht mehr.", build="cad"),
    Pc(17, "13:20", "Ole Bruns", "L 0.01", "Packplatz 3 hat keinen eigenen PC.", by="Nele Krüger", channel="phone",
       ending="phone"),
    Pc(16, "09:15", "Hauke Friedrichs", "H 2.03", "Mein Bildschirm wird nicht mehr erkannt.", ending="time"),
    Pc(15, "11:32", "Tom Brandt", "B 3.12", "Für den Besprechungsplatz in meinem Büro."),
    Pc(15, "15:48", "Kai Lorenz", "C 2.02", "Videoschnitt für die Messe.", build="special",
       more={"description": "Drei Bildschirme, sehr leise, 64 GB Arbeitsspeicher."}, cost_cents=189_000),
    Pc(12, "08:12", "Zoe Baumann", "C 2.03", "Eine Werkstudentin fängt an.", ending="time"),
    Pc(11, "14:02", "Yara Demir", "A 4.04", "Auswertungen dauern auf dem alten Gerät zu lange.", build="cad",
       until="buy"),
    Pc(5, "09:40", "Peer Matthiesen", "L 0.02", "Das Gerät der Disposition ist sieben Jahre alt.", until="accept"),
    Pc(9, "10:22", "Gesa Winkler", "A 1.03", "Zweiter Platz für die Bewerbungsgespräche.", ending="no",
       until="install"),
    Pc(8, "16:10", "Felix Ahrens", "C 2.04", "Für den Messestand, danach für meinen Platz.", build="special",
       more={"description": "Klein und leicht, muss in eine Transportkiste passen."}, cost_cents=142_000,
       until="goods-in"),
    Pc(6, "08:55", "Dörte Feddersen", "H 1.02", "Die Zollsoftware läuft auf dem alten Gerät nicht mehr.",
       until="install"),
    Pc(5, "11:11", "Merle Johannsen", "A 2.06", "Mein PC stürzt mehrmals am Tag ab.", until="assemble",
       by="Tom Reuter", channel="phone"),
    Pc(4, "09:27", "Oliver Hughes", "H 2.01", "My PC is too slow for the new export software.", until="assemble"),
    Pc(3, "13:45", "Kilian Roth", "H 2.02", "Ich teile mir bisher ein Gerät mit Frau Nowak.", until="approval"),
    Pc(2, "10:30", "Jana Sommer", "B 3.14", "Für die neuen Preisvergleiche brauche ich mehr Leistung.", build="cad",
       until="approval"),
    Pc(1, "14:18", "Lars Ehlers", "A 2.07", "Ersatz für das Gerät mit dem defekten Netzteil.", until="approval"),
    Pc(1, "15:36", "Arne Ketelsen", "B 3.15", "", until="amend", build="special",
       more={"description": "Schneller als der alte."}),
    Pc(0, "16:05", "Agnieszka Nowak", "H 1.01", "Mein Platz ist bisher ohne eigenen PC.", until="check"),
    Pc(0, "16:40", "Timo Jepsen", "L 0.03", "Für den zweiten Versandplatz.", until="check", by="Nele Krüger",
       channel="phone"),
)  # fmt: skip


def pc(scene: Scene, plot: Pc) -> Play:
    """The whole way of a desktop PC, as far as the plot goes."""
    analyst = _ANALYSTS[plot.back % 2]
    yield scene.at(plot.back, plot.clock)
    answers = {"build": plot.build, "place": plot.place, "old_device": True, **plot.more}
    recipient = scene.persons[plot.recipient].pk if plot.recipient else None
    why = plot.why or "Das alte Gerät genügt nicht mehr."
    line = Line(item_key="desktop", recipient_id=recipient, answers=answers, justification=why)
    scene.order(plot.who, line, by=plot.by, channel=plot.channel)
    if plot.until == "check":
        return
    yield scene.now + timedelta(minutes=35)
    scene.take("check", analyst)
    if plot.until == "amend":
        yield scene.now + timedelta(minutes=10)
        scene.say(analyst, "Bitte beschreiben Sie, welche Programme Sie nutzen und wie viele Bildschirme Sie brauchen.")
        scene.do("check", analyst, "incomplete", note="Programme und Bildschirme fehlen.")
        return
    yield scene.now + timedelta(minutes=12)
    outputs: dict[str, Any] = {"cost": plot.cost_cents} if plot.cost_cents else {}
    scene.do("check", analyst, "complete", **outputs)
    if plot.until != "approval":
        yield from _supplied(scene, plot)


def _supplied(scene: Scene, plot: Pc) -> Play:
    """From the approval to the device in the workshop."""
    if _open(scene, "approval"):
        yield scene.at(plot.back - 1, "10:12")
        scene.vote("approval", "Silke Marten", comment="Im Budget." if plot.build == "standard" else "")
    later = 2
    if _open(scene, "buy"):
        if plot.until == "buy":
            return
        yield scene.at(plot.back - 2, "09:30")
        delivery = scene.days[max(plot.back - 5, 0)].isoformat()
        number = f"B-{26_000 + plot.back}"
        bought = {"supplier": plot.supplier, "order_number": number, "delivery_date": delivery}
        scene.do("buy", "Martin Berger", "ordered", cost=scene.task("buy").service_request.cost_cents, **bought)
        if plot.until == "goods-in":
            return
        yield scene.at(plot.back - 5, "11:20")
        scene.do("goods-in", "Finn Jensen", received=1, delivery_note=f"L-{88_000 + plot.back}")
        later = 5
    yield from _set_up(scene, plot, plot.back - later)


def _set_up(scene: Scene, plot: Pc, back: int) -> Play:
    """Assembled, installed, confirmed."""
    technician = _WORKSHOP[plot.back % 2]
    supporter = "Ida Sörensen" if plot.place.startswith(_HAMBURG) else "Sven Jacobs"
    yield scene.at(back, "13:05")
    scene.take("assemble", technician)
    if plot.until == "assemble":
        return
    yield scene.at(back - 1, "09:50")
    number = f"NW-{4100 + plot.back}"
    ticked: dict[str, Any] = {"tick_cad_tested": True} if plot.build == "cad" else {}
    scene.do("assemble", technician, serial=f"5CD{7000 + plot.back * 13}", inventory_number=number, **ticked)
    yield scene.at(back - 1, "10:40")
    scene.plan("install", supporter, scene.at(max(back - 2, 0), "08:30"), 1, plot.place)
    if plot.until == "install" and plot.ending != "no":
        return
    yield scene.at(back - 2, "09:25")
    scene.do("install", supporter, works=True, old_device=f"NW-{2200 + plot.back}")
    if plot.until != "accept":
        yield from _confirmed(scene, plot, back - 2)


def _confirmed(scene: Scene, plot: Pc, back: int) -> Play:
    if plot.ending == "time":
        return
    yield scene.at(back, "15:30")
    match plot.ending:
        case "phone":
            scene.accept("Nele Krüger")
        case "no":
            scene.accept(plot.who, "no", "Der zweite Bildschirm bleibt dunkel.")
        case _:
            scene.accept(plot.who)


def _open(scene: Scene, node: str) -> bool:
    return Task.objects.filter(service_request__code=scene.code, node=node, state=TaskState.OPEN).exists()


@dataclass(frozen=True, slots=True)
class Move:
    """An office move; `until` as for a PC."""

    back: int
    clock: str
    who: str
    to: str
    things: tuple[str, ...]
    note: str = ""
    until: str = ""
    by: str = ""
    special: str = ""
    ending: str = "yes"
    wish: int = -5  # working days from the order on


MOVES = (
    Move(19, "10:30", "Eva Clausen", "C 1.02", ("pc", "phone", "files")),
    Move(17, "08:50", "Nils Brodersen", "A 4.02", ("pc", "phone", "furniture")),
    Move(14, "12:10", "Wiebke Nissen", "B 3.16", ("furniture", "files"), note="Der Tisch ist höhenverstellbar."),
    Move(13, "09:05", "Ute Franke", "A 0.02", ("pc", "phone"), by="Tom Reuter", ending="time"),
    Move(4, "11:25", "Malte Harms", "A 2.09", ("pc", "phone", "special"), special="Ein Plakatdrucker, etwa 40 kg.",
         until="accept"),
    Move(5, "14:35", "Svenja Paulsen", "B 3.16", ("pc", "phone"), until="facilities"),
    Move(3, "09:12", "Jana Sommer", "C 1.02", ("pc", "phone", "furniture"),
         note="Den höhenverstellbaren Tisch bitte mitnehmen.", until="it-workplace"),
    Move(2, "15:20", "Georg Timm", "A 4.02", ("pc", "files"), until="plan"),
    Move(0, "15:50", "Bernd Carstens", "B 0.10", ("furniture",), until="check"),
)  # fmt: skip


def move(scene: Scene, plot: Move) -> Play:
    """A move from the order to the confirmation, as far as the plot goes."""
    yield scene.at(plot.back, plot.clock)
    answers: dict[str, Any] = {"new_place": plot.to, "things": list(plot.things)}
    answers |= {"note": plot.note} if plot.note else {}
    answers |= {"special": plot.special} if plot.special else {}
    wish = scene.days[0] + timedelta(days=3) if plot.back < 6 else None
    channel = "phone" if plot.by else "portal"
    scene.order(plot.who, Line(item_key="move", answers=answers, wish_date=wish), by=plot.by, channel=channel)
    if plot.until == "check":
        return
    facilities = "Bernd Carstens" if plot.back % 2 else "Aylin Noack"
    yield scene.now + timedelta(minutes=50)
    scene.do("check", facilities, "free")
    yield scene.now + timedelta(minutes=30)
    _planned(scene, plot, facilities)
    if plot.until != "plan":
        yield from _moved(scene, plot, facilities)


def _planned(scene: Scene, plot: Move, facilities: str) -> None:
    """Each team says when it comes."""
    first, second = plot.back - 1, plot.back - 2
    hours = (("security", "Deniz Kaya", first, "14:00", 1), ("facilities", facilities, second, "10:00", 3),
             ("it-workplace", "Jonas Peters", second, "08:00", 2))  # fmt: skip
    for node, who, back, clock, length in hours:
        if _open(scene, node):
            scene.plan(node, who, _soon(scene, back, clock), length, plot.to)


def _soon(scene: Scene, back: int, clock: str) -> datetime:
    """A time so many working days back, or ahead of the newest day where it is below 0."""
    on: date = scene.days[back] if back >= 0 else scene.days[0] + timedelta(days=1 - back)
    return moment(on, clock)


def _moved(scene: Scene, plot: Move, facilities: str) -> Play:
    yield scene.at(plot.back - 1, "14:50")
    if _open(scene, "security"):
        scene.do("security", "Deniz Kaya", badge=f"N{5500 + plot.back}")
    if plot.until == "it-workplace":
        yield scene.now + timedelta(minutes=20)
        scene.take("facilities", facilities)
        yield scene.at(plot.back - 2, "10:05")
        question = "Wir kommen morgen um 8 Uhr. Bitte lassen Sie alle Kabel stecken. Ist Ihr Platz dann frei?"
        scene.ask("it-workplace", "Jonas Peters", question)
        return
    yield scene.at(plot.back - 2, "10:15")
    if _open(scene, "it-workplace"):
        scene.do("it-workplace", "Jonas Peters", socket=f"{plot.to}-2", extension="412")
    if plot.until == "facilities":
        scene.take("facilities", facilities)
        return
    yield scene.at(plot.back - 2, "12:20")
    scene.do("facilities", facilities, door_sign=True)
    if plot.until != "accept" and plot.ending != "time":
        yield scene.at(plot.back - 3, "08:40")
        scene.accept(plot.who)


# Stories with a turn of their own


def too_dear(scene: Scene) -> Play:
    """The IT budget says no."""
    yield scene.at(14, "10:14")
    answers = {"build": "cad", "place": "A 2.05"}
    why = "Ein schnelleres Gerät wäre schön."
    scene.order("Svenja Paulsen", Line(item_key="desktop", answers=answers, justification=why))
    yield scene.at(14, "11:30")
    scene.do("check", "Ines Albrecht", "complete")
    yield scene.at(13, "09:20")
    scene.vote("approval", "Silke Marten", "no", reason="budget",
               comment="Für den Innendienst genügt die Ausstattung Standard. Bitte bestellen Sie diese.")  # fmt: skip


def place_taken(scene: Scene) -> Play:
    """No place is free."""
    yield scene.at(11, "08:35")
    scene.order("Carsten Lüders", Line(item_key="move", answers={"new_place": "B 3.14", "things": ["pc"]}))
    yield scene.at(11, "13:10")
    scene.do("check", "Aylin Noack", "taken", reason="unavailable",
             note="Der Platz ist belegt, und im Haus B ist bis Januar nichts frei.")  # fmt: skip


def another_place(scene: Scene) -> Play:
    """Facilities propose another place; the requester has not answered yet."""
    yield scene.at(1, "09:55")
    scene.order("Yara Demir", Line(item_key="move", answers={"new_place": "A 3.03", "things": ["pc", "phone"]}))
    yield scene.at(1, "13:40")
    scene.say("Aylin Noack", "Der Platz A 3.03 ist belegt. A 3.02 wird frei. Passt Ihnen das?")
    scene.do("check", "Aylin Noack", "alternative", new_place="A 3.02", note="A 3.03 ist belegt, A 3.02 wird frei.")


def changed_mind(scene: Scene) -> Play:
    """Cancelled by the requester before anything was bought."""
    yield scene.at(8, "09:33")
    answers = {"build": "standard", "place": "A 2.08"}
    why = "Neue Stelle im Vertrieb."
    scene.order("Mira Köhler", Line(item_key="desktop", answers=answers, justification=why))
    yield scene.at(8, "15:02")
    workflow.cancel(scene.code, "Ich nehme doch ein Notebook.", acting_user=scene.persons["Mira Köhler"], now=scene.now)


def waits_for_builders(scene: Scene) -> Play:
    """On hold until the room is finished."""
    yield scene.at(6, "10:48")
    answers = {"new_place": "C 2.05", "things": ["pc", "phone", "furniture"]}
    scene.order("Katrin Ohlsen", Line(item_key="move", answers=answers))
    yield scene.at(6, "12:15")
    scene.do("check", "Bernd Carstens", "free")
    yield scene.at(5, "08:25")
    until = scene.end + timedelta(days=12)
    reason = "Der Raum wird noch gestrichen. Danach geht es weiter."
    workflow.hold(scene.code, reason, acting_user=scene.persons["Aylin Noack"], now=scene.now, until=until)


def two_for_the_new(scene: Scene) -> Play:
    """One order, two people: each line is a request of its own."""
    yield scene.at(7, "13:55")
    names = ("Merle Johannsen", "Lars Ehlers")
    lines = [
        Line(
            item_key="desktop",
            recipient_id=scene.persons[name].pk,
            answers={"build": "standard", "place": scene.persons[name].place.code},  # type: ignore[union-attr]
            justification="Zweitgerät für die Schulung der neuen Kollegen.",
        )
        for name in names
    ]
    codes = scene.order("Eva Clausen", *lines)
    yield scene.at(6, "08:20")
    for scene.code in codes:
        scene.do("check", "Henrik Thomsen", "complete")
    yield scene.at(6, "10:02")
    for scene.code in codes:
        scene.vote("approval", "Silke Marten")


def not_quite(scene: Scene) -> Play:
    """Confirmed, and reopened when a fault showed itself."""
    yield scene.at(13, "09:18")
    answers = {"build": "standard", "place": "B 2.12"}
    why = "Der Lüfter ist sehr laut."
    scene.order("Ulrike Sander", Line(item_key="desktop", answers=answers, justification=why))
    yield scene.at(13, "10:00")
    scene.do("check", "Henrik Thomsen", "complete")
    yield scene.at(12, "09:00")
    scene.vote("approval", "Silke Marten")
    yield scene.at(11, "14:00")
    scene.do("assemble", "Mats Koch", serial="5CD7191", inventory_number="NW-4190")
    yield scene.at(10, "09:00")
    scene.do("install", "Sven Jacobs", works=True)
    yield scene.at(10, "11:00")
    scene.accept("Ulrike Sander")
    yield scene.at(4, "08:30")
    person = scene.persons["Ulrike Sander"]
    workflow.reopen(scene.code, "Der PC schaltet sich seit gestern von selbst aus.", acting_user=person, now=scene.now)


def many_hands(scene: Scene) -> Play:
    """A team is called in beside the model, and people write to each other."""
    yield scene.at(4, "11:05")
    answers = {"build": "standard", "place": "B 2.12"}
    why = "Für vertrauliche Fälle brauche ich ein eigenes Gerät."
    scene.order("Maike Stöver", Line(item_key="desktop", answers=answers, justification=why))
    yield scene.at(4, "11:45")
    scene.do("check", "Ines Albrecht", "complete")
    yield scene.at(3, "09:10")
    scene.vote("approval", "Silke Marten")
    yield scene.at(3, "10:00")
    what = "Bitte die Verschlüsselung nach der Regel für vertrauliche Arbeitsplätze einrichten."
    workflow.call_in(scene.code, "software", what, acting_user=scene.persons["Mats Koch"], now=scene.now)
    yield scene.at(3, "10:20")
    scene.say("Maike Stöver", "Können Sie mir vorher sagen, wie lange der PC aus ist?")
    yield scene.at(3, "11:02")
    scene.say("Mats Koch", "Etwa eine Stunde. Wir melden uns am Tag vorher.")
    scene.note("Mats Koch", "Verschlüsselung mit Sina Wolf abgestimmt.")


def just_now(scene: Scene) -> Play:
    """What came in within the last hour."""
    yield scene.end - timedelta(minutes=25)
    answers = {"build": "standard", "place": "A 2.08"}
    why = "Mein Gerät startet seit heute nicht mehr."
    scene.order("Merle Johannsen", Line(item_key="desktop", answers=answers, justification=why),
                by="Nele Krüger", channel="phone")  # fmt: skip


def small_one(scene: Scene) -> Play:
    yield scene.end - timedelta(minutes=50)
    scene.order("Jana Sommer", Line(item_key="move", answers={"new_place": "C 1.02", "things": ["pc", "phone"]}))


SPECIAL = (
    too_dear, place_taken, another_place, changed_mind, waits_for_builders, two_for_the_new, not_quite, many_hands,
    just_now,
)  # fmt: skip
SMALL = (just_now, small_one)


def load(persons: dict[str, User], *, now: datetime, small: bool = False) -> None:
    """Play the requests of the last weeks; `small`: only a few of the last hour."""
    days = working_days(now)

    def scene() -> Scene:
        return Scene(persons, days, end=now, now=now)

    play(_few(scene) if small else _all(scene), end=now)


def _few(scene: Any) -> Iterator[tuple[Scene, Play]]:
    for story in SMALL:
        one = scene()
        yield one, story(one)


def _all(scene: Any) -> Iterator[tuple[Scene, Play]]:
    for plot in PCS:
        one = scene()
        yield one, pc(one, plot)
    for way in MOVES:
        one = scene()
        yield one, move(one, way)
    for story in SPECIAL:
        one = scene()
        yield one, story(one)
