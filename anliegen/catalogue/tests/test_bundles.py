"""Bundles: what is shown to whom, and what may be put into one."""

import pytest

from anliegen.catalogue import actions, queries
from anliegen.catalogue.rules import BundleContent, BundlePart
from anliegen.catalogue.tests.factories import NOW, SYSTEM, Firm, both, firm, offer
from anliegen.lib.errors import Forbidden, NotFound, Refused

pytestmark = pytest.mark.django_db


def bundle(**fields: object) -> BundleContent:
    usual = {"key": "new-desk", "title": both("Neuer Platz"), "summary": both("Alles dabei")}
    parts = [BundlePart(item_key="desktop", answers={"build": "cad"}), BundlePart(item_key="chair")]
    return BundleContent(**{**usual, "parts": parts, **fields})  # type: ignore[arg-type]


@pytest.fixture
def who(db: None) -> Firm:
    found = firm()
    offer()
    offer("chair")
    return found


def test_a_bundle_shows_its_parts_with_their_prices(who: Firm) -> None:
    actions.save_bundle(bundle(), **SYSTEM)
    [card] = queries.bundles(who.owner, NOW)
    assert [(part.item_key, version.item.key) for part, version in card.parts] == [("desktop",) * 2, ("chair",) * 2]
    assert (card.cents, card.allowed) == (160_000, True)
    assert card.parts[0][0].answers == {"build": "cad"}


def test_saving_again_brings_it_up_to_date(who: Firm) -> None:
    first = actions.save_bundle(bundle(), **SYSTEM)
    again = actions.save_bundle(bundle(title=both("Anderer Name")), **SYSTEM)
    assert (first.pk, again.title["de"]) == (again.pk, "Anderer Name")


@pytest.mark.parametrize(
    ("fields", "element"),
    [
        ({"parts": []}, "parts"),
        ({"parts": [BundlePart(item_key="nothing")]}, "parts"),
        ({"parts": [BundlePart(item_key="desktop", answers={"nothing": 1})]}, "parts"),
        ({"key": "Not a key"}, "key"),
        ({"title": {"de": "Nur deutsch"}}, "title"),
        ({"audience": "recipient.nothing"}, "audience"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(who: Firm, fields: dict[str, object], element: str) -> None:
    with pytest.raises(Refused) as told:
        actions.save_bundle(bundle(**fields), **SYSTEM)
    assert element in told.value.errors
    assert queries.bundles(who.owner, NOW) == []


def test_only_editors_make_them(who: Firm) -> None:
    assert actions.save_bundle(bundle(), acting_user=who.process_owner, now=NOW).pk
    for one in (who.owner, who.agent):
        with pytest.raises(Forbidden):
            actions.save_bundle(bundle(), acting_user=one, now=NOW)


def test_who_is_outside_the_audience_or_the_house_does_not_see_it(who: Firm) -> None:
    actions.save_bundle(bundle(audience='recipient.department == "sales"'), **SYSTEM)
    assert queries.bundle("new-desk", who.colleague, NOW).allowed
    for one in (who.outsider, who.external):
        with pytest.raises(NotFound):
            queries.bundle("new-desk", one, NOW)


def test_a_bundle_without_one_of_its_parts_is_not_offered(who: Firm) -> None:
    actions.save_bundle(bundle(), **SYSTEM)
    actions.retire("chair", **SYSTEM)
    assert queries.bundles(who.owner, NOW) == []
