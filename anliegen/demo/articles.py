"""Nordwerk's articles, from the files beside this one, what people said of them, and what is announced."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from anliegen.demo.organisation import Persons
from anliegen.knowledge import actions
from anliegen.knowledge.actions import Care
from anliegen.knowledge.rules import AnnouncementContent, ArticleContent
from anliegen.lib.text import LANGUAGES

FOLDER = Path(__file__).with_name("articles")
READERS = ("Jana Sommer", "Arne Ketelsen", "Mira Köhler", "Malte Harms", "Svenja Paulsen", "Kai Lorenz")
MISSING = {
    "printing": "Bei mir ist das Fach anders beschriftet. Ein Bild vom Drucker im Lager fehlt.",
    "vpn": "Was tun, wenn das Handy leer ist?",
}
RATED = ("vpn", "printing", "second-factor", "wifi", "shared-mailbox", "password-rules", "parking")
DUE = "parking"  # nobody has looked at it for more than a year
ANNOUNCED = (
    (
        "maintenance",
        "all",
        {"de": "Wartung der Warenwirtschaft heute Abend", "en": "Maintenance of the ERP system this evening"},
        {
            "de": "Von 20 bis 22 Uhr ist die Warenwirtschaft nicht erreichbar. Bitte speichern Sie vorher Ihre Arbeit.",
            "en": "From 8 to 10 pm the ERP system cannot be reached. Please save your work before.",
        },
        (timedelta(hours=-6), timedelta(hours=2)),
    ),
    (
        "news",
        "all",
        {"de": "Neue Antworten im Bereich Wissen", "en": "New answers in Knowledge"},
        {
            "de": "WLAN, Drucker, zweiter Faktor: Fünfzig kurze Anleitungen stehen jetzt unter **Wissen**.",
            "en": "Wi-Fi, printers, second factor: fifty short guides are now under **Knowledge**.",
        },
        (timedelta(days=-3), timedelta(days=18)),
    ),
    (
        "news",
        "internal",
        {"de": "Neue Liste für Laptops", "en": "New list for laptops"},
        {
            "de": "Die Liste zum Einrichten ist neu: [Laptop einrichten](/knowledge/laptop-setup/).",
            "en": "The list for setting up is new: [Set up a laptop](/knowledge/laptop-setup/).",
        },
        (timedelta(days=-1), timedelta(days=13)),
    ),
)


def folders() -> list[Path]:
    """Every article that is shipped with the demo."""
    return sorted(file.parent for file in FOLDER.glob("*/article.json"))


def read(folder: Path) -> tuple[ArticleContent, str, int]:
    """An article of the demo: its content, who looks after it, and after how many months it is checked."""
    said = json.loads((folder / "article.json").read_text(encoding="utf-8"))
    parts = {lang: _parts((folder / f"{lang}.md").read_text(encoding="utf-8")) for lang in LANGUAGES}
    content = ArticleContent(
        category=said["category"],
        kind=said["kind"],
        audience=said["audience"],
        title={lang: one[0] for lang, one in parts.items()},
        answer={lang: one[1] for lang, one in parts.items()},
        body={lang: one[2] for lang, one in parts.items()},
        keywords=said["keywords"],
        items=said["items"],
        steps=said["steps"],
        related=said["related"],
    )
    return content, said["owner"], said["review"]


def _parts(text: str) -> tuple[str, str, str]:
    """Title, answer and the rest of a file."""
    title, answer, body = text.strip().split("\n\n", 2)
    return title.removeprefix("# ").strip(), " ".join(answer.split()), body.strip()


def load(persons: Persons, *, now: datetime, small: bool = False) -> None:
    """All of them, published three to twelve months ago; `small`: without votes."""
    shipped = folders()
    for folder, made_at in zip(shipped, _moments(len(shipped), now), strict=True):
        content, owner, months = read(folder)
        actions.save(
            None,
            content,
            Care(owner=persons[owner], review_months=months),
            acting_user=None,
            now=made_at,
            called=folder.name,
        )
        for file in sorted(folder.glob("*.svg")):
            actions.add_picture(folder.name, file.name, file.read_bytes(), acting_user=None, now=made_at)
    for folder, made_at in zip(shipped, _moments(len(shipped), now), strict=True):
        # only when all are there: they name each other
        at = now - timedelta(days=400) if folder.name == DUE else made_at
        actions.publish(folder.name, acting_user=None, now=at, base=1)
    for kind, audience, title, text, (first, last) in ANNOUNCED:
        content_ = AnnouncementContent(
            kind=kind, audience=audience, title=title, text=text, starts_at=now + first, ends_at=_evening(now + last)
        )
        actions.announce(content_, acting_user=None, now=now + first)
    if not small:
        _votes(persons, now)


def _evening(moment: datetime) -> datetime:
    """22:00 of that day where Nordwerk is."""
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).replace(hour=22, minute=0, second=0, microsecond=0)


def _moments(count: int, now: datetime) -> Iterator[datetime]:
    """From a year to three months ago, in the order of their names."""
    return (now - timedelta(days=350 - 250 * number // max(1, count)) for number in range(count))


def _votes(persons: Persons, now: datetime) -> None:
    """What readers said in the last weeks."""
    for number, key in enumerate(
        ("vpn", "printing", "second-factor", "wifi", "shared-mailbox", "password-rules", "parking")
    ):
        for place, name in enumerate(READERS[: 6 - number % 3]):
            at = now - timedelta(days=1 + (number + place) % 20)
            helped = (number + place) % 5 != 0
            actions.vote(key, helped, acting_user=persons[name], now=at)
    for key, words in MISSING.items():
        actions.say_missing(key, words, acting_user=persons[READERS[-1]], now=now - timedelta(days=2))
