from datetime import date

import pytest

from anliegen.people.rules import (
    Capability,
    Grant,
    Role,
    Scope,
    ScopeKind,
    allows,
    browser,
    holds,
    limit,
    may_approve,
    needs_second_factor,
    search_words,
)

DAY = date(2026, 11, 25)
IT = Scope(ScopeKind.DEPARTMENT, "it")


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "expected"),
    [
        (date(2026, 11, 25), date(2026, 11, 25), True),
        (date(2026, 11, 26), None, False),
        (date(2026, 1, 1), date(2026, 11, 24), False),
        (date(2026, 1, 1), None, True),
    ],
)
def test_both_days_are_included(valid_from: date, valid_to: date | None, expected: bool) -> None:
    assert holds(DAY, valid_from, valid_to) is expected


def test_a_scoped_grant_reaches_its_scope_only() -> None:
    grants = [Grant(Role.CATALOGUE_EDITOR, IT)]
    assert allows(grants, Capability.EDIT_CATALOGUE)
    assert allows(grants, Capability.EDIT_CATALOGUE, [Scope(ScopeKind.COMPANY, "x"), IT])
    assert not allows(grants, Capability.EDIT_CATALOGUE, [Scope(ScopeKind.DEPARTMENT, "sales")])
    assert not allows(grants, Capability.PUBLISH)


def test_everybody_may_request_without_a_grant() -> None:
    assert allows([], Capability.REQUEST)
    assert not allows([], Capability.USE_DESK)


def test_the_limit_of_external_people_is_nothing() -> None:
    assert limit([10_000, 5_000], external=False) == 10_000
    assert limit([10_000], external=True) == 0
    assert limit([], external=False) == 0


def test_a_deputy_is_bound_by_both_limits() -> None:
    assert may_approve(500, own_limit=500, principal_limit=1_000)
    assert not may_approve(501, own_limit=500, principal_limit=1_000)
    assert not may_approve(501, own_limit=1_000, principal_limit=500)


def test_administrators_and_process_owners_need_a_second_factor() -> None:
    assert needs_second_factor([Role.ADMINISTRATOR])
    assert needs_second_factor([Role.AUDITOR, Role.PROCESS_OWNER])
    assert not needs_second_factor([Role.SERVICE_DESK])


def test_people_are_found_however_their_name_is_spelt() -> None:
    words = search_words("Nele", "Krüger", "+49 911 123-45")
    assert {"krüger", "kruger", "krueger", "4991112345"} <= set(words.split())


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("curl/8.5", ""),
    ],
)
def test_a_browser_in_two_words(agent: str, name: str) -> None:
    assert browser(agent) == name
