"""Licences: what is promised once is not promised again; a roll-out makes a program known."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from anliegen.assets import actions, queries, rules
from anliegen.assets.actions import ProgramContent
from anliegen.assets.models import Program
from anliegen.lib.errors import Refused
from anliegen.people import actions as people
from anliegen.people.models import User

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
SYSTEM: dict[str, Any] = {"acting_user": None, "now": NOW}
pytestmark = pytest.mark.django_db


@pytest.fixture
def jana() -> User:
    home = people.put_company("firm", **SYSTEM, name="Firm", is_default=True)
    return people.create_person(**SYSTEM, email="jana@firm.example", first_name="Jana", last_name="S", company=home)


@pytest.fixture
def acrobat() -> Program:
    content = ProgramContent(key="acrobat", name="Acrobat Pro", vendor="Adobe", approved=True, used_here=True, owned=2,
                             aliases=("PDF-Editor",))  # fmt: skip
    return actions.put_program(content)


def _free(key: str) -> int | None:
    one = queries.program(key)
    assert one is not None
    return rules.free(one.owned, one.used, one.reserved)


def test_the_last_licence_is_kept_once(acrobat: Program, jana: User) -> None:
    assert actions.reserve_licences("SR-1", "acrobat", 2, person=jana, now=NOW)
    assert actions.reserve_licences("SR-2", "acrobat", 1, person=jana, now=NOW) is None
    assert _free("acrobat") == 0


def test_asking_again_keeps_one_booking_and_another_quantity_replaces_it(acrobat: Program, jana: User) -> None:
    first = actions.reserve_licences("SR-1", "acrobat", 1, person=jana, now=NOW)
    assert actions.reserve_licences("SR-1", "acrobat", 1, person=jana, now=NOW) == first
    actions.reserve_licences("SR-1", "acrobat", 2, person=jana, now=NOW)
    assert _free("acrobat") == 0


def test_release_frees_what_was_not_rolled_out_and_nothing_else(acrobat: Program, jana: User) -> None:
    actions.reserve_licences("SR-1", "acrobat", 1, person=jana, now=NOW)
    actions.reserve_licences("SR-2", "acrobat", 1, person=jana, now=NOW)
    assert (actions.book_licences("SR-1", now=NOW), actions.book_licences("SR-1", now=NOW)) == (1, 0)
    assert (actions.release_licences("SR-1"), actions.release_licences("SR-2")) == (0, 1)
    assert _free("acrobat") == 1


def test_the_database_forbids_promising_more_licences_than_there_are(acrobat: Program) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Program.objects.filter(pk=acrobat.pk).update(reserved=3)


def test_a_rolled_out_program_is_in_the_register_and_counted_once(jana: User) -> None:
    for _twice in range(2):
        found = actions.roll_out("SR-1", "Zeichenwerk 3D", 3, person=jana, now=NOW)
    assert (found.key, found.approved, found.used_here) == ("zeichenwerk-3d", True, True)
    assert (found.owned, found.used, found.reserved) == (3, 3, 0)


def test_a_program_without_counted_licences_is_always_free(jana: User) -> None:
    actions.put_program(ProgramContent(key="zip", name="Zip"))
    assert actions.reserve_licences("SR-1", "zip", 500, person=jana, now=NOW)
    assert _free("zip") is None


@pytest.mark.parametrize("name", ["acrobat", "ACROBAT PRO", "pdf-editor", "  Acrobat   Pro "])
def test_a_program_is_found_by_any_of_its_names(acrobat: Program, name: str) -> None:
    assert queries.program(name) == acrobat


@pytest.mark.parametrize("text", ["acro", "adobe pro", "pdf"])
def test_suggestions_know_parts_of_names_and_vendor(acrobat: Program, text: str) -> None:
    assert queries.find_programs(text) == [acrobat]


@pytest.mark.parametrize("text", ["", "   ", "\x00", "word"])
def test_nothing_is_suggested_for_nothing(acrobat: Program, text: str) -> None:
    assert queries.find_programs(text) == []


def test_an_unknown_program_and_a_name_without_letters_are_refused(jana: User) -> None:
    with pytest.raises(Refused):
        actions.reserve_licences("SR-1", "nothing", 1, person=jana, now=NOW)
    with pytest.raises(Refused):
        actions.roll_out("SR-1", "!!!", 1, person=jana, now=NOW)


def test_a_key_is_made_from_a_name() -> None:
    assert rules.key_of("Größer & Söhne 2.0") == "groesser-soehne-2-0"
