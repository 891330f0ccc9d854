"""Questions, help with programs, and reports."""

from anliegen.demo.scene import Play, Scene
from anliegen.workflow import actions as workflow

_SPENDING = (
    "kostenstelle;name;bewilligt;ausgegeben\n2110;Einkauf;40000;11250\n2210;Vertrieb;65000;31890\n"
    "4711;Marketing;35000;9420\n5110;Logistik;50000;24310\n"
)
_TIMES = (
    "service;anfragen;werktage_bis_erledigt;puenktlich_prozent\nDesktop-PC;41;3,6;93\nNotebook;28;4,1;89\n"
    "Umzug;17;4,4;94\nPasswort;96;0,1;99\n"
)


def bicycle(scene: Scene) -> Play:
    """Routed by area, answered, confirmed."""
    yield scene.ago(13.3)
    text = "Wo kann ich mein Fahrrad abstellen, wenn es regnet? Im Hof ist kein Dach."
    scene.order("Wiebke Nissen", "question", question=text, area="building")
    yield scene.ago(13.0)
    scene.do("answer", "Aylin Noack", way="portal", answer="Hinter Haus B gibt es seit Oktober einen überdachten"
             " Platz. Die Tür öffnet sich mit Ihrem Ausweis, von 6 bis 20 Uhr.")  # fmt: skip
    yield scene.ago(12.7)
    scene.accept("Wiebke Nissen")


def meeting_room(scene: Scene) -> Play:
    """Answered; the person has not said yet whether that helps."""
    yield scene.ago(0.9)
    text = "Welcher Besprechungsraum in Kiel hat eine Kamera für Gespräche mit Lieferanten?"
    scene.order("Jana Sommer", "question", question=text, area="unknown")
    yield scene.ago(0.6)
    scene.do("answer", "Bernd Carstens", way="portal", answer="Die Räume A 3.03 und C 1.01 haben Kamera und großen"
             " Bildschirm. Sie buchen beide im Kalender unter „Räume Kiel“.")  # fmt: skip


def docking(scene: Scene) -> Play:
    yield scene.ago(0.12)
    text = "Which docking stations work with the new 14 inch laptops? I have an older one at home."
    scene.order("Oliver Hughes", "question", question=text, area="it")


def frame_contract(scene: Scene) -> Play:
    """Purchasing has it, nearly due."""
    yield scene.ago(0.88)
    text = "Gilt unser Rahmenvertrag für Druckpapier auch am Standort Hamburg?"
    scene.order("Sabine Kröger", "question", question=text, area="purchasing")
    yield scene.ago(0.6)
    scene.say("Martin Berger", "Ich frage beim Lieferanten nach und schreibe Ihnen, sobald ich es weiß.")


def network_drive(scene: Scene) -> Play:
    """It was a disruption, and was handed over."""
    yield scene.ago(6.3)
    text = "Das Laufwerk „Vertrieb“ öffnet sich seit heute früh bei keinem von uns. Ist etwas geplant?"
    scene.order("Lars Ehlers", "question", question=text, area="it")
    yield scene.ago(6.26)
    scene.say("Nele Krüger", "Danke für den Hinweis. Das ist eine Störung, die Technik arbeitet schon daran.")
    scene.do("answer", "Nele Krüger", "disruption", reference="STR-20418")


def second_screen(scene: Scene) -> Play:
    """The first answer did not help; the desk has it again."""
    yield scene.ago(0.9)
    text = "Darf ich für die Arbeit zu Hause einen Bildschirm ausleihen?"
    scene.order("Timo Jepsen", "question", question=text, area="it", by="Tom Reuter", channel="phone")
    yield scene.ago(0.7)
    scene.do("answer", "Tom Reuter", way="phone", answer="Ja. Bitte bestellen Sie ihn im Katalog unter „Geräte“.")
    yield scene.ago(0.4)
    scene.accept("Timo Jepsen", "no", "Im Katalog finde ich nur ganze PCs. Ich brauche nur den Bildschirm, für drei"
                 " Wochen.")  # fmt: skip


def process_drawings(scene: Scene) -> Play:
    """A question that was an order: moved to the service that fits."""
    yield scene.ago(0.5)
    text = "Ich soll Abläufe im Einkauf aufzeichnen. Welches Programm nehme ich dafür, und wie bekomme ich es?"
    scene.order("Carsten Lüders", "question", question=text, area="it")
    yield scene.ago(0.22)
    scene.say(
        "Nele Krüger", "Dafür gibt es Visio. Ich mache aus Ihrer Frage gleich eine Bestellung, die Nummer bleibt."
    )
    workflow.reclassify(
        scene.code,
        "software",
        "Aus der Frage wurde eine Bestellung.",
        acting_user=scene.persons["Nele Krüger"],
        now=scene.now,
        answers={"program": "Visio", "quantity": 1, "data_class": "no"},
        justification="Abläufe im Einkauf aufzeichnen.",
        key=scene.key(),
    )


def two_lists(scene: Scene) -> Play:
    """Explained in short, and it works."""
    yield scene.ago(10.5)
    goal = "In Excel zwei Listen vergleichen: Welche Rechnung steht nur in einer von beiden?"
    scene.order("Heike Asmussen", "how-to", goal=goal, program="Excel", help="short",
                tried="Ich habe beide nebeneinander gelegt und von Hand gesucht.")  # fmt: skip
    yield scene.ago(10.2)
    answer = (
        "1. Setzen Sie den Zeiger neben die erste Nummer.\n2. Schreiben Sie =ZÄHLENWENN(B:B;A2).\n"
        "3. Ziehen Sie die Formel nach unten. Wo 0 steht, fehlt die Rechnung in der zweiten Liste."
    )
    scene.do("answer", "Sina Wolf", way="portal", answer=answer, cause="guide-missing", article=True)
    yield scene.ago(9.7)
    scene.accept("Heike Asmussen")


def advice(scene: Scene) -> Play:
    """A time is agreed for tomorrow."""
    yield scene.ago(1.0)
    goal = "Eine Besprechung in Teams mit drei Standorten leiten und die Ergebnisse gemeinsam festhalten"
    scene.order("Detlef Boysen", "how-to", goal=goal, program="Teams", help="advice")
    yield scene.ago(0.7)
    scene.plan("agree", "Mo Haddad", scene.coming(1, "11:00"), 1, "B 2.13")
    scene.do("agree", "Mo Haddad")
    yield scene.ago(0.6)
    scene.plan("advise", "Mo Haddad", scene.coming(1, "11:00"), 1, "B 2.13")


def forwarding(scene: Scene) -> Play:
    yield scene.ago(0.3)
    goal = "Das Telefon am Empfang ab 17 Uhr auf den Bereitschaftsdienst umleiten"
    scene.order("Ute Franke", "how-to", goal=goal, program="Telefon", help="short")


def labels(scene: Scene) -> Play:
    """A little late: the answer waits for a part."""
    yield scene.ago(1.35)
    goal = "Etiketten mit Strichcode aus der Warenwirtschaft drucken"
    scene.order("Ole Bruns", "how-to", goal=goal, program="Drucker an Packplatz 3", help="short", by="Nele Krüger")
    yield scene.ago(1.0)
    scene.take("answer", "Sven Jacobs")
    scene.say("Sven Jacobs", "Ihr Drucker braucht dafür eine andere Einstellung. Ich probiere sie gerade aus und"
              " melde mich.")  # fmt: skip


def spending(scene: Scene) -> Play:
    """Made, handed over, confirmed."""
    yield scene.ago(9.0)
    content = "Ausgaben für Geräte und Programme nach Kostenstelle, mit dem Budget daneben"
    scene.order("Georg Timm", "report", content=content, period="this-year", form="excel", wish=scene.ago(6.0).date())
    yield scene.ago(8.8)
    scene.say("Anke Rickmers", "Gern. Die Zahlen haben Sie übermorgen.")
    yield scene.ago(7.6)
    scene.do("make", "Anke Rickmers", file=("report", "ausgaben-nach-kostenstelle.csv", _SPENDING),
             summary="Der Vertrieb hat knapp die Hälfte seines Budgets ausgegeben. Quelle: Buchungen.")  # fmt: skip
    yield scene.ago(7.2)
    scene.accept("Georg Timm")


def times(scene: Scene) -> Play:
    """Handed over, to be confirmed."""
    yield scene.ago(2.6)
    content = "Wie lange dauern unsere Anfragen, und wie viele sind pünktlich? Bitte nach Service."
    scene.order("Katrin Ohlsen", "report", content=content, period="last-quarter", form="excel")
    yield scene.ago(2.4)
    scene.take("make", "Mo Haddad")
    scene.say("Mo Haddad", "Ich zähle nur Werktage, damit Wochenenden das Bild nicht verzerren.")
    yield scene.ago(0.8)
    scene.say("Mo Haddad", "Neun von zehn Anfragen sind pünktlich. Am längsten dauern Umzüge, am schnellsten gehen"
              " Passwörter.")  # fmt: skip
    scene.do("make", "Mo Haddad", file=("report", "bearbeitungszeiten.csv", _TIMES),
             summary="Neun von zehn Anfragen sind pünktlich. Gezählt sind Werktage von 7 bis 18 Uhr.")  # fmt: skip


def overtime(scene: Scene) -> Play:
    """It would show data of single persons: data protection looks at it."""
    yield scene.ago(1.6)
    content = "Überstunden je Person und Monat, damit wir Ausgleichstage planen können"
    scene.order("Anja Vogt", "report", content=content, period="this-year", form="excel")
    yield scene.ago(0.7)
    scene.do("make", "Anke Rickmers", "personal-data", personal="Namen und Überstunden von 61 Personen.")


def regions(scene: Scene) -> Play:
    yield scene.ago(0.8)
    content = "Aufträge nach Region und Monat, damit wir die Touren im Frühjahr planen können"
    scene.order(
        "Merle Johannsen", "report", content=content, period="last-year", form="pdf", wish=scene.coming(3).date()
    )
    yield scene.ago(0.5)
    scene.take("make", "Mo Haddad")
    scene.say("Mo Haddad", "Sollen die Aufträge aus Dänemark mit dabei sein?")


STORIES = (
    bicycle, meeting_room, docking, frame_contract, network_drive, second_screen, process_drawings, two_lists, advice,
    forwarding, labels, spending, times, overtime, regions,
)  # fmt: skip
