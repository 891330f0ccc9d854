"""Documents: what a query finds, and what it may not."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from anliegen.search import actions, queries
from anliegen.search.actions import Doc
from anliegen.search.models import Document, Gap, State

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
ALL = ("everyone",)
TEXTS = [
    ("monitor", "de", "Zweiter Monitor 27 Zoll", ["Bildschirm"], "Ein Monitor für Ihren Arbeitsplatz."),
    ("monitor", "en", "Second monitor 27 inch", ["screen"], "A monitor for your workplace."),
    ("laptop", "de", "Laptop", ["Notebook"], "Ein Gerät mit Tasche und Netzteil. Ein Bildschirm gehört nicht dazu."),
    ("laptop", "en", "Laptop", ["notebook"], "A device with bag and charger."),
    ("password", "de", "Passwort zurücksetzen", ["Kennwort vergessen"], "Wir setzen Ihr Passwort zurück."),
    ("vpn", "de", "VPN-Zugang", ["Fernzugriff"], "Von zu Hause in das Netz."),
    ("move", "de", "Umzug eines Arbeitsplatzes", [], "Schreibtisch, Telefon und Schlüsselkarte ziehen mit."),
]


@pytest.fixture
def texts(db):
    actions.put(
        *(
            Doc(kind="item", object_id=key, lang=lang, title=title, keywords=words, text=text, access=ALL)
            for key, lang, title, words, text in TEXTS
        ),
        Doc(kind="article", object_id="vpn-at-home", lang="de", title="VPN zu Hause einrichten", access=("internal",)),
    )


def found(text, *, lang="de", kinds=("item",), access=ALL, typing=False):
    return [
        hit.object_id for hit in queries.suggest(text, lang=lang, kinds=kinds, access=access, limit=5, typing=typing)
    ]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Monitor", "monitor"), ("Monitore", "monitor"), ("Bildschirm", "monitor"), ("Display", "monitor"),
        ("Montior", "monitor"), ("notebok", "laptop"), ("Kennwort", "password"), ("passwoerter", "password"),
        ("Zugang", "vpn"), ("vpn zugang", "vpn"), ("Arbeitsplatzumzug", "move"), ("Wie ziehe ich um? Umzug", "move"),
        ("zurückgesetztes passwort", "password"), ("Homeoffice VPN", "vpn"),
    ],
)  # fmt: skip
def test_what_is_meant_comes_first(texts, query, first):
    assert found(query)[:1] == [first]


@pytest.mark.parametrize(
    ("query", "first"), [("mo", "monitor"), ("lap", "laptop"), ("passw", "password"), ("umzu", "move")]
)
def test_an_unfinished_word_finds_what_goes_on(texts, query, first):
    assert found(query, typing=True)[:1] == [first]


def test_the_readers_language_is_preferred(texts):
    hits = queries.suggest("Laptop", lang="en", kinds=["item"], access=ALL)
    assert [(hit.object_id, hit.lang) for hit in hits][:1] == [("laptop", "en")]


@pytest.mark.parametrize("query", ["Mikroskop", "xyz", "Mikroskop bestellen", "NOT", ""])
def test_what_is_not_there_is_not_found(texts, query):
    assert found(query) == []


def test_only_what_the_viewer_may_find_is_found(texts):
    both = {"kinds": ("item", "article")}
    assert "vpn-at-home" not in found("VPN", **both)
    assert "vpn-at-home" in found("VPN", **both, access=("everyone", "internal"))
    assert found("VPN", kinds=("article",), access=("internal",)) == ["vpn-at-home"]
    assert found("VPN", access=()) == []


def test_a_changed_text_is_found_by_its_new_words_only(texts):
    actions.put(Doc(kind="item", object_id="laptop", lang="de", title="Tragbarer Rechner", access=ALL))
    assert "laptop" in found("tragbar")
    actions.put(Doc(kind="item", object_id="laptop", lang="de", title="Ziegelstein", access=ALL))
    assert "laptop" not in found("tragbar")


def test_what_is_taken_out_is_not_found(texts):
    actions.drop("item", "monitor")
    assert "monitor" not in found("Monitor")


def test_an_unchanged_text_is_not_read_again(texts):
    before = State.objects.get().token
    key, lang, title, words, text = TEXTS[0]
    actions.put(Doc(kind="item", object_id=key, lang=lang, title=title, keywords=words, text=text, access=ALL))
    assert State.objects.get().token == before


def test_what_is_rolled_back_was_never_there(texts):
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.put(Doc(kind="item", object_id="kite", lang="de", title="Drachen", access=ALL))
        assert found("Drachen") == ["kite"]
        raise RuntimeError
    assert found("Drachen") == []
    assert not Document.objects.filter(object_id="kite").exists()


def test_a_synonym_can_be_added_and_taken_back(texts):
    assert found("Glotze") == []
    actions.add_synonyms(["Glotze", "Monitor"])
    assert found("Glotze") == ["monitor"]
    actions.remove_synonyms(["monitor", "glotze"])
    assert found("Glotze") == []


BAD = [
    '"',
    "*",
    "NEAR(",
    "%",
    "a" * 2000,
    "🦊",
    "🦊 laptop",
    "\x00\x01",
    "und oder",
    "AND OR NOT",
    "a\"b'c\\",
    "' | z_all:*",
    "(((",
]


@pytest.mark.parametrize("query", BAD)
def test_bad_input_is_no_error(texts, query):
    assert isinstance(found(query, typing=True), list)
    assert isinstance(queries.search_requests(query, access=["all"]), list)


@given(query=st.text(max_size=60), typing=st.booleans())
def test_no_input_is_an_error(query, typing):
    found(query, typing=typing)
    queries.search_requests(query, access=["all", "p1"], typing=typing)


def test_a_gap_is_counted_without_a_person(db):
    for days in range(3):
        assert actions.note_gap("  Mikroskop  leihen", lang="de", now=NOW + timedelta(days=days))
    gap = Gap.objects.get()
    assert (gap.text, gap.count, gap.first, gap.last) == ("mikroskop leihen", 3, NOW, NOW + timedelta(days=2))
    assert queries.gaps() == []
    assert queries.gaps(least=3) == [gap]
    assert not {"user", "person", "owner"} & {field.name for field in Gap._meta.get_fields()}


def test_a_gap_is_counted_once_for_each_key(db):
    counted = [actions.note_gap("mikroskop", lang="de", now=NOW, key=key) for key in ("a", "a", "b")]
    assert counted == [True, False, True]
    assert Gap.objects.get().count == 2


@pytest.mark.parametrize("text", ["", "ab", "und", "a@b.de", "0431 123456", "x" * 80, "mi\x00kroskop"])
def test_what_may_name_a_person_or_says_nothing_is_no_gap(db, text):
    assert not actions.note_gap(text, lang="de", now=NOW)


def test_gaps_are_forgotten(db):
    actions.note_gap("mikroskop", lang="de", now=NOW)
    actions.forget_gaps({}, NOW + timedelta(days=100))
    assert Gap.objects.exists()
    actions.forget_gaps({}, NOW + timedelta(days=200))
    assert not Gap.objects.exists()
