"""The words of the product in both languages: what its catalogs and its shipped services say."""

import json
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]


@cache
def german_for() -> dict[str, set[str]]:
    """English text -> its German texts."""
    found: dict[str, set[str]] = defaultdict(set)
    for english, german in (*_catalogs(), *_services()):
        found[english.strip()].add(german.strip())
    return found


@cache
def english_for() -> dict[str, set[str]]:
    """German text -> its English texts."""
    found: dict[str, set[str]] = defaultdict(set)
    for english, germans in german_for().items():
        for german in germans:
            found[german].add(english)
    return found


def _catalogs() -> Iterator[tuple[str, str]]:
    for path in sorted(ROOT.glob("anliegen/*/locale/de/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="de"):
                if isinstance(message.id, str) and isinstance(message.string, str) and message.id:
                    yield message.id, message.string
                elif isinstance(message.id, tuple):
                    yield from zip(message.id, message.string, strict=False)


def _services() -> Iterator[tuple[str, str]]:
    """Every text of a service that stands at the same place in both languages."""
    for folder in sorted((ROOT / "anliegen/library").glob("*/texts")):
        german, english = (dict(_leaves(json.loads((folder / f"{lang}.json").read_text()))) for lang in ("de", "en"))
        yield from ((english[place], text) for place, text in german.items() if place in english)


def _leaves(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict | list):
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        for key, part in parts:
            yield from _leaves(part, f"{place}/{key}")
