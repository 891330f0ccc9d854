"""A password is reset after a proof of identity; who cannot prove it alarms IT security."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from anliegen.audit.models import Entry
from anliegen.lib.errors import Forbidden, NotFound, Refused
from anliegen.notifications.models import Message
from anliegen.requests import access, queries
from anliegen.requests.models import JournalEntry, ServiceRequest
from anliegen.tracking import sentences
from anliegen.tracking.queries.story import story
from anliegen.workflow import actions as workflow
from anliegen.workflow.models import Task
from tests.services.conftest import Office, fresh, told

JANA, NELE, MALIN, ARNE = "Jana Sommer", "Nele Krüger", "Malin Thode", "Arne Ketelsen"
USUAL = {"account": "workplace", "proof": "call-back"}
PROVEN = {"outputs": {"method": "call-back"}}


@pytest.fixture
def stage(office: Office, offers: Callable[..., None]) -> Office:
    offers("password")
    return office


def reset(stage: Office, **answers: Any) -> ServiceRequest:
    """All the way with a proof that holds."""
    request = stage.order(JANA, "password", **{**USUAL, **answers})
    stage.done(request, "identity", NELE, "yes", **PROVEN)
    stage.done(request, "reset", NELE, outputs={"change_set": True})
    return fresh(request)


def mails(name: str, stage: Office) -> list[str]:
    rows = Message.objects.filter(recipient=stage.people[name]).order_by("id")
    return list(rows.values_list("template", flat=True))


def test_a_proven_identity_is_reset_without_an_approval(stage: Office) -> None:
    request = stage.order(JANA, "password", **USUAL)
    assert stage.open(request) == {"identity": "service-desk"}
    stage.done(request, "identity", NELE, "yes", **PROVEN)
    assert stage.open(request) == {"reset": "service-desk"}
    stage.done(request, "reset", NELE, outputs={"change_set": True})
    row = fresh(request)
    assert (row.status, row.closed_by) == ("fulfilled", "at-once")
    exempt = JournalEntry.objects.get(service_request=request, rule="table:approvals")
    assert (exempt.kind, exempt.result["outputs"]) == ("decision", {"manager": False})
    assert row.promise == row.received_at + timedelta(hours=1)


def test_the_owner_is_told_with_a_link_to_deny_it(stage: Office) -> None:
    request = reset(stage)
    assert "account-reset" in mails(JANA, stage)
    stage.wait(seconds=1)
    sent = next(one for one in mail.outbox if "not-me" in one.body)
    assert sent.to == [stage.people[JANA].email]
    assert f"/requests/{request.code}/not-me" in sent.body


def test_a_failed_proof_ends_it_and_alarms_it_security(stage: Office) -> None:
    request = stage.order(JANA, "password", **USUAL)
    stage.done(request, "identity", NELE, "no")
    row = fresh(request)
    assert (row.status, row.reject_reason) == ("rejected", "authorisation")
    assert row.reject_sentence
    assert mails(MALIN, stage) == mails("Kjell Sievers", stage) == ["alarm"]
    assert "security-alarm" in told(request, internal=True)
    assert "security-alarm" not in told(request)
    assert Entry.objects.filter(event="request.security-alarm", subject=str(request.pk)).count() == 1
    assert access.to_read(request.code, stage.people[MALIN], stage.now) == request  # the link of the alarm opens
    assert not access.visible_to(stage.people[ARNE], stage.now).exists()


@pytest.mark.parametrize(
    "answers",
    [
        {"account": "admin", "account_name": "adm-jsommer"},
        {"account": "service", "account_name": "svc-drucker"},
        {"account": "program", "program": "SAP, Benutzer ADM-JS"},
    ],
)
def test_protected_accounts_go_to_it_security_never_to_the_desk(stage: Office, answers: dict[str, str]) -> None:
    request = stage.order(JANA, "password", **{**USUAL, **answers})
    assert stage.open(request) == {"identity": "it-security"}
    with pytest.raises(Forbidden):
        stage.done(request, "identity", NELE, "yes", **PROVEN)
    stage.done(request, "identity", MALIN, "yes", **PROVEN)
    assert stage.open(request) == {"reset": "it-security"}


def test_an_administrator_is_protected_whatever_account_they_choose(stage: Office) -> None:
    request = stage.order("Frauke Lorenzen", "password", **USUAL)
    assert stage.open(request) == {"identity": "it-security"}


def test_nobody_checks_themselves(stage: Office) -> None:
    request = stage.order(NELE, "password", **USUAL)
    for act in (
        lambda: stage.done(request, "identity", NELE, "yes", **PROVEN),
        lambda: workflow.take(stage.task(request, "identity").pk, acting_user=stage.people[NELE], now=stage.now),
    ):
        with pytest.raises(Forbidden):
            act()
    stage.done(request, "identity", "Tom Reuter", "yes", **PROVEN)


def test_only_method_and_result_are_kept(stage: Office) -> None:
    request = stage.order(JANA, "password", **USUAL)
    with pytest.raises(Refused) as refused:
        stage.done(request, "identity", NELE, "yes", note="Geburtsname der Mutter: Kanari", **PROVEN)
    assert list(refused.value.errors) == ["note"]
    with pytest.raises(Refused):
        stage.done(request, "identity", NELE, "yes")  # a proof without a method is none
    with pytest.raises(Refused):
        stage.done(request, "identity", NELE, "yes", outputs={"method": "Geburtsname"})
    stage.done(request, "identity", NELE, "yes", **PROVEN)
    task = Task.objects.get(service_request=request, node="identity")
    assert (task.note, task.outputs) == ("", {"method": "call-back"})


def test_the_change_at_the_next_sign_in_must_be_ticked(stage: Office) -> None:
    request = stage.order(JANA, "password", **USUAL)
    stage.done(request, "identity", NELE, "yes", **PROVEN)
    with pytest.raises(Refused):
        stage.done(request, "reset", NELE, outputs={})


def test_the_third_time_in_60_days_the_desk_reads_a_hint_and_nobody_else(stage: Office) -> None:
    first = reset(stage)
    stage.wait(days=30)
    assert "training-hint" not in told(reset(stage), internal=True)
    stage.wait(days=29)
    third = reset(stage)
    assert "training-hint" not in told(first, internal=True)
    hint = JournalEntry.objects.get(service_request=third, sentence="training-hint")
    assert (hint.kind, hint.rule, hint.visibility) == ("decision", "automation:account.look", "internal")
    assert hint.inputs == {"requests": 3, "days": 60, "hint_from": 3}
    assert "3 Mal" in sentences.render(hint.sentence, hint.params, "de")
    assert "3 times" in sentences.render(hint.sentence, hint.params, "en")
    jana, nele = stage.people[JANA], stage.people[NELE]
    assert hint in queries.entries(third, nele, stage.now)
    assert hint not in queries.entries(third, jana, stage.now)
    assert all(why.rule != "automation:account.look" for why in story(third, jana, now=stage.now).whys)


def test_what_is_longer_ago_or_was_cancelled_does_not_count(stage: Office) -> None:
    reset(stage)
    cancelled = stage.order(JANA, "password", **USUAL)
    workflow.cancel(cancelled.code, "", acting_user=stage.people[JANA], now=stage.now)
    stage.wait(days=60, minutes=1)
    reset(stage)
    assert "training-hint" not in told(reset(stage), internal=True)


def test_denying_a_reset_opens_it_again_for_it_security(stage: Office) -> None:
    request = reset(stage)
    workflow.deny(request.code, acting_user=stage.people[JANA], now=stage.now, key="deny-1")
    assert stage.open(request) == {"identity": "service-desk", "side": "it-security"}
    assert mails(MALIN, stage).count("alarm") == 1
    assert "not-me" in told(request)
    workflow.deny(request.code, acting_user=stage.people[JANA], now=stage.now, key="deny-1")
    workflow.deny(request.code, acting_user=stage.people[JANA], now=stage.now, key="deny-2")
    assert mails(MALIN, stage).count("alarm") == 1  # one alarm while it is being looked at
    stage.done(request, "identity", NELE, "yes", **PROVEN)
    stage.done(request, "reset", NELE, outputs={"change_set": True})
    assert fresh(request).status == "in-progress"  # not closed before IT security is done
    stage.done(request, "side", MALIN)
    assert fresh(request).status == "fulfilled"


def test_denying_while_it_runs_calls_it_security_in(stage: Office) -> None:
    request = stage.order(JANA, "password", **USUAL)
    workflow.deny(request.code, acting_user=stage.people[JANA], now=stage.now)
    assert stage.open(request) == {"identity": "service-desk", "side": "it-security"}


def test_denying_what_ended_otherwise_still_alarms(stage: Office) -> None:
    request = stage.order(JANA, "password", **USUAL)
    stage.done(request, "identity", NELE, "no")
    workflow.deny(request.code, acting_user=stage.people[JANA], now=stage.now)
    assert mails(MALIN, stage) == ["alarm", "alarm"]
    assert stage.open(request) == {}
    assert fresh(request).status == "rejected"


@pytest.mark.parametrize(("who", "error"), [(NELE, Forbidden), (ARNE, NotFound)])
def test_others_cannot_deny_it(stage: Office, who: str, error: type[Exception]) -> None:
    request = reset(stage)
    with pytest.raises(error):
        workflow.deny(request.code, acting_user=stage.people[who], now=stage.now)
    assert "alarm" not in mails(MALIN, stage)


def test_without_it_security_the_process_owner_is_alarmed(stage: Office) -> None:
    from anliegen.people import actions as people

    for name in (MALIN, "Kjell Sievers"):
        people.leave_team("it-security", stage.people[name].pk, acting_user=None, now=stage.now)
    stage.wait(days=1)
    request = stage.order(JANA, "password", **USUAL)
    stage.done(request, "identity", NELE, "no")
    assert "alarm" in mails("Katrin Ohlsen", stage)
