"""Who works at Nordwerk, where, and what they may do: data only."""

from dataclasses import dataclass

from anliegen.people.rules import Role

DOMAIN = "nordwerk.example"
_PLAIN = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), (" ", "-"))


def address(name: str) -> str:
    """The e-mail address of "First Last"."""
    first, last = name.lower().split(" ", 1)
    for letter, plain in _PLAIN:
        first, last = first.replace(letter, plain), last.replace(letter, plain)
    return f"{first}.{last}@{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Department:
    key: str
    de: str
    en: str
    cost_centre: str
    head: str
    budget_cents: int


DEPARTMENTS = (
    Department("management", "Geschäftsführung", "Management", "1000", "Henrike Voss", 2_000_000),
    Department("purchasing", "Einkauf", "Purchasing", "2110", "Tom Brandt", 4_000_000),
    Department("sales", "Vertrieb", "Sales", "2210", "Tom Brandt", 6_500_000),
    Department("finance", "Finanzen", "Finance", "3110", "Petra Lang", 3_000_000),
    Department("hr", "Personal", "Human resources", "3210", "Anja Vogt", 2_500_000),
    Department("marketing", "Marketing", "Marketing", "4711", "Lena Hahn", 3_500_000),
    Department("logistics", "Logistik", "Logistics", "5110", "Britta Claus", 5_000_000),
    Department("it", "IT", "IT", "6110", "Silke Marten", 25_000_000),
    Department("central", "Zentrale Dienste", "Central services", "7110", "Ruth Mommsen", 4_500_000),
)

SITES = (
    ("kiel", "Kiel", "0431 1234-500", "Mo–Fr 7–18 Uhr", "Mon–Fri 7 am–6 pm"),
    ("hamburg", "Hamburg", "040 5678-500", "Mo–Fr 8–17 Uhr", "Mon–Fri 8 am–5 pm"),
)

# building: its name, its site, its rooms
_ROOMS = {
    "A": ("Haus A", "kiel", "0.01 0.02 1.03 1.04 2.05 2.06 2.07 2.08 2.09 3.01 3.02 3.03 4.01 4.02 4.03 4.04"),
    "B": ("Haus B", "kiel", "0.10 0.11 1.12 1.13 2.11 2.12 2.13 3.12 3.13 3.14 3.15 3.16"),
    "C": ("Haus C", "kiel", "0.01 0.02 1.01 1.02 1.03 1.04 2.01 2.02 2.03 2.04 2.05"),
    "L": ("Lager Kiel", "kiel", "0.01 0.02 0.03 1.01"),
    "H": ("Hafenkontor", "hamburg", "1.01 1.02 1.03 2.01 2.02 2.03 2.04 3.01"),
}


def _floor(room: str) -> str:
    number = room.partition(".")[0]
    return "Erdgeschoss" if number == "0" else f"{number}. Stock"


SECURED = frozenset({"A 4.01", "A 4.02", "C 0.01"})
PLACES = tuple(
    (f"{house} {room}", site, f"{name}, {_floor(room)}")
    for house, (name, site, rooms) in _ROOMS.items()
    for room in rooms.split()
)


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    department: str
    de: str
    en: str
    place: str
    phone: str
    language: str = "de"


def _people(department: str, *rows: tuple[str, str, str, str, str]) -> tuple[Person, ...]:
    return tuple(Person(name, department, de, en, place, f"0431 1234-{phone}") for name, de, en, place, phone in rows)


PEOPLE = (
    *_people(
        "management",
        ("Henrike Voss", "Geschäftsführerin", "Managing director", "A 3.01", "100"),
        ("Sabine Kröger", "Assistentin der Geschäftsführung", "Assistant to the director", "A 3.02", "101"),
    ),
    *_people(
        "purchasing",
        ("Tom Brandt", "Leiter Einkauf und Vertrieb", "Head of purchasing and sales", "B 3.12", "310"),
        ("Jana Sommer", "Einkäuferin", "Buyer", "B 3.14", "312"),
        ("Martin Berger", "Einkäufer für Technik", "Buyer for technology", "B 3.13", "313"),
        ("Carsten Lüders", "Einkäufer", "Buyer", "B 3.13", "314"),
        ("Wiebke Nissen", "Sachbearbeiterin Einkauf", "Purchasing clerk", "B 3.15", "315"),
        ("Arne Ketelsen", "Einkäufer", "Buyer", "B 3.15", "316"),
    ),
    *_people(
        "sales",
        ("Mira Köhler", "Vertriebsmitarbeiterin", "Sales representative", "A 2.08", "277"),
        ("Lars Ehlers", "Vertriebsmitarbeiter", "Sales representative", "A 2.07", "278"),
        ("Oliver Hughes", "Kundenbetreuer Export", "Account manager, export", "H 2.01", "279"),
        ("Merle Johannsen", "Vertriebsinnendienst", "Inside sales", "A 2.06", "280"),
        ("Kilian Roth", "Vertriebsmitarbeiter", "Sales representative", "H 2.02", "281"),
        ("Svenja Paulsen", "Vertriebsinnendienst", "Inside sales", "A 2.05", "282"),
        ("Hauke Friedrichs", "Gebietsleiter Nord", "Area manager north", "H 2.03", "283"),
    ),
    *_people(
        "finance",
        ("Petra Lang", "Leiterin Finanzen", "Head of finance", "A 4.03", "401"),
        ("Georg Timm", "Controller", "Controller", "A 4.04", "402"),
        ("Heike Asmussen", "Buchhalterin", "Accountant", "A 4.01", "403"),
        ("Nils Brodersen", "Buchhalter", "Accountant", "A 4.02", "404"),
        ("Yara Demir", "Controllerin", "Controller", "A 4.04", "405"),
    ),
    *_people(
        "hr",
        ("Anja Vogt", "Leiterin Personal", "Head of human resources", "A 1.03", "201"),
        ("Eva Clausen", "Personalreferentin", "HR officer", "A 1.04", "202"),
        ("Malte Harms", "Ausbildungsleiter", "Head of training", "A 1.04", "203"),
        ("Gesa Winkler", "Personalreferentin", "HR officer", "A 1.03", "204"),
    ),
    *_people(
        "marketing",
        ("Lena Hahn", "Leiterin Marketing", "Head of marketing", "C 2.01", "511"),
        ("Kai Lorenz", "Grafiker", "Graphic designer", "C 2.02", "512"),
        ("Zoe Baumann", "Redakteurin", "Editor", "C 2.03", "513"),
        ("Felix Ahrens", "Messeplaner", "Trade fair planner", "C 2.04", "514"),
    ),
    *_people(
        "logistics",
        ("Britta Claus", "Leiterin Logistik", "Head of logistics", "L 1.01", "601"),
        ("Ole Bruns", "Lagerist", "Warehouse worker", "L 0.01", "602"),
        ("Peer Matthiesen", "Disponent", "Dispatcher", "L 0.02", "603"),
        ("Agnieszka Nowak", "Disponentin", "Dispatcher", "H 1.01", "604"),
        ("Timo Jepsen", "Versandleiter", "Head of shipping", "L 0.03", "605"),
        ("Dörte Feddersen", "Zollsachbearbeiterin", "Customs clerk", "H 1.02", "606"),
    ),
    *_people(
        "it",
        ("Silke Marten", "Leiterin IT", "Head of IT", "C 1.01", "700"),
        ("Nele Krüger", "Service Desk", "Service desk", "C 1.03", "501"),
        ("Tom Reuter", "Service Desk", "Service desk", "C 1.03", "502"),
        ("Jette Holm", "Leiterin Service Desk", "Service desk lead", "C 1.03", "503"),
        ("Ines Albrecht", "Service-Analystin", "Service analyst", "C 1.04", "711"),
        ("Henrik Thomsen", "Service-Analyst", "Service analyst", "C 1.04", "712"),
        ("Katrin Ohlsen", "Prozessverantwortliche", "Process owner", "C 2.05", "713"),
        ("Finn Jensen", "IT-Lager", "IT store", "C 0.02", "721"),
        ("Mats Koch", "IT-Werkstatt", "IT workshop", "C 0.02", "722"),
        ("Priya Raman", "IT-Werkstatt", "IT workshop", "C 0.02", "723"),
        ("Sven Jacobs", "Arbeitsplatz-Support", "Desktop support", "B 1.12", "731"),
        ("Ida Sörensen", "Arbeitsplatz-Support Hamburg", "Desktop support, Hamburg", "H 3.01", "732"),
        ("Jonas Peters", "IT-Technik", "IT technician", "B 1.13", "741"),
        ("Björn Hinrichs", "IT-Technik", "IT technician", "B 1.13", "742"),
        ("Sina Wolf", "Software und Lizenzen", "Software and licences", "C 1.04", "751"),
        ("Mo Haddad", "Datenauswertung", "Data analysis", "C 2.05", "752"),
        ("Frauke Lorenzen", "Systemverwalterin", "System administrator", "C 0.01", "761"),
    ),
    *_people(
        "central",
        ("Ruth Mommsen", "Leiterin Zentrale Dienste", "Head of central services", "B 0.10", "801"),
        ("Aylin Noack", "Büroservice", "Facilities", "B 0.11", "802"),
        ("Bernd Carstens", "Büroservice", "Facilities", "B 0.11", "803"),
        ("Deniz Kaya", "Sicherheit", "Security", "A 0.02", "811"),
        ("Rolf Andresen", "Sicherheit", "Security", "A 0.02", "812"),
        ("Ute Franke", "Empfang", "Reception", "A 0.01", "821"),
        ("Jan Petersen", "Werkplanung", "Plant planning", "B 2.11", "831"),
        ("Maike Stöver", "Datenschutzbeauftragte", "Data protection officer", "B 2.12", "841"),
        ("Detlef Boysen", "Betriebsrat", "Works council", "B 2.13", "842"),
        ("Ulrike Sander", "Innenrevision", "Internal audit", "B 2.12", "843"),
    ),
    *_people("it", ("Anke Rickmers", "Leiterin Datenauswertung", "Head of data analysis", "C 2.05", "753")),
    *_people(
        "it",
        ("Malin Thode", "IT-Sicherheitsbeauftragte", "IT security officer", "C 2.03", "771"),
        ("Kjell Sievers", "IT-Sicherheit", "IT security", "C 2.03", "772"),
    ),
)
ENGLISH = frozenset({"Oliver Hughes", "Priya Raman"})

EXTERNAL = ("Clara Hansen", "Prüferin", "Auditor", "H 1.03")  # of Hansen Prüfung, looked after by Petra Lang

EXTERNAL_ADDRESS = "clara.hansen@hansen-pruefung.example"


@dataclass(frozen=True, slots=True)
class Team:
    key: str
    de: str
    en: str
    members: tuple[str, ...]  # the first one leads


TEAMS = (
    Team("service-desk", "Service Desk", "Service desk", ("Jette Holm", "Nele Krüger", "Tom Reuter")),
    Team("service-analysts", "Service-Analyse", "Service analysts", ("Ines Albrecht", "Henrik Thomsen")),
    Team("it-budget", "IT-Budget", "IT budget", ("Silke Marten",)),
    Team("purchasing", "Einkauf", "Purchasing", ("Martin Berger", "Carsten Lüders")),
    Team("it-store", "IT-Lager", "IT store", ("Finn Jensen",)),
    Team("it-workshop", "IT-Werkstatt", "IT workshop", ("Mats Koch", "Priya Raman")),
    Team("desktop-support", "Arbeitsplatz-Support", "Desktop support", ("Sven Jacobs", "Ida Sörensen")),
    Team("it-workplace", "IT-Technik", "IT technicians", ("Jonas Peters", "Björn Hinrichs")),
    Team("security", "Sicherheit", "Security", ("Deniz Kaya", "Rolf Andresen")),
    Team("facilities", "Büroservice", "Facilities", ("Aylin Noack", "Bernd Carstens")),
    Team("software", "Software und Lizenzen", "Software and licences", ("Sina Wolf", "Mo Haddad")),
    Team("hr-office", "Personalbüro", "Staff office", ("Eva Clausen", "Gesa Winkler")),
    Team("evaluation", "IT-Auswertung", "IT evaluation", ("Anke Rickmers", "Mo Haddad")),
    Team("it-infrastructure", "IT-Infrastruktur", "IT infrastructure", ("Björn Hinrichs", "Jonas Peters")),
    Team("it-security", "IT-Sicherheit", "IT security", ("Malin Thode", "Kjell Sievers")),
    Team("data-protection", "Datenschutz", "Data protection", ("Maike Stöver",)),
)

ROLES = (
    ("Jette Holm", Role.SERVICE_DESK),
    ("Nele Krüger", Role.SERVICE_DESK),
    ("Tom Reuter", Role.SERVICE_DESK),
    ("Ines Albrecht", Role.SERVICE_DESK),
    ("Henrik Thomsen", Role.CATALOGUE_EDITOR),
    ("Katrin Ohlsen", Role.PROCESS_OWNER),
    ("Frauke Lorenzen", Role.ADMINISTRATOR),
    ("Frauke Lorenzen", Role.SOFTWARE_SUPPORT),
    ("Sina Wolf", Role.KNOWLEDGE_MANAGER),
    ("Silke Marten", Role.PRODUCT_OWNER),
    ("Ulrike Sander", Role.AUDITOR),
    ("Maike Stöver", Role.DATA_PROTECTION),
    ("Detlef Boysen", Role.WORKS_COUNCIL),
)

EVERYBODY_ORDERS_CENTS = 10_000
HEADS_ORDER_CENTS, HEADS_APPROVE_CENTS = 100_000, 500_000
ORDER_LIMITS = {"Henrike Voss": 1_000_000, "Silke Marten": 500_000}
APPROVE_LIMITS = {"Henrike Voss": 10_000_000, "Silke Marten": 2_500_000}

# person, deputy, days from now on which they are away (None: at home)
DEPUTIES = (
    ("Tom Brandt", "Petra Lang", None),
    ("Silke Marten", "Henrike Voss", None),
    ("Lena Hahn", "Anja Vogt", None),
    ("Petra Lang", "Georg Timm", (-2, 5)),
    ("Ruth Mommsen", "Britta Claus", None),
)
AWAY = (("Malte Harms", (3, 14)), ("Timo Jepsen", (-1, 3)))
CLEARED = ("Heike Asmussen", "Nils Brodersen", "Frauke Lorenzen", "Petra Lang")  # for secured areas
ORDER_FOR_DEPARTMENT = ("Sabine Kröger", "Wiebke Nissen", "Eva Clausen", "Svenja Paulsen", "Kai Lorenz")
ORDER_FOR_ALL = ("Eva Clausen",)

CATEGORIES = (
    ("devices", "device-desktop", "Geräte", "Devices", "Notebook, PC, Monitor, Telefon, Zubehör",
     "Laptop, PC, screen, phone, accessories"),
    ("software", "apps", "Software", "Software", "Programme, Lizenzen, Updates", "Programs, licences, updates"),
    ("access", "key", "Zugänge und Passwörter", "Access and passwords", "Zurücksetzen, Rechte, VPN",
     "Resets, rights, VPN"),
    ("workplace", "armchair", "Arbeitsplatz und Umzug", "Workplace and moves", "Umzug, Möbel, Schlüssel, Ausweis",
     "Moves, furniture, keys, badges"),
    ("people", "user-plus", "Ein- und Austritt", "Joining and leaving", "Neue Kollegen, Wechsel, Abschied",
     "New colleagues, changes, farewells"),
    ("reports", "report-analytics", "Berichte und Daten", "Reports and data", "Auswertungen, Exporte, Verteiler",
     "Analyses, exports, mailing lists"),
    ("how-to", "book", "Wie geht das?", "How does it work?", "Anleitungen und Schulungen", "Guides and training"),
    ("question", "help-circle", "Frage stellen", "Ask a question", "Wenn nichts davon passt", "If nothing else fits"),
)  # fmt: skip

# key, German, English, cents, other names, pieces by place
PRODUCTS: tuple[tuple[str, str, str, int, tuple[str, ...], dict[str, int]], ...] = (
    ("desktop-standard", "Desktop-PC Standard", "Desktop PC, standard", 89_900,
     ("Standard-PC", "Büro-PC"), {"IT-Lager Kiel": 16, "IT-Lager Hamburg": 4}),
    ("desktop-cad", "Desktop-PC CAD", "Desktop PC, CAD", 219_000, ("CAD-PC", "Workstation"), {"IT-Lager Kiel": 1}),
    ("desktop-special", "Desktop-PC nach Wunsch", "Desktop PC, special specification", 150_000, (), {}),
    ("laptop-13", "Notebook 13″", "Laptop 13″", 79_900, (), {"IT-Lager Kiel": 4}),
    ("laptop-14", "Notebook 14″ Standard", "Laptop 14″, standard", 115_000,
     ("Notebook", "Laptop"), {"IT-Lager Kiel": 6, "IT-Lager Hamburg": 3}),
    ("laptop-16-cad", "Notebook 16″ CAD", "Laptop 16″, CAD", 239_000, ("CAD-Notebook",), {"IT-Lager Kiel": 1}),
    ("monitor-27", "Monitor 27″", "Screen 27″", 21_900, ("Bildschirm", "Monitor"), {"IT-Lager Kiel": 14}),
    ("headset", "Headset", "Headset", 7_900, ("Kopfhörer",), {"IT-Lager Kiel": 20, "IT-Lager Hamburg": 8}),
)  # fmt: skip

# key, name, vendor, approved, used here, licences owned (None: not counted), cents, cents a month, team, other names
PROGRAMS: tuple[tuple[str, str, str, bool, bool, int | None, int, int, str, tuple[str, ...]], ...] = (
    ("acrobat-pro", "Acrobat Pro", "Adobe", True, True, 25, 0, 1_790, "software", ("PDF-Editor", "Adobe Acrobat")),
    ("autocad", "AutoCAD", "Autodesk", True, True, 6, 0, 22_500, "software", ("CAD",)),
    ("visio", "Visio", "Microsoft", True, True, 0, 35_900, 0, "software", ("Ablaufdiagramme",)),
    ("project", "Project", "Microsoft", True, True, 10, 0, 2_800, "software", ("MS Project", "Projektplan")),
    ("zip-7", "7-Zip", "Igor Pavlov", True, True, None, 0, 0, "desktop-support", ("Zip", "Archiv")),
    ("erp-client", "Warenwirtschaft", "Nordsoft", True, True, None, 0, 0, "software", ("ERP", "Wawi")),
    ("customs", "Zollsoftware ATLAS", "Dakosy", True, True, 8, 0, 6_400, "software", ("ATLAS", "Zoll")),
    ("camtasia", "Camtasia", "TechSmith", False, False, 0, 28_900, 0, "software", ("Bildschirmaufnahme",)),
)  # fmt: skip

# key, German, English, owner, team, roles (key, German, English, clearance needed)
SYSTEMS: tuple[tuple[str, str, str, str, str, tuple[tuple[str, str, str, str], ...]], ...] = (
    ("erp", "Warenwirtschaft", "ERP system", "Petra Lang", "software", (
        ("read", "Lesen", "Read only", ""),
        ("order", "Bestellungen anlegen", "Create orders", ""),
        ("pay", "Rechnungen freigeben", "Release invoices", ""),
    )),
    ("drawings", "Zeichnungsarchiv", "Drawing archive", "Ruth Mommsen", "software", (
        ("read", "Lesen", "Read only", ""),
        ("secret", "Vertrauliche Zeichnungen", "Confidential drawings", "secured-area"),
    )),
    ("crm", "Kundenverwaltung", "Customer management", "Tom Brandt", "software", (
        ("read", "Lesen", "Read only", ""),
        ("edit", "Kunden bearbeiten", "Edit customers", ""),
    )),
)  # fmt: skip

# two roles that nobody shall hold together, and why
FORBIDDEN = (
    ("erp/order", "erp/pay", "Wer bestellt, gibt die Rechnung nicht selbst frei.",
     "Whoever orders does not release the invoice."),
)  # fmt: skip

# who holds which role already
GRANTED = (
    ("Jana Sommer", "erp/order"),
    ("Wiebke Nissen", "erp/order"),
    ("Georg Timm", "erp/pay"),
    ("Georg Timm", "crm/edit"),
    ("Mira Köhler", "crm/edit"),
)

BUNDLES: tuple[tuple[str, str, tuple[str, str], tuple[str, str], tuple[tuple[str, dict[str, str | int]], ...]], ...] = (
    ("new-in-sales", "ui/img/onboarding.svg", ("Neu im Vertrieb", "New in sales"),
     ("Notebook, Kundenverwaltung und Warenwirtschaft für eine neue Kollegin oder einen neuen Kollegen.",
      "Laptop, customer management and ERP system for a new colleague."),
     (("laptop", {"model": "laptop-14", "quantity": 1, "reason": "new"}),
      ("access", {"purpose": "new", "right": "crm/edit"}),
      ("access", {"purpose": "new", "right": "erp/read"}))),
    ("new-workplace", "ui/img/monitor.svg", ("Neuer Arbeitsplatz", "New workplace"),
     ("Ein eingerichteter PC am Platz, Acrobat Pro und Lesen in der Warenwirtschaft.",
      "A PC set up at the desk, Acrobat Pro, and read access to the ERP system."),
     (("desktop", {"build": "standard"}),
      ("software", {"program": "Acrobat Pro", "quantity": 1, "data_class": "no"}),
      ("access", {"purpose": "new", "right": "erp/read"}))),
)  # fmt: skip
