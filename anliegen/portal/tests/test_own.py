"""What people set for themselves on their profile."""

import json
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from anliegen.jobs import runner
from anliegen.people.models import Absence, Deputy, Session, User
from anliegen.portal.tests.conftest import browser
from anliegen.workflow.tests.factories import Stage

DAYS = {"valid_from": "30.11.", "valid_to": "4.12.", "form_key": "key-absence-0001"}
FIREFOX = {"HTTP_USER_AGENT": "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"}


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize("path", ["switch", "absence", "absence/end", "devices/others/end", "devices/abc/end"])
def test_strangers_are_led_to_the_way_in(scene: Stage, path: str) -> None:
    response = Client().post(f"/profile/{path}")
    assert response.status_code == 302
    assert "/account/sign-in" in response["Location"]


def test_an_absence_with_a_deputy_sent_twice_is_noted_once(scene: Stage) -> None:
    boss = browser(scene.boss)
    sent = {**DAYS, "deputy": scene.firm.owner.email}
    for _time in range(2):
        assert boss.post("/profile/absence", sent)["Location"] == "/profile/#absence"
    assert Absence.objects.filter(user=scene.boss).count() == 1
    assert Deputy.objects.get(absence__user=scene.boss).deputy == scene.firm.owner
    page = text(boss.get("/profile/"))
    assert f"{scene.firm.owner.full_name} entscheidet" in page


def test_a_refused_absence_keeps_what_was_typed(scene: Stage) -> None:
    boss = browser(scene.boss)
    response = boss.post("/profile/absence", {**DAYS, "valid_to": "1.11.2026", "deputy": "Niemand Nirgends"})
    assert response.status_code == 422
    assert "Niemand Nirgends" in text(response)
    assert not Absence.objects.exists()
    response = boss.post("/profile/absence", {**DAYS, "valid_to": "29.11."})
    assert response.status_code == 422
    assert 'value="30.11."' in text(response)


def test_only_the_person_ends_an_absence(scene: Stage) -> None:
    boss = browser(scene.boss)
    boss.post("/profile/absence", DAYS)
    which = {"absence": Absence.objects.get().pk}
    stranger = browser(scene.firm.owner)
    assert stranger.post("/profile/absence/end", which).content == stranger.get("/nothing").content
    assert boss.post("/profile/absence/end", which).status_code == 302
    assert not Absence.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"name": "is_active"}, {"name": "email", "on": "1"}])
def test_only_switches_can_be_switched(scene: Stage, sent: dict[str, str]) -> None:
    assert browser(scene.firm.owner).post("/profile/switch", sent).status_code == 404


def test_live_updates_can_be_turned_off(scene: Stage) -> None:
    jana = browser(scene.firm.owner)
    jana.post("/profile/switch", {"name": "live_updates"})
    assert not User.objects.get(pk=scene.firm.owner.pk).live_updates
    request = scene.order()
    assert "every 20s" not in text(jana.get(f"/requests/{request.code}/"))
    jana.post("/profile/switch", {"name": "live_updates", "on": "1"})
    assert "every 20s" in text(jana.get(f"/requests/{request.code}/"))


def test_devices_are_told_apart_and_one_can_be_signed_out(scene: Stage) -> None:
    here, there, foreign = (browser(user) for user in (scene.firm.owner, scene.firm.owner, scene.boss))
    there.get("/", **FIREFOX)
    page = text(here.get("/profile/"))
    assert "Firefox, Windows" in page
    row = Session.objects.get(session_key=there.session.session_key)
    assert row.session_key not in page
    assert foreign.post(f"/profile/devices/{row.public_id}/end").status_code == 404
    assert here.post(f"/profile/devices/{row.public_id}/end").status_code == 302
    assert there.get("/profile/").status_code == 302
    assert here.get("/profile/").status_code == 200


def test_all_others_can_be_signed_out_at_once(scene: Stage) -> None:
    here, *others = (browser(scene.firm.owner) for _n in range(3))
    boss = browser(scene.boss)
    here.post("/profile/devices/others/end")
    assert [one.get("/profile/").status_code for one in (here, *others, boss)] == [200, 302, 302, 200]


def test_what_is_known_of_a_browser_outlives_the_session_s_data(scene: Stage) -> None:
    jana = browser(scene.firm.owner)
    jana.get("/", **FIREFOX)
    session = jana.session
    session["something"] = "else"
    session.save()
    assert Session.objects.get(session_key=session.session_key).browser == "Firefox, Windows"


def test_the_deputy_is_told_when_it_begins_and_when_it_ends_early(scene: Stage) -> None:
    boss, jana = browser(scene.boss), scene.firm.owner
    boss.post("/profile/absence", {**DAYS, "deputy": jana.email})
    boss.post("/profile/absence/end", {"absence": Absence.objects.get().pk})
    runner.drain(now=scene.now)
    begun, ended = [one for one in mail.outbox if one.to == [jana.email]]
    assert begun.subject == f"Sie vertreten {scene.boss.full_name}"
    assert "vom 30.11.2026 bis 04.12.2026" in begun.body
    assert ended.subject == f"Sie vertreten {scene.boss.full_name} nicht mehr"


def test_mails_are_chosen_by_kind_and_only_as_offered(scene: Stage) -> None:
    jana, chosen = (
        browser(scene.firm.owner),
        {"progress": "off", "ends": "daily", "messages": "now", "approvals": "daily"},
    )
    assert jana.post("/profile/mails", {**chosen, "ends": "off"}).status_code == 422
    assert jana.post("/profile/mails", {**chosen, "waiting": "off"}).status_code == 302
    assert User.objects.get(pk=scene.firm.owner.pk).mail_choices == chosen
    assert "Neue Aufgaben" not in text(jana.get("/profile/"))


def test_my_data_are_a_file_with_my_requests_and_nobody_else_s(scene: Stage) -> None:
    mine = scene.order()
    jana, boss = browser(scene.firm.owner), browser(scene.boss)
    jana.get("/", **FIREFOX)
    response = jana.get("/profile/data.json")
    told = json.loads(b"".join(response.streaming_content))
    assert "attachment" in response["Content-Disposition"]
    assert told["format"] == 1
    assert told["person"]["email"] == scene.firm.owner.email
    assert [one["code"] for one in told["requests"]] == [mine.code]
    assert told["signed_in"][0]["browser"] == "Firefox, Windows"
    assert told["mails"][0]["about"] == "received"
    theirs = json.loads(b"".join(boss.get("/profile/data.json").streaming_content))
    assert theirs["requests"] == []
    assert mine.code not in json.dumps(theirs["person"])


def test_every_form_of_the_profile_proves_where_it_comes_from(scene: Stage) -> None:
    boss = browser(scene.boss)
    boss.post("/profile/absence", DAYS)
    browser(scene.boss).get("/")
    forms = re.findall(r'<form[^>]*method="post".*?</form>', text(boss.get("/profile/")), re.DOTALL)
    assert len(forms) > 8
    assert [form for form in forms if "csrfmiddlewaretoken" not in form] == []
