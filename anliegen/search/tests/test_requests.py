"""Requests: the database's full text under our own analysis."""

import pytest

from anliegen.search import actions, queries, store
from anliegen.search.actions import Doc, RequestDoc
from anliegen.search.models import RequestText

pytestmark = pytest.mark.django_db
NAMES = (["Jana Sommer"], ["Lena Hahn"], ["Jana Sommer"], ["Jörg Müller-Lüdenscheidt"])


@pytest.fixture
def some(db):
    actions.put(
        Doc(kind="item", object_id="monitor", lang="de", title="Monitor", keywords=["Halterung"], access=("everyone",))
    )
    for number, (text, access) in enumerate(
        [
            ("SR-1001 Zweiter Monitor Kiel", {"p1", "t7", "all"}),
            ("SR-1002 Bildschirmhalterungen für die Küche", {"p2", "t7", "all"}),
            ("SR-1003 Änderung der Bankverbindung", {"p1", "t9"}),
            ("SR-1004 Laptop für Müller, Wunsch: 16 Zoll", {"p3", "t8", "all", "category:devices"}),
        ],
        start=1,
    ):
        actions.put_requests([RequestDoc(id=number, lang="de", texts=[text], names=NAMES[number - 1], access=access)])


def found(text, *access, typing=False):
    return queries.search_requests(text, access=access, typing=typing)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("Monitor", [1]), ("Monitore", [1]), ("Bildschirm", [2, 1]), ("Halterung", [2]), ("mueller laptop", [4]),
        ("1003", []), ("SR-1001", [1]), ("16 zoll", [4]), ("monitor laptop", []), ("küchen", [2]), ("16", [4]),
    ],
)  # fmt: skip
def test_every_word_must_be_there_in_some_form(some, query, ids):
    assert found(query, "all") == ids


def test_the_access_words_say_who_finds_it(some):
    assert found("Bankverbindung", "all") == []
    assert found("Bankverbindung", "p1") == [3]
    assert found("Bankverbindung", "t9", "all") == [3]
    assert found("Laptop", "category:devices") == [4]
    assert found("Laptop") == []


def test_typed_words_never_reach_access_words(some):
    for query in ("p1", "z_p1", "all", store.safe("all"), store.safe("p1"), "t7"):
        assert found(query, "all", typing=True) == []


def test_new_texts_and_access_replace_the_old(some):
    actions.put_requests([RequestDoc(id=1, lang="de", texts=["Regal"], access={"p5"})])
    assert found("Monitor", "all") == []
    assert found("Regal", "p5") == [1]
    assert found("Regal", "p1", "all") == []


def test_unchanged_access_costs_one_statement(some, django_assert_num_queries):
    with django_assert_num_queries(1):
        actions.put_access({1: {"p1", "t7", "all"}})


def test_the_desk_finds_by_names_too(some):
    assert found("Sommer", "all") == []
    assert queries.search_requests("Sommer", access=["all"], named=True) == [1]
    assert queries.search_requests("luedensch laptop", access=["all"], named=True) == [4]
    assert queries.search_requests("n_hahn", access=["all"]) == []


def test_who_may_find_it_changes_without_its_words(some):
    assert actions.put_access({3: {"t1"}, 77: {"all"}}) == [77]
    assert found("Bankverbindung", "t9") == []
    assert found("Bankverbindung", "t1") == [3]


def test_dropped_requests_are_gone(some):
    actions.drop_requests([1, 2])
    assert found("Bildschirm", "all") == []
    assert RequestText.objects.count() == 2


def test_after_a_flush_nothing_is_left(some):
    RequestText.objects.all().delete()
    store.forget_leftovers()
    actions.put_requests([RequestDoc(id=2, lang="de", texts=["Regal"], access={"all"})])
    assert found("Bildschirm", "all") == []
    assert found("Regal", "all") == [2]
