"""Personal data: the staff office for address and name, a proof of identity for telephone numbers, nobody else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils.translation import gettext

from anliegen.lib.errors import Forbidden, NotFound, Refused
from anliegen.notifications.models import Message
from anliegen.people.models import User
from anliegen.people.queries import proving_numbers
from anliegen.people.rules import ContactKind
from anliegen.requests import access
from anliegen.requests.models import JournalEntry, ServiceRequest
from anliegen.tracking import sentences
from anliegen.tracking.queries.story import end_text
from anliegen.workflow import actions as workflow
from tests.services.conftest import Office, fresh, told

JANA, NELE, EVA, MALIN = "Jana Sommer", "Nele Krüger", "Eva Clausen", "Malin Thode"
ADDRESS = {"what": "address", "new_address": "Kanalweg 7, 24159 Kiel"}
MOBILE = {"what": "mobile", "new_mobile": "0151 2345678"}
PROVEN = {"outputs": {"method": "authenticator"}}


@pytest.fixture
def stage(office: Office, offers: Callable[..., None]) -> Office:
    offers("personal-data")
    return office


def order(stage: Office, **answers: Any) -> ServiceRequest:
    return stage.order(JANA, "personal-data", **answers)


def sees(stage: Office, name: str, request: ServiceRequest) -> bool:
    return access.visible_to(stage.people[name], stage.now).filter(pk=request.pk).exists()


def jana(stage: Office) -> User:
    return User.objects.get(pk=stage.people[JANA].pk)


def test_an_address_is_seen_by_the_staff_office_while_it_works_on_it(stage: Office) -> None:
    request = order(stage, **ADDRESS)
    assert request.confidential
    assert "Kanalweg" not in request.title
    assert stage.open(request) == {"enter": "hr-office"}
    assert [name for name in stage.people if sees(stage, name, request)] == [JANA, EVA, "Gesa Winkler"]
    stage.done(request, "enter", EVA, outputs={"entered": True})
    assert fresh(request).status == "fulfilled"
    assert [name for name in stage.people if sees(stage, name, request)] == [JANA]


def test_the_staff_office_may_decline(stage: Office) -> None:
    request = order(stage, **ADDRESS)
    stage.done(request, "enter", EVA, "rejected", reject_reason="other", note="Bitte mit Nachweis.")
    row = fresh(request)
    assert (row.status, row.reject_reason, row.reject_sentence) == ("rejected", "other", "Bitte mit Nachweis.")


def test_a_name_needs_a_proof(stage: Office) -> None:
    with pytest.raises(Refused) as refused:
        order(stage, what="name", new_name="Jana Winter")
    assert any("proof" in name for name in refused.value.errors)


def test_a_number_is_changed_after_the_proof_and_counts_a_day_later(stage: Office) -> None:
    request = order(stage, **MOBILE)
    assert stage.open(request) == {"identity": "service-desk"}
    assert jana(stage).mobile == ""
    stage.done(request, "identity", NELE, "yes", **PROVEN)
    assert fresh(request).status == "fulfilled"
    assert jana(stage).mobile == "0151 2345678"
    changed = JournalEntry.objects.get(service_request=request, sentence="number-changed")
    assert "0151" not in str(changed.params) + str(changed.inputs) + str(changed.result)
    assert "Mobilnummer von Jana Sommer" in sentences.render(changed.sentence, changed.params, "de")
    assert ContactKind.MOBILE not in {one.kind for one in proving_numbers(jana(stage), stage.now) if one.number}
    stage.wait(hours=24)
    assert "0151 2345678" in {one.number for one in proving_numbers(jana(stage), stage.now)}


def test_an_office_number_may_be_dated(stage: Office) -> None:
    before = jana(stage).phone
    request = order(stage, what="office", new_office="0431 1234-999", valid_from="2026-12-01")
    stage.done(request, "identity", NELE, "yes", **PROVEN)
    assert (fresh(request).status, jana(stage).phone) == ("fulfilled", before)
    stage.wait(days=6)
    assert jana(stage).phone == "0431 1234-999"


def test_the_contact_so_far_is_told_without_title_or_number(stage: Office) -> None:
    request = order(stage, **MOBILE)
    stage.done(request, "identity", NELE, "yes", **PROVEN)
    stage.wait(seconds=1)
    notice = next(one for one in mail.outbox if "not-me" in one.body)
    assert notice.to == [stage.people[JANA].email]
    assert request.code in notice.subject
    assert not any("0151" in one.body or request.title in one.body + one.subject for one in mail.outbox)


def test_a_failed_proof_changes_nothing_and_lets_it_security_look(stage: Office) -> None:
    request = order(stage, **MOBILE)
    stage.done(request, "identity", NELE, "no")
    assert stage.open(request) == {"review": "it-security"}
    assert sees(stage, MALIN, request)
    assert not sees(stage, NELE, request)
    owed = Message.objects.filter(recipient=stage.people[MALIN]).values_list("template", flat=True)
    assert set(owed) == {"alarm", "task"}
    stage.done(request, "review", MALIN)
    row = fresh(request)
    assert (row.status, row.reject_reason) == ("rejected", "authorisation")
    assert jana(stage).mobile == ""
    assert not sees(stage, MALIN, request)


@pytest.mark.parametrize("number", ["keine", "0151 abc", "DE89 3704 0044 0532 0130 00", "1", "0151\n2345678x"])
def test_what_is_no_telephone_number_is_told_at_the_question(stage: Office, number: str) -> None:
    with pytest.raises(Refused) as refused:
        order(stage, what="mobile", new_mobile=number)
    assert any("new_mobile" in name for name in refused.value.errors)


def test_denying_a_change_opens_it_again_for_it_security(stage: Office) -> None:
    request = order(stage, **MOBILE)
    stage.done(request, "identity", NELE, "yes", **PROVEN)
    workflow.deny(request.code, acting_user=jana(stage), now=stage.now)
    assert stage.open(request) == {"identity": "service-desk", "side": "it-security"}
    assert "not-me" in told(request)


def test_a_second_later_than_ten_working_days_only_the_alarm_is_left(stage: Office) -> None:
    request = order(stage, **MOBILE)
    stage.done(request, "identity", NELE, "yes", **PROVEN)
    stage.now += timedelta(days=60)
    workflow.deny(request.code, acting_user=jana(stage), now=stage.now)
    assert stage.open(request) == {}
    assert Message.objects.filter(template="alarm").count() == 2


def test_outsiders_find_nothing_to_deny(stage: Office) -> None:
    request = order(stage, **MOBILE)
    for name, error in (("Arne Ketelsen", NotFound), (NELE, Forbidden)):
        with pytest.raises(error):
            workflow.deny(request.code, acting_user=stage.people[name], now=stage.now)


def test_the_end_is_told_as_done_and_the_profile_leads_here(stage: Office, client: Client) -> None:
    request = order(stage, **MOBILE)
    stage.done(request, "identity", NELE, "yes", **PROVEN)
    assert end_text(fresh(request), "de") == gettext("Done. Nothing had to be confirmed.")
    with time_machine.travel(stage.now, tick=False):
        client.force_login(stage.people[JANA], backend="anliegen.portal.adapters.SignInBackend")
        assert 'href="/catalogue/item/personal-data/"' in client.get("/profile/").content.decode()
