"""Every sentence that the record may hold has words in both languages."""

import re

import pytest
from django.utils import translation

from anliegen.lib.text import LocalText
from anliegen.requests import rules as requests
from anliegen.tracking import sentences, words
from anliegen.tracking.queries.ahead import told
from anliegen.workflow import rules as workflow
from anliegen.workflow.queries import StepAhead

WRITTEN = {**requests.SENTENCES, **workflow.SENTENCES}


@pytest.mark.parametrize("key", sorted(WRITTEN))
def test_each_sentence_has_words(key):
    assert key in sentences.SENTENCES


@pytest.mark.parametrize("key", sorted(WRITTEN))
def test_a_sentence_uses_only_what_is_recorded(key):
    used = set(re.findall(r"%\((\w+)\)s", str(sentences.SENTENCES[key])))
    assert used <= WRITTEN[key]


def test_no_words_without_a_sentence():
    assert set(sentences.SENTENCES) == set(WRITTEN)


@pytest.mark.parametrize("key", sorted(WRITTEN))
def test_german_is_not_english(key):
    with translation.override("en"):
        english = str(sentences.SENTENCES[key])
    with translation.override("de"):
        german = str(sentences.SENTENCES[key])
    assert german != english
    assert set(re.findall(r"%\(\w+\)s", german)) == set(re.findall(r"%\(\w+\)s", english))


def test_an_automatic_approval_is_told_in_both_languages():
    params = {"cents": 8000, "limit_cents": 10000}
    assert sentences.render("approved-by-limit", params, "de") == (
        "Automatisch genehmigt: 80\u00a0€ liegen unter Ihrer Grenze von 100\u00a0€."
    )
    assert sentences.render("approved-by-limit", params, "en") == (
        "Approved automatically: €80.00 is within your limit of €100.00."
    )


def test_a_text_in_both_languages_is_told_in_the_reader_s():
    params = {"task": {"de": "Prüfen", "en": "Check"}, "who": "Ada Lind"}
    assert sentences.render("task-opened", params, "de") == "Prüfen: jetzt bei Ada Lind."
    assert sentences.render("task-opened", params, "en") == "Check: now with Ada Lind."


def test_what_is_empty_leaves_no_commas_behind():
    params = {"task": "Umzug", "start_at": "9", "end_at": "11", "place": "C 1.02", "name": ""}
    assert sentences.render("planned", params, "de").endswith(", C 1.02.")
    assert sentences.render("planned", {**params, "place": "", "name": "Ada Lind"}, "en").endswith("9 to 11, Ada Lind.")


def test_done_is_said_once():
    assert sentences.render("task-done", {"task": "Umzug", "outcome": "done"}, "de") == "Umzug: erledigt."
    assert sentences.render("task-done", {"task": "Umzug", "outcome": "taken"}, "de") == "Umzug: erledigt (belegt)."


def test_an_unknown_sentence_of_an_old_record_stays_readable():
    assert sentences.render("gone", {}, "en") == "Recorded: gone"


def test_a_missing_parameter_of_an_old_record_is_an_ellipsis():
    assert sentences.render("task-opened", {"task": "A"}, "en") == "A: now with …."


def test_cents_are_shown_only_where_there_are_some():
    assert sentences.euros(115_000, "de") == "1.150\u00a0€"
    assert sentences.euros(5_999, "de") == "59,99\u00a0€"


def test_every_status_has_words_and_an_icon():
    for status in requests.Status:
        assert words.status(status).word
        assert words.status(status).icon


def test_a_long_list_of_names_is_cut_and_the_rest_counted() -> None:
    with translation.override("en"):
        assert words.names(["A", "B"]) == "A, B"
        assert words.names(["A", "B", "C", "D"]) == "A, B, C, D"
        assert words.names(["A", "B", "C", "D", "E"]) == "A, B, C and 2 others"


def test_several_people_decide_in_the_plural() -> None:
    step = StepAhead(name=LocalText("Freigeben", "Release"), kind="approval", who=("Ada", "Ben"))
    assert told([step], "en")[0].text.startswith("Ada, Ben ")
    with translation.override("de"):
        assert told([step], "de")[0].text == "Ada, Ben entscheiden: Freigeben"


def test_an_approval_without_cost_names_no_amount() -> None:
    said = {"name": "Ada", "task": {"de": "Freigeben", "en": "Release"}}
    assert sentences.render("approved", {**said, "cents": 0}, "en") == "Ada approved: Release."
    assert "5" in sentences.render("approved", {**said, "cents": 500}, "en")
