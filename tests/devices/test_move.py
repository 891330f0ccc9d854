"""An office move: plans that clash, devices that move along, and what is told when it is cancelled."""

from datetime import datetime, timedelta

import pytest

from anliegen.assets import actions as assets
from anliegen.assets.models import Device
from anliegen.lib.errors import Refused
from anliegen.notifications.models import Message
from anliegen.tracking import queries as tracking
from anliegen.workflow import actions as workflow
from anliegen.workflow import queries
from anliegen.workflow.models import Task
from tests.company import NOW, Company, person
from tests.devices.play import Play, move

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("bad-input")]
NINE = NOW + timedelta(days=5)


def plan(play: Play, node: str, who: str, start: datetime, place: str = "C 1.02") -> None:
    end = start + timedelta(hours=2)
    workflow.plan(play.task(node).pk, acting_user=person(who), now=NOW, start=start, end=end, place=place)


def clashing(play: Play) -> set[str]:
    told = tracking.story(play.row, person("Aylin Noack"), now=NOW, at_desk=True)
    return {part.node for part in told.parts if part.clash}


def test_plans_at_the_same_time_and_place_are_flagged_and_facilities_are_asked_once(nordwerk: Company) -> None:
    play = move("Jana Sommer")
    plan(play, "it-workplace", "Jonas Peters", NINE)
    assert clashing(play) == set()
    plan(play, "facilities", "Aylin Noack", NINE + timedelta(hours=1))
    assert clashing(play) == {"it-workplace", "facilities"}
    asked = play.task("coordinate")
    assert asked.team is not None
    assert asked.team.key == "facilities"
    assert "Technik umziehen" in asked.note
    plan(play, "facilities", "Aylin Noack", NINE + timedelta(hours=1))
    assert play.open.count("coordinate") == 1


def test_plans_that_fit_again_need_nobody(nordwerk: Company) -> None:
    play = move("Jana Sommer")
    plan(play, "it-workplace", "Jonas Peters", NINE)
    plan(play, "facilities", "Aylin Noack", NINE)
    plan(play, "facilities", "Aylin Noack", NINE + timedelta(hours=2))
    assert "coordinate" not in play.open
    assert clashing(play) == set()


def test_at_another_place_nothing_clashes(nordwerk: Company) -> None:
    play = move("Jana Sommer")
    plan(play, "it-workplace", "Jonas Peters", NINE)
    plan(play, "facilities", "Aylin Noack", NINE, place="Empfang")
    assert "coordinate" not in play.open


def test_devices_move_along_when_facilities_are_done(nordwerk: Company) -> None:
    jana = person("Jana Sommer")
    for number in ("NW-9001", "NW-9002"):
        assets.assign_device(number, holder=jana, place=jana.place, now=NOW)
    play = move("Jana Sommer")
    play.do("facilities", "Aylin Noack", door_sign=True)
    assert {device.place.code for device in Device.objects.filter(holder=jana) if device.place} == {"C 1.02"}
    assert play.said("devices-moved") == ["Mitgezogene Geräte: 2, jetzt an Platz C 1.02."]
    assert person("Jana Sommer").place.code == "C 1.02"  # type: ignore[union-attr]


def test_a_cancelled_move_frees_the_plans_and_tells_who_had_taken_them(nordwerk: Company) -> None:
    play = move("Jana Sommer")
    workflow.take(play.task("it-workplace").pk, acting_user=person("Jonas Peters"), now=NOW)
    plan(play, "it-workplace", "Jonas Peters", NINE)
    workflow.cancel(play.code, "Ich bleibe.", acting_user=person("Nele Krüger"), now=NOW)
    task = Task.objects.get(service_request=play.row, node="it-workplace")
    assert (task.state, task.planned_start, task.planned_end) == ("withdrawn", None, None)
    told = Message.objects.filter(service_request=play.row, template="withdrawn")
    assert [message.recipient for message in told] == [person("Jonas Peters")]


def test_it_is_not_done_while_the_door_sign_is_not_changed(nordwerk: Company) -> None:
    play = move("Jana Sommer")
    with pytest.raises(Refused) as refused:
        play.do("facilities", "Aylin Noack", door_sign="no")
    assert set(refused.value.errors) == {"f_door_sign"}


def test_a_yes_or_no_that_nobody_chose_is_not_a_no(nordwerk: Company) -> None:
    play = move("Jana Sommer")
    play.do("security", "Deniz Kaya", badge="N1")
    assert "passwords_changed" not in Task.objects.get(service_request=play.row, node="security").outputs


# Another place


def proposed(place: str = "C 1.04") -> Play:
    play = move("Jana Sommer", checked="")
    play.do("check", "Aylin Noack", "alternative", new_place=place)
    return play


@pytest.mark.parametrize("place", ["", "Z 9.99"])
def test_a_proposal_names_a_place_that_exists(nordwerk: Company, place: str) -> None:
    with pytest.raises(Refused) as refused:
        proposed(place)
    assert set(refused.value.errors) == {"f_new_place"}


def test_the_question_names_the_proposed_place(nordwerk: Company) -> None:
    hint = queries.task_form(proposed().task("propose")).hint
    assert "den Platz C 1.04 vor" in hint["de"]
    assert "the place C 1.04." in hint["en"]


def test_an_agreed_place_is_the_place_of_the_request(nordwerk: Company) -> None:
    play = proposed()
    play.do("propose", "Jana Sommer", "yes")
    row = play.row
    assert row.answers["new_place"] == "C 1.04"
    assert ("C 1.04" in row.title, row.place.startswith("C 1.04")) == (True, True)
    play.do("facilities", "Aylin Noack", door_sign=True)
    assert person("Jana Sommer").place.code == "C 1.04"  # type: ignore[union-attr]


def test_after_a_no_facilities_look_again_and_the_refused_place_is_forgotten(nordwerk: Company) -> None:
    play = proposed()
    play.do("propose", "Jana Sommer", "no", note="Zu laut.")
    assert (play.open, play.row.end_kind) == (["check"], "")
    play.do("check", "Aylin Noack", "free")
    play.do("facilities", "Aylin Noack", door_sign=True)
    assert (play.row.answers["new_place"], person("Jana Sommer").place.code) == ("C 1.02", "C 1.02")  # type: ignore[union-attr]
