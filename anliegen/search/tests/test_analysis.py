"""Words: the same for texts and queries, whatever people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anliegen.search import rules


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zugänge", "zugaenge"),
        ("STRASSE", "Straße"),
        ("Café", "cafe"),
        ("Müller", "Mueller"),
        ("Übergabe", "uebergabe"),
    ],
)
def test_spellings_of_one_word_are_one_word(one, other):
    assert rules.folded(one) == rules.folded(other)


@pytest.mark.parametrize("word", ["Steuer", "Frauen", "quer", "bequem", "neue"])
def test_two_vowels_that_are_no_umlaut_stay(word):
    assert rules.folded(word) == word.lower()


@pytest.mark.parametrize(
    ("one", "other"),
    [("Bildschirme", "Bildschirm"), ("Passwörter", "Passwort"), ("Zugänge", "Zugang"), ("laptops", "laptop")],
)
def test_forms_of_one_word_have_a_common_stem(one, other):
    assert rules.stems(rules.folded(one)) & rules.stems(rules.folded(other))


def test_a_hyphenated_word_of_a_text_is_kept_whole_and_in_pieces():
    assert rules.text_words("VPN-Zugang") == ["vpnzugang", "vpn", "zugang"]


def test_a_hyphenated_word_of_a_query_is_split_unless_a_piece_is_short():
    assert rules.query_words("VPN-Zugang E-Mail") == ["vpn", "zugang", "email"]


def test_stop_words_go_unless_nothing_else_is_left():
    assert rules.query_words("Wie bekomme ich einen neuen Laptop?") == ["neuen", "laptop"]
    assert rules.query_words("was ist das") == ["was", "ist", "das"]


def test_a_query_is_cut_to_eight_words():
    assert len(rules.query_words("eins zwei drei vier fünf sechs sieben acht neun zehn")) == 8


@given(st.text(max_size=400))
def test_any_text_has_words_without_space_or_quote(text):
    for word in [*rules.query_words(text), *rules.text_words(text)]:
        assert word
        assert not {" ", '"', "'", "\\", "*", "_", "\0"} & set(word)
        assert rules.folded(word) == word or not word.isascii()


@given(st.text(max_size=200), st.sampled_from(["de", "en"]))
def test_marks_lose_nothing(text, lang):
    assert "".join(piece for piece, _hit in rules.marked(text, ["a", "vpn"], {"laptop"})) == text


def test_what_was_looked_for_is_marked():
    assert rules.marked("Neuer VPN-Zugang", ["vpn"], set()) == [("Neuer ", False), ("VPN", True), ("-Zugang", False)]
    assert ("Monitore", True) in rules.marked("Monitore leihen", ["bildschirm"], rules.stems("monitore"))
