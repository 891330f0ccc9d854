"""Names and sentences as people write them, chosen by a number: the same number gives the same text."""

from pathlib import Path

HERE = Path(__file__).resolve().parent

FIRST_NAMES = (HERE / "first_names.txt").read_text(encoding="utf-8").split()
LAST_NAMES = (HERE / "last_names.txt").read_text(encoding="utf-8").split()

REASONS = (
    "Mein Rechner ist {age} Jahre alt und braucht zum Starten fast {minutes} Minuten.",
    "Ich fange am {day}. des Monats in der neuen Gruppe an und habe dort noch kein Gerät.",
    "Der Bildschirm flackert seit {day} Tagen; die Werkstatt sagt, eine Reparatur lohnt sich nicht.",
    "Für das Projekt mit der Außenstelle brauche ich ein Gerät, auf dem die Zeichnungen flüssig laufen.",
    "Das alte Gerät hat {age} GB Speicher und stürzt ab, sobald zwei große Tabellen offen sind.",
    "Wir sind jetzt zu {age}. im Büro und teilen uns {minutes} Plätze; einer fehlt.",
    "Der Lüfter ist so laut, dass sich die Kolleginnen im Gespräch beschweren. Gerät Nr. {number}.",
    "Nach dem Umbau liegt mein Platz neben der Werkstatt; Staub und Lärm machen Telefonate unmöglich.",
)
WORDS = (
    "Bitte melden Sie sich vorher, ich bin dienstags bis {minutes} Uhr im Haus.",
    "Ich habe heute Morgen noch einmal nachgesehen: die Nummer auf dem Aufkleber ist {number}.",
    "Meine Vertretung ist ab dem {day}. Frau {name}; sie weiß Bescheid.",
    "Können Sie mir sagen, ob es diese Woche noch klappt? Am {day}. bin ich auf Dienstreise.",
    "Danke für die schnelle Rückmeldung! Der Schlüssel liegt am Empfang, Fach {age}.",
    "Falls es eilt: meine Nebenstelle ist {number}. Eine Nachricht hier genügt aber.",
    "Im Raum steht noch ein alter Schrank von Herrn {name}, der müsste vorher weg.",
)
REPLIES = (
    "Guten Tag, wir haben Ihre Angaben geprüft und melden uns bis zum {day}. mit einem Termin.",
    "Das Gerät ist da. Wir richten es heute ein, es dauert etwa {minutes} Minuten.",
    "Der Lieferant nennt als Termin den {day}. Wir behalten das im Auge und schreiben Ihnen.",
    "Vielen Dank, das reicht uns. Herr {name} kommt vorbei, wenn Sie da sind.",
    "Wir haben die Nummer {number} nachgetragen. Sie müssen nichts weiter tun.",
    "Bitte sichern Sie Ihre Dateien im gemeinsamen Laufwerk, bevor wir am {day}. tauschen.",
)
NOTES = (
    "Mit Kollege {name} abgestimmt, Vorgang {number}.",
    "Rückruf um {minutes} Uhr, niemand erreicht. Neuer Versuch am {day}.",
    "Preis geprüft: liegt {age} % unter dem letzten Angebot.",
    "Achtung: Netzdose {number} ist noch nicht geschaltet.",
)
QUESTIONS = (
    "Wie lege ich eine Abwesenheitsnotiz für {day} Tage an, die nur Kollegen sehen?",
    "Wo finde ich die Vorlage für Dienstreisen, und wer unterschreibt bei mehr als {age} Tagen?",
    "Kann ich den Besprechungsraum {number} auch für {minutes} Personen buchen?",
    "Warum fragt mich das Zeitprogramm seit dem {day}. jeden Morgen zweimal nach dem Kennwort?",
    "Wie viele Tage im Voraus muss ich Elternzeit anmelden, und an wen geht der Antrag?",
    "Welche Nummer wähle ich vor, wenn ich aus Haus C die Zentrale in Raum {number} anrufe?",
)
PURPOSES = (
    "Bestellungen der letzten {age} Jahre je Kostenstelle, mit Summe und Anteil in Prozent, ohne Namen.",
    "Alle Geräte in Haus {name}, die älter als {age} Jahre sind, mit Standort und Anschaffungswert.",
    "Überstunden je Abteilung und Monat für {minutes} Monate, als Vorlage für die Sitzung am {day}.",
)
# What a request that is copied says, and what its copies say in its place.
SLOTS = {
    "Der alte Rechner ist defekt und wird nicht mehr repariert.": REASONS,
    "Wie besprochen, bitte am Vormittag; der Schlüssel ist am Empfang.": WORDS,
    "Danke, wir sehen uns das an und schreiben Ihnen wieder.": REPLIES,
    "Mit der Werkstatt abgestimmt, sie hat morgen Zeit.": NOTES,
    "Wie bekomme ich eine Übersicht über meine Stunden?": QUESTIONS,
    "Bestellungen je Kostenstelle im letzten Jahr.": PURPOSES,
}
REASON, WORD, REPLY, NOTE, QUESTION, PURPOSE = SLOTS


def first_name(number: int) -> str:
    return FIRST_NAMES[number * 7919 % len(FIRST_NAMES)]


def last_name(number: int) -> str:
    """Every seventh person has a double name, so that names are not too often equal."""
    first, second = (LAST_NAMES[number * step % len(LAST_NAMES)] for step in (104_729, 15_485_863))
    return f"{first}-{second}" if number % 7 == 3 and first != second else first


def written(choices: tuple[str, ...], number: int) -> str:
    """One of these sentences with figures and a name of its own."""
    return choices[number * 31 % len(choices)].format(
        age=number % 7 + 2,
        minutes=number * 13 % 16 + 5,
        day=number * 17 % 27 + 2,
        number=number * 7907 % 90_000 + 10_000,
        name=LAST_NAMES[number * 101 % len(LAST_NAMES)],
    )
