"""Every article of the demo can be read and passes the check that editors meet."""

from pathlib import Path

import pytest

from anliegen.demo import articles, company
from anliegen.knowledge.rules import problems
from anliegen.workflow.actions import library

FOLDERS = articles.folders()


def test_there_are_many() -> None:
    assert len(FOLDERS) >= 40
    assert {articles.DUE, *articles.RATED, *articles.MISSING} <= {folder.name for folder in FOLDERS}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_an_article_passes_the_check(folder: Path) -> None:
    content, owner, months = articles.read(folder)
    found = problems(content, {file.name for file in folder.glob("*.svg")})
    assert [f"{one.lang} {one.part} {one.code} {one.params}" for one in found if one.must] == []
    assert owner in {one.name for one in company.PEOPLE}
    assert 1 <= months <= 36
    assert set(content.related) <= {one.name for one in FOLDERS} - {folder.name}
    assert set(content.items) <= {one.name for one in library.shipped()}
    assert content.category in {one[0] for one in company.CATEGORIES}
