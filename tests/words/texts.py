"""Every text that people read, by language, with the place where it stands."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("catalogue", "knowledge", "notifications", "portal", "requests", "tracking", "ui")  # what requesters meet
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{[^{}]*\}|\]\([^)]*\)|`[^`]*`")


class Said(NamedTuple):
    where: str
    lang: str
    text: str

    @property
    def words(self) -> str:
        """Without placeholders, addresses of links and what is typed into a computer."""
        return PLACEHOLDER.sub(" ", self.text)


def messages(*packages: str) -> Iterator[Said]:
    """The texts of pages and mails of these packages, or of all."""
    for path in sorted(ROOT.glob("anliegen/*/locale/de/LC_MESSAGES/django.po")):
        package = path.relative_to(ROOT).parts[1]
        if packages and package not in packages:
            continue
        with path.open("rb") as file:
            for message in read_po(file, locale="de"):
                if message.id:
                    yield from (Said(package, "en", text) for text in _several(message.id))
                    yield from (Said(package, "de", text) for text in _several(message.string))


def _several(texts: Any) -> list[str]:
    return [str(text) for text in (texts if isinstance(texts, tuple | list) else [texts])]


def services() -> Iterator[Said]:
    """What the shipped services say, also in their steps: requesters see those as "what happens then"."""
    for path in sorted(ROOT.glob("anliegen/library/*/texts/*.json")):
        where = str(path.relative_to(ROOT))
        yield from (Said(where, path.stem, text) for text in _leaves(json.loads(path.read_text()), "synonyms"))
    for path in sorted(ROOT.glob("anliegen/library/*/form.json")):
        where = str(path.relative_to(ROOT))
        yield from (Said(where, lang, text) for lang, text in _pairs(json.loads(path.read_text())))


def _leaves(value: Any, *without: str) -> Iterator[str]:
    """Words to find something by may be any: people type "Ticket"."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for key, part in value.items() if key not in without for text in _leaves(part, *without))
    elif isinstance(value, list):
        yield from (text for part in value for text in _leaves(part, *without))


def _pairs(value: Any) -> Iterator[tuple[str, str]]:
    """Texts that stand in both languages beside each other: {"de": ..., "en": ...}."""
    if isinstance(value, dict) and "de" in value and "en" in value:
        yield from ((lang, text) for lang in ("de", "en") for text in _leaves(value[lang]))
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _pairs(part)


def articles(audience: str = "all") -> Iterator[Said]:
    """What the demo's articles for these readers say."""
    for folder in sorted(path.parent for path in ROOT.glob("anliegen/demo/articles/*/article.json")):
        if json.loads((folder / "article.json").read_text())["audience"] == audience:
            where = str(folder.relative_to(ROOT))
            yield from (Said(where, lang, (folder / f"{lang}.md").read_text()) for lang in ("de", "en"))
