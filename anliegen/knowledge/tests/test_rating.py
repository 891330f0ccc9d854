"""Whether it helped, and that nobody is remembered for longer than needed."""

from datetime import timedelta

import pytest

from anliegen.audit.models import Entry
from anliegen.knowledge import actions, queries
from anliegen.knowledge.models import Helpful
from anliegen.knowledge.tests.factories import NOW, Firm, published
from anliegen.lib.errors import NotFound, Refused
from anliegen.people.models import User


def test_everybody_counts_once_and_may_change_their_mind(who: Firm, editor: User) -> None:
    made = published(editor)
    actions.vote(made.key, True, acting_user=who.owner, now=NOW)
    actions.vote(made.key, True, acting_user=who.owner, now=NOW)
    actions.vote(made.key, False, acting_user=who.owner, now=NOW)
    actions.vote(made.key, True, acting_user=who.colleague, now=NOW)
    row = queries.articles(editor, NOW)[0]
    assert (row.yes, row.no) == (1, 1)


def test_what_was_missing_belongs_to_a_no(who: Firm, editor: User) -> None:
    made = published(editor)
    actions.say_missing(made.key, " Das Bild fehlt. ", acting_user=who.owner, now=NOW)
    assert [vote.missing for vote in queries.missing_words(made)] == ["Das Bild fehlt."]
    actions.vote(made.key, True, acting_user=who.owner, now=NOW)
    assert queries.missing_words(made) == []


@pytest.mark.parametrize("text", ["", "  ", "x" * 1001, "a\x00b"])
def test_nothing_and_too_much_are_refused(who: Firm, editor: User, text: str) -> None:
    made = published(editor)
    with pytest.raises(Refused):
        actions.say_missing(made.key, text, acting_user=who.owner, now=NOW)
    assert not Helpful.objects.exists()


def test_nobody_rates_what_they_cannot_read(who: Firm, editor: User) -> None:
    made = published(editor, audience="internal")
    with pytest.raises(NotFound):
        actions.vote(made.key, True, acting_user=who.owner, now=NOW)


def test_the_trail_does_not_say_who_rated(who: Firm, editor: User) -> None:
    made = published(editor)
    actions.vote(made.key, True, acting_user=who.owner, now=NOW)
    entry = Entry.objects.get(event="article.rated")
    assert (entry.actor, entry.rule) == (None, "knowledge.vote")


def test_persons_are_forgotten_after_a_month_and_words_after_a_year(who: Firm, editor: User) -> None:
    made = published(editor)
    actions.say_missing(made.key, "Mehr Bilder", acting_user=who.owner, now=NOW)
    actions.forget({}, NOW + timedelta(days=29))
    assert Helpful.objects.get().person == who.owner
    actions.forget({}, NOW + timedelta(days=31))
    found = Helpful.objects.get()
    assert (found.person, found.missing) == (None, "Mehr Bilder")
    actions.forget({}, NOW + timedelta(days=366))
    assert (Helpful.objects.get().missing, queries.articles(editor, NOW)[0].no) == ("", 1)
