"""The search finds what people mean: over the shipped services and articles, and among many other texts."""

import pytest

from bench import search_quality

FLOOR = {"all": (0.95, 0.92), "item": (0.97, 0.95), "article": (0.92, 0.88)}  # recall among the best three, MRR


def test_there_are_enough_queries_of_each_kind() -> None:
    asked = search_quality.queries()
    assert len(asked) >= 100
    kinds = {query.difficulty for query in asked}
    assert kinds >= {"exact", "inflected", "compound", "typo", "synonym", "umlaut", "prefix", "question", "english"}


@pytest.mark.parametrize("name", FLOOR)
def test_what_is_meant_is_among_the_best(name: str) -> None:
    mark = search_quality.marks(search_quality.index(), search_quality.queries())[name]
    assert mark.recall >= FLOOR[name][0], mark
    assert mark.mrr >= FLOOR[name][1], mark


def test_it_is_still_found_among_many_other_texts() -> None:
    mark = search_quality.marks(search_quality.index(3_000), search_quality.queries())["all"]
    assert mark.recall >= 0.9, mark
