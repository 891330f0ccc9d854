"""New software (R127-R133): a licence that is free, a known program without one, a new program with data in a cloud."""

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from anliegen.assets import queries as assets
from anliegen.assets.models import Program
from anliegen.lib.errors import Refused
from anliegen.requests import queries as requests
from anliegen.requests.rules import EndKind, Reason
from anliegen.workflow.actions import library, publish_service
from anliegen.workflow.models import Task
from anliegen.workflow.queries import way_ahead
from anliegen.workflow.rules import ServiceFiles
from tests.company import NOW, person
from tests.registers.play import OWN_WORDS, Stage

pytestmark = pytest.mark.django_db


def licences(key: str) -> tuple[int | None, int, int]:
    one = Program.objects.get(key=key)
    return one.owned, one.used, one.reserved


def ask(stage: Stage, program: str, who: str = "Kai Lorenz", data: str = "no", **more: Any) -> None:
    stage.order(who, "software", program=program, quantity=more.pop("quantity", 1), data_class=data, **more)


def check(stage: Stage, **outputs: Any) -> None:
    known = {"program": stage.request.answers["program"], "used_here": True, **outputs}
    stage.do("check", "Ines Albrecht", "complete", **known)


def rolled_out(stage: Stage) -> None:
    stage.do("roll-out", "Sven Jacobs", devices="NB-1", works=True)


def switched(**switches: bool) -> None:
    """Publish the service anew, with something switched on or off."""
    service = library.read_folder(library.SHIPPED / "software").service
    options = {**service.options, "switches": {**service.options["switches"], **switches}}
    fields = {name: getattr(service, name) for name in ServiceFiles.__dataclass_fields__}
    publish_service(ServiceFiles(**{**fields, "options": options}), acting_user=None, now=NOW)


def test_a_free_licence_goes_straight_to_the_roll_out_and_is_booked(stage: Stage) -> None:
    ask(stage, "acrobat pro")
    assert stage.request.answers["program"] == "Acrobat Pro"
    check(stage)
    assert stage.open() == {"roll-out"}
    assert licences("acrobat-pro") == (25, 0, 1)
    rolled_out(stage)
    assert licences("acrobat-pro") == (25, 1, 0)
    stage.accept("Kai Lorenz")
    assert stage.request.end_kind == EndKind.FULFILLED
    assert "Eine Lizenz ist frei und wurde reserviert: 1 × Acrobat Pro." in stage.said()
    assert "A licence is free and was kept: 1 × Acrobat Pro." in stage.said("en")


def test_the_register_is_told_in_one_sentence(stage: Stage) -> None:
    ask(stage, "PDF-Editor")
    assert (
        "Softwareverzeichnis: Acrobat Pro (Adobe) ist freigegeben und hier in Benutzung. Freie Lizenzen: 25. "
        "Preis für eine: 0\u00a0€, dazu 17,90\u00a0€ im Monat."
    ) in stage.said()


@pytest.mark.parametrize("how", ["cancel", "reject"])
def test_a_licence_that_was_kept_is_free_again_at_the_end(stage: Stage, how: str) -> None:
    from anliegen.workflow import actions as workflow

    ask(stage, "Acrobat Pro")
    check(stage)
    if how == "cancel":
        workflow.cancel(stage.code, "Nicht mehr nötig.", acting_user=person("Kai Lorenz"), now=stage.now)
    else:
        reason = {"reject_reason": Reason.OTHER, "sentence": "Doch nicht."}
        workflow.reject(stage.code, *reason.values(), acting_user=person("Nele Krüger"), now=stage.now)
    assert licences("acrobat-pro") == (25, 0, 0)
    assert "licence-released" in stage.sentences()


def test_the_manager_is_asked_only_where_that_is_switched_on(stage: Stage) -> None:
    switched(manager=True)
    ask(stage, "Acrobat Pro")
    check(stage)
    assert stage.open() == {"manager"}
    assert stage.asked("manager") == {"Lena Hahn"}
    stage.vote("manager", "Lena Hahn", "no", reason="other", comment="Reader genügt.")
    assert stage.request.end_kind == EndKind.REJECTED
    assert licences("acrobat-pro") == (25, 0, 0)


def test_a_known_program_without_a_licence_needs_no_infrastructure(stage: Stage) -> None:
    ask(stage, "Visio")
    assert stage.request.cost_cents == 35_900
    check(stage)
    assert stage.open() == {"department"}
    assert stage.asked("department") == {"Lena Hahn"}
    stage.vote("department", "Lena Hahn", comment=OWN_WORDS)
    assert stage.asked("budget") == {"Silke Marten"}
    stage.vote("budget", "Silke Marten")
    stage.do("buy", "Martin Berger", "ordered", supplier="Softline", cost=35_900, order_number="B-1",
             delivery_date="2026-11-27")  # fmt: skip
    stage.do("test", "Sina Wolf", "passed", test_result="Startet.")
    rolled_out(stage)
    assert licences("visio") == (1, 1, 0)
    stage.accept("Kai Lorenz")
    assert stage.request.end_kind == EndKind.FULFILLED


def test_a_new_program_with_data_in_a_cloud_is_checked_by_three_and_known_in_the_end(stage: Stage) -> None:
    ask(stage, "Wolkenplaner", data="unknown")
    check(stage, used_here=False, cost=24_000)
    assert stage.open() == {"infrastructure"}
    stage.vote("infrastructure", "Björn Hinrichs")
    assert stage.open() == {"security", "privacy"}
    stage.vote("privacy", "Maike Stöver")
    assert stage.open() == {"security"}
    stage.vote("security", "Malin Thode")
    stage.vote("department", "Lena Hahn", comment=OWN_WORDS)
    stage.vote("budget", "Silke Marten")
    stage.do("buy", "Martin Berger", "ordered", supplier="Cloud AG", cost=24_000, order_number="B-2",
             delivery_date="2026-11-27")  # fmt: skip
    stage.do("test", "Sina Wolf", "passed", test_result="Läuft.")
    rolled_out(stage)
    found = assets.program("wolkenplaner")
    assert found is not None
    assert (found.name, found.approved, found.used_here, found.owned, found.used) == ("Wolkenplaner", True, True, 1, 1)


def test_one_no_of_the_two_ends_it_after_both_have_spoken(stage: Stage) -> None:
    ask(stage, "Wolkenplaner", data="yes")
    check(stage, used_here=False)
    stage.vote("infrastructure", "Björn Hinrichs")
    stage.vote("privacy", "Maike Stöver", "no", reason="not-permitted", comment="Kein Vertrag über die Daten.")
    assert stage.request.end_kind == ""
    stage.vote("security", "Malin Thode")
    assert stage.request.end_kind == EndKind.REJECTED
    assert stage.request.reject_sentence == "Kein Vertrag über die Daten."


def test_without_data_of_people_neither_security_nor_privacy_is_asked(stage: Stage) -> None:
    ask(stage, "Wolkenplaner", data="no")
    check(stage, used_here=False)
    stage.vote("infrastructure", "Björn Hinrichs")
    assert stage.open() == {"department"}


def test_the_checks_of_data_and_the_department_head_can_be_switched_off(stage: Stage) -> None:
    switched(security_check=False, department_head=False, central_budget=False)
    ask(stage, "Wolkenplaner", data="yes")
    check(stage, used_here=False, cost=24_000)
    stage.vote("infrastructure", "Björn Hinrichs")
    assert stage.open() == {"cost_centre"}
    assert stage.asked("cost_centre") == {"Lena Hahn"}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("", "mindestens 40 Zeichen"),
        ("Ja, bitte.", "mindestens 40 Zeichen"),
        ("x" + " " * 60, "mindestens 40 Zeichen"),
        ("  für die messe IM Mai brauchen wir dringend   neue Diagramme. ", "Text der anfordernden Person"),
    ],
)
def test_the_department_head_must_justify_in_their_own_words(stage: Stage, said: str, told: str) -> None:
    ask(stage, "Visio", why="Für die Messe im Mai brauchen wir dringend neue Diagramme.")
    check(stage)
    with translation.override("de"), pytest.raises(Refused) as refused:
        stage.vote("department", "Lena Hahn", comment=said)
    assert told in str(refused.value.errors["comment"])
    assert stage.open() == {"department"}


def test_the_justification_is_stored_as_the_approver_s_own_text(stage: Stage) -> None:
    ask(stage, "Visio")
    check(stage)
    stage.vote("department", "Lena Hahn", comment=OWN_WORDS)
    vote = Task.objects.get(service_request=stage.request, node="department").votes.get()
    assert (vote.by, vote.comment) == (person("Lena Hahn"), OWN_WORDS)
    assert f"Begründung von Lena Hahn: {OWN_WORDS}" in stage.said()


def test_a_no_of_the_department_head_needs_a_reason_only(stage: Stage) -> None:
    ask(stage, "Visio")
    check(stage)
    stage.vote("department", "Lena Hahn", "no", reason="other", comment="Nein.")
    assert stage.request.end_kind == EndKind.REJECTED


def test_money_is_automatic_only_where_nothing_is_exceeded(stage: Stage) -> None:
    """R96: 99 euros are within the limit of 100, but not with data of people, and 110 are not."""
    switched(department_head=False, security_check=False)
    for data, cents, step in (("no", 9_900, "buy"), ("yes", 9_900, "budget"), ("no", 11_000, "budget")):
        ask(stage, "Schnittmaker", data=data)
        check(stage, used_here=True, cost=cents)
        assert stage.open() == {step}, (data, cents)


def test_dearer_than_approved_is_asked_again_and_then_bought(stage: Stage) -> None:
    ask(stage, "Visio")
    check(stage)
    stage.vote("department", "Lena Hahn", comment=OWN_WORDS)
    stage.vote("budget", "Silke Marten")
    stage.do("buy", "Martin Berger", "dearer", supplier="Softline", cost=52_000)
    assert stage.open() == {"budget"}
    stage.vote("budget", "Silke Marten")
    assert stage.open() == {"buy"}


@pytest.mark.parametrize(("outcome", "step", "end"), [("failed", {"buy"}, ""), ("unavailable", set(), "rejected")])
def test_a_failed_test_goes_back_to_purchasing_or_ends_it(stage: Stage, outcome: str, step: set[str], end: str) -> None:
    switched(department_head=False)
    ask(stage, "Visio")
    check(stage)
    stage.vote("budget", "Silke Marten")
    stage.do("buy", "Martin Berger", "ordered", supplier="Softline", cost=35_900, order_number="B-1",
             delivery_date="2026-11-27")  # fmt: skip
    stage.do("test", "Sina Wolf", outcome, test_result="Startet nicht.", note="Es startet nicht.")
    assert (stage.open(), stage.request.end_kind) == (step, end)
    if end:
        assert stage.request.reject_reason == Reason.UNAVAILABLE


def test_not_accepted_is_rolled_out_again_and_booked_once(stage: Stage) -> None:
    ask(stage, "Acrobat Pro")
    check(stage)
    rolled_out(stage)
    stage.accept("Kai Lorenz", "no", "Das Menü fehlt.")
    rolled_out(stage)
    assert licences("acrobat-pro") == (25, 1, 0)


def test_several_people_need_as_many_licences(stage: Stage) -> None:
    ask(stage, "AutoCAD", quantity=7)
    check(stage)
    assert "licence-missing" in stage.sentences()
    assert licences("autocad") == (6, 0, 0)


def test_the_way_before_ordering_knows_the_register(stage: Stage) -> None:
    from anliegen.catalogue.models import Item

    version = Item.objects.get(key="software").current
    kai = person("Kai Lorenz")

    def steps(program: str) -> list[str]:
        answers = {"program": program, "quantity": 1, "data_class": "no"}
        way = way_ahead(version, answers=answers, requester=kai, recipient=kai, now=stage.now)  # type: ignore[arg-type]
        return [step.node for step in way.steps if step.kind in {"approval", "work"} and not step.automatic]

    assert steps("Acrobat Pro") == ["roll-out"]
    assert "infrastructure" not in steps("Visio")
    assert "infrastructure" in steps("Wolkenplaner")
    assert licences("acrobat-pro") == (25, 0, 0)


def test_an_unknown_price_is_told_as_such_and_the_analyst_has_to_find_it(stage: Stage, client: Client) -> None:
    ask(stage, "Wolkenplaner")
    assert requests.is_unpriced(stage.request)
    assert not requests.is_unpriced(stage.request, program="Acrobat Pro")  # as the analyst puts it right
    with time_machine.travel(stage.now, tick=False):
        client.force_login(person("Kai Lorenz"), backend="anliegen.portal.adapters.SignInBackend")
        assert "noch nicht bekannt" in client.get(f"/requests/{stage.code}/").content.decode()
        client.force_login(person("Ines Albrecht"), backend="anliegen.portal.adapters.SignInBackend")
        path = f"/desk/{stage.code}/tasks/check-1/"
        assert 'value="0,00"' not in client.get(path).content.decode()
        sent = {"outcome": "complete", "f_program": "Wolkenplaner", "f_used_here": "no"}
        assert client.post(f"{path}complete/", {**sent, "form_key": "price-0001"}).status_code == 422
        done = client.post(f"{path}complete/", {**sent, "f_cost": "240", "form_key": "price-0002"})
        assert done.status_code in {200, 302}
    assert stage.request.cost_cents == 24_000
