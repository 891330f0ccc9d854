"""Texts that the organisation writes in German and English, and sentences kept as key and parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

LANGUAGES = ("de", "en")


@dataclass(frozen=True, slots=True)
class LocalText:
    """One text in both languages; stored as {"de": ..., "en": ...}."""

    de: str = ""
    en: str = ""

    @classmethod
    def of(cls, value: "LocalText | Mapping[str, str] | str | None") -> Self:
        """From stored JSON, from another LocalText, or from one text that serves both languages."""
        if isinstance(value, LocalText):
            return cls(value.de, value.en)
        if isinstance(value, str):
            return cls(value, value)
        value = value or {}
        return cls(str(value.get("de", "")), str(value.get("en", "")))

    def to(self, lang: str) -> str:
        """The text in that language ("en-gb" counts as "en"), or the other one where it is missing."""
        first, second = (self.en, self.de) if lang.lower().startswith("en") else (self.de, self.en)
        return first or second

    def missing(self) -> tuple[str, ...]:
        """The languages in which there is no text."""
        return tuple(lang for lang in LANGUAGES if not getattr(self, lang).strip())

    def json(self) -> dict[str, str]:
        return {"de": self.de, "en": self.en}

    def __bool__(self) -> bool:
        return bool(self.de or self.en)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that is rendered in the reader's language only when it is read (R: why-chain, journal, mails)."""

    key: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        return {"key": self.key, "params": dict(self.params)}


def one_line(typed: str, most: int = 200) -> str:
    """What somebody typed into one line, without what cannot be seen, and no longer than this."""
    return "".join(one if one.isprintable() else " " for one in typed).strip()[:most]
