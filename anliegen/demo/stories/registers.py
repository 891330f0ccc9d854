"""Software and access to systems: what the registers say, who agrees, and when a right ends."""

from typing import Any

from anliegen.demo.scene import Play, Scene


def _software(scene: Scene, back: float, who: str, program: str, why: str, **more: Any) -> Play:
    yield scene.ago(back)
    answers = {"program": program, "quantity": 1, "data_class": "no", **more}
    scene.order(who, "software", why=why, **answers)
    yield scene.ago(back - 0.2)


def free_licence(scene: Scene) -> Play:
    """A licence was free: rolled out the next day."""
    yield from _software(scene, 11.6, "Kai Lorenz", "Acrobat Pro", "Druckvorlagen prüfen und freigeben.")
    scene.do("check", "Ines Albrecht", "complete", program="Acrobat Pro", used_here=True)
    yield scene.ago(10.9)
    scene.do("roll-out", "Sven Jacobs", devices="NW-3107", works=True)
    yield scene.ago(10.4)
    scene.accept("Kai Lorenz")


def to_roll_out(scene: Scene) -> Play:
    yield from _software(scene, 0.9, "Malte Harms", "Project", "Den Ausbildungsplan für drei Jahrgänge führen.")
    scene.do("check", "Henrik Thomsen", "complete", program="Project", used_here=True)


def to_test(scene: Scene) -> Play:
    """Bought after the department has justified it; the software team tests it."""
    yield from _software(scene, 5.4, "Jan Petersen", "AutoCAD LT", "Pläne der neuen Halle selbst ändern.")
    scene.do("check", "Ines Albrecht", "complete", program="AutoCAD LT", used_here=True, cost=52_000)
    yield scene.ago(4.6)
    own = "Ohne dieses Programm warten wir bei jeder kleinen Änderung zwei Tage auf das Planungsbüro."
    scene.decide("department", comment=own)
    yield scene.ago(4.1)
    if scene.is_open("budget"):
        scene.decide("budget")
        yield scene.ago(3.6)
    yield scene.ago(2.5)
    scene.do("buy", "Carsten Lüders", "ordered", supplier="Nordsee Systemhaus", cost=52_000,
             order_number="B-26044", delivery_date=scene.on(-2))  # fmt: skip
    yield scene.ago(1.8)
    scene.take("test", "Sina Wolf")


def new_here(scene: Scene) -> Play:
    """Nobody uses it yet: infrastructure looks at it first."""
    why = "Kurze Filme für die Einarbeitung aufnehmen."
    yield from _software(scene, 1.3, "Zoe Baumann", "Camtasia", why, data_class="unknown")
    scene.do("check", "Henrik Thomsen", "complete", program="Camtasia", used_here=False)


def in_a_cloud(scene: Scene) -> Play:
    """Personal data in a cloud: IT security and data protection look at it at the same time."""
    why = "Entwürfe gemeinsam mit der Agentur bearbeiten."
    yield from _software(scene, 2.9, "Kai Lorenz", "Figma", why, data_class="yes", quantity=2)
    scene.do("check", "Ines Albrecht", "complete", program="Figma", used_here=False, cost=36_000)
    yield scene.ago(1.5)
    scene.vote("infrastructure", "Björn Hinrichs", comment="Läuft im Browser, keine Öffnung nach außen nötig.")
    yield scene.ago(1.2)
    if scene.is_open("infrastructure"):
        scene.decide("infrastructure")


def not_permitted(scene: Scene) -> Play:
    """Data protection says no, and what to use instead."""
    why = "Große Dateien an Kunden schicken."
    yield from _software(scene, 10.7, "Svenja Paulsen", "WeTransfer Pro", why, data_class="yes")
    scene.do("check", "Henrik Thomsen", "complete", program="WeTransfer Pro", used_here=True, cost=12_000)
    yield scene.ago(9.9)
    scene.decide("security")
    yield scene.ago(9.5)
    scene.decide("privacy", "no", reason="not-permitted", comment="Die Daten lägen außerhalb unserer Verträge. Bitte"
                 " nutzen Sie den Datenaustausch im Kundenportal, er ist schon für Sie frei.")  # fmt: skip
    yield scene.ago(9.2)
    for step in ("security", "privacy"):
        if scene.is_open(step):
            scene.decide(step)


def _access(scene: Scene, back: float, who: str, right: str, why: str, **more: Any) -> Play:
    """Asked for, and the manager and the owner agree."""
    yield scene.ago(back)
    scene.order(who, "access", why=why, purpose="new", right=right, **more)
    yield scene.ago(back - 0.3)
    scene.decide("manager")
    yield scene.ago(back - 1.0)
    scene.decide("owner")
    yield scene.ago(back - 1.3)


def ends_soon(scene: Scene) -> Play:
    """A right with an end: a request of its own asks the holder whether it is still needed."""
    until = scene.on(10).isoformat()
    why = "Zeichnungen für den Messestand nachschlagen."
    yield from _access(scene, 18.5, "Kai Lorenz", "drawings/read", why, until=until)
    scene.do("grant", "Sina Wolf", account="klorenz")
    yield scene.ago(16.8)
    scene.accept("Kai Lorenz")


def to_grant(scene: Scene) -> Play:
    yield from _access(scene, 1.9, "Arne Ketelsen", "erp/order", "Bestellungen für die Werkstatt anlegen.")


def manager_asked(scene: Scene) -> Play:
    yield scene.ago(0.3)
    scene.order("Svenja Paulsen", "access", recipient="Kilian Roth", purpose="new", right="crm/edit",
                why="Kundendaten aus Hamburg selbst pflegen.")  # fmt: skip


def four_eyes(scene: Scene) -> Play:
    """Two rights that do not go together: security decides."""
    yield from _access(scene, 2.2, "Wiebke Nissen", "erp/pay", "Herrn Timm im Urlaub vertreten.",
                       until=scene.on(30).isoformat())  # fmt: skip


def no_clearance(scene: Scene) -> Play:
    """Security says no, with the reason."""
    yield from _access(scene, 13.8, "Timo Jepsen", "drawings/secret", "Maße für die Verpackung nachsehen.")
    comment = "Ihnen fehlt die Freigabe für gesicherte Bereiche. Das Versandmaß steht im Auftrag."
    scene.decide("security", "no", reason="authorisation", comment=comment)
    yield scene.ago(12.2)
    if scene.is_open("security"):
        scene.decide("security", "no", reason="authorisation", comment=comment)


def given_up(scene: Scene) -> Play:
    """A right is no longer needed."""
    yield scene.ago(7.9)
    scene.order("Georg Timm", "access", purpose="withdraw", right="crm/edit", why="Ich arbeite nicht mehr damit.")
    yield scene.ago(7.65)
    scene.do("withdraw", "Mo Haddad")


STORIES = (
    free_licence, to_roll_out, to_test, new_here, in_a_cloud, not_permitted, ends_soon, to_grant, manager_asked,
    four_eyes, no_clearance, given_up,
)  # fmt: skip
