"""What is offered to whom, and what is wrong with a definition."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anliegen.catalogue import access, actions, queries
from anliegen.catalogue.models import ItemVersion
from anliegen.catalogue.tests.factories import NOW, SYSTEM, both, category, content, firm, form, offer, option, question
from anliegen.lib.errors import Forbidden, NotFound, Refused
from anliegen.people import actions as people
from anliegen.people.rules import Role

pytestmark = pytest.mark.django_db

NO_EXTERNALS = both("Nur für den Vertrieb")


def test_an_item_is_for_all_internal_people_and_for_no_externals() -> None:
    who, item = firm(), offer()
    assert access.entitlement(item, who.owner, NOW) == (True, access.LocalText())
    able, reason = access.entitlement(item, who.external, NOW)
    assert not able
    assert "Organisation" in reason.de or "organisation" in reason.en


def test_an_audience_is_a_condition_over_the_recipient() -> None:
    who = firm()
    item = offer(audience='recipient.department == "sales"', audience_reason=NO_EXTERNALS)
    assert access.entitlement(item, who.owner, NOW)[0]
    assert access.entitlement(item, who.outsider, NOW) == (False, access.LocalText.of(NO_EXTERNALS))


def test_externals_get_what_speaks_of_them() -> None:
    who = firm()
    silent = offer("silent", audience='recipient.language == "de"', audience_reason=NO_EXTERNALS)
    speaks = offer("speaks", audience="recipient.external || true", audience_reason=NO_EXTERNALS)
    assert not access.entitlement(silent, who.external, NOW)[0]
    assert access.entitlement(speaks, who.external, NOW)[0]


def test_not_orderable_tells_why_and_a_confidential_item_does_not_exist() -> None:
    who = firm()
    limits: dict[str, Any] = {"audience": 'recipient.department == "sales"', "audience_reason": NO_EXTERNALS}
    offer("open", **limits)
    offer("secret", confidential=True, **limits)
    with pytest.raises(access.NotOrderable) as told:
        access.item_to_order("open", who.outsider, who.outsider, "portal", NOW)
    assert told.value.reason.de == "Nur für den Vertrieb"
    for key in ("secret", "nothing"):
        with pytest.raises(NotFound):
            access.item_to_order(key, who.outsider, who.outsider, "portal", NOW)
        with pytest.raises(NotFound):
            queries.item(key, who.outsider, NOW)
    assert queries.item("secret", who.owner, NOW).item.key == "secret"
    assert {card.key for card in queries.items(who.outsider, NOW)} == {"open"}
    assert {card.key for card in queries.items(who.owner, NOW)} == {"open", "secret"}


def test_a_closed_channel_is_told() -> None:
    who = firm()
    offer(channels=("portal",))
    with pytest.raises(access.NotOrderable):
        access.item_to_order("desktop", who.owner, who.owner, "phone", NOW)


def test_the_drop_down_list_holds_what_may_be_requested() -> None:
    who = firm()
    offer("b", title=both("Zebra"))
    offer("a", title=both("Apfel"))
    offer("c", audience="false", audience_reason=NO_EXTERNALS)
    offer("d", channels=("phone",))
    [(name, choices)] = queries.options(who.owner, NOW)
    assert name.de == "Devices"
    assert [key for key, _title in choices] == ["a", "b"]


def test_items_are_found_by_words_and_category() -> None:
    who = firm()
    offer("desktop", synonyms={"de": ["Rechner", "Büro-PC"], "en": []})
    category("pcs", parent="devices")
    offer("laptop", category="pcs", title=both("Laptop"))
    assert {card.key for card in queries.items(who.owner, NOW, category="devices")} == {"desktop", "laptop"}
    assert {card.key for card in queries.items(who.owner, NOW, category="pcs")} == {"laptop"}
    assert {card.key for card in queries.items(who.owner, NOW, text="büro rechn")} == {"desktop"}
    assert queries.items(who.owner, NOW, kind="move") == []
    [card] = queries.categories(who.owner, NOW)
    assert (card.category.key, card.items, [child.key for child in card.children]) == ("devices", 2, ["pcs"])


def test_lists_take_a_constant_number_of_queries() -> None:
    who = firm()
    for number in range(10):
        offer(f"item-{number}", audience='recipient.department == "sales"', audience_reason=NO_EXTERNALS)

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            queries.items(who.owner, NOW)
            queries.options(who.owner, NOW)
            queries.categories(who.owner, NOW)
        return len(seen)

    count()  # loads what hangs on the person
    few = count()
    for number in range(10, 60):
        offer(f"item-{number}", audience='recipient.department == "sales"', audience_reason=NO_EXTERNALS)
    assert count() == few


def test_a_version_never_changes_the_one_before() -> None:
    first = offer()
    second = offer(price_cents=90_000)
    assert (first.number, second.number) == (1, 2)
    assert ItemVersion.objects.get(pk=first.pk).price_cents == 80_000
    assert [target.minutes for target in queries.targets(second)] == [2_400, 240]


WRONG = [
    ({"title": {"de": "Nur", "en": ""}}, "title"),
    ({"kind": "party"}, "kind"),
    ({"channels": ("pigeon",)}, "channels"),
    ({"price_cents": -1}, "price_cents"),
    ({"price_cents": 10**12}, "price_cents"),
    ({"audience": "recipient.departmnt == 1", "audience_reason": NO_EXTERNALS}, "audience"),
    ({"audience": "true"}, "audience_reason"),
    ({"form": {"questions": []}}, "form.form"),
    ({"form": form(question("a", "wish"))}, "form.a"),
    ({"form": form(question("a", "choice"))}, "form.a"),
    ({"form": form(question("a", "text", options=[option("x")]))}, "form.a"),
    ({"form": form(question("a", "text"), question("a", "text"))}, "form.a"),
    ({"form": form(question("a", "text", visible_if="answers.b == 1"))}, "form.a"),
    ({"form": form(question("a", "text", visible_if='answers.a == "x"'))}, "form.a"),
    ({"form": form(question("a", "text", visible_if='answers.z == "x"'), question("z", "text"))}, "form.a"),
    ({"form": form({"key": "a", "type": "text", "label": {"de": "A"}})}, "form.a"),
    ({"form": form(question("a", "text", price=3))}, "form.a"),
    ({"form": form(question("a", "amount", min=3, max=1))}, "form.a"),
    ({"category": "nowhere"}, "category"),
    ({"policies": ("nothing",)}, "policies"),
]


@pytest.mark.parametrize(("fields", "element"), WRONG)
def test_a_wrong_definition_is_refused_with_its_place(fields: dict[str, Any], element: str) -> None:
    category()
    with pytest.raises(Refused) as refused:
        actions.create_version(content(**fields), **SYSTEM)
    assert element in refused.value.errors
    assert str(refused.value.errors[element])
    assert not ItemVersion.objects.exists() or element == "policies"


def test_only_editors_change_the_catalogue() -> None:
    who = firm()
    category()
    for user in (who.owner, who.agent):
        with pytest.raises(Forbidden):
            actions.create_version(content(), acting_user=user, now=NOW)
    people.grant_role(who.colleague.pk, Role.CATALOGUE_EDITOR, **SYSTEM)
    assert actions.create_version(content(), acting_user=who.colleague, now=NOW).number == 1


def test_a_category_has_one_level_below() -> None:
    category("a")
    category("b", parent="a")
    with pytest.raises(Refused):
        category("c", parent="b")


def test_a_retired_item_is_gone() -> None:
    who = firm()
    offer()
    actions.retire("desktop", **SYSTEM)
    assert queries.items(who.owner, NOW) == []
    with pytest.raises(NotFound):
        access.item_to_order("desktop", who.owner, who.owner, "portal", NOW)
