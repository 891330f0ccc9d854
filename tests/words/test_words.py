"""No words of the trade for requesters, formal "Sie", and every text in both languages (ux/spec 3.8, test 11)."""

import json
import re
import sys
from pathlib import Path

import pytest

from tests.guide import words as guide
from tests.words import texts
from tests.words.texts import PACKAGES, ROOT, Said

sys.path.insert(0, str(ROOT / "tools"))

import messages

OF_THE_TRADE = re.compile(
    r"\b(tickets?|incidents?|fulfill?ments?|ritms?|slas?|eskalation\w*)\b|\bMACs?\b", re.IGNORECASE
)
MAC = re.compile(r"\bMac(Book|OS|s)?\b")  # a computer; moves, adds and changes are a MAC
FAMILIAR = re.compile(r"\b(du|dich|dir|dein\w*|euch|euer|eure\w*)\b", re.IGNORECASE)


def _for_requesters() -> list[Said]:
    return [*texts.messages(*PACKAGES), *texts.services(), *texts.articles()]


def _found(pattern: re.Pattern[str], said: list[Said]) -> list[str]:
    return [f"{one.where}: {hit[0]!r} in {one.text[:100]!r}" for one in said if (hit := pattern.search(one.words))]


def test_there_is_something_to_read() -> None:
    said = _for_requesters()
    for part in ("portal", "notifications", "tracking", "anliegen/library", "anliegen/demo/articles"):
        for lang in ("de", "en"):
            assert any(one.where.startswith(part) and one.lang == lang for one in said), f"{part} in {lang}"


@pytest.mark.parametrize("lang", ["de", "en"])
def test_no_words_of_the_trade_for_requesters(lang: str) -> None:
    said = [one._replace(text=MAC.sub("", one.text)) for one in _for_requesters() if one.lang == lang]
    assert _found(OF_THE_TRADE, said) == []


def test_people_are_addressed_formally() -> None:
    said = [*texts.messages(), *texts.services(), *texts.articles(), *texts.articles("internal")]
    assert _found(FAMILIAR, [one for one in said if one.lang == "de"]) == []


@pytest.mark.parametrize("text", ["Ihr Ticket", "the SLA", "Eskalationsstufe", "a MAC request", "Fulfilment"])
def test_a_word_of_the_trade_is_found(text: str) -> None:
    assert _found(OF_THE_TRADE, [Said("here", "de", text)])


@pytest.mark.parametrize("text", ["Was möchtest du?", "Ist Dein Platz frei?", "Wir melden uns bei euch."])
def test_a_familiar_word_is_found(text: str) -> None:
    assert _found(FAMILIAR, [Said("here", "de", text)])


def test_every_text_is_there_in_german(capsys: pytest.CaptureFixture[str]) -> None:
    assert messages.check() == 0, capsys.readouterr().out


def test_every_text_of_a_service_is_there_in_both_languages() -> None:
    for folder in sorted(ROOT.glob("anliegen/library/*/texts")):
        german, english = (_places(folder / f"{lang}.json") for lang in ("de", "en"))
        assert german == english, folder.parent.name


def _places(path: Path) -> set[str]:
    """Where there is a text; words to find it by may be more in one language."""
    said = guide._leaves(json.loads(path.read_text()))
    return {place for place, text in said if text and not place.startswith("/synonyms/")}
