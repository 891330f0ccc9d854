"""Desktop PCs and laptops: from the check to the confirmation."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from anliegen.demo.scene import Play, Scene
from anliegen.requests.rules import Line
from anliegen.workflow import actions as workflow

_ENCRYPTED: dict[str, Any] = {"tick_disk_encrypted": True, "tick_updated": True}
_HAMBURG = "H "


@dataclass(frozen=True, slots=True)
class Pc:
    """A desktop PC from stock: `until` names the step at which it stands now, "" for one that is finished."""

    back: float  # working days ago
    who: str
    place: str
    why: str
    build: str = "standard"
    until: str = ""
    by: str = ""  # the agent who took the call
    ending: str = "yes"  # yes, phone, time, no
    said: str = ""  # what the workshop wrote meanwhile


PCS = (
    Pc(17.2, "Jan Petersen", "B 2.11", "Zeichnungen der neuen Halle laden nicht mehr.", build="cad"),
    Pc(15.3, "Ole Bruns", "L 0.01", "Packplatz 3 hat keinen eigenen PC.", by="Nele Krüger", ending="phone"),
    Pc(12.1, "Hauke Friedrichs", "H 2.03", "Mein Bildschirm wird nicht mehr erkannt.", ending="time"),
    Pc(3.4, "Frauke Lorenzen", "C 0.01", "Mein Gerät für die Verwaltung ist sieben Jahre alt.", until="accept"),
    Pc(3.8, "Gesa Winkler", "A 1.03", "Zweiter Platz für die Bewerbungsgespräche.", until="install", ending="no"),
    Pc(2.4, "Dörte Feddersen", "H 1.02", "Die Zollsoftware läuft auf dem alten Gerät nicht mehr.", until="install"),
    Pc(3.2, "Merle Johannsen", "A 2.06", "Mein PC stürzt mehrmals am Tag ab.", until="assemble", by="Tom Reuter",
       said="Ein Netzteil war defekt, Ersatz ist da. Wir stellen den PC heute fertig."),
    Pc(1.7, "Oliver Hughes", "H 2.01", "My PC is too slow for the new export software.", until="assemble"),
    Pc(1.3, "Jana Sommer", "B 3.14", "Für die neuen Preisvergleiche brauche ich mehr Leistung.", build="cad",
       until="approval"),
    Pc(0.25, "Agnieszka Nowak", "H 1.01", "Mein Platz ist bisher ohne eigenen PC.", until="check"),
)  # fmt: skip


def pc(scene: Scene, plot: Pc) -> Play:
    """The whole way of a desktop PC, as far as the plot goes."""
    number = int(plot.back * 10)
    yield scene.ago(plot.back)
    scene.order(plot.who, "desktop", why=plot.why, by=plot.by, build=plot.build, place=plot.place, old_device=True)
    if plot.until == "check":
        return
    yield scene.ago(plot.back - 0.08)
    scene.do("check", "Ines Albrecht", "complete")
    if plot.until == "approval":
        return
    yield scene.ago(plot.back - 0.6)
    scene.vote("approval", "Silke Marten", comment="Im Budget.")
    yield scene.ago(plot.back - 0.9)
    technician = "Mats Koch" if number % 2 else "Priya Raman"
    scene.take("assemble", technician)
    if plot.said:
        yield scene.ago(0.3)
        scene.say(technician, plot.said)
    if plot.until == "assemble":
        return
    yield scene.ago(plot.back - 1.6)
    ticked: dict[str, Any] = {"tick_cad_tested": True} if plot.build == "cad" else {}
    scene.do("assemble", technician, serial=f"5CD{7000 + number}", inventory_number=f"NW-{4000 + number}", **ticked)
    yield from _installed(scene, plot, plot.back - 2.1)


def _installed(scene: Scene, plot: Pc, back: float) -> Play:
    """Put up at the place, and confirmed or not."""
    supporter = "Ida Sörensen" if plot.place.startswith(_HAMBURG) else "Sven Jacobs"
    yield scene.ago(back)
    if plot.until == "install" and plot.ending != "no":
        scene.plan("install", supporter, scene.soon(3), 1, plot.place)
        return
    yield scene.ago(back - 0.2)
    scene.do("install", supporter, works=True, old_device=f"NW-{2200 + int(plot.back)}")
    if plot.until == "accept" or plot.ending == "time":
        return
    yield scene.ago(back - 0.9)
    match plot.ending:
        case "phone":
            scene.accept("Nele Krüger")
        case "no":
            scene.accept(plot.who, "no", "Der zweite Bildschirm bleibt dunkel.")
        case _:
            scene.accept(plot.who)


def special(scene: Scene) -> Play:
    """Bought as described; the goods are on their way."""
    yield scene.ago(7.4)
    what = "Klein und leicht, muss in eine Transportkiste passen. Ein Bildschirm genügt."
    why = "Für den Messestand, danach für meinen Platz."
    scene.order("Felix Ahrens", "desktop", why=why, build="special", description=what, place="C 2.04")
    yield scene.ago(7.2)
    scene.do("check", "Henrik Thomsen", "complete", cost=142_000, remark="Bauform Mini, mit Tragetasche.")
    yield scene.ago(6.5)
    scene.vote("approval", "Silke Marten")
    yield scene.ago(5.6)
    scene.do("buy", "Martin Berger", "ordered", supplier="Nordsee Systemhaus", cost=142_000,
             order_number="B-26018", delivery_date=scene.coming(4).date())  # fmt: skip


def nothing_in_stock(scene: Scene) -> Play:
    """Purchasing is to order it."""
    yield scene.ago(2.4)
    why = "Auswertungen dauern auf dem alten Gerät zu lange."
    scene.order("Yara Demir", "desktop", why=why, build="cad", place="A 4.04", old_device=True)
    yield scene.ago(2.3)
    scene.do("check", "Ines Albrecht", "complete")
    yield scene.ago(1.4)
    scene.vote("approval", "Silke Marten", comment="Die Auswertungen brauchen das.")


def too_little_said(scene: Scene) -> Play:
    """The requester is to add what is missing."""
    yield scene.ago(1.1)
    why = "Der alte PC ist zu langsam."
    scene.order("Arne Ketelsen", "desktop", why=why, build="special", description="Schneller als der alte.",
                place="B 3.15")  # fmt: skip
    yield scene.ago(0.9)
    scene.say("Henrik Thomsen", "Welche Programme nutzen Sie, und wie viele Bildschirme brauchen Sie? Dann wissen wir,"
              " was zu Ihrer Arbeit passt.")  # fmt: skip
    scene.do("check", "Henrik Thomsen", "incomplete", note="Programme und Bildschirme fehlen.")


def too_dear(scene: Scene) -> Play:
    """The IT budget says no."""
    yield scene.ago(14.4)
    scene.order("Svenja Paulsen", "desktop", why="Ein schnelleres Gerät wäre schön.", build="cad", place="A 2.05")
    yield scene.ago(14.2)
    scene.do("check", "Ines Albrecht", "complete")
    yield scene.ago(13.5)
    scene.vote("approval", "Silke Marten", "no", reason="budget",
               comment="Für den Innendienst genügt die Ausstattung Standard. Bitte bestellen Sie diese.")  # fmt: skip


def changed_mind(scene: Scene) -> Play:
    """Cancelled by the requester before anything was bought."""
    yield scene.ago(8.4)
    scene.order("Mira Köhler", "desktop", why="Neue Stelle im Vertrieb.", build="standard", place="A 2.08")
    yield scene.ago(8.1)
    why = "Ich bin viel bei Kunden und bestelle lieber ein Notebook."
    workflow.cancel(scene.code, why, acting_user=scene.persons["Mira Köhler"], now=scene.now)


def not_quite(scene: Scene) -> Play:
    """Confirmed, and reopened when a fault showed itself."""
    yield scene.ago(9.6)
    scene.order("Ulrike Sander", "desktop", why="Der Lüfter ist sehr laut.", build="standard", place="B 2.12")
    yield scene.ago(9.4)
    scene.do("check", "Henrik Thomsen", "complete")
    yield scene.ago(8.9)
    scene.vote("approval", "Silke Marten")
    yield scene.ago(7.7)
    scene.do("assemble", "Mats Koch", serial="5CD7191", inventory_number="NW-4190")
    yield scene.ago(7.1)
    scene.do("install", "Sven Jacobs", works=True)
    yield scene.ago(6.8)
    scene.accept("Ulrike Sander")
    yield scene.ago(0.6)
    person = scene.persons["Ulrike Sander"]
    workflow.reopen(scene.code, "Der PC schaltet sich seit gestern von selbst aus.", acting_user=person, now=scene.now)


def many_hands(scene: Scene) -> Play:
    """A team is called in beside the model, and people write to each other."""
    yield scene.ago(2.2)
    why = "Für vertrauliche Fälle brauche ich ein eigenes Gerät."
    scene.order("Maike Stöver", "desktop", why=why, build="standard", place="B 2.12")
    yield scene.ago(2.1)
    scene.do("check", "Ines Albrecht", "complete")
    yield scene.ago(1.5)
    scene.vote("approval", "Silke Marten")
    yield scene.ago(1.2)
    what = "Bitte die Verschlüsselung nach der Regel für vertrauliche Arbeitsplätze einrichten."
    workflow.call_in(scene.code, "software", what, acting_user=scene.persons["Mats Koch"], now=scene.now)
    yield scene.ago(1.1)
    scene.say("Maike Stöver", "Können Sie mir vorher sagen, wie lange der PC aus ist?")
    yield scene.ago(1.0)
    scene.say("Mats Koch", "Etwa eine Stunde. Wir melden uns am Tag vorher.")
    scene.note("Mats Koch", "Verschlüsselung mit Sina Wolf abgestimmt.")


def just_now(scene: Scene) -> Play:
    """What came in within the last hour."""
    yield scene.end - timedelta(minutes=25)
    why = "Mein Gerät startet seit heute nicht mehr."
    scene.order("Lars Ehlers", "desktop", why=why, by="Nele Krüger", build="standard", place="A 2.07")


@dataclass(frozen=True, slots=True)
class Laptop:
    """A laptop from stock; `until` as for a PC."""

    back: float
    who: str
    why: str
    until: str = ""
    model: str = "laptop-14"
    more: dict[str, Any] = field(default_factory=dict)  # further answers


LAPTOPS = (
    Laptop(8.0, "Mira Köhler", "Ich bin drei Tage in der Woche bei Kunden.", more={"place": "A 2.08"}),
    Laptop(2.1, "Hauke Friedrichs", "Ich besuche Kunden von zu Hause aus.", until="ship",
           more={"handover": "post", "address": "Hafenstraße 8, 24837 Schleswig", "reason": "replacement"}),
    Laptop(2.15, "Zoe Baumann", "Interviews führe ich beim Gesprächspartner.", until="hand-over", model="laptop-13",
           more={"place": "C 2.03"}),
    Laptop(1.8, "Kilian Roth", "Ich teile mir bisher ein Gerät mit Frau Nowak.", until="approve_centre",
           more={"place": "H 2.02"}),
)  # fmt: skip


def laptop(scene: Scene, plot: Laptop) -> Play:
    """The whole way of a laptop, as far as the plot goes."""
    number = int(plot.back * 10)
    yield scene.ago(plot.back)
    answers = {"model": plot.model, "quantity": 1, "reason": "new", "handover": "office", **plot.more}
    scene.order(plot.who, "laptop", why=plot.why, **answers)
    if plot.until == "approve_centre":
        return
    yield scene.ago(plot.back - 0.3)
    yield from _approved(scene, plot.back - 0.3)
    yield scene.ago(plot.back - 1.3)
    scene.do("assemble", "Priya Raman", serial=f"5CG{8000 + number}", inventory_number=f"NW-{5000 + number}",
             **_ENCRYPTED)  # fmt: skip
    if plot.until == "ship":
        return
    yield scene.ago(plot.back - 1.8)
    if plot.until:
        scene.plan(plot.until, "Sven Jacobs", scene.soon(4), 1, plot.more["place"])
        return
    scene.do("hand-over", "Sven Jacobs")
    yield scene.ago(plot.back - 2.4)
    scene.accept(plot.who)


def _approved(scene: Scene, back: float) -> Play:
    """All whom the amount asks say yes, one after the other."""
    for step in ("approve_centre", "approve_head", "approval"):
        if scene.is_open(step):
            scene.decide(step)
            back -= 0.3
            yield scene.ago(back)


def in_parts(scene: Scene) -> Play:
    """Six were ordered, four have come; two are still open."""
    yield scene.ago(9.2)
    why = "Für das Team am Messestand, danach für die neuen Kollegen."
    scene.order("Felix Ahrens", "laptop", why=why, model="laptop-13", quantity=6, reason="new", handover="office",
                place="C 2.04")  # fmt: skip
    yield scene.ago(8.9)
    yield from _approved(scene, 8.9)
    yield scene.ago(7.0)
    scene.do("buy", "Carsten Lüders", "ordered", supplier="Elbtal Computer", cost=479_400,
             order_number="B-26031", delivery_date=scene.coming(2).date())  # fmt: skip
    yield scene.ago(1.2)
    scene.do("goods-in", "Finn Jensen", received=4, delivery_note="L-88214",
             note="Zwei Geräte liefert Elbtal Computer in den nächsten Tagen nach.")  # fmt: skip


def broken(scene: Scene) -> Play:
    """The service analysts ask whether a repair helps faster."""
    yield scene.ago(0.34)
    why = "The screen stays dark now and then. I can work with an external one."
    scene.order("Priya Raman", "laptop", why=why, model="laptop-14", quantity=1, reason="broken", disruption="no",
                handover="office", place="C 0.02")  # fmt: skip


def two_at_once(scene: Scene) -> Play:
    """One order, two people: each line is a request of its own."""
    yield scene.ago(1.75)
    why = "Für die Schulung der neuen Kollegen im Innendienst."
    lars, yara = scene.persons["Lars Ehlers"], scene.persons["Yara Demir"]
    answers: dict[str, Any] = {"model": "laptop-14", "quantity": 1, "reason": "new", "handover": "office"}
    codes = scene.send(
        "Eva Clausen",
        Line(item_key="desktop", recipient_id=lars.pk, answers={"build": "standard", "place": "A 2.07"},
             justification=why),
        Line(item_key="laptop", recipient_id=yara.pk, answers={**answers, "place": "A 4.04"}, justification=why),
    )  # fmt: skip
    yield scene.ago(1.6)
    scene.code = codes[0]
    scene.do("check", "Henrik Thomsen", "complete")


def _pc(plot: Pc) -> Any:
    return lambda scene: pc(scene, plot)


def _laptop(plot: Laptop) -> Any:
    return lambda scene: laptop(scene, plot)


STORIES = (
    *map(_pc, PCS), *map(_laptop, LAPTOPS), special, nothing_in_stock, too_little_said, too_dear, changed_mind,
    not_quite, many_hands, just_now, in_parts, broken, two_at_once,
)  # fmt: skip
