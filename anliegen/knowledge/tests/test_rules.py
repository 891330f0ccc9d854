from datetime import date

import pytest

from anliegen.knowledge.rules import key_of, months_later, problems
from anliegen.knowledge.tests.factories import BODY, content


def codes(**fields: object) -> set[tuple[str, str]]:
    return {(found.code, found.lang) for found in problems(content(**fields), {"tray.svg"})}


def test_a_good_article_has_no_problem() -> None:
    assert codes() == set()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("# Eins", "heading-first"),
        ("## Eins\n\n#### Vier", "heading-order"),
        ("### Drei", "heading-order"),
        ("![](tray.svg)", "picture-without-words"),
        ("![Fach](other.svg)", "picture-unknown"),
        ("[hier](/knowledge/x/)", "link-words"),
        ("[](https://example.org)", "link-words"),
        ("", "language-missing"),
    ],
)
def test_what_the_check_finds(body: str, code: str) -> None:
    assert (code, "de") in codes(body={**BODY, "de": body})


def test_an_english_link_must_speak_too() -> None:
    assert ("link-words", "en") in codes(body={**BODY, "en": "Click [here](/x)."})


def test_a_good_picture_and_a_good_link_pass() -> None:
    assert (
        codes(body={**BODY, "de": "![Das Fach steht offen](tray.svg)\n\n[VPN anfordern](/catalogue/item/vpn/)"})
        == set()
    )


def test_a_long_sentence_is_a_hint_only() -> None:
    found = problems(content(answer={"de": "Wort " * 40, "en": "Short."}))
    assert [(one.code, one.must) for one in found] == [("long-sentence", False)]


def test_without_a_subject_or_with_a_strange_word_it_is_not_published() -> None:
    assert {("no-category", ""), ("unknown-word", "")} <= codes(category="", kind="song", audience="nobody")


@pytest.mark.parametrize(("title", "key"), [("Größe ändern!", "groesse-aendern"), ("Café & Co", "cafe-co"), ("🙂", "")])
def test_a_key_comes_from_the_title(title: str, key: str) -> None:
    assert key_of(title) == key


def test_months_end_with_shorter_months() -> None:
    assert months_later(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_later(date(2026, 11, 25), 12) == date(2027, 11, 25)
