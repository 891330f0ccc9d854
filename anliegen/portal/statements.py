"""The texts of the statements, in both languages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.safestring import SafeString

from anliegen.portal.shown.prose import prose


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with what stands below it; each item is a paragraph, or a point of the list."""

    title: str
    paragraphs: Sequence[str] = ()
    points: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """A statement in one language."""

    title: str
    lead: str
    parts: Sequence[Part]
    contact: str
    dated: date


@dataclass(frozen=True, slots=True)
class Statement:
    de: Text
    en: Text

    def to(self, lang: str | None) -> Text:
        """The text in the reader's language."""
        return self.en if (lang or "de").startswith("en") else self.de


def own_text(name: str, lang: str | None) -> SafeString:
    """The organisation's own text instead of ours, from DATA_DIR/statements/NAME.de.md; "" where there is none."""
    short = "en" if (lang or "de").startswith("en") else "de"
    file = settings.ANLIEGEN.data_dir / "statements" / f"{name}.{short}.md"
    if not file.is_file():
        return SafeString()
    return SafeString(prose(file.read_text(encoding="utf-8")).replace("h3>", "h2>"))  # headings there begin with ###


_CHECKED = date(2026, 11, 25)

ACCESSIBILITY = Statement(
    de=Text(
        title="Erklärung zur Barrierefreiheit",
        lead="Alle sollen dieses Portal nutzen können: mit Tastatur, Vorleseprogramm, großer Schrift und am Telefon.",
        parts=(
            Part(
                "Woran wir uns halten",
                (
                    (
                        "Maßstab ist die europäische Norm EN 301 549 mit den Regeln WCAG 2.2, Stufe AA. "
                        "In Deutschland gilt dazu die BITV 2.0."
                    ),
                ),
            ),
            Part(
                "Wie weit wir sind",
                (
                    (
                        "Das Portal erfüllt die Norm nach unserer eigenen Prüfung weitgehend. "
                        "Eine Prüfung durch eine unabhängige Stelle gab es noch nicht."
                    ),
                    (
                        "So prüfen wir: Ein Programm (axe) prüft Seiten bei jeder Änderung. Wir testen die Tastatur. "
                        "Wir messen Kontraste in Hell und Dunkel. Wir prüfen die Breite von 320 Pixeln."
                    ),
                ),
            ),
            Part(
                "Was noch fehlt",
                (),
                (
                    "Texte in Leichter Sprache und Videos in Gebärdensprache gibt es noch nicht.",
                    "Mit Vorleseprogrammen haben Menschen, die sie täglich nutzen, noch nicht getestet.",
                    (
                        "Dateien, die Personen hochladen, sind oft nicht barrierefrei. "
                        "Wir schicken Ihnen auf Wunsch eine andere Fassung."
                    ),
                    "Texte, die Personen schreiben, stehen nur in der Sprache, in der sie geschrieben sind.",
                ),
            ),
        ),
        contact="Sie stoßen auf eine Barriere? Rufen Sie uns an oder schreiben Sie uns. "
        "Wir helfen sofort weiter und antworten spätestens nach 5 Arbeitstagen.",
        dated=_CHECKED,
    ),
    en=Text(
        title="Accessibility statement",
        lead="Everybody should be able to use this portal: with keyboard, screen reader, large text and on a phone.",
        parts=(
            Part(
                "What we follow",
                (
                    (
                        "Our measure is the European standard EN 301 549 with the rules of WCAG 2.2, level AA. "
                        "In Germany the regulation BITV 2.0 applies as well."
                    ),
                ),
            ),
            Part(
                "How far we are",
                (
                    (
                        "By our own tests the portal meets the standard for the most part. "
                        "No independent body has tested it yet."
                    ),
                    (
                        "How we test: a program (axe) checks pages with every change. We try out the keyboard. "
                        "We measure contrasts in light and dark. We check a width of 320 pixels."
                    ),
                ),
            ),
            Part(
                "What is still missing",
                (),
                (
                    "There are no texts in easy language and no videos in sign language yet.",
                    "People who use screen readers every day have not tested it yet.",
                    "Files that people upload are often not accessible. We send you another version if you ask us.",
                    "Texts that people write are shown only in the language in which they were written.",
                ),
            ),
        ),
        contact="You have met a barrier? Call us or write to us. "
        "We help you at once and answer within 5 working days at the latest.",
        dated=_CHECKED,
    ),
)

PRIVACY = Statement(
    de=Text(
        title="Datenschutz",
        lead="Hier steht, was dieses Portal über Sie speichert, wozu, wie lange, und wer es sieht.",
        parts=(
            Part(
                "Was wir speichern",
                (),
                (
                    "Zu Ihrer Person: Name, E-Mail-Adresse, Telefon, Abteilung, Arbeitsplatz, Kostenstelle, Sprache.",
                    "Zu Ihren Anfragen: Ihre Angaben, Nachrichten, Dateien, Entscheidungen, Termine und Kosten.",
                    "Zu Ihrer Arbeit mit dem Portal: wer wann was entschieden oder geändert hat.",
                    "Zur Anmeldung: einen Prüfwert Ihres Passworts, aus dem es niemand lesen kann.",
                ),
            ),
            Part(
                "Wozu",
                (
                    (
                        "Damit Sie bekommen, was Sie anfordern, und damit jede Entscheidung erklärt werden kann. "
                        "Wir messen nicht, wie schnell einzelne Personen arbeiten. Wir geben nichts für Werbung weiter."
                    ),
                ),
            ),
            Part(
                "Wie lange",
                (),
                (
                    "Entwürfe: bis Sie sie senden oder löschen.",
                    "Anfragen mit allem, was dazugehört: so lange, wie Ihr Unternehmen Belege aufbewahren muss.",
                    "Ihre Angaben zur Person: solange Sie hier arbeiten, und so lange Anfragen von Ihnen bestehen.",
                    "Die Anmeldung: bis Sie sich abmelden oder die Sitzung abläuft.",
                ),
            ),
            Part(
                "Wer es sieht",
                (
                    (
                        "Ihre Anfragen sehen: Sie, wer sie bekommt, wer daran arbeitet oder entscheidet, "
                        "und wen Sie beteiligen. "
                        "Der Service Desk sieht alle Anfragen, außer den vertraulichen. "
                        "Vertrauliche Anfragen sehen nur die Personen, die damit zu tun haben."
                    ),
                    (
                        "Auf der Seite jeder Anfrage steht, wer beteiligt ist. "
                        "Dort können Sie auch alles, was Sie sehen, als Datei speichern."
                    ),
                ),
            ),
            Part(
                "Cookies",
                (
                    "Es gibt nur Cookies, ohne die das Portal nicht geht. Keiner verfolgt Sie.",
                    (
                        "Was Sie in ein Textfeld schreiben, bleibt in Ihrem Browser, bis Sie es senden "
                        "oder sich abmelden. "
                        "Bei der Anmeldung merken wir uns, welches Programm Sie benutzen und wann. "
                        "Die Adresse Ihres Geräts speichern wir dort nicht."
                    ),
                ),
                (
                    "Sitzung: damit Sie angemeldet bleiben.",
                    "Schutz der Formulare (csrf): damit niemand in Ihrem Namen etwas abschickt.",
                    "Sprache: damit Sie die gewählte Sprache wiederfinden.",
                    "Hell oder Dunkel: damit Sie die gewählte Darstellung wiederfinden.",
                ),
            ),
            Part(
                "Ihre Rechte",
                (
                    (
                        "Sie können Auskunft, Berichtigung und Löschung verlangen. "
                        "Sie können sich bei einer Aufsichtsbehörde für den Datenschutz beschweren."
                    ),
                ),
            ),
        ),
        contact="Fragen zum Datenschutz beantworten wir gern. Rufen Sie uns an oder schreiben Sie uns.",
        dated=_CHECKED,
    ),
    en=Text(
        title="Privacy",
        lead="This page says what this portal stores about you, what for, how long, and who sees it.",
        parts=(
            Part(
                "What we store",
                (),
                (
                    "About you: name, e-mail address, telephone, department, workplace, cost centre, language.",
                    "About your requests: your details, messages, files, decisions, dates and costs.",
                    "About your work with the portal: who decided or changed what, and when.",
                    "For signing in: a check value of your password, from which nobody can read it.",
                ),
            ),
            Part(
                "What for",
                (
                    (
                        "So that you get what you request, and so that every decision can be explained. "
                        "We do not measure how fast single persons work. We pass nothing on for advertising."
                    ),
                ),
            ),
            Part(
                "How long",
                (),
                (
                    "Drafts: until you send or delete them.",
                    "Requests with everything that belongs to them: as long as your company has to keep records.",
                    "Your personal details: as long as you work here, and as long as there are requests of yours.",
                    "Your sign-in: until you sign out or the session ends.",
                ),
            ),
            Part(
                "Who sees it",
                (
                    (
                        "Your requests are seen by you, by who gets them, works on them or decides, "
                        "and by whom you involve. "
                        "The service desk sees all requests but the confidential ones. "
                        "Confidential requests are seen only by the people who deal with them."
                    ),
                    "The page of each request says who takes part. There you can also save what you see as a file.",
                ),
            ),
            Part(
                "Cookies",
                (
                    "There are only cookies without which the portal does not work. None of them tracks you.",
                    (
                        "What you write into a text field stays in your browser until you send it or sign out. "
                        "With your sign-in we note which program you use, and when. "
                        "We do not store the address of your device there."
                    ),
                ),
                (
                    "Session: so that you stay signed in.",
                    "Protection of forms (csrf): so that nobody sends anything in your name.",
                    "Language: so that you find the language you chose again.",
                    "Light or dark: so that you find the look you chose again.",
                ),
            ),
            Part(
                "Your rights",
                (
                    (
                        "You can ask for access, correction and deletion. "
                        "You can complain to a supervisory authority for data protection."
                    ),
                ),
            ),
        ),
        contact="We are glad to answer questions about privacy. Call us or write to us.",
        dated=_CHECKED,
    ),
)
